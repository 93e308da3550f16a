"""Whether answers are right as often as their confidence says."""

from typing import Any

import numpy as np

from data.schema import Task
from model.answers import confidence, right

Array = np.ndarray[Any, Any]
BINS = 10


def calibration(task: Task, probs: Array, truth: Array) -> dict[str, Any]:
    """Expected calibration errors in [0, 1], low is better (Guo et al., 2017), and the reliability diagram.

    `ece` is of the answer's confidence; `classwise_ece` of every label's probability, the mean over labels
    (Kull et al., 2019). `overconfidence` is the mean confidence less the accuracy. `bins` are of equal
    width, (low, high], confidence and accuracy None in an empty one.
    """
    sure, correct = confidence(task, probs), right(task, probs, truth)
    labels = range(len(task.labels))
    return {
        "ece": expected_calibration_error(sure, correct),
        "classwise_ece": float(
            np.mean([expected_calibration_error(probs[:, i], truth[:, i]) for i in labels])
        ),
        "overconfidence": float(sure.mean() - correct.mean()),
        "bins": reliability(sure, correct),
    }


def expected_calibration_error(stated: Array, outcome: Array) -> float:
    """How far the stated probabilities [n] are from how often the outcome (0 or 1) [n] came, bin by bin."""
    n, mean_stated, mean_outcome = _binned(stated, outcome)
    return float((n * np.abs(mean_stated - mean_outcome)).sum() / n.sum())


def reliability(stated: Array, outcome: Array) -> list[dict[str, Any]]:
    """The bins, from low to high."""
    n, mean_stated, mean_outcome = (values.tolist() for values in _binned(stated, outcome))
    return [
        {
            "low": i / BINS,
            "high": (i + 1) / BINS,
            "n": int(n[i]),
            "confidence": mean_stated[i] if n[i] else None,
            "accuracy": mean_outcome[i] if n[i] else None,
        }
        for i in range(BINS)
    ]


def _binned(stated: Array, outcome: Array) -> tuple[Array, Array, Array]:
    """Of each bin how many it holds, the mean stated probability and the mean outcome; 0 of an empty one."""
    stated = np.asarray(stated, np.float64)
    # Rounded, so that 0.7 of float32 falls into the bin that ends at 0.7.
    at = np.clip(np.ceil(np.round(stated * BINS, 5)).astype(int) - 1, 0, BINS - 1)
    n, stated_sum, outcome_sum = (
        np.bincount(at, weights=values, minlength=BINS)
        for values in (np.ones_like(stated), stated, np.asarray(outcome, np.float64))
    )
    some = np.maximum(n, 1)
    return n, stated_sum / some, outcome_sum / some
