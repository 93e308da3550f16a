"""How good predictions are: figures per task and over all, against trusted labels."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    multilabel_confusion_matrix,
    precision_recall_fscore_support,
)

from data.errors import TrainingError, listed
from data.labels import Answer, indicator
from data.schema import Schema, Task
from model.answers import confidence, right, said
from model.calibration import calibration
from model.intervals import LEVEL, SAMPLES, SEED, bootstrap, interval
from model.ranking import RECALLS, ranking
from model.risk_coverage import COVERAGES, risk_coverage
from model.tally import FIGURES, figures, mean_over_tasks, tally

Array = np.ndarray[Any, Any]
Answers = Sequence[Answer | None]
LABEL_FIGURES = ("precision", "recall", "f1")
MEANS = ("accuracy", "macro_f1", "micro_f1")


def evaluate(
    schema: Schema,
    probs: Mapping[str, Array],
    gold: Mapping[str, Answers],
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> dict[str, Any]:
    """Figures of every task that has gold, and their means, with 95 % intervals of a bootstrap.

    `probs[task]` float [n, n_labels] and `gold[task]` (label ids, None where missing) are in the
    same order. `all_right` is the share of tickets with every answer right, of those that have an answer to
    every task. Raises TrainingError where no task has a single gold answer, or probabilities do not fit.
    """
    measured = {task.name: gold[task.name] for task in schema if _rows(gold[task.name])}
    if not measured:
        raise TrainingError("nothing to evaluate: no ticket has a trusted label")
    _check(schema, probs, measured)
    tasks = {name: _evaluate_known(schema.task(name), probs[name], of) for name, of in measured.items()}
    drawn = bootstrap(schema, probs, measured, samples=samples, seed=seed)
    for name, found in tasks.items():
        _add_intervals(found, drawn[name])
    means = {f"mean_{figure}": _mean(tasks, figure) for figure in MEANS}
    return means | {
        "mean_ece": float(np.mean([found["calibration"]["ece"] for found in tasks.values()])),
        "mean_risk_area": float(np.mean([found["risk_coverage"]["area"] for found in tasks.values()])),
        "all_right": _all_right(schema, probs, measured),
        "intervals": {
            f"mean_{figure}": interval(means[f"mean_{figure}"], mean_over_tasks(drawn, figure))
            for figure in MEANS
        },
        "bootstrap": {"samples": samples, "seed": seed, "level": LEVEL},
        "recalls": list(RECALLS),
        "coverages": list(COVERAGES),
        "tasks": tasks,
    }


def _rows(answers: Answers) -> list[int]:
    return [row for row, answer in enumerate(answers) if answer is not None]


def _check(schema: Schema, probs: Mapping[str, Array], gold: Mapping[str, Answers]) -> None:
    for name, answers in gold.items():
        got, due = np.shape(probs[name]), (len(answers), len(schema.task(name).labels))
        if got != due:
            raise TrainingError(f"probabilities of task '{name}' have shape {got}, expected {due}")
        if wrong := np.flatnonzero(~np.isfinite(probs[name]).all(axis=1)).tolist():
            raise TrainingError(
                f"probabilities of task '{name}' are not numbers in rows {listed(map(str, wrong), 3)}; "
                "train the classifier again"
            )


def _evaluate_known(task: Task, probs: Array, gold: Answers) -> dict[str, Any]:
    rows = _rows(gold)
    return evaluate_task(task, probs[rows], indicator(task, [gold[row] for row in rows]))


def _mean(tasks: Mapping[str, Mapping[str, Any]], figure: str) -> float:
    return float(np.mean([task[figure] for task in tasks.values()]))


def _add_intervals(found: dict[str, Any], drawn: Mapping[str, Array]) -> None:
    """Puts intervals beside the figures of a task and of its labels."""
    found["intervals"] = {
        figure: None if found[figure] is None else interval(found[figure], drawn[figure])
        for figure in FIGURES
    }
    for i, label in enumerate(found["labels"].values()):
        label["intervals"] = {
            figure: interval(label[figure], drawn[figure][:, i]) for figure in LABEL_FIGURES
        }


def _all_right(
    schema: Schema, probs: Mapping[str, Array], gold: Mapping[str, Answers]
) -> dict[str, int | float | None]:
    tallies = np.stack([tally(schema.task(name), probs[name], gold[name])[:, :2] for name in gold])
    n, correct = (tallies > 0).all(axis=0).sum(axis=0).tolist()
    return {"n": n, "share": correct / n if n else None}


def evaluate_task(task: Task, probs: Array, truth: Array) -> dict[str, Any]:
    """Figures of one task; `probs` and `truth` (0 or 1) float [n, n_labels].

    Accuracy on a multi-label task is the share of tickets whose whole label set is right. Macro-F1
    is the mean over all labels of the schema that occur in truth or prediction (scikit-learn's).
    A label's accuracy, confusion ([[true negatives, false positives], [false negatives, true positives]]),
    ROC-AUC and average precision are of that label against the rest, the means of the latter two over the
    labels that have one.
    """
    given = said(task, probs)
    predicted, true = _as_scikit_learn(task, given), _as_scikit_learn(task, truth > 0.5)
    labels = _per_label(task, probs, truth, predicted, true, given)
    kappa = float(figures(task, tally(task, probs, _answers(truth)).sum(axis=0))["kappa"])
    return {
        "n": len(truth),
        "accuracy": float(accuracy_score(true, predicted)),
        "macro_f1": float(f1_score(true, predicted, average="macro", zero_division=0)),
        "micro_f1": float(f1_score(true, predicted, average="micro", zero_division=0)),
        "kappa": None if np.isnan(kappa) else kappa,
        "roc_auc": _mean_of_labels(labels, "roc_auc"),
        "average_precision": _mean_of_labels(labels, "average_precision"),
        "labels": labels,
        "confusion": None if task.multi else _confusion(task, true, predicted),
        "calibration": calibration(task, probs, truth),
        "risk_coverage": risk_coverage(confidence(task, probs), right(task, probs, truth)),
    }


def _as_scikit_learn(task: Task, holds: Array) -> Array:
    return holds.astype(int) if task.multi else holds.argmax(axis=1)


def _answers(truth: Array) -> list[Answer]:
    return [tuple(np.flatnonzero(row > 0.5).tolist()) for row in truth]


def _mean_of_labels(labels: Mapping[str, Mapping[str, Any]], figure: str) -> float | None:
    known = [label[figure] for label in labels.values() if label[figure] is not None]
    return float(np.mean(known)) if known else None


def _confusion(task: Task, true: Array, predicted: Array) -> list[list[int]]:
    counts: list[list[int]] = confusion_matrix(true, predicted, labels=range(len(task.labels))).tolist()
    return counts


def _per_label(
    task: Task, probs: Array, truth: Array, predicted: Array, true: Array, given: Array
) -> dict[str, dict[str, Any]]:
    precision, recall, f1, support = precision_recall_fscore_support(
        true, predicted, labels=range(len(task.labels)), zero_division=0
    )
    confusion = multilabel_confusion_matrix(truth > 0.5, given)
    return {
        label: {
            "precision": float(precision[i]),
            "recall": float(recall[i]),
            "f1": float(f1[i]),
            "support": int(support[i]),
            "accuracy": float(np.trace(confusion[i]) / len(truth)),
            "confusion": confusion[i].tolist(),
        }
        | ranking(truth[:, i], probs[:, i])
        for i, label in enumerate(task.labels)
    }
