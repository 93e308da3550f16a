"""Texts as bytes, one a character, side by side in one buffer: what the multi-pattern matcher reads.

ASCII stands for itself and every other character for one of its kind, so that word boundaries,
classes and repetitions come out as Python's `re` has them on the text itself.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

LETTER, BLANK, SEPARATOR, OTHER = ord("_"), ord(" "), ord("\n"), 0x01
# A text that holds one of these is left to `re`, or first made tidy.
AWKWARD, GAP = 0x00, ord("\t")
FIRST_MARK, LAST_MARK = 0x80, 0xFE
_UNKNOWN = 0xFF
# Letters and marks that `re.IGNORECASE` takes for characters of another kind: found by comparing all.
FOLDED = frozenset("ıİſ\N{KELVIN SIGN}\N{COMBINING GREEK YPOGEGRAMMENI}")
_UNTIDY = re.compile(r"[^\S ]| {2}")
_WHITE = re.compile(r"\s+")


@dataclass(frozen=True)
class Buffer:
    """Texts side by side, each followed by a separator.

    `starts` int64 [n]: where each text begins. `collapsed` bool [n]: its white space was made single
    blanks. `awkward` bool [n]: no byte can stand for one of its characters.
    """

    data: bytes
    starts: Array
    collapsed: Array
    awkward: Array

    @cached_property
    def blanks(self) -> Array:
        """int64 [n_bytes + 1]: how many blanks there are before each offset."""
        blank = np.frombuffer(self.data, np.uint8) == BLANK
        return np.concatenate([[0], np.cumsum(blank)])

    @cached_property
    def words(self) -> Array:
        """int64 [n]: how many words each text has, parted by white space."""
        data = np.frombuffer(self.data, np.uint8)
        inside = (data != BLANK) & (data != SEPARATOR)
        begins = inside.copy()
        begins[1:] &= ~inside[:-1]
        before = np.concatenate([[0], np.cumsum(begins)])
        ends = np.append(self.starts[1:], len(data)) if len(self.starts) else self.starts
        return np.asarray(before[ends] - before[self.starts])

    def rows(self, ends: Array) -> Array:
        """Which text each match lies in, by the offset where it ends; int64 [n_matches]."""
        return np.searchsorted(self.starts, ends - 1, side="right") - 1


class Alphabet:
    """Characters and the bytes that stand for them.

    The marks (emoji, currency signs) that `named` holds have a byte of their own. A letter beyond
    ASCII stands as an underscore, which is a word character too.

    >>> Alphabet("€").buffer(["é €5 ♥", "ok"]).data
    b'_ \\x805 \\x01\\nok\\n'
    """

    def __init__(self, named: Iterable[str]) -> None:
        marks = sorted({char for char in named if _is_plain_mark(char)})
        free = range(FIRST_MARK, LAST_MARK + 1)
        self.marks = dict(zip(marks, free, strict=False))
        self._table = np.full(0x110000, _UNKNOWN, np.uint8)
        for code in range(0x80):
            self._table[code] = stand_in(chr(code))
        for char, byte in self.marks.items():
            self._table[ord(char)] = byte

    def buffer(self, texts: Sequence[str]) -> Buffer:
        """The texts as bytes."""
        collapsed = np.zeros(len(texts), bool)
        codes = _codes(texts)
        data, ends = self._bytes(codes), np.flatnonzero(codes == SEPARATOR)
        if len(ends) != len(texts) or _has_gaps(data):
            collapsed = np.array([bool(_UNTIDY.search(text)) for text in texts], bool)
            codes = _codes([_WHITE.sub(" ", t) if c else t for t, c in zip(texts, collapsed, strict=True)])
            data, ends = self._bytes(codes), np.flatnonzero(codes == SEPARATOR)
        starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
        awkward = np.zeros(len(texts), bool)
        awkward[np.searchsorted(ends, np.flatnonzero(data == AWKWARD))] = True
        return Buffer(data.tobytes(), starts, collapsed, awkward)

    def _bytes(self, codes: Array) -> Array:
        data = self._table[codes]
        unknown = np.unique(codes[data == _UNKNOWN])
        if len(unknown):
            self._table[unknown] = [stand_in(chr(code)) for code in unknown]
            data = self._table[codes]
        return data


def stand_in(char: str) -> int:
    """The byte that stands for a character without one of its own."""
    if char in FOLDED or char == "\x00" or (char.isdecimal() and not char.isascii()):
        return AWKWARD
    if char in " \n":
        return ord(char)
    if char.isspace():
        return GAP
    if char.isascii() and char != "\x01":
        return ord(char)
    return LETTER if char.isalnum() else OTHER


def _is_plain_mark(char: str) -> bool:
    """Beyond ASCII, no letter, no white space, and without a twin of other case."""
    return not (char.isascii() or char.isalnum() or char.isspace() or char.lower() != char.upper())


def _codes(texts: Sequence[str]) -> Array:
    joined = "".join(f"{text}\n" for text in texts)
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)


def _has_gaps(data: Array) -> bool:
    blank = data == BLANK
    return bool((data == GAP).any() or (blank[1:] & blank[:-1]).any())
