"""Label issues: given labels that out-of-sample predictions contradict, by confident learning."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from data.errors import LabelingError, listed
from labeling import cleanlab_scores
from labeling.cleanlab_scores import Score
from labeling.votes import Array, SoftLabels

IssueKind = Literal["label", "missing", "surplus"]
# Keeps a label that the model thinks impossible a possible one.
LEAST = 1e-9


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

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def label_issues(
    given: SoftLabels, predicted: Array, *, score: Score = "self_confidence", balanced: bool = False
) -> list[LabelIssue]:
    """Issues among the covered tickets, worst first.

    `predicted` float [n_tickets, n_labels] are out-of-sample probabilities for the tickets of
    `given`, in its order (`model.probe.cross_val_proba`). A multi-label task is examined label by
    label. Which labels are issues is confident learning's to say, how bad they are is `label_quality`'s.
    Follows Northcutt et al. (2021) as cleanlab does it. Raises LabelingError where shapes differ, or
    a covered ticket's probabilities are NaN or outside [0, 1].
    """
    _check(given, predicted)
    quality = label_quality(given, predicted, score=score, balanced=balanced)
    found = _multi(given, predicted, quality) if given.task.multi else _single(given, predicted, quality)
    return sorted(found, key=lambda issue: (issue.label_quality, issue.ticket_id))


def label_quality(
    given: SoftLabels, predicted: Array, *, score: Score = "self_confidence", balanced: bool = False
) -> Array:
    """How probably each given label is right: float64 in [0, 1], low is worse, NaN where uncovered.

    Shape [n_tickets]; [n_tickets, n_labels] for a multi-label task, of each label whether it holds or
    not. The default score is the predicted probability of the given label, best by
    benchmarks/label_issues.py where mistakes are random; `balanced` first takes the mean confidence of
    each label from its probabilities, which ranks better where mistakes go towards similar labels, and
    far worse where they are random. Where the covered tickets know only one label its quality is 1.
    Raises as `label_issues` does.
    """
    _check(given, predicted)
    if balanced and score == "confidence_weighted_entropy":
        raise LabelingError(f"{score} cannot be balanced; take self_confidence or normalized_margin")
    rows = np.flatnonzero(given.covered)
    shape = given.probs.shape if given.task.multi else given.probs.shape[:1]
    quality = np.where(given.covered.reshape(-1, *[1] * (len(shape) - 1)), np.ones(shape), np.nan)
    if given.task.multi:
        holds, open_ = _holds(given, rows)
        if open_.any():
            quality[np.ix_(rows, open_)] = cleanlab_scores.multilabel_quality(
                holds[:, open_], _floats(predicted[np.ix_(rows, open_)]), score, balanced
            )
        return quality
    labels, present = _labels(given, rows)
    if len(present) > 1:
        seen = _seen(predicted[rows], present)
        quality[rows] = cleanlab_scores.label_quality(labels, seen, score, balanced)
    return quality


def _single(given: SoftLabels, predicted: Array, quality: Array) -> list[LabelIssue]:
    rows = np.flatnonzero(given.covered)
    labels, present = _labels(given, rows)
    if len(present) < 2:
        return []
    seen, names, task = _seen(predicted[rows], present), given.task.labels, given.task.name
    best = present[seen.argmax(axis=1)]
    return [
        LabelIssue(
            given.ticket_ids[rows[at]],
            task,
            names[present[labels[at]]],
            names[best[at]],
            quality[rows[at]].item(),
        )
        for at in np.flatnonzero(cleanlab_scores.issue_mask(labels, seen))
    ]


def _multi(given: SoftLabels, predicted: Array, quality: Array) -> list[LabelIssue]:
    rows = np.flatnonzero(given.covered)
    holds, open_ = _holds(given, rows)
    if not open_.any():
        return []
    columns, names = np.flatnonzero(open_), given.task.labels
    mask = cleanlab_scores.multilabel_issue_mask(holds[:, open_], _floats(predicted[np.ix_(rows, open_)]))
    issues = []
    for at, column in np.argwhere(mask).tolist():
        row, label = rows[at], names[columns[column]]
        sides: tuple[str, str, IssueKind] = ("", label, "missing")
        if holds[at, columns[column]]:
            sides = (label, "", "surplus")
        worth = quality[row, columns[column]].item()
        issues.append(LabelIssue(given.ticket_ids[row], given.task.name, sides[0], sides[1], worth, sides[2]))
    return issues


def _labels(given: SoftLabels, rows: Array) -> tuple[Array, Array]:
    """Positions int [m] in the label ids that anyone was given, and those ids.

    Labels that nobody was given are left out of sight: cleanlab wants every class present.
    """
    labels = given.probs[rows].argmax(axis=1)
    present = np.unique(labels)
    return np.searchsorted(present, labels), present


def _seen(probs: Array, present: Array) -> Array:
    seen = _floats(probs[:, present]) + LEAST
    return np.asarray(seen / seen.sum(axis=1, keepdims=True))


def _holds(given: SoftLabels, rows: Array) -> tuple[Array, Array]:
    """bool [m, n_labels], and of each label whether some covered ticket has it and some has not."""
    holds = given.probs[rows] > 0.5
    return holds, np.asarray(holds.any(axis=0) & ~holds.all(axis=0))


def _floats(probs: Array) -> Array:
    return np.asarray(probs, np.float64)


def _check(given: SoftLabels, predicted: Array) -> None:
    task = given.task.name
    if np.shape(predicted) != given.probs.shape:
        raise LabelingError(
            f"predictions on '{task}' have shape {np.shape(predicted)}, expected {given.probs.shape}"
        )
    for what, probs in (("predictions", predicted), ("given labels", given.probs)):
        # What is NaN is not inside either.
        inside = ((probs >= -1e-6) & (probs <= 1 + 1e-6)).all(axis=1)
        wrong = np.flatnonzero(given.covered & ~inside)
        if len(wrong):
            names = listed([given.ticket_ids[row] for row in wrong], 3)
            raise LabelingError(
                f"{what} on '{task}' must be probabilities in [0, 1], but {len(wrong)} tickets have NaN or "
                f"others: {names}; predict them again, or mark them uncovered"
            )
