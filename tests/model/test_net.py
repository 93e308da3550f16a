"""The net: shapes, the loss against soft labels with gaps, and what a saved one keeps."""

import json

import pytest
import torch
from transformers import AutoConfig, AutoModel

from data.schema import Schema, Task
from model.net import TicketClassifier, mean_pool, new_classifier
from model.predict import load_classifier
from tests.model.conftest import ENCODER, SCHEMA

ONE, MANY = Schema(SCHEMA.tasks[:1]), Schema(SCHEMA.tasks[1:])


@pytest.fixture(scope="module")
def classifier():
    torch.manual_seed(0)
    return new_classifier(SCHEMA, ENCODER.name, 32).eval()


def inputs(*lengths):
    ids = torch.zeros((len(lengths), max(lengths)), dtype=torch.int64)
    mask = torch.zeros_like(ids)
    for row, length in enumerate(lengths):
        ids[row, :length] = torch.arange(1000, 1000 + length)
        mask[row, :length] = 1
    return ids, mask


def test_logits_hold_every_label_of_every_task(classifier):
    logits = classifier(*inputs(4, 9, 2))["logits"]
    assert logits.shape == (3, 5)


def test_without_targets_there_is_no_loss(classifier):
    assert set(classifier(*inputs(3))) == {"logits"}


def test_padding_does_not_change_a_tickets_logits(classifier):
    with torch.inference_mode():
        alone, beside = classifier(*inputs(3))["logits"], classifier(*inputs(3, 12))["logits"]
    torch.testing.assert_close(alone[0], beside[0], atol=1e-5, rtol=1e-5)


def test_the_pool_is_the_mean_of_the_kept_tokens():
    hidden = torch.tensor([[[1.0, 2.0], [3.0, 6.0], [99.0, 99.0]], [[9.0, 9.0]] * 3])
    mask = torch.tensor([[1, 1, 0], [0, 0, 0]])
    assert mean_pool(hidden, mask).tolist() == [[2.0, 4.0], [0.0, 0.0]]


@pytest.mark.parametrize("load", [TicketClassifier, AutoModel])
def test_a_saved_classifier_keeps_its_schema_and_its_order(classifier, tmp_path, load):
    classifier.save_pretrained(tmp_path)
    loaded = load.from_pretrained(tmp_path).eval()
    assert isinstance(loaded, TicketClassifier)
    assert loaded.schema == SCHEMA and loaded.schema.fingerprint == SCHEMA.fingerprint
    with torch.inference_mode():
        torch.testing.assert_close(loaded(*inputs(5))["logits"], classifier(*inputs(5))["logits"])


def test_a_schemas_order_survives_a_writer_that_sorts_keys(classifier, tmp_path):
    classifier.save_pretrained(tmp_path)
    path = tmp_path / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")), sort_keys=True), "utf-8")
    assert AutoConfig.from_pretrained(tmp_path).schema == SCHEMA
    assert [task.labels for task in AutoModel.from_pretrained(tmp_path).schema] == [
        ("pleased", "angry"),
        ("money", "bags", "apps"),
    ]


def test_weights_are_saved_as_safetensors(classifier, tmp_path):
    classifier.save_pretrained(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.json", "model.safetensors"]


@pytest.mark.parametrize("name", ["type", "values", "train", "a.b", "größe", "weight"])
def test_a_task_may_have_any_name(name, tmp_path):
    schema = Schema((Task(name, ("x", "y"), ("x", "y")),))
    new_classifier(schema, ENCODER.name, 32).save_pretrained(tmp_path)
    loaded = TicketClassifier.from_pretrained(tmp_path).eval()
    assert loaded.schema == schema and loaded(*inputs(3))["logits"].shape == (1, 2)


def test_the_encoder_starts_from_its_trained_weights(classifier):
    other = new_classifier(ONE, ENCODER.name, 32)
    for name, weight in other.encoder.state_dict().items():
        assert torch.equal(weight, classifier.encoder.state_dict()[name]), name


def test_a_trained_classifier_is_loaded_for_prediction(trained):
    classifier, tokenizer = load_classifier(trained)
    assert not classifier.training and classifier.schema == SCHEMA
    assert classifier.config.most_tokens == 32 and tokenizer.pad_token_id == 0
