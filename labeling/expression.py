"""Regexes of Python's `re` as expressions of Vectorscan over an `Alphabet`.

An expression is reported where the regex matches, and nowhere else if the translation is exact. A
regex that Vectorscan can only say in part (look-around, letters beyond ASCII) becomes a wider
expression, whose hits have to be confirmed by `re`.
"""

import re
import re._constants as op  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from labeling.alphabet import BLANK, FOLDED, GAP, LETTER, OTHER, SEPARATOR, Alphabet, stand_in
from labeling.alternatives import REPEATS, Item, alternatives, mentions

_UNDERSTOOD = re.IGNORECASE | re.UNICODE | re.VERBOSE | re.DOTALL | re.MULTILINE
_ANCHORS = {
    op.AT_BEGINNING: "^",
    op.AT_BEGINNING_STRING: "^",
    op.AT_END: "$",
    op.AT_END_STRING: "$",
    op.AT_BOUNDARY: r"\b",
    op.AT_NON_BOUNDARY: r"\B",
}
_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    op.CATEGORY_DIGIT: str.isdecimal,
    op.CATEGORY_NOT_DIGIT: lambda char: not char.isdecimal(),
    op.CATEGORY_SPACE: str.isspace,
    op.CATEGORY_NOT_SPACE: lambda char: not char.isspace(),
    op.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
    op.CATEGORY_NOT_WORD: lambda char: not (char.isalnum() or char == "_"),
}


@dataclass(frozen=True)
class Translation:
    """Expressions of which at least one is reported in a text where the regex matches."""

    alternatives: tuple[str, ...]
    exact: bool


class _NotExpressible(Exception):
    """Vectorscan has no words for it, not even wider ones."""


