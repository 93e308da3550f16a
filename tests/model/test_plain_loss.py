"""The validation loss without what bends it."""

import pytest
import torch

from model.dataset import PaddingCollator, TokenizedSet
from model.loss import SoftLoss
from model.plain_loss import PlainLoss
from model.predict import load_classifier
from model.train import train_classifier
from tests.model.conftest import ENCODER, SCHEMA, SETTINGS, corpus
from tests.model.test_train import weights

BENT = {"focal": 2.0, "robust": 0.5, "label_weights": "balanced", "label_smoothing": 0.2}


def train(folder, **settings):
    """(history, plain losses) of a training on 24 tickets, measured on all 48."""
    folder.mkdir(exist_ok=True)
    seen, plain = [], PlainLoss(lambda epoch, loss: seen.append((epoch, loss)))
    settings = SETTINGS.model_copy(update={"mixed_precision": "no"} | settings)
    made = train_classifier(corpus(24), corpus(48), ENCODER, settings, folder, callbacks=[plain])
    assert seen == list(plain.of_epoch.items())
    return made["history"], plain.of_epoch


def test_without_anything_bent_it_is_the_validation_loss(tmp_path):
    history, plain = train(tmp_path, epochs=2)
    assert list(plain) == [1, 2]
    for epoch in history:
        assert plain[epoch["epoch"]] == pytest.approx(epoch["eval_loss"], rel=1e-4)


@pytest.mark.parametrize("more", [{}, {"task_weights": "uncertainty"}, {"freeze_layers": 3}])
def test_a_bent_loss_leaves_it_the_cross_entropy_of_the_saved_classifier(tmp_path, more):
    history, plain = train(tmp_path, **BENT, **more)
    classifier, tokenizer = load_classifier(tmp_path)
    rows = TokenizedSet(corpus(48), tokenizer, ENCODER.max_length)
    batch = PaddingCollator(tokenizer.pad_token_id)([rows[i] for i in range(48)])
    with torch.inference_mode():
        logits = classifier.logits(batch["input_ids"], batch["attention_mask"])
        measured = SoftLoss(SCHEMA)(logits, batch["targets"], batch["weights"]).item()
    assert plain[1] == pytest.approx(measured, rel=2e-3)
    assert abs(plain[1] - history[0]["eval_loss"]) > 0.05


def test_measuring_it_changes_no_weight(tmp_path):
    train(tmp_path / "seen", epochs=2)
    settings = SETTINGS.model_copy(update={"mixed_precision": "no", "epochs": 2})
    (tmp_path / "unseen").mkdir()
    train_classifier(corpus(24), corpus(48), ENCODER, settings, tmp_path / "unseen")
    one, other = weights(tmp_path / "seen"), weights(tmp_path / "unseen")
    assert one.keys() == other.keys() and all((one[name] == other[name]).all() for name in one)
