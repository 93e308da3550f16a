"""All phrases of a run in one multi-pattern database, matched in one pass over each text.

The database is Vectorscan's (the `hyperscan` package) and knows bytes only. A text is scanned as a
copy of one byte a character, in which every character beyond ASCII stands as one of the same kind,
so that word boundaries, classes and repetitions come out as Python's `re` has them. Phrases and
texts for which that would not hold exactly are left to `re`.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import cast

import hyperscan

from labeling.pattern import phrase_regex

# What `re` reads differently from Vectorscan, or could tell from the copy: letters beyond ASCII, the
# stand-in for them, classes of digits, escapes of characters, back-references, look-around.
_LEFT_TO_RE = re.compile(r"_|0-9|\\[xuUN0-9]|\(\?(?!:|-i:)")
_WORD, _SPACE, _OTHER, _AWKWARD = "_", " ", "\x01", "\x00"
# Letters beyond ASCII that `re.IGNORECASE` takes for ASCII ones; no byte can stand for both.
_FOLDED = frozenset("ıİſ\N{KELVIN SIGN}")
_FIRST_FREE, _LAST_FREE = 0x80, 0xFF
_FLAGS = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_SINGLEMATCH


class _Stands(dict[int, str]):
    """Code point → the character that stands for it; what phrases name beyond ASCII has a byte of its own."""

    def __init__(self, regexes: Iterable[str]) -> None:
        named = sorted({char for regex in regexes for char in regex if not char.isascii()})
        marks = [char for char in named if not char.isalnum() and not char.isspace()]
        free = range(_FIRST_FREE, _LAST_FREE + 1)
        super().__init__({ord(char): chr(byte) for char, byte in zip(marks, free, strict=False)})
        self.marks = frozenset(marks[: len(free)])

    def __missing__(self, code: int) -> str:
        self[code] = stand = _stand_in(chr(code))
        return stand


def _stand_in(char: str) -> str:
    if char.isascii() and char != _AWKWARD:
        return _SPACE if char.isspace() and char != "\n" else char
    if char in _FOLDED or char.isdecimal() or char == _AWKWARD:
        return _AWKWARD
    if char.isalnum():
        return _WORD
    return _SPACE if char.isspace() else _OTHER


class PhraseScanner:
    """Finds which of many phrases match a text.

    `hits(text)` holds the position of every phrase for which `re.search` finds a match.

    >>> sorted(PhraseScanner(["refund*", "no signal", "re:[0-9]+"]).hits("Refunds, 24 of them"))
    [0, 2]
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        regexes = [phrase_regex(phrase) for phrase in phrases]
        self._regexes = regexes
        self._stands = _Stands(regexes)
        candidates = [i for i, regex in enumerate(regexes) if self._scannable(regex)]
        self._database, scanned = _compile([(i, regexes[i].translate(self._stands)) for i in candidates])
        self._alone = [(i, _regex(regex)) for i, regex in enumerate(regexes) if i not in scanned]

    def _scannable(self, regex: str) -> bool:
        beyond = {char for char in regex if not char.isascii()}
        return beyond <= self._stands.marks and not _LEFT_TO_RE.search(regex)

    def hits(self, text: str) -> set[int]:
        """Positions of the phrases that match the text."""
        copy = text.translate(self._stands)
        if _AWKWARD in copy:
            return {i for i, regex in enumerate(self._regexes) if _regex(regex).search(text)}
        found = {i for i, regex in self._alone if regex.search(text)}
        if self._database and copy:
            self._database.scan(copy.encode("latin-1"), match_event_handler=_collect, context=found)
        return found


@lru_cache(maxsize=16_384)
def _regex(regex: str) -> re.Pattern[str]:
    return re.compile(regex, re.IGNORECASE)


def _collect(at: int, start: int, end: int, flags: int, found: object) -> None:
    cast(set[int], found).add(at)


def _compile(expressions: list[tuple[int, str]]) -> tuple[hyperscan.Database | None, set[int]]:
    """One database of the expressions that Vectorscan can express, and which these are."""
    if not expressions:
        return None, set()
    try:
        return _database(expressions), {i for i, _ in expressions}
    except hyperscan.error:
        usable = [expression for expression in expressions if _compiles(expression)]
        return (_database(usable) if usable else None), {i for i, _ in usable}


def _compiles(expression: tuple[int, str]) -> bool:
    try:
        _database([expression])
    except hyperscan.error:
        return False
    return True


def _database(expressions: Sequence[tuple[int, str]]) -> hyperscan.Database:
    database = hyperscan.Database()
    database.compile(
        expressions=[regex.encode("latin-1") for _, regex in expressions],
        ids=[i for i, _ in expressions],
        elements=len(expressions),
        flags=_FLAGS,
    )
    return database
