"""What figures are counted from, ticket by ticket: their sums over any tickets give the tickets' figures."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from data.labels import Answer, indicator
from data.schema import Task
from model.answers import right, said

Array = np.ndarray[Any, Any]
# Columns of a tally before those of the labels: answered in gold, answered rightly.
ANSWERED, RIGHT = 0, 1
FIGURES = ("accuracy", "macro_f1", "micro_f1", "kappa")


def tally(task: Task, probs: Array, gold: Sequence[Answer | None]) -> Array:
    """float32 [n, 2 + 3 * n_labels] of zeros and ones; a ticket without a gold answer is a row of zeros.

    Columns: answered, answered rightly; then of each label whether it holds rightly, is said, is true.
    """
    truth = indicator(task, list(gold))
    known = ~np.isnan(truth).any(axis=1)
    true, given = np.nan_to_num(truth) > 0.5, said(task, probs)
    columns = [known[:, None], right(task, probs, true)[:, None], given & true, given, true]
    return np.asarray(np.concatenate(columns, axis=1) & known[:, None], np.float32)


def figures(task: Task, sums: Array) -> dict[str, Array]:
    """Figures of tickets whose tallies add up to `sums` [..., 2 + 3 * n_labels].

    `FIGURES` have the shape [...], NaN where no ticket is answered; precision, recall and F1 of the labels
    [..., n_labels], 0 where there is nothing to divide by. All equal scikit-learn's. Kappa is Cohen's (1960),
    on a multi-label task the mean over labels; NaN where chance alone would agree always.
    """
    sums = np.asarray(sums, np.float64)
    n, correct = sums[..., ANSWERED], sums[..., RIGHT]
    both, given, true = np.split(sums[..., 2:], 3, axis=-1)
    f1 = _ratio(2 * both, given + true)
    # On a multi-label task scikit-learn counts labels that nobody has as well.
    occurs = np.ones_like(f1) if task.multi else given + true > 0
    return {
        "accuracy": _ratio(correct, n, np.nan),
        "macro_f1": np.where(n > 0, _ratio((f1 * occurs).sum(axis=-1), occurs.sum(axis=-1)), np.nan),
        "micro_f1": np.where(n > 0, _ratio(2 * both.sum(axis=-1), (given + true).sum(axis=-1)), np.nan),
        "kappa": _kappa(task, n, both, given, true),
        "precision": _ratio(both, given),
        "recall": _ratio(both, true),
        "f1": f1,
    }


def _kappa(task: Task, n: Array, both: Array, given: Array, true: Array) -> Array:
    if not task.multi:
        observed = _ratio(both.sum(axis=-1), n, np.nan)
        expected = _ratio((given * true).sum(axis=-1), n**2, np.nan)
        return _ratio(observed - expected, 1 - expected, np.nan)
    n = n[..., None]
    observed = _ratio(n - given - true + 2 * both, n, np.nan)
    expected = _ratio(given * true + (n - given) * (n - true), n**2, np.nan)
    return mean(_ratio(observed - expected, 1 - expected, np.nan))


def _ratio(part: Array, whole: Array, without: float = 0.0) -> Array:
    """`part / whole`, `without` where the whole is 0."""
    some = whole > 0
    return np.asarray(np.where(some, part / np.where(some, whole, 1), without), np.float64)


def mean(values: Array) -> Array:
    """The mean along the last axis of what is not NaN; NaN where all is."""
    known = ~np.isnan(values)
    return _ratio(np.where(known, values, 0).sum(axis=-1), known.sum(axis=-1), np.nan)


def mean_over_tasks(of_tasks: Mapping[str, Mapping[str, Array]], figure: str) -> Array:
    """A figure's mean over the tasks that have it."""
    return mean(np.stack([found[figure] for found in of_tasks.values()], axis=-1))
