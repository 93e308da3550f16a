"""The net: shapes, the loss against soft labels with gaps, and what a saved one keeps."""

import json

import numpy as np
import pytest
import torch
from transformers import AutoConfig, AutoModel

from data.schema import Schema, Task
from model.net import TicketClassifier, mean_pool, new_classifier, soft_loss, split_tasks
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
    assert [part.shape for part in split_tasks(SCHEMA, logits)] == [(3, 2), (3, 3)]


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


def test_the_loss_of_a_single_label_task_is_the_cross_entropy_against_soft_labels():
    logits = torch.tensor([[2.0, -1.0], [0.5, 0.5]])
    targets = torch.tensor([[0.7, 0.3], [0.1, 0.9]])
    log_probs = np.log(np.exp(logits.numpy()) / np.exp(logits.numpy()).sum(1, keepdims=True))
    by_hand = -(targets.numpy() * log_probs).sum(1).mean()
    loss = soft_loss(ONE, logits, targets, torch.ones(2, 1))
    assert loss.item() == pytest.approx(by_hand, rel=1e-6)
    assert loss.item() == pytest.approx(torch.nn.functional.cross_entropy(logits, targets).item(), rel=1e-6)


def test_the_loss_of_a_multi_label_task_is_the_mean_binary_cross_entropy():
    logits, targets = torch.tensor([[2.0, -1.0, 0.0]]), torch.tensor([[1.0, 0.25, 0.0]])
    probs = 1 / (1 + np.exp(-logits.numpy()))
    t = targets.numpy()
    by_hand = -(t * np.log(probs) + (1 - t) * np.log(1 - probs)).mean()
    assert soft_loss(MANY, logits, targets, torch.ones(1, 1)).item() == pytest.approx(by_hand, rel=1e-6)


def test_a_missing_label_has_no_gradient():
    logits = torch.randn(4, 5, generator=torch.Generator().manual_seed(1)).requires_grad_()
    targets = torch.rand(4, 5, generator=torch.Generator().manual_seed(2))
    weights = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [4.0, 1.0]])
    soft_loss(SCHEMA, logits, targets, weights).backward()
    moved = logits.grad != 0
    assert moved[:, :2].any(1).tolist() == [True, False, False, True]
    assert moved[:, 2:].any(1).tolist() == [False, True, False, True]


def test_what_stands_in_a_missing_target_does_not_count():
    logits = torch.randn(2, 5, generator=torch.Generator().manual_seed(1))
    targets, weights = torch.rand(2, 5), torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    other = targets.clone()
    other[0, 2:], other[1, :2] = 0.123, 0.987
    assert soft_loss(SCHEMA, logits, targets, weights) == soft_loss(SCHEMA, logits, other, weights)


def test_a_weight_counts_a_ticket_that_many_times():
    logits = torch.tensor([[2.0, -1.0], [0.5, -0.5]])
    targets = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    twice = soft_loss(ONE, logits[[0, 0, 0, 1]], targets[[0, 0, 0, 1]], torch.ones(4, 1))
    weighed = soft_loss(ONE, logits, targets, torch.tensor([[3.0], [1.0]]))
    assert weighed.item() == pytest.approx(twice.item(), rel=1e-6)


def test_a_batch_in_which_everything_is_missing_has_loss_zero():
    assert soft_loss(SCHEMA, torch.randn(2, 5), torch.rand(2, 5), torch.zeros(2, 2)).item() == 0


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
