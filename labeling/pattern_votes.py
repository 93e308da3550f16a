"""Votes of many pattern LFs from one scan of each text."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from data.schema import ABSTAIN
from labeling.lf import PatternLF
from labeling.scanner import PhraseScanner


class PatternVotes:
    """Pattern LFs compiled together: each text is scanned once for the phrases of all of them.

    The functions may be of different tasks, but all read the same field. Votes equal those of each
    function by itself.
    """

    def __init__(self, lfs: Sequence[PatternLF]) -> None:
        patterns = [lf.pattern for lf in lfs]
        phrases = dict.fromkeys(
            p for pattern in patterns for p in pattern.any_of + pattern.all_of + pattern.unless
        )
        at = {phrase: i for i, phrase in enumerate(phrases)}
        self._lfs = lfs
        self._label_ids = [lf.label_id for lf in lfs]
        self._scanner = PhraseScanner(list(phrases))
        self._all = [frozenset(at[phrase] for phrase in pattern.all_of) for pattern in patterns]
        self._unless = [frozenset(at[phrase] for phrase in pattern.unless) for pattern in patterns]
        self._wakes: dict[int, list[int]] = {}
        for row, pattern in enumerate(patterns):
            for phrase in pattern.any_of or pattern.all_of[:1]:
                self._wakes.setdefault(at[phrase], []).append(row)

    def votes(self, texts: Sequence[str]) -> list[np.ndarray[Any, Any]]:
        """Label ids [n_texts] of each function, −1 where it abstains."""
        columns = [np.full(len(texts), ABSTAIN, lf.bound_task().vote_dtype) for lf in self._lfs]
        for row, text in enumerate(texts):
            for column in self._voters(text):
                columns[column][row] = self._label_ids[column]
        return columns

    def _voters(self, text: str) -> list[int]:
        hits = self._scanner.hits(text)
        awake = {column for hit in hits for column in self._wakes.get(hit, ())}
        return [column for column in awake if self._matches(column, hits, text)]

    def _matches(self, column: int, hits: set[int], text: str) -> bool:
        if not self._all[column] <= hits or not self._unless[column].isdisjoint(hits):
            return False
        pattern = self._lfs[column].pattern
        return not pattern.negation or pattern.matches(text)
