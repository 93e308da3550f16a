"""Sums of tallies give scikit-learn's figures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    cohen_kappa_score,
    f1_score,
    precision_recall_fscore_support,
)

from data.schema import Task
from model.tally import figures, mean, mean_over_tasks, tally

TONE = Task("tone", ("good", "bad"), ("", ""))


def task_of(labels, multi):
    names = tuple(f"l{i}" for i in range(labels))
    return Task("t", names, names, "multi" if multi else "single")


def answers(task, generator, n):
    if task.multi:
        return [tuple(np.flatnonzero(row).tolist()) for row in generator.random((n, len(task.labels))) > 0.6]
    return [(label,) for label in generator.integers(0, len(task.labels), n).tolist()]


def figures_of(task, probs, gold):
    return figures(task, tally(task, probs, gold).sum(axis=0))


def test_a_ticket_without_an_answer_counts_nowhere():
    found = tally(TONE, np.array([[0.9, 0.1], [0.9, 0.1]]), [None, (0,)])
    assert found.tolist() == [[0] * 8, [1, 1, 1, 0, 1, 0, 1, 0]]


@given(st.integers(1, 30), st.integers(2, 5), st.booleans(), st.integers(0, 2**32 - 1))
def test_figures_equal_scikit_learns(n, labels, multi, seed):
    generator, task = np.random.default_rng(seed), task_of(labels, multi)
    probs, gold = generator.random((n, labels)), answers(task, generator, n)
    found = figures_of(task, probs, gold)
    truth = np.array([[i in answer for i in range(labels)] for answer in gold], int)
    said = (probs > 0.5).astype(int) if multi else probs.argmax(axis=1)
    true = truth if multi else truth.argmax(axis=1)
    assert found["accuracy"] == pytest.approx(accuracy_score(true, said))
    for average in ("macro", "micro"):
        expected = f1_score(true, said, average=average, zero_division=0)
        assert found[f"{average}_f1"] == pytest.approx(expected)
    per_label = precision_recall_fscore_support(true, said, labels=range(labels), zero_division=0)
    for name, expected in zip(("precision", "recall", "f1"), per_label, strict=False):
        assert found[name] == pytest.approx(expected)


@given(st.integers(2, 30), st.booleans(), st.integers(0, 2**32 - 1))
def test_kappa_is_cohens(n, multi, seed):
    generator, task = np.random.default_rng(seed), task_of(3, multi)
    probs, gold = generator.random((n, 3)), answers(task, generator, n)
    said = probs > 0.5 if multi else np.eye(3)[probs.argmax(axis=1)] > 0.5
    truth = np.array([[i in answer for i in range(3)] for answer in gold])
    pairs = (
        list(zip(said.T, truth.T, strict=True)) if multi else [(said.argmax(axis=1), truth.argmax(axis=1))]
    )
    open_ = [pair for pair in pairs if len(np.unique(np.concatenate(pair))) > 1]
    expected = np.mean([cohen_kappa_score(*pair) for pair in open_]) if open_ else np.nan
    assert figures_of(task, probs, gold)["kappa"] == pytest.approx(expected, nan_ok=True)


def test_where_no_ticket_is_answered_there_is_no_figure():
    found = figures_of(TONE, np.array([[0.9, 0.1]]), [None])
    assert all(np.isnan(found[name]) for name in ("accuracy", "macro_f1", "micro_f1", "kappa"))


def test_sums_of_many_samples_are_read_at_once():
    counted = tally(TONE, np.array([[0.9, 0.1], [0.2, 0.8]]), [(0,), (0,)])
    found = figures(TONE, np.stack([counted[0], counted.sum(axis=0)]))
    assert found["accuracy"].tolist() == [1.0, 0.5] and found["f1"].shape == (2, 2)


def test_a_mean_leaves_out_what_is_missing():
    assert mean(np.array([[1.0, np.nan], [np.nan, np.nan]])).tolist() == pytest.approx(
        [1, np.nan], nan_ok=True
    )
    of_tasks = {"a": {"f": np.array([1.0, np.nan])}, "b": {"f": np.array([0.0, 0.5])}}
    assert mean_over_tasks(of_tasks, "f").tolist() == [0.5, 0.5]
