"""A linear probe on frozen embeddings: cheap out-of-sample probabilities by cross-validation."""

from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from data.schema import Task

Array = np.ndarray[Any, Any]
MOST_ITERATIONS = 200


def cross_val_proba(
    task: Task, embeddings: Array, given: Array, known: Array, groups: Array, folds: int
) -> Array:
    """Out-of-sample label probabilities float32 [n, n_labels].

    `embeddings` float32 [n, dim]; `given` float [n, n_labels] are (soft) labels, of which the most
    probable is learned; `known` bool [n] marks rows to learn from; rows of one of `groups` [n] (near
    duplicates, say) never stand on both sides of a fold. Unknown rows are predicted like all others.
    """
    targets = [given[:, i] > 0.5 for i in range(len(task.labels))] if task.multi else [given.argmax(axis=1)]
    columns = [_cross_val(target, embeddings, known, groups, folds) for target in targets]
    if task.multi:
        return np.stack([_column(probs, classes, 1) for probs, classes in columns], axis=1)
    probs, classes = columns[0]
    return np.stack([_column(probs, classes, i) for i in range(len(task.labels))], axis=1)


def _column(probs: Array, classes: Array, label: int) -> Array:
    at = np.flatnonzero(classes == label)
    return np.asarray(probs[:, at[0]] if len(at) else np.zeros(len(probs)), np.float32)


def _cross_val(
    target: Array, embeddings: Array, known: Array, groups: Array, folds: int
) -> tuple[Array, Array]:
    """Probabilities [n, n_classes] of the classes that occur among the known rows, and those classes."""
    classes = np.unique(target[known])
    probs = np.zeros((len(target), max(1, len(classes))), np.float32)
    if len(classes) < 2:
        return probs + 1, classes
    for train, held_out in GroupKFold(folds).split(embeddings, groups=groups):
        train = train[known[train]]
        seen = np.unique(target[train])
        if len(seen) < 2:
            probs[np.ix_(held_out, np.searchsorted(classes, seen))] = 1
            continue
        learner = LogisticRegression(C=4.0, max_iter=MOST_ITERATIONS).fit(embeddings[train], target[train])
        probs[np.ix_(held_out, np.searchsorted(classes, learner.classes_))] = learner.predict_proba(
            embeddings[held_out]
        )
    return probs, classes
