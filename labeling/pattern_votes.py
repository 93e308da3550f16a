"""Votes of many pattern LFs from one scan of many texts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from data.schema import ABSTAIN
from labeling.lf import PatternLF
from labeling.matcher import PatternMatcher
from labeling.pattern import Pattern

Array = np.ndarray[Any, Any]


class PatternVotes:
    """Pattern LFs that read the same field, of one task or several; equals the vote of each by itself.

    `asides` are patterns that others will ask about the same texts: they are told the answers.
    `cache` is a folder that keeps compiled databases.
    """

    def __init__(
        self, lfs: Sequence[PatternLF], asides: Sequence[Pattern] = (), cache: Path | None = None
    ) -> None:
        self._lfs = lfs
        self._asides = asides
        self.matcher = PatternMatcher([*(lf.pattern for lf in lfs), *asides], cache)

    def votes(self, texts: Sequence[str]) -> list[Array]:
        """Label ids [n_texts] of each function, −1 where it abstains."""
        matches = self.matcher.matches(texts)
        for aside, found in zip(self._asides, matches[len(self._lfs) :], strict=True):
            aside.remember(texts, found.tolist())
        return [_cast(lf, found) for lf, found in zip(self._lfs, matches, strict=False)]


def _cast(lf: PatternLF, found: Array) -> Array:
    """Label id where it was found, −1 elsewhere: quicker by arithmetic than by choice."""
    kind = lf.bound_task().vote_dtype
    return np.asarray(found.astype(kind) * kind.type(lf.vote_id - ABSTAIN) + kind.type(ABSTAIN))