class Translator:
    """Writes regexes of `re`, matched case-insensitively over tidy texts, as Vectorscan's."""

    def __init__(self, alphabet: Alphabet) -> None:
        self._alphabet = alphabet
        self._classes: dict[tuple[tuple[Item, ...], bool], tuple[str, bool]] = {}
        self._exact = True

    def translate(self, regex: str) -> Translation | None:
        """The regex for Vectorscan; None where not even a wider one can be said.

        Only whether there is a match counts, not how long it is: what is optional at its ends is
        left out, and alternatives are spelled out, since plain words are what Vectorscan is fastest
        at.

        >>> Translator(Alphabet("")).translate(r"\\b(?:bill|charg)\\w*").alternatives
        ('\\\\bbill', '\\\\bcharg')
        """
        tree = parser.parse(regex, re.IGNORECASE)
        if tree.state.flags & ~_UNDERSTOOD or tree.getwidth()[0] == 0:
            # Vectorscan tells where a match ends, not where one of no width lies.
            return None
        items = list(tree)
        sequences = [items] if mentions(items, op.GROUPREF) else alternatives(items)
        self._exact = True
        try:
            found = tuple(dict.fromkeys(self._sequence(each, ignorecase=True) for each in sequences))
        except _NotExpressible:
            return None
        return Translation(found, self._exact) if all(found) else None

    def _sequence(self, items: Sequence[Item], *, ignorecase: bool) -> str:
        return "".join(self._item(kind, value, ignorecase) for kind, value in items)

    def _item(self, kind: Any, value: Any, ignorecase: bool) -> str:
        if kind is op.LITERAL:
            return self._class([(op.LITERAL, value)], ignorecase)
        if kind is op.NOT_LITERAL:
            return self._class([(op.NEGATE, None), (op.LITERAL, value)], ignorecase)
        if kind is op.IN:
            return self._class(value, ignorecase)
        if kind is op.ANY:
            return "."
        if kind is op.AT and value in _ANCHORS:
            return _ANCHORS[value]
        if kind is op.BRANCH:
            branches = [self._sequence(list(branch), ignorecase=ignorecase) for branch in value[1]]
            return f"(?:{'|'.join(branches)})"
        if kind is op.SUBPATTERN:
            return self._group(*value[1:], ignorecase=ignorecase)
        if kind in REPEATS:
            return self._repeat(*value, ignorecase=ignorecase)
        return self._widened(kind, value, ignorecase)

    def _widened(self, kind: Any, value: Any, ignorecase: bool) -> str:
        self._exact = False
        if kind in (op.ASSERT, op.ASSERT_NOT):
            return ""
        if kind is op.GROUPREF:
            return ".*"
        if kind is op.ATOMIC_GROUP:
            return f"(?:{self._sequence(list(value), ignorecase=ignorecase)})"
        if kind is op.POSSESSIVE_REPEAT:
            return self._repeat(*value, ignorecase=ignorecase)
        raise _NotExpressible

    def _group(self, add: int, drop: int, inner: Any, *, ignorecase: bool) -> str:
        if (add | drop) & ~_UNDERSTOOD:
            raise _NotExpressible
        ignorecase = bool((ignorecase or add & re.IGNORECASE) and not drop & re.IGNORECASE)
        return f"(?{'i' if ignorecase else '-i'}:{self._sequence(list(inner), ignorecase=ignorecase)})"

    def _repeat(self, least: int, most: Any, inner: Any, *, ignorecase: bool) -> str:
        body = self._sequence(list(inner), ignorecase=ignorecase)
        if body == " ":
            # A tidy text has no second blank after a blank.
            if least > 1:
                raise _NotExpressible
            return " " if least else " ?"
        upper = "" if most is op.MAXREPEAT else int(most)
        times = f"{{{least}}}" if least == upper else f"{{{least},{upper}}}"
        return f"(?:{body}){times}"

    def _class(self, items: Sequence[Item], ignorecase: bool) -> str:
        """A set of characters as a set of bytes."""
        key = (tuple(items), ignorecase)
        if key not in self._classes:
            before, self._exact = self._exact, True
            self._classes[key] = (self._members(items, ignorecase), self._exact)
            self._exact = before
        text, exact = self._classes[key]
        self._exact &= exact
        return text

    def _members(self, items: Sequence[Item], ignorecase: bool) -> str:
        if any(_holds(kind, value, set(FOLDED)) for kind, value in items if kind is not op.CATEGORY):
            raise _NotExpressible
        members = {byte for byte, char in self._characters if _member(items, char, ignorecase)}
        for byte in (LETTER, OTHER):
            if self._may_stand_for_a_member(byte, items, ignorecase):
                members.add(byte)
        if not members:
            raise _NotExpressible
        return _bytes_class(members, ignorecase)

    @cached_property
    def _characters(self) -> list[tuple[int, str]]:
        """Each byte that stands for one character alone."""
        ascii_ = [(byte, chr(byte)) for byte in range(2, 0x80) if byte not in (LETTER, SEPARATOR, GAP)]
        return [pair for pair in ascii_ if pair[0] == BLANK or not pair[1].isspace()] + [
            (byte, char) for char, byte in self._alphabet.marks.items()
        ]

    def _may_stand_for_a_member(self, byte: int, items: Sequence[Item], ignorecase: bool) -> bool:
        """Whether a byte of many characters has a member among them; where only some are, not exactly."""
        negate = bool(items) and items[0][0] is op.NEGATE
        alone, another = _KINDS[byte]
        by_category = any(kind is op.CATEGORY and _CATEGORIES[value](another) for kind, value in items)
        named = {chr(value) for kind, value in items if kind is op.LITERAL and value >= 0x80}
        reaches = any(kind is op.RANGE and value[1] >= 0x80 for kind, value in items)
        some = not by_category and (reaches or any(self._stands_as(char) == byte for char in named))
        if some or _member(items, alone, ignorecase) != (negate != by_category):
            self._exact = False
            return True
        return negate != by_category

    def _stands_as(self, char: str) -> int:
        return self._alphabet.marks.get(char) or stand_in(char)


# The ASCII character that such a byte stands for, and one of the others.
_KINDS = {LETTER: ("_", "é"), OTHER: ("\x01", "\N{COMBINING ACUTE ACCENT}")}


def _member(items: Sequence[Item], char: str, ignorecase: bool) -> bool:
    negate = bool(items) and items[0][0] is op.NEGATE
    variants = {char, char.lower(), char.upper()} if ignorecase and char.isascii() else {char}
    return negate != any(_holds(kind, value, variants) for kind, value in items)


def _holds(kind: Any, value: Any, variants: set[str]) -> bool:
    if kind is op.LITERAL:
        return chr(value) in variants
    if kind is op.RANGE:
        return any(value[0] <= ord(char) <= value[1] for char in variants)
    return kind is op.CATEGORY and any(_CATEGORIES[value](char) for char in variants)


def _bytes_class(members: set[int], ignorecase: bool) -> str:
    lower = {byte for byte in members if not chr(byte).isupper() or byte >= 0x80 or not ignorecase}
    if len(lower) == 1:
        return _byte(lower.pop())
    runs = [
        [byte for _, byte in run] for _, run in groupby(enumerate(sorted(members)), lambda p: p[1] - p[0])
    ]
    return "[" + "".join(_byte(r[0]) if len(r) == 1 else f"{_byte(r[0])}-{_byte(r[-1])}" for r in runs) + "]"


def _byte(byte: int) -> str:
    char = chr(byte)
    return char if char.isascii() and (char.isalnum() or char in " '") else f"\\x{byte:02x}"
