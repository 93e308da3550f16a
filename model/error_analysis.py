"""The wrong answers themselves, and which labels are taken for which."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

import numpy as np

from data.labels import Answer, indicator
from data.schema import Task
from model.answers import confidence, right, said

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class WrongAnswer:
    """A ticket whose answer is not that of gold.

    `gold` and `said` are label names, any number on a multi-label task. `gold_proba` is the probability
    of the gold label, on a multi-label task of the least probable decision of gold.
    """

    ticket_id: str
    gold: tuple[str, ...]
    said: tuple[str, ...]
    confidence: float
    gold_proba: float

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able form."""
        return asdict(self) | {"gold": list(self.gold), "said": list(self.said)}


@dataclass(frozen=True)
class Confusion:
    """A label that is said where gold has another one; None where nothing is, or should be, said for it.

    `share` is of the gold tickets that have the label `gold`, None without one. `ticket_ids` are in the
    order of the wrong answers.
    """

    gold: str | None
    said: str | None
    n: int
    share: float | None
    ticket_ids: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able form."""
        return asdict(self) | {"ticket_ids": list(self.ticket_ids)}


def wrong_answers(
    task: Task, ticket_ids: Sequence[str], probs: Array, gold: Sequence[Answer | None]
) -> list[WrongAnswer]:
    """All wrong answers, the most confident first; `probs` float [n, n_labels] in the tickets' order."""
    known = [row for row, answer in enumerate(gold) if answer is not None]
    probs, truth = np.asarray(probs[known], np.float64), indicator(task, [gold[row] for row in known])
    given, sure = said(task, probs), confidence(task, probs)
    of_gold = (
        np.where(truth > 0.5, probs, 1 - probs).min(axis=1) if task.multi else (probs * truth).sum(axis=1)
    )
    found = [
        WrongAnswer(
            ticket_ids[known[at]],
            _names(task, truth[at]),
            _names(task, given[at]),
            float(sure[at]),
            float(of_gold[at]),
        )
        for at in np.flatnonzero(~right(task, probs, truth)).tolist()
    ]
    return sorted(found, key=lambda answer: (-answer.confidence, answer.ticket_id))


def _names(task: Task, row: Array) -> tuple[str, ...]:
    return tuple(task.labels[i] for i in np.flatnonzero(row > 0.5).tolist())


def confusions(wrong: Sequence[WrongAnswer], support: Mapping[str, int]) -> list[Confusion]:
    """The pairs of labels that are confused, the most frequent first.

    `support` is label → gold tickets that have it. Where a multi-label answer lacks some labels and has
    others too many, each is paired with each.
    """
    pairs: dict[tuple[str | None, str | None], list[str]] = {}
    for answer in wrong:
        missing = _less(answer.gold, answer.said)
        surplus = _less(answer.said, answer.gold)
        for pair in product(missing, surplus):
            pairs.setdefault(pair, []).append(answer.ticket_id)
    ranked = sorted(pairs.items(), key=lambda item: (-len(item[1]), str(item[0])))
    return [
        Confusion(gold, label, len(ids), len(ids) / support[gold] if gold else None, tuple(ids))
        for (gold, label), ids in ranked
    ]


def _less(labels: Sequence[str], others: Sequence[str]) -> Sequence[str | None]:
    return [label for label in labels if label not in others] or [None]
