"""Figures of predictions: by hand, and as scikit-learn counts them."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from data.errors import TrainingError
from data.schema import Schema, Task
from model.evaluate import evaluate, evaluate_task

TONE = Task("tone", ("good", "bad", "mixed"), ("", "", ""))
ABOUT = Task("about", ("money", "bags"), ("", ""), "multi")
SCHEMA = Schema((TONE, ABOUT))
PROBS = np.array([[0.8, 0.1, 0.1], [0.3, 0.6, 0.1], [0.6, 0.3, 0.1], [0.2, 0.7, 0.1]])


def one_hot(labels, n=3):
    return np.eye(n)[labels]


def test_figures_of_a_single_label_task_by_hand():
    """Said good, bad, good, bad; true good, bad, bad, mixed."""
    found = evaluate_task(TONE, PROBS, one_hot([0, 1, 1, 2]))
    assert (found["n"], found["accuracy"], found["micro_f1"]) == (4, 0.5, 0.5)
    assert found["confusion"] == [[1, 0, 0], [1, 1, 0], [0, 1, 0]]
    good, bad, mixed = found["labels"].values()
    assert (good["precision"], good["recall"], good["support"]) == (0.5, 1.0, 1)
    assert (bad["precision"], bad["recall"], bad["support"]) == (0.5, 0.5, 2)
    assert (mixed["precision"], mixed["recall"], mixed["f1"], mixed["support"]) == (0, 0, 0, 1)
    assert found["macro_f1"] == pytest.approx((2 / 3 + 1 / 2 + 0) / 3)
    assert (good["roc_auc"], bad["roc_auc"], mixed["roc_auc"]) == (1.0, 0.5, 0.5)


def test_figures_of_a_multi_label_task_by_hand():
    """Said {money}, {}, {money, bags}; true {money}, {}, {bags}."""
    probs = np.array([[0.9, 0.1], [0.2, 0.5], [0.6, 0.8]])
    found = evaluate_task(ABOUT, probs, np.array([[1, 0], [0, 0], [0, 1]], float))
    assert found["accuracy"] == pytest.approx(2 / 3)
    money = found["labels"]["money"]
    assert (money["precision"], money["recall"], money["f1"]) == pytest.approx((0.5, 1, 2 / 3))
    assert (money["support"], money["accuracy"], money["roc_auc"]) == pytest.approx((1, 2 / 3, 1))
    assert money["confusion"] == [[1, 1], [0, 1]]
    assert found["labels"]["bags"]["f1"] == 1
    assert found["macro_f1"] == pytest.approx((2 / 3 + 1) / 2)
    assert found["micro_f1"] == pytest.approx(2 * 2 / (2 * 2 + 1))
    assert found["confusion"] is None


def test_missing_answers_do_not_count():
    probs = {"tone": PROBS, "about": np.full((4, 2), 0.9)}
    gold = {"tone": [(0,), None, None, (1,)], "about": [None, (0, 1), (), None]}
    found = evaluate(SCHEMA, probs, gold)
    assert (found["tasks"]["tone"]["n"], found["tasks"]["tone"]["accuracy"]) == (2, 1.0)
    assert (found["tasks"]["about"]["n"], found["tasks"]["about"]["accuracy"]) == (2, 0.5)
    assert found["mean_accuracy"] == 0.75
    assert found["all_right"] == {"n": 0, "share": None}, "no ticket has an answer to both"


def test_a_task_without_gold_is_left_out_of_the_means():
    gold = {"tone": [(0,), (1,), (0,), (1,)], "about": [None] * 4}
    found = evaluate(SCHEMA, {"tone": PROBS, "about": np.full((4, 2), 0.9)}, gold)
    assert list(found["tasks"]) == ["tone"] and found["mean_accuracy"] == 1


def test_without_a_single_trusted_label_there_is_nothing_to_evaluate():
    with pytest.raises(TrainingError, match="no ticket has a trusted label"):
        evaluate(SCHEMA, {"tone": PROBS, "about": PROBS[:, :2]}, {"tone": [None] * 4, "about": [None] * 4})


def test_a_label_that_never_occurs_counts_nothing():
    found = evaluate_task(TONE, PROBS, one_hot([0, 1, 0, 1]))
    assert found["macro_f1"] == 1
    assert found["labels"]["mixed"] == {
        "precision": 0,
        "recall": 0,
        "f1": 0,
        "support": 0,
        "accuracy": 1,
        "confusion": [[4, 0], [0, 0]],
        "roc_auc": None,
        "average_precision": None,
        "precision_at": None,
    }
    assert found["roc_auc"] == 1, "the mean over the labels that have one"


def test_a_label_that_every_ticket_has_has_no_roc_auc():
    found = evaluate_task(TONE, PROBS, one_hot([0, 0, 0, 0]))
    assert found["labels"]["good"]["roc_auc"] is None and found["accuracy"] == 0.5


def test_a_tickets_answers_are_all_right_or_not():
    probs = {"tone": PROBS, "about": np.array([[0.9, 0.1], [0.9, 0.1], [0.1, 0.1], [0.1, 0.1]])}
    gold = {"tone": [(0,), (1,), (1,), None], "about": [(0,), (1,), (), ()]}
    assert evaluate(SCHEMA, probs, gold)["all_right"] == {"n": 3, "share": 1 / 3}


def test_probabilities_that_do_not_fit_are_told():
    gold = {"tone": [(0,), (1,), None, None], "about": [None] * 4}
    with pytest.raises(TrainingError, match=r"task 'tone' have shape \(4, 2\), expected \(4, 3\)"):
        evaluate(SCHEMA, {"tone": PROBS[:, :2], "about": PROBS[:, :2]}, gold)
    with pytest.raises(TrainingError, match="task 'tone' are not numbers in rows 1"):
        evaluate(SCHEMA, {"tone": np.where(PROBS == 0.6, np.nan, PROBS), "about": PROBS[:, :2]}, gold)


@settings(max_examples=25)
@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_every_interval_holds_its_figure_and_everything_is_json(n, seed):
    generator = np.random.default_rng(seed)
    probs = {"tone": generator.dirichlet(np.ones(3), n), "about": generator.random((n, 2))}
    gold = {"tone": [(int(i),) if i < 3 else None for i in generator.integers(0, 4, n)], "about": [(0,)] * n}
    found = evaluate(SCHEMA, probs, gold, samples=60)
    places = [found, *found["tasks"].values()]
    places += [label for task in found["tasks"].values() for label in task["labels"].values()]
    for place in places:
        for figure, interval in place["intervals"].items():
            if place[figure] is not None:
                assert interval[0] <= place[figure] <= interval[1], figure
    for task in found["tasks"].values():
        assert task["risk_coverage"]["risk"][-1] == pytest.approx(1 - task["accuracy"])
        assert len(task["risk_coverage"]["risk"]) == len(found["coverages"])
    assert json.loads(json.dumps(found, allow_nan=False)) == found


@given(st.integers(1, 40), st.integers(2, 6), st.booleans(), st.integers(0, 2**32 - 1))
def test_figures_equal_scikit_learns(n, labels, multi, seed):
    generator = np.random.default_rng(seed)
    names = tuple(f"l{i}" for i in range(labels))
    task = Task("t", names, ("",) * labels, "multi" if multi else "single")
    probs = generator.random((n, labels))
    truth = (
        generator.integers(0, 2, (n, labels)) if multi else one_hot(generator.integers(0, labels, n), labels)
    )
    found = evaluate_task(task, probs, truth.astype(float))
    said = (probs > 0.5).astype(int) if multi else probs.argmax(axis=1)
    true = truth if multi else truth.argmax(axis=1)
    assert found["accuracy"] == pytest.approx(accuracy_score(true, said))
    for average in ("macro", "micro"):
        expected = f1_score(true, said, average=average, zero_division=0)
        assert found[f"{average}_f1"] == pytest.approx(expected)
    for i, name in enumerate(names):
        both = 0 < truth[:, i].sum() < n
        expected = roc_auc_score(truth[:, i], probs[:, i]) if both else None
        assert found["labels"][name]["roc_auc"] == (pytest.approx(expected) if both else None)
