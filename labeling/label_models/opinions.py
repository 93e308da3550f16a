"""Opinions: the votes that labeling functions are seen to cast, each a column of its own."""

from dataclasses import dataclass

import numpy as np

from data.schema import ABSTAIN, against
from labeling.label_models.vote_patterns import CHUNK
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
        low, high = against(labels - 1), labels - 1
        said = np.arange(low, high + 1)
        occurs = np.zeros((values.shape[1], len(said)), bool)
        for start in range(0, len(values), CHUNK):
            at = values[start : start + CHUNK].astype(np.intp) + (np.arange(len(occurs)) * len(said) - low)
            occurs |= (np.bincount(at.ravel(), minlength=occurs.size) > 0).reshape(occurs.shape)
        occurs[:, ABSTAIN - low] = False
        lf, at = np.nonzero(occurs)
        vote = at + low
        label = np.where(vote >= 0, vote, against(0) - vote)
        is_label = label[:, None] == np.arange(labels)
        return cls(lf, vote, np.where(vote[:, None] >= 0, is_label, ~is_label))

    def cast(self, values: Array) -> Array:
        """float32 [n, n_opinions]: 1 where the opinion is expressed."""
        return np.asarray(values[:, self.lf] == self.vote, np.float32)

    def in_favour(self, cast: Array) -> Array:
        """float32 [n, n_labels]: the share of votes that allow each label; uniform where nobody votes."""
        counts = cast @ (self.allows / self.allows.sum(axis=1, keepdims=True)).astype(np.float32)
        total = counts.sum(axis=1, keepdims=True)
        return np.where(total > 0, counts / np.maximum(total, 1e-9), np.float32(1 / self.allows.shape[1]))


def redundancy(opinions: Opinions, cast: Array, counts: Array) -> Array:
    """How much opinions repeat each other: float32 [n_opinions, n_opinions] in [0, 1], 0 on the diagonal.

    The correlation of two equal votes of different functions among the tickets that majority vote
    gives their label (the φ coefficient, less two standard errors): 1 for a copy, 0 for functions that
    err independently of each other. `cast` [n, n_opinions] are rows of opinions, `counts` [n] on how
    many tickets each stands.
    """
    total, alone, both = _counts_within_labels(opinions, cast, counts)
    n = np.maximum(total[opinions.allows.argmax(axis=1)], 1e-9)
    share = alone / n
    spread = np.sqrt(np.maximum(share * (1 - share), 1e-9))
    phi = (both / n[:, None] - np.outer(share, share)) / np.outer(spread, spread) - 2 / np.sqrt(n)[:, None]
    same_vote = opinions.vote[:, None] == opinions.vote
    same_lf = opinions.lf[:, None] == opinions.lf
    phi = np.where(same_vote & ~same_lf & (phi >= LEAST_REDUNDANCY), phi, 0)
    return np.asarray(np.minimum(phi, 1), np.float32)


def _counts_within_labels(opinions: Opinions, cast: Array, counts: Array) -> tuple[Array, Array, Array]:
    """Tickets of each label [n_labels]; with an opinion [n_opinions] and with two of them, of their label."""
    own = opinions.allows.argmax(axis=1)
    share = opinions.in_favour(cast)
    most = share >= share.max(axis=1, keepdims=True) - 1e-6
    truth = most / most.sum(axis=1, keepdims=True) * (counts * cast.any(axis=1))[:, None]
    alone, both = np.zeros(len(opinions)), np.zeros((len(opinions), len(opinions)))
    for label in np.unique(own):
        at = np.flatnonzero(own == label)
        of_label = cast[:, at] * truth[:, [label]].astype(np.float32)
        alone[at] = of_label.sum(axis=0)
        both[np.ix_(at, at)] = of_label.T @ cast[:, at]
    return truth.sum(axis=0), alone, both
