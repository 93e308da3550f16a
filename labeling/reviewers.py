"""Several reviewers of one task: what they agree on, how good each is, and whom to ask about next."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from data.errors import LabelingError, listed
from data.schema import Task
from labeling import cleanlab_scores
from labeling.votes import Array

# Reviewer → ticket id → label ids: one of a single-label task, any number of a multi-label one.
Answers = Mapping[str, Mapping[str, tuple[int, ...]]]


@dataclass(frozen=True)
class Consensus:
    """What the reviewers of a ticket agree on.

    `labels` are label ids, possibly some that no reviewer gave, where the model is surer. `quality` in
    [0, 1] is how probably they are right, low is worse; `agreement` in [0, 1] is the share of its
    reviewers who say the same. Of a multi-label task both are those of its worst label. `reviewers`
    says how many they are.
    """

    ticket_id: str
    labels: tuple[int, ...]
    quality: float
    agreement: float
    reviewers: int


@dataclass(frozen=True)
class ReviewerQuality:
    """One reviewer: `quality` in [0, 1], low is worse; `agreement` with the consensus in [0, 1]."""

    reviewer: str
    quality: float
    agreement: float
    tickets: int


@dataclass(frozen=True)
class CrowdQuality:
    """One task: the consensus of each ticket by ticket id, and the reviewers, worst first."""

    task: str
    tickets: tuple[Consensus, ...]
    reviewers: tuple[ReviewerQuality, ...]

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able form."""
        tickets = [asdict(ticket) | {"labels": list(ticket.labels)} for ticket in self.tickets]
        return {
            "task": self.task,
            "tickets": tickets,
            "reviewers": [asdict(reviewer) for reviewer in self.reviewers],
        }


def crowd_quality(task: Task, answers: Answers, ticket_ids: Sequence[str], predicted: Array) -> CrowdQuality:
    """The consensus of the reviewed tickets and the quality of each reviewer.

    `predicted` float [n_tickets, n_labels] are out-of-sample probabilities of the tickets of
    `ticket_ids`, which must hold all reviewed ones. Follows CROWDLAB (Goh et al., 2022) as cleanlab
    does it; a multi-label task is asked label by label, and a reviewer's quality is the mean over
    labels. Where no ticket has two reviewers there is nothing to compare: labels stand as they are,
    their quality is the model's probability of them. Raises LabelingError for a ticket without a
    prediction, a label id outside the task, or probabilities that are not in [0, 1].
    """
    reviewed, names, said = _table(task, answers, ticket_ids, predicted)
    if not reviewed:
        return CrowdQuality(task.name, (), ())
    probs = _of_tickets(predicted, ticket_ids, reviewed)
    judged = [_judge(labels, of_label) for labels, of_label in _questions(task, said, probs)]
    counts = (~np.isnan(said[:, :, 0])).sum(axis=1)
    tickets = tuple(
        Consensus(
            ticket_id,
            _answer(task, [each.labels[row] for each in judged]),
            min(float(each.quality[row]) for each in judged),
            min(float(each.agreement[row]) for each in judged),
            int(counts[row]),
        )
        for row, ticket_id in enumerate(reviewed)
    )
    reviewers = [
        ReviewerQuality(
            name,
            float(np.mean([each.people[at][0] for each in judged])),
            float(np.mean([each.people[at][1] for each in judged])),
            int((~np.isnan(said[:, at, 0])).sum()),
        )
        for at, name in enumerate(names)
    ]
    return CrowdQuality(task.name, tickets, tuple(sorted(reviewers, key=lambda r: (r.quality, r.reviewer))))


def ask_scores(task: Task, answers: Answers, ticket_ids: Sequence[str], predicted: Array) -> Array:
    """Whom to ask about next: float64 [n_tickets] in [0, 1], low: ask, reviewed tickets included.

    A reviewed ticket scores low where its reviewers or the model doubt the consensus, so that asking
    again pays; others where the model is unsure. Follows ActiveLab (Goh and Mueller, 2023) as cleanlab
    does it; of a multi-label task the least sure label counts. Arguments and errors are those of
    `crowd_quality`.
    """
    reviewed, _, said = _table(task, answers, ticket_ids, predicted)
    if len(ticket_ids) == 0:
        return np.empty(0)
    at = {ticket_id: row for row, ticket_id in enumerate(ticket_ids)}
    rows = np.array([at[ticket_id] for ticket_id in reviewed], int)
    others = np.setdiff1d(np.arange(len(ticket_ids)), rows)
    scores = []
    for labels, probs in _questions(task, said, np.asarray(predicted, np.float64)):
        of_task = np.empty(len(ticket_ids))
        given = labels if len(rows) else None
        of_task[rows], unlabeled = cleanlab_scores.active_scores(given, probs[rows], probs[others])
        of_task[others] = unlabeled
        scores.append(of_task)
    return np.asarray(np.min(scores, axis=0))


