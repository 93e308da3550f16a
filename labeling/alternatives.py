"""The sequences, plain words where possible, of which one matches wherever a parsed regex does."""

import re._constants as op  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Sequence
from typing import Any

Item = tuple[Any, Any]
MOST_ALTERNATIVES = 128
REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT)


def mentions(items: Any, wanted: Any) -> bool:
    """Whether a kind of node is anywhere in a parsed regex."""
    if isinstance(items, tuple | list | parser.SubPattern):
        return any(item is wanted or mentions(item, wanted) for item in items)
    return False


def alternatives(items: list[Item]) -> list[list[Item]]:
    """Sequences of which one matches where the whole does; the whole alone, where none is of plain words."""
    found = [_trimmed(_consuming(each)) for each in _spelled_out(items)]
    if len(found) > 1 and all(any(kind in REPEATS for kind, _ in each) for each in found):
        return [_trimmed(_consuming(list(items)))]
    return found


def _spelled_out(items: Sequence[Item]) -> list[list[Item]]:
    """The sequences that a sequence with branches and options stands for; few, or itself alone."""
    found: list[list[Item]] = [[]]
    for item in items:
        ways = _ways(item)
        if len(ways) * len(found) > MOST_ALTERNATIVES:
            ways = [[item]]
        found = [[*before, *way] for before in found for way in ways]
    return found


def _ways(item: Item) -> list[list[Item]]:
    kind, value = item
    if kind is op.BRANCH:
        return [way for branch in value[1] for way in _spelled_out(list(branch))]
    if kind is op.SUBPATTERN and not value[1] and not value[2]:
        return _spelled_out(list(value[3]))
    if kind in REPEATS and value[:2] == (0, 1):
        return [[], *_spelled_out(list(value[2]))]
    return [[item]]


def _consuming(items: list[Item]) -> list[Item]:
    """What is looked for behind the start or ahead of the end is as well made part of the match."""
    for end, direction, edge in ((0, -1, op.AT_BEGINNING), (-1, 1, op.AT_END)):
        if not items:
            return items
        kind, value = items[end]
        if kind is op.ASSERT and value[0] == direction:
            items[end : end + 1 or None] = list(value[1])
        elif kind is op.ASSERT_NOT and value[0] == direction and (other := _any_but(list(value[1]))):
            items[end] = (op.BRANCH, (None, [[(op.AT, edge)], [other]]))
    return items


def _any_but(items: list[Item]) -> Item | None:
    """One character that is not the one, or of those, that `items` stands for."""
    if len(items) == 1 and items[0][0] is op.LITERAL:
        return op.NOT_LITERAL, items[0][1]
    if len(items) == 1 and items[0][0] is op.IN and items[0][1][0][0] is not op.NEGATE:
        return op.IN, [(op.NEGATE, None), *items[0][1]]
    return None


def _trimmed(items: list[Item]) -> list[Item]:
    """Without what a match need not have at its two ends."""
    # A word that goes on ends, and begins, somewhere, and there is a boundary.
    *_, last, rest, edge = [None, None, None, *items]
    if edge == (op.AT, op.AT_BOUNDARY) and _letters_at_least(rest) == 0 and _is_letter(last):
        del items[-2:]
    edge, rest, first, *_ = [*items, None, None, None]
    least = _letters_at_least(rest)
    if edge == (op.AT, op.AT_BOUNDARY) and least is not None and _is_letter(first):
        items[:2] = [_LETTER] * least
    for end in (0, -1):
        while items and items[end][0] in REPEATS and len(items) > 1:
            least, _, inner = items[end][1]
            if least == 0:
                del items[end]
                continue
            items[end] = (op.MAX_REPEAT, (least, least, inner))
            break
    return items


_LETTER: Item = (op.IN, [(op.CATEGORY, op.CATEGORY_WORD)])


def _letters_at_least(item: Item | None) -> int | None:
    """0 for `\\w*`, 1 for `\\w+`, and so on; None for anything else."""
    if item is None or item[0] not in REPEATS or item[1][1] is not op.MAXREPEAT:
        return None
    return int(item[1][0]) if list(item[1][2]) == [_LETTER] else None


def _is_letter(item: Item | None) -> bool:
    return item is not None and item[0] is op.LITERAL and chr(item[1]).isalnum()
