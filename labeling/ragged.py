"""Lists of different lengths, held flat."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


class Ragged:
    """A list of numbers for each of many things.

    >>> Ragged([[7], [], [8, 9]]).spread(np.array([2, 0]))
    (array([0, 0, 1]), array([8, 9, 7]))
    """

    def __init__(self, lists: Sequence[Sequence[int]]) -> None:
        self._sizes = np.array([len(each) for each in lists], np.int64)
        self._starts = np.cumsum(self._sizes) - self._sizes
        self._flat = np.array([value for each in lists for value in each], np.int64)

    def spread(self, things: Array) -> tuple[Array, Array]:
        """The numbers of each thing in turn: which place of `things` each comes from, and the number."""
        sizes = self._sizes.take(things)
        first = np.repeat(self._starts.take(things) - (np.cumsum(sizes) - sizes), sizes)
        first += np.arange(len(first))
        return np.repeat(np.arange(len(things)), sizes), self._flat.take(first)
