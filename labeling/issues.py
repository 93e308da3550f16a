"""Label issues: soft labels that out-of-sample predictions contradict, by cleanlab (its only importer)."""

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

from data.errors import LabelingError
from labeling.votes import Array, SoftLabels

IssueKind = Literal["label", "missing", "surplus"]


@dataclass(frozen=True)
class LabelIssue:
    """A label that is probably wrong.

    `label_quality` lies in [0, 1], low is worse. `kind` is "label" (another label fits better), or
    for a multi-label task "missing" (the label should hold) or "surplus" (it should not).
    """

    ticket_id: str
    task: str
    given: str
    suggested: str
    label_quality: float
    kind: IssueKind = "label"


def label_issues(given: SoftLabels, predicted: Array) -> list[LabelIssue]:
    """Issues among the covered tickets, worst first.

    `predicted` float [n_tickets, n_labels] are out-of-sample probabilities for the tickets of
    `given`, in its order. A multi-label task is examined label by label. Follows Northcutt et al.
    (2021), confident learning, as cleanlab does it. Raises LabelingError where the shapes differ.
    """
    if np.shape(predicted) != given.probs.shape:
        raise LabelingError(
            f"predictions on '{given.task.name}' have shape {np.shape(predicted)}, "
            f"expected {given.probs.shape}"
        )
    if given.task.multi:
        issues = [
            issue for i in range(len(given.task.labels)) for issue in _one_label(given, predicted[:, i], i)
        ]
    else:
        issues = _single(given, predicted)
    return sorted(issues, key=lambda issue: (issue.label_quality, issue.ticket_id))


def _single(given: SoftLabels, predicted: Array) -> list[LabelIssue]:
    rows = np.flatnonzero(given.covered)
    labels = given.probs.argmax(axis=1)[rows]
    names = given.task.labels
    return [
        LabelIssue(given.ticket_ids[rows[at]], given.task.name, names[labels[at]], names[best], quality)
        for at, best, quality in _find(labels, predicted[rows])
    ]


def _one_label(given: SoftLabels, predicted: Array, label_id: int) -> list[LabelIssue]:
    rows = np.flatnonzero(given.covered)
    holds = (given.probs[rows, label_id] > 0.5).astype(int)
    probs = np.stack([1 - predicted[rows], predicted[rows]], axis=1)
    label, task = given.task.labels[label_id], given.task.name
    return [
        LabelIssue(
            given.ticket_ids[rows[at]],
            task,
            "" if best else label,
            label if best else "",
            quality,
            "missing" if best else "surplus",
        )
        for at, best, quality in _find(holds, probs)
    ]


def _find(labels: Array, probs: Array) -> list[tuple[int, int, float]]:
    """(row, suggested label id, label quality) of each issue.

    Labels that nobody was given are left out of sight: cleanlab wants every class present.
    """
    present = np.unique(labels)
    if len(present) < 2:
        return []
    known = np.searchsorted(present, labels)
    seen = probs[:, present] + 1e-9
    seen /= seen.sum(axis=1, keepdims=True)
    with warnings.catch_warnings():
        # The only ticket of a label is never an issue, and that is as it should be.
        warnings.filterwarnings("ignore", "May not flag all label issues")
        rows = np.flatnonzero(find_label_issues(known, seen, n_jobs=1))
    quality = get_label_quality_scores(known, seen)
    return [(int(row), int(present[seen[row].argmax()]), float(quality[row])) for row in rows]
