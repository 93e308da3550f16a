"""Votes of many pattern LFs from one scan of many texts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from data.schema import ABSTAIN
from labeling.lf import PatternLF
from labeling.matcher import PatternMatcher

Array = np.ndarray[Any, Any]


class PatternVotes:
    """Pattern LFs that read the same field, of one task or several; equals the vote of each by itself.

    `cache` is a folder that keeps compiled databases.
    """

    def __init__(self, lfs: Sequence[PatternLF], cache: Path | None = None) -> None:
        self._lfs = lfs
        self.matcher = PatternMatcher([lf.pattern for lf in lfs], cache)

    def votes(self, texts: Sequence[str]) -> list[Array]:
        """Label ids [n_texts] of each function, −1 where it abstains."""
        matches = self.matcher.matches(texts)
        return [
            np.where(found, lf.label_id, ABSTAIN).astype(lf.bound_task().vote_dtype)
            for lf, found in zip(self._lfs, matches, strict=True)
        ]
