"""What probabilities answer, how confidently, and whether that is right."""

from typing import Any

import numpy as np

from data.schema import Task

Array = np.ndarray[Any, Any]


def said(task: Task, probs: Array) -> Array:
    """bool [n, n_labels]: the most probable label; on a multi-label task every label above one half."""
    if task.multi:
        return np.asarray(probs > 0.5)
    return np.asarray(np.eye(len(task.labels), dtype=bool)[probs.argmax(axis=1)])


def right(task: Task, probs: Array, truth: Array) -> Array:
    """bool [n]: whether the whole answer is that of `truth` (0 or 1) [n, n_labels]."""
    return np.asarray((said(task, probs) == (truth > 0.5)).all(axis=1))


def confidence(task: Task, probs: Array) -> Array:
    """float64 [n] in [0, 1]: the answer's confidence, as `model.runtime.prediction` tells it.

    The label's probability; on a multi-label task that of the least certain yes-or-no decision.
    """
    probs = np.asarray(probs, np.float64)
    return np.asarray(np.maximum(probs, 1 - probs).min(axis=1) if task.multi else probs.max(axis=1))
