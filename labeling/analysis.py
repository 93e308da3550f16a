"""How labeling functions do: polarity, coverage, overlaps, conflicts, and accuracy where gold exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from data.schema import ABSTAIN
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

    Overlap: another function votes too. Conflict: another votes differently. A vote is right when
    its label is among the ticket's gold labels.
    """
    voted = votes.values != ABSTAIN
    others = voted.sum(axis=1, keepdims=True) - voted > 0
    coverage, overlaps, conflicts = _share(voted), _share(voted & others), _share(_conflicts(votes))
    accuracies = _accuracies(votes, gold or {})
    return [
        LFReport(
            name,
            tuple(votes.task.labels[i] for i in np.unique(votes.values[voted[:, j], j])),
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
    counts = votes.counts()
    voted = votes.values != ABSTAIN
    same = np.take_along_axis(counts, np.where(voted, votes.values, 0).astype(int), axis=1)
    return np.asarray(voted & (counts.sum(axis=1, keepdims=True) - same > 0))


def _accuracies(votes: Votes, gold: Mapping[str, tuple[int, ...]]) -> list[tuple[Any, ...]]:
    rows = np.array([i for i, ticket_id in enumerate(votes.ticket_ids) if ticket_id in gold], int)
    holds = np.zeros((len(rows), len(votes.task.labels)), bool)
    for at, row in enumerate(rows):
        holds[at, list(gold[votes.ticket_ids[row]])] = True
    figures: list[tuple[Any, ...]] = []
    for j in range(len(votes.lf_names)):
        cast = votes.values[rows, j]
        voted = cast != ABSTAIN
        n, right = int(voted.sum()), int(holds[np.flatnonzero(voted), cast[voted]].sum())
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
