"""The distinct rows of a table of votes: what a label model is fitted on, however many tickets there are."""

from dataclasses import dataclass

import numpy as np

from data.schema import ABSTAIN
from labeling.votes import Array

CHUNK = 16_384


@dataclass(frozen=True)
class VotePatterns:
    """Distinct rows of votes, in an order that does not depend on the tickets' order.

    `values` [n_patterns, n_lfs], `counts` float64 [n_patterns] says how many tickets have each, and
    `pattern_of` int [n_tickets] which one a ticket has.
    """

    values: Array
    counts: Array
    pattern_of: Array

    @classmethod
    def of(cls, values: Array) -> "VotePatterns":
        """The patterns of votes [n_tickets, n_lfs].

        Rows are told apart by 64-bit hashes: the chance that two of a million different rows are taken
        for one is 1 in 10⁷.
        """
        _, first, pattern_of, counts = np.unique(
            _hashes(values), return_index=True, return_inverse=True, return_counts=True
        )
        return cls(values[first], counts.astype(float), pattern_of)

    def take(self, most_votes: int) -> "VotePatterns":
        """At most so many votes' worth of patterns; those with most tickets first, else in their order.

        `counts` are scaled so that the patterns left stand for all tickets; `pattern_of` is empty.
        """
        votes = (self.values != ABSTAIN).sum(axis=1)
        order = np.argsort(-self.counts, kind="stable")
        kept = np.sort(order[np.cumsum(votes[order]) <= most_votes])
        if len(kept) == len(self.counts):
            return self
        scale = self.counts.sum() / self.counts[kept].sum()
        return VotePatterns(self.values[kept], self.counts[kept] * scale, np.empty(0, int))


def _hashes(values: Array) -> Array:
    """uint64 [n_tickets]: a random number for each function, times what it votes, summed up."""
    numbers = np.random.default_rng(0).integers(0, 2**64, values.shape[1], np.uint64, endpoint=False)
    hashes = np.empty(len(values), np.uint64)
    for start in range(0, len(values), CHUNK):
        said = values[start : start + CHUNK].astype(np.int64)
        said -= ABSTAIN
        hashes[start : start + CHUNK] = said.view(np.uint64) @ numbers
    return hashes
