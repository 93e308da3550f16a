"""How labeling functions do: polarity, coverage, overlaps, conflicts, and accuracy where gold exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from data.schema import ABSTAIN, against
from labeling.votes import Votes


@dataclass(frozen=True)
class LFReport:
    """One labeling function's figures; shares are of all tickets, in [0, 1].

    `accuracy` is the share of right votes among its votes on gold tickets, with its Wilson 95 %
    interval and the number of such votes; None where it votes on no gold ticket.
    """

    name: str
    polarity: tuple[str, ...]
    coverage: float
    overlaps: float
    conflicts: float
    gold_votes: int = 0
    accuracy: float | None = None
    interval: tuple[float, float] | None = None


def analyze(votes: Votes, gold: Mapping[str, tuple[int, ...]] | None = None) -> list[LFReport]:
    """Figures of each labeling function, in the votes' order.

    Overlap: another function votes too. Conflict: another votes for another label, or one is for a
    label and the other against it. A vote is right when its label is among the ticket's gold labels, a
    vote against one when it is not.
    """
    voted = votes.values != ABSTAIN
    others = voted.sum(axis=1, keepdims=True) - voted > 0
    coverage, overlaps, conflicts = _share(voted), _share(voted & others), _share(_conflicts(votes))
    accuracies = _accuracies(votes, gold or {})
    return [
        LFReport(
            name,
            tuple(str(votes.task.vote_name(i)) for i in np.unique(votes.values[voted[:, j], j]).tolist()),
            float(coverage[j]),
            float(overlaps[j]),
            float(conflicts[j]),
            *accuracies[j],
        )
        for j, name in enumerate(votes.lf_names)
    ]


def _share(rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Share of tickets, by labeling function; 0 where there is no ticket."""
    return np.asarray(rows.sum(axis=0) / max(1, len(rows)))


def _conflicts(votes: Votes) -> np.ndarray[Any, Any]:
    """bool [n_tickets, n_lfs]: another votes for another label, or against the one voted for."""
    values = votes.values.astype(int)
    voted, in_favour = values != ABSTAIN, values >= 0
    labels = _labels(values)
    counts, opposed = votes.counts(), _opposed(values, len(votes.task.labels))
    same = np.take_along_axis(counts, labels, axis=1)
    others = counts.sum(axis=1, keepdims=True) - same + np.take_along_axis(opposed, labels, axis=1)
    return np.asarray(voted & (np.where(in_favour, others, same) > 0))


def _labels(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The label that each vote is for or against; 0 for an abstention."""
    return np.maximum(np.where(values >= 0, values, -2 - values), 0)


def _opposed(values: np.ndarray[Any, Any], labels: int) -> np.ndarray[Any, Any]:
    """float64 [n_tickets, n_labels]: how many vote against each label."""
    return np.stack([(values == against(i)).sum(axis=1) for i in range(labels)], axis=1).astype(float)


def _accuracies(votes: Votes, gold: Mapping[str, tuple[int, ...]]) -> list[tuple[Any, ...]]:
    rows = np.array([i for i, ticket_id in enumerate(votes.ticket_ids) if ticket_id in gold], int)
    holds = np.zeros((len(rows), len(votes.task.labels)), bool)
    for at, row in enumerate(rows):
        holds[at, list(gold[votes.ticket_ids[row]])] = True
    figures: list[tuple[Any, ...]] = []
    for j in range(len(votes.lf_names)):
        cast = votes.values[rows, j]
        voted = cast != ABSTAIN
        said = cast[voted].astype(int)
        held = holds[np.flatnonzero(voted), _labels(said)]
        n, right = int(voted.sum()), int(np.where(said >= 0, held, ~held).sum())
        figures.append((n, right / n, wilson(right, n)) if n else (0, None, None))
    return figures


def wilson(right: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval (1927) for `right` successes out of `n`, 95 % by default.

    >>> low, high = wilson(8, 10)
    >>> round(low, 3), round(high, 3)
    (0.49, 0.943)
    """
    share, spread = right / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
