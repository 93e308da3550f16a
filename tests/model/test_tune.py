"""Tuning: better settings are found, a study goes on where it ended, and nothing is written elsewhere."""

import json

import numpy as np
import pytest

from data.errors import TrainingError
from model import tune as tuning
from model.tune import Tuned, tune
from tests.model.conftest import ENCODER, SETTINGS, corpus


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "tune" / "study.jsonl"


def tuned(train=None, validation=None, **settings):
    """What is tuned; settings are so that the loss hardly falls with the project's own."""
    small = {"learning_rate": 1e-5, "head_learning_rate": 1e-4, "epochs": 2}
    return Tuned(
        lambda weight: train or corpus(24),
        validation or corpus(16),
        ENCODER,
        SETTINGS.model_copy(update=small | settings),
    )


def fake_losses(monkeypatch, loss_of):
    """Trainings that cost nothing: `loss_of(settings)` gives the loss of each epoch."""

    def trained(of, chosen, losses):
        for epoch, loss in enumerate(loss_of(chosen), 1):
            losses.of_epoch[epoch] = loss
            losses._seen(epoch, loss)
        return min(losses.of_epoch.values()) if losses.of_epoch else None

    monkeypatch.setattr(tuning, "_trained", trained)


def test_real_trainings_are_compared_by_the_plain_validation_loss(journal):
    steps = []
    found = tune(tuned(epochs=3), journal, {}, 3, progress=steps.append)
    assert steps == [0, 1, 2, 3] and len(found.trials) == 3 and found.before == 0
    assert found.own.number == 0 and len(found.own.losses) == 3
    assert found.own.settings["learning_rate"] == 1e-5 and found.own.settings["freeze_layers"] == 0
    assert found.best.loss == min(trial.loss for trial in found.trials if trial.loss is not None)
    assert all(0 < loss < 5 for trial in found.trials for loss in trial.losses)
    assert "review_weight" not in found.space, "nothing is reviewed here"
    assert sorted(path.name for path in journal.parent.iterdir()) == ["study.jsonl"]


def test_a_study_goes_on_where_it_ended_to_the_same_trials(journal, tmp_path, monkeypatch):
    fake_losses(monkeypatch, far_from_best)
    whole = tune(tuned(), tmp_path / "whole.jsonl", {}, 14)
    tune(tuned(), journal, {}, 6)
    parts = tune(tuned(), journal, {}, 14)
    assert parts.before == 6 and settings_of(parts) == settings_of(whole)
    assert tune(tuned(), journal, {}, 14).before == len(parts.trials) == 14


def test_a_trial_that_was_interrupted_is_made_again(journal, tmp_path, monkeypatch):
    fake_losses(monkeypatch, far_from_best)
    whole = tune(tuned(), tmp_path / "whole.jsonl", {}, 4)
    tune(tuned(), journal, {}, 2)

    def interrupted(settings):
        raise KeyboardInterrupt

    fake_losses(monkeypatch, interrupted)
    with pytest.raises(KeyboardInterrupt):
        tune(tuned(), journal, {}, 4)
    with journal.open("ab") as file:
        file.write(b'{"op_code":6,"worker')
    fake_losses(monkeypatch, far_from_best)
    assert settings_of(tune(tuned(), journal, {}, 4)) == settings_of(whole)


def settings_of(found):
    return [(trial.number, trial.settings, trial.losses) for trial in found.trials]


def far_from_best(settings):
    distance = abs(np.log10(settings["learning_rate"]) + 4) + (settings["sampling"] == "balanced")
    return [distance + 1 / epoch for epoch in range(1, settings["epochs"] + 1)]


def test_better_settings_are_found_and_what_matters_is_told(journal, monkeypatch):
    fake_losses(monkeypatch, far_from_best)
    found = tune(tuned(), journal, {}, 40)
    assert found.best.loss < 0.5 * found.own.loss
    assert next(iter(found.importances)) == "learning_rate"
    assert sum(found.importances.values()) == pytest.approx(1, abs=1e-2)
    assert set(found.importances) == set(found.space)
    pruned = [trial for trial in found.trials if trial.loss is None]
    assert pruned and all(len(trial.losses) > 1 for trial in pruned), "never after the first epoch"


def test_few_trials_have_no_importances(journal, monkeypatch):
    fake_losses(monkeypatch, far_from_best)
    assert tune(tuned(), journal, {}, 3).importances == {}


@pytest.mark.parametrize(
    ("change", "before"),
    [
        ({"reads": {"labels": "other"}}, 0),
        ({"settings": {"batch_size": 4}}, 0),
        ({"settings": {"learning_rate": 1e-3}}, 0),
        ({"settings": {"learning_rate": 5e-5}}, 3),
        ({}, 3),
    ],
    ids=["what it reads", "a setting that is not tuned", "a wider space", "a tuned setting", "nothing"],
)
def test_a_study_is_fresh_when_what_it_rests_on_changed(journal, monkeypatch, change, before):
    fake_losses(monkeypatch, far_from_best)
    tune(tuned(), journal, {"labels": "some"}, 3)
    settings = change.get("settings", {})
    found = tune(tuned(**settings), journal, change.get("reads", {"labels": "some"}), 4)
    assert found.before == before and len(found.trials) == 4
    assert found.own.settings["learning_rate"] == settings.get("learning_rate", 1e-5)
    assert tune(tuned(), journal, {"labels": "some"}, 3).before >= 3, "the other one is still there"


def test_time_that_is_up_ends_it_after_the_first_trial(journal, monkeypatch):
    fake_losses(monkeypatch, far_from_best)
    assert len(tune(tuned(), journal, {}, 9, minutes=0).trials) == 1


def test_a_loss_that_is_not_a_number_counts_as_a_trial_without_one(journal, monkeypatch):
    fake_losses(monkeypatch, lambda settings: [] if settings["learning_rate"] == 1e-5 else [0.5])
    found = tune(tuned(), journal, {}, 2)
    assert (found.own.loss, found.own.losses, found.best.number) == (None, (), 1)


def test_where_every_loss_is_not_a_number_the_settings_to_lower_are_named(journal):
    with pytest.raises(TrainingError, match=r"no trial of 1 came to its end.*learning_rate"):
        tune(tuned(learning_rate=1e30, head_learning_rate=1e30), journal, {}, 1)


def test_too_few_validation_tickets_are_an_error(journal):
    with pytest.raises(TrainingError, match=r"on 16 validation tickets .* or more, got 15; ingest"):
        tune(tuned(validation=corpus(15)), journal, {}, 2)
    assert not journal.exists()


def test_reviewed_tickets_have_their_weight_tuned(journal, monkeypatch):
    def weighted(weight):
        items = corpus(24)
        items.weights[0] = weight
        return items

    fake_losses(monkeypatch, far_from_best)
    found = tune(Tuned(weighted, corpus(16), ENCODER, SETTINGS), journal, {}, 2)
    assert 1 <= found.trials[1].settings["review_weight"] <= 16


def test_the_study_on_disk_is_lines_of_json(journal, monkeypatch):
    fake_losses(monkeypatch, far_from_best)
    tune(tuned(), journal, {}, 2)
    assert all(json.loads(line) for line in journal.read_text().splitlines())
