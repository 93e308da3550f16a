"""Label models side by side."""

import json

import numpy as np
import pytest

from data.config import LABEL_MODELS, LabelModelSettings
from data.schema import Task
from labeling.label_models import label_model
from labeling.label_models.contest import contest
from labeling.votes import Votes

TONE = Task("tone", ("good", "bad", "so_so"), ("", "", ""))


def votes(values, task=TONE, start=0):
    values = np.asarray(values, task.vote_dtype)
    ids = tuple(f"t{start + i}" for i in range(len(values)))
    return Votes(task, ids, tuple(f"f{j}" for j in range(values.shape[1])), values)


@pytest.fixture(scope="module")
def made():
    """Votes of five functions on 300 tickets to learn from and 150 to measure on, with their gold."""
    rng = np.random.default_rng(0)
    true = rng.integers(0, 3, 450)
    cast = np.where(rng.random((450, 5)) < 0.8, true[:, None], rng.integers(0, 3, (450, 5)))
    cast[rng.random((450, 5)) < 0.3] = -1
    cast[440:] = -1
    train, test = votes(cast[:300]), votes(cast[300:], start=300)
    return train, test, {f"t{i}": int(label) for i, label in enumerate(true)}


def test_every_label_model_is_measured_and_one_is_the_default(made):
    scores = contest(*made)
    assert [score.name for score in scores] == list(LABEL_MODELS)
    assert [score.name for score in scores if score.default] == [LabelModelSettings().name] == ["agreement"]
    for score in scores:
        assert 0.75 < score.accuracy < score.covered_accuracy <= 1
        assert 0.75 < score.macro_f1 <= 1 and score.fit_seconds > 0 and score.error == ""
        assert "error" not in json.loads(json.dumps(score.to_dict(), allow_nan=False))


def test_accuracy_is_that_of_the_answers_and_of_the_most_frequent_one_where_nobody_votes():
    train = votes([[1, 1, 1]] * 5 + [[0, 0, 0]] * 2)
    test = votes([[0, 0, -1], [-1, -1, -1], [2, 2, 2], [-1, -1, -1]], start=10)
    gold = {"t10": 0, "t11": 1, "t12": 1, "t13": 0, "elsewhere": 2}
    [score] = contest(train, test, gold, ["majority"])
    assert (score.accuracy, score.covered_accuracy) == (0.5, 0.5)
    # Of each label one of two is found; one ticket is taken for label 1 wrongly.
    assert score.macro_f1 == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_only_gold_tickets_count(made):
    train, test, gold = made
    few = {ticket_id: gold[ticket_id] for ticket_id in test.ticket_ids[:3]} | {test.ticket_ids[3]: -1}
    [score] = contest(train, test, few, ["majority"])
    answers = (
        label_model(LabelModelSettings(name="majority")).fit(train).predict_proba(test).probs[:3].argmax(1)
    )
    assert score.accuracy == np.mean(answers == [gold[ticket_id] for ticket_id in test.ticket_ids[:3]])


def test_a_model_that_cannot_be_fitted_says_why_and_the_others_go_on():
    train = votes([[0, 0], [1, 1], [2, -1]] * 5)
    scores = {score.name: score for score in contest(train, train, {"t0": 0, "t1": 1, "t2": 2})}
    assert "needs 3 labeling functions" in scores["snorkel"].error
    assert (scores["snorkel"].accuracy, scores["snorkel"].fit_seconds) == (None, None)
    assert scores["snorkel"].to_dict()["error"] == scores["snorkel"].error
    for name in ("agreement", "majority", "dawid_skene"):
        assert scores[name].accuracy == 1.0


def test_without_gold_there_are_no_figures_but_times(made):
    train, test, _ = made
    [score] = contest(train, test, {}, ["agreement"])
    assert (score.accuracy, score.macro_f1, score.covered_accuracy) == (None, None, None)
    assert score.fit_seconds > 0


@pytest.mark.parametrize("name", ["agreement", "majority", "dawid_skene"])
def test_votes_that_cover_nothing_are_measured_too(name):
    nothing = votes(np.full((4, 3), -1))
    [score] = contest(nothing, nothing, {f"t{i}": 0 for i in range(4)}, [name])
    assert score.covered_accuracy is None and 0 <= score.accuracy <= 1


def test_settings_reach_the_models(made):
    train, test, gold = made
    balance = {"tone": {"good": 0.98, "bad": 0.01, "so_so": 0.01}}
    [even] = contest(train, test, gold, ["agreement"])
    [skewed] = contest(train, test, gold, ["agreement"], LabelModelSettings(balance=balance))
    assert skewed.accuracy != even.accuracy
