"""Pairs of labeling functions of one task: which say the same thing, which fight."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from data.schema import ABSTAIN
from labeling.votes import Votes

Array = np.ndarray[Any, Any]
LEAST_COMMON = 10
REDUNDANT, FIGHTING, LEAST_OVERLAP = 0.9, 0.5, 0.1
CHUNK = 100_000


@dataclass(frozen=True)
class Agreement:
    """`both` int64 [n_lfs, n_lfs]: tickets on which both vote; `same`: on which they vote alike.

    >>> from labeling.toy import TOY
    >>> agreement(TOY).both.tolist()
    [[4, 3, 3], [3, 3, 2], [3, 2, 3]]
    >>> agreement(TOY).same.tolist()
    [[4, 2, 2], [2, 3, 0], [2, 0, 3]]
    """

    lf_names: tuple[str, ...]
    both: Array
    same: Array

    @property
    def shares(self) -> Array:
        """float64 [n_lfs, n_lfs] in [0, 1]: how often they vote alike where both vote; nan where never."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.same / self.both)


@dataclass(frozen=True)
class Pair:
    """Two functions: `first` has no more votes than `second`.

    `common` tickets have votes of both, that is the share `overlap` of the votes of `first`; on the
    share `agreement` of them they vote alike.
    """

    first: str
    second: str
    common: int
    overlap: float
    agreement: float


def agreement(votes: Votes) -> Agreement:
    """How often each two labeling functions vote together, and alike."""
    lfs = len(votes.lf_names)
    both, same = np.zeros((lfs, lfs)), np.zeros((lfs, lfs))
    for start in range(0, len(votes.values), CHUNK):
        values = votes.values[start : start + CHUNK]
        voted = (values != ABSTAIN).astype(np.float32)
        both += voted.T @ voted
        for vote in np.unique(values[values != ABSTAIN]):
            said = (values == vote).astype(np.float32)
            same += said.T @ said
    return Agreement(votes.lf_names, both.astype(np.int64), same.astype(np.int64))


def redundant(found: Agreement) -> list[Pair]:
    """Pairs of which the second says, alike, nine tenths or more of what the first says; most first."""
    pairs = [pair for pair in _pairs(found) if pair.overlap * pair.agreement >= REDUNDANT]
    return sorted(pairs, key=lambda pair: -pair.overlap * pair.agreement)


def fighting(found: Agreement) -> list[Pair]:
    """Pairs that meet often enough and vote differently more often than not; the most tickets first."""
    pairs = [pair for pair in _pairs(found) if pair.agreement < FIGHTING and pair.overlap >= LEAST_OVERLAP]
    return sorted(pairs, key=lambda pair: -pair.common * (1 - pair.agreement))


def _pairs(found: Agreement) -> list[Pair]:
    """Those with at least ten tickets in common."""
    counts = np.diag(found.both)
    pairs = []
    for i, j in np.argwhere(np.triu(found.both, 1) >= LEAST_COMMON).tolist():
        first, second = (i, j) if counts[i] <= counts[j] else (j, i)
        common = int(found.both[i, j])
        share = float(found.same[i, j] / common)
        names = found.lf_names[first], found.lf_names[second]
        pairs.append(Pair(*names, common, float(common / counts[first]), share))
    return pairs