@dataclass(frozen=True)
class _Judged:
    """One question put to all: label ids, quality, agreement [n]; each person's quality and agreement."""

    labels: Array
    quality: Array
    agreement: Array
    people: Mapping[int, tuple[float, float]]


def _judge(labels: Array, probs: Array) -> _Judged:
    """`labels` float [n, m] with NaN where a person said nothing, `probs` float [n, k]."""
    if ((~np.isnan(labels)).sum(axis=1) > 1).any():
        return _Judged(*cleanlab_scores.crowd(labels, probs))
    only = np.nanmax(labels, axis=1).astype(int)
    quality = probs[np.arange(len(only)), only]
    people = {at: (float(quality[~np.isnan(column)].mean()), 1.0) for at, column in enumerate(labels.T)}
    return _Judged(only, quality, np.ones(len(only)), people)


def _questions(task: Task, said: Array, probs: Array) -> list[tuple[Array, Array]]:
    """(labels [n, m], probs [rows, k]) of the task, or of each label of a multi-label one: 1 if it holds."""
    if not task.multi:
        return [(said[:, :, 0], probs)]
    columns = range(len(task.labels))
    return [(said[:, :, i], np.stack([1 - probs[:, i], probs[:, i]], axis=1)) for i in columns]


def _answer(task: Task, found: Sequence[Any]) -> tuple[int, ...]:
    return tuple(i for i, holds in enumerate(found) if holds) if task.multi else (int(found[0]),)


def _table(
    task: Task, answers: Answers, ticket_ids: Sequence[str], predicted: Array
) -> tuple[list[str], list[str], Array]:
    """Reviewed tickets, reviewers, both sorted; what each said: float [n, m, questions], NaN: nothing."""
    names = sorted(name for name, said in answers.items() if said)
    reviewed = sorted({ticket_id for name in names for ticket_id in answers[name]})
    _check(task, answers, names, set(reviewed) - set(ticket_ids), np.shape(predicted), len(ticket_ids))
    inside = (np.asarray(predicted) >= -1e-6) & (np.asarray(predicted) <= 1 + 1e-6)
    if not inside.all():
        raise LabelingError(f"predictions on '{task.name}' hold NaN or values outside [0, 1]; predict again")
    row = {ticket_id: i for i, ticket_id in enumerate(reviewed)}
    said = np.full((len(reviewed), len(names), len(task.labels) if task.multi else 1), np.nan)
    for column, name in enumerate(names):
        for ticket_id, labels in answers[name].items():
            said[row[ticket_id], column] = (
                np.isin(np.arange(len(task.labels)), labels) if task.multi else labels[0]
            )
    return reviewed, names, said


def _check(
    task: Task,
    answers: Answers,
    names: Sequence[str],
    unknown: set[str],
    shape: tuple[int, ...],
    tickets: int,
) -> None:
    if shape != (tickets, len(task.labels)):
        raise LabelingError(
            f"predictions on '{task.name}' have shape {shape}, expected {(tickets, len(task.labels))}"
        )
    if unknown:
        raise LabelingError(
            f"{len(unknown)} reviewed tickets have no prediction on '{task.name}': "
            f"{listed(sorted(unknown), 3)}; predict them too"
        )
    for name in names:
        for ticket_id, labels in answers[name].items():
            if not task.multi and len(labels) != 1:
                raise LabelingError(
                    f"reviewer '{name}' gave ticket '{ticket_id}' {len(labels)} labels in task "
                    f"'{task.name}', which takes exactly one"
                )
            if any(not 0 <= label < len(task.labels) for label in labels):
                raise LabelingError(
                    f"reviewer '{name}' gave ticket '{ticket_id}' the label ids {labels} in task "
                    f"'{task.name}'; they run from 0 to {len(task.labels) - 1}"
                )


def _of_tickets(predicted: Array, ticket_ids: Sequence[str], wanted: Sequence[str]) -> Array:
    at = {ticket_id: row for row, ticket_id in enumerate(ticket_ids)}
    return np.asarray(predicted, np.float64)[[at[ticket_id] for ticket_id in wanted]]
