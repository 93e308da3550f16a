"""Frozen lower layers are run once: what comes out is what running them every time gives."""

import numpy as np
import pytest
import torch

from model import cached
from model.cached import HiddenCollator, fits_in_memory, run_lower, upper_only
from model.dataset import PaddingCollator, TokenizedSet
from model.net import new_classifier
from model.train import train_classifier
from tests.model.conftest import ENCODER, SCHEMA, SETTINGS, corpus
from tests.model.test_train import weights


@pytest.fixture
def classifier():
    return new_classifier(SCHEMA, ENCODER.name, 32)


@pytest.fixture
def rows(tokenizer):
    return TokenizedSet(corpus(7), tokenizer, 32)


@pytest.mark.parametrize("layers", [1, 3, 5])
def test_layers_above_give_the_same_logits_from_what_was_kept(classifier, rows, layers):
    kept = run_lower(classifier, layers, rows)
    classifier.train(False)
    every = range(len(rows))
    with torch.inference_mode():
        whole = classifier(**PaddingCollator(0)([rows[row] for row in every]))["logits"]
        with upper_only(classifier, layers):
            upper = classifier(**HiddenCollator(0)([kept[row] for row in every]))["logits"]
        again = classifier(**PaddingCollator(0)([rows[row] for row in every]))["logits"]
    torch.testing.assert_close(upper, whole, atol=0.02, rtol=0.02)
    assert torch.equal(whole, again)


def test_afterwards_the_classifier_is_whole_again_even_after_an_error(classifier):
    before = {name: parameter.data_ptr() for name, parameter in classifier.named_parameters()}
    with pytest.raises(RuntimeError), upper_only(classifier, 2):
        assert len(dict(classifier.named_parameters())) < len(before)
        raise RuntimeError
    assert {name: parameter.data_ptr() for name, parameter in classifier.named_parameters()} == before


def test_frozen_layers_stay_as_they_came_and_the_others_learn(tmp_path):
    figures = train_classifier(
        corpus(), corpus(0), ENCODER, SETTINGS.model_copy(update={"freeze_layers": 4, "epochs": 4}), tmp_path
    )
    losses = [epoch["loss"] for epoch in figures["history"]]
    assert losses[-1] < 0.9 * losses[0]
    start = {
        name: each.numpy() for name, each in new_classifier(SCHEMA, ENCODER.name, 32).state_dict().items()
    }
    after = weights(tmp_path)
    for layer, stays in ((0, True), (3, True), (4, False), (5, False)):
        name = f"encoder.encoder.layer.{layer}.output.dense.weight"
        assert np.array_equal(after[name], start[name]) == stays


def test_what_does_not_fit_into_memory_is_run_every_time(tmp_path, monkeypatch, rows):
    assert fits_in_memory(rows, 384)
    monkeypatch.setattr(cached, "MOST_BYTES", 10)
    assert not fits_in_memory(rows, 384)
    settings = SETTINGS.model_copy(update={"freeze_layers": 5})
    train_classifier(corpus(24), corpus(0), ENCODER, settings, tmp_path)
    assert (tmp_path / "model.safetensors").is_file()
