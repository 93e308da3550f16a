"""Opinions: the votes that labeling functions are seen to cast, each a column of its own."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from data.schema import ABSTAIN, against
from labeling.label_models.vote_patterns import CHUNK, VotePatterns
from labeling.votes import Array

# How much more often than by chance two opinions must come together to count as repeating each other.
LEAST_REDUNDANCY = 0.3


@dataclass(frozen=True)
class Opinions:
    """Every (labeling function, vote) that occurs: `lf` and `vote` int [n_opinions].

    `allows` bool [n_opinions, n_labels]: the labels that the vote leaves, one for a vote for a label,
    all others for a vote against it.
    """

    lf: Array
    vote: Array
    allows: Array

    def __len__(self) -> int:
        return len(self.lf)

    @classmethod
    def of(cls, values: Array, labels: int) -> "Opinions":
        """The opinions in votes [n, n_lfs] on a task of so many labels."""
        found = [(j, vote) for j in range(values.shape[1]) for vote in np.unique(values[:, j]).tolist()]
        cast = [(j, vote) for j, vote in found if vote != ABSTAIN]
        lf, vote = np.array(cast, int).reshape(-1, 2).T
        label = np.where(vote >= 0, vote, against(0) - vote)
        is_label = label[:, None] == np.arange(labels)
        return cls(lf, vote, np.where(vote[:, None] >= 0, is_label, ~is_label))

    def cast(self, values: Array) -> Array:
        """float32 [n, n_opinions]: 1 where the opinion is expressed."""
        return np.asarray(values[:, self.lf] == self.vote, np.float32)

    def in_favour(self, values: Array, labels: int) -> Array:
        """float [n, n_labels]: the share of votes that allow each label; uniform where nobody votes."""
        counts = self.cast(values) @ (self.allows / self.allows.sum(axis=1, keepdims=True))
        total = counts.sum(axis=1, keepdims=True)
        return np.asarray(np.where(total > 0, counts / np.maximum(total, 1e-9), 1 / labels))


def chunks(patterns: VotePatterns) -> Iterator[tuple[Array, Array]]:
    """The patterns' values and counts, some thousand rows at a time."""
    for start in range(0, len(patterns.counts), CHUNK):
        yield patterns.values[start : start + CHUNK], patterns.counts[start : start + CHUNK]


def redundancy(opinions: Opinions, patterns: VotePatterns, labels: int) -> Array:
    """How much opinions repeat each other: float32 [n_opinions, n_opinions] in [0, 1], 0 on the diagonal.

    The correlation of two equal votes of different functions among the tickets that majority vote
    gives their label (the φ coefficient, less two standard errors): 1 for a copy, 0 for functions that
    err independently of each other.
    """
    total, alone, both = _counts_within_labels(opinions, patterns, labels)
    n = np.maximum(total[opinions.allows.argmax(axis=1)], 1e-9)
    share = alone / n
    spread = np.sqrt(np.maximum(share * (1 - share), 1e-9))
    phi = (both / n[:, None] - np.outer(share, share)) / np.outer(spread, spread) - 2 / np.sqrt(n)[:, None]
    same_vote = opinions.vote[:, None] == opinions.vote
    same_lf = opinions.lf[:, None] == opinions.lf
    phi = np.where(same_vote & ~same_lf & (phi >= LEAST_REDUNDANCY), phi, 0)
    return np.asarray(np.minimum(phi, 1), np.float32)


def _counts_within_labels(
    opinions: Opinions, patterns: VotePatterns, labels: int
) -> tuple[Array, Array, Array]:
    """Tickets of each label [n_labels]; with an opinion [n_opinions] and with two of them, of their label."""
    total, alone = np.zeros(labels), np.zeros(len(opinions))
    both = np.zeros((len(opinions), len(opinions)))
    own = opinions.allows.argmax(axis=1)
    for values, counts in chunks(patterns):
        cast = opinions.cast(values)
        spoken = np.asarray(cast.any(axis=1))
        share = opinions.in_favour(values, labels)
        most = share >= share.max(axis=1, keepdims=True) - 1e-9
        truth = most / most.sum(axis=1, keepdims=True) * (counts * spoken)[:, None]
        total += truth.sum(axis=0)
        alone += (cast * truth[:, own]).sum(axis=0)
        for label in np.unique(own):
            at = np.flatnonzero(own == label)
            both[np.ix_(at, at)] += (cast[:, at] * truth[:, [label]]).T @ cast[:, at]
    return total, alone, both
