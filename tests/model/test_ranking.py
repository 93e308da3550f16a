"""Ranking figures are scikit-learn's; the curve is the best precision at each recall."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

from model.ranking import RECALLS, ranking


def test_a_perfect_ranking_is_perfect():
    found = ranking(np.array([1, 1, 0, 0]), np.array([0.9, 0.8, 0.2, 0.1]))
    assert found == {"roc_auc": 1.0, "average_precision": 1.0, "precision_at": [1.0] * len(RECALLS)}


def test_the_curve_by_hand():
    """Ranked right, wrong, right: full recall costs a wrong one."""
    found = ranking(np.array([1, 0, 1]), np.array([0.9, 0.8, 0.7]))["precision_at"]
    half = RECALLS.index(0.5)
    assert found[: half + 1] == [1.0] * (half + 1) and found[half + 1 :] == pytest.approx([2 / 3] * 10)


@pytest.mark.parametrize(
    ("label", "missing"), [(0, {"roc_auc", "average_precision", "precision_at"}), (1, {"roc_auc"})]
)
def test_a_label_of_no_ticket_or_of_all_has_no_rank(label, missing):
    found = ranking(np.full(3, label), np.array([0.1, 0.5, 0.9]))
    assert {name for name, value in found.items() if value is None} == missing


@given(st.integers(2, 40), st.integers(0, 2**32 - 1))
def test_figures_equal_scikit_learns_and_the_curve_falls(n, seed):
    generator = np.random.default_rng(seed)
    truth = generator.permutation(np.arange(n) < generator.integers(1, n))
    probs = generator.random(n).round(1)
    found = ranking(truth, probs)
    assert found["roc_auc"] == pytest.approx(roc_auc_score(truth, probs))
    assert found["average_precision"] == pytest.approx(average_precision_score(truth, probs))
    precision, recall, _ = precision_recall_curve(truth, probs)
    expected = [precision[recall >= at - 1e-9].max() for at in RECALLS]
    assert found["precision_at"] == pytest.approx(expected)
    assert found["precision_at"] == sorted(found["precision_at"], reverse=True)
