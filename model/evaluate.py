"""How good predictions are: figures per task and over all, against trusted labels."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    precision_recall_fscore_support,
    roc_auc_score,
)

from data.errors import TrainingError
from data.labels import indicator
from data.schema import Schema, Task

Array = np.ndarray[Any, Any]
Answers = Sequence[tuple[int, ...] | None]


def evaluate(schema: Schema, probs: Mapping[str, Array], gold: Mapping[str, Answers]) -> dict[str, Any]:
    """Figures of every task that has gold, and their means.

    `probs[task]` float [n, n_labels] and `gold[task]` (label ids, None where missing) are in the
    same order. Raises TrainingError where no task has a single gold answer.
    """
    tasks = {}
    for task in schema:
        rows = [row for row, answer in enumerate(gold[task.name]) if answer is not None]
        if rows:
            truth = indicator(task, [gold[task.name][row] for row in rows])
            tasks[task.name] = evaluate_task(task, probs[task.name][rows], truth)
    if not tasks:
        raise TrainingError("nothing to evaluate: no ticket has a trusted label")
    return {
        "mean_accuracy": _mean(tasks, "accuracy"),
        "mean_macro_f1": _mean(tasks, "macro_f1"),
        "tasks": tasks,
    }


def _mean(tasks: Mapping[str, Mapping[str, Any]], figure: str) -> float:
    return float(np.mean([task[figure] for task in tasks.values()]))


def evaluate_task(task: Task, probs: Array, truth: Array) -> dict[str, Any]:
    """Figures of one task; `probs` and `truth` (0 or 1) float [n, n_labels].

    Accuracy on a multi-label task is the share of tickets whose whole label set is right. Macro-F1
    is the mean over all labels of the schema that occur in truth or prediction (scikit-learn's).
    ROC-AUC is one label against the rest; None for a label that no ticket, or every ticket, has.
    """
    if task.multi:
        said, true = (probs > 0.5).astype(int), truth.astype(int)
    else:
        said, true = probs.argmax(axis=1), truth.argmax(axis=1)
    return {
        "n": len(truth),
        "accuracy": float(accuracy_score(true, said)),
        "macro_f1": float(f1_score(true, said, average="macro", zero_division=0)),
        "micro_f1": float(f1_score(true, said, average="micro", zero_division=0)),
        "labels": _per_label(task, probs, truth, said, true),
        "confusion": None if task.multi else _confusion(task, true, said),
    }


def _confusion(task: Task, true: Array, said: Array) -> list[list[int]]:
    counts: list[list[int]] = confusion_matrix(true, said, labels=range(len(task.labels))).tolist()
    return counts


def _per_label(task: Task, probs: Array, truth: Array, said: Array, true: Array) -> dict[str, Any]:
    precision, recall, f1, support = precision_recall_fscore_support(
        true, said, labels=range(len(task.labels)), zero_division=0
    )
    return {
        label: {
            "precision": float(precision[i]),
            "recall": float(recall[i]),
            "f1": float(f1[i]),
            "support": int(support[i]),
            "roc_auc": _auc(truth[:, i], probs[:, i]),
        }
        for i, label in enumerate(task.labels)
    }


def _auc(truth: Array, scores: Array) -> float | None:
    return float(roc_auc_score(truth, scores)) if 0 < truth.sum() < len(truth) else None
