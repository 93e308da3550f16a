"""All phrases of a run, found in many texts at once.

Vectorscan reads the texts through an `Alphabet`, whose bytes it takes for what `re` takes the
characters for. What would not hold exactly, phrases as well as texts, is confirmed by `re` or left
to it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from labeling.alphabet import Alphabet, Buffer
from labeling.expression import Translation, Translator
from labeling.pattern import REGEX_PREFIX, phrase_regex
from labeling.ragged import Ragged
from labeling.vectorscan import Database

Array = np.ndarray[Any, Any]
# Phrases that stand for each other.
Term = Sequence[str]
# Where `re` finds a match is not noted.
NOWHERE = -1


@dataclass(frozen=True)
class Hits:
    """Which terms match which texts: int64 [n_hits] each, in no order, a pair perhaps repeatedly.

    `ends` is where in the buffer the match ends; −1 where `re` found it.
    """

    rows: Array
    terms: Array
    ends: Array

    def where(self, keep: Array) -> "Hits":
        """The hits for which `keep` (bool [n_hits]) holds."""
        return Hits(self.rows[keep], self.terms[keep], self.ends[keep])

    def joined(self, other: "Hits") -> "Hits":
        """These hits and others."""
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Hits(*(np.concatenate(pair) for pair in pairs))


class TermScanner:
    """Finds which of many terms match each of many texts: those of which `re.search` finds a phrase.

    `cache` is a folder that keeps compiled databases.

    >>> hits, _ = TermScanner([("refund*", "money back"), ("re:[0-9]+",)]).scan(["24 refunds", "None"])
    >>> sorted(set(zip(hits.rows.tolist(), hits.terms.tolist())))
    [(0, 0), (0, 1)]
    """

    def __init__(self, terms: Sequence[Term], cache: Path | None = None) -> None:
        self.phrases = list(dict.fromkeys(phrase for term in terms for phrase in term))
        self._regexes = [phrase_regex(phrase) for phrase in self.phrases]
        self._alphabet = Alphabet("".join(self._regexes))
        translator = Translator(self._alphabet)
        said = [translator.translate(regex) for regex in self._regexes]
        expressions = list(dict.fromkeys(text for each in said if each for text in each.alternatives))
        self.database = Database(expressions, cache)
        refused = {expressions[at] for at in self.database.refused}
        said = [each if each and refused.isdisjoint(each.alternatives) else None for each in said]
        self.left_to_re = [at for at, each in enumerate(said) if each is None]
        self.widened = {at for at, each in enumerate(said) if each and not each.exact}
        self._gap_sensitive = [at for at, phrase in enumerate(self.phrases) if not _takes_any_gap(phrase)]
        spoken_for, within = _spoken_for(expressions, said), _within(self.phrases, terms)
        self._phrases_of = Ragged(spoken_for)
        self._terms_of = Ragged(within)
        # Nearly all hits go the short way from expressions to terms; the others need a second look.
        self._straight = Ragged([sorted({t for at in some for t in within[at]}) for some in spoken_for])
        self._doubtful = np.array([not self.widened.isdisjoint(some) for some in spoken_for], bool)

    def scan(self, texts: Sequence[str]) -> tuple[Hits, Buffer]:
        """The hits of all terms in the texts, and the buffer in which they were found."""
        buffer = self.buffer(texts)
        expressions, ends = self.database.scan(buffer.data)
        rows = buffer.rows(ends)
        odd = buffer.awkward | buffer.collapsed
        doubted = self._doubtful.take(expressions) | odd.take(rows)
        if not doubted.any() and not self.left_to_re and not odd.any():
            return _spread(self._straight, expressions, rows, ends), buffer
        sure = ~doubted
        hits = _spread(self._straight, expressions[sure], rows[sure], ends[sure])
        looked_at = _spread(self._phrases_of, expressions[doubted], rows[doubted], ends[doubted])
        found = self._confirmed(looked_at, buffer, texts).joined(self._searched(buffer, texts))
        return hits.joined(_spread(self._terms_of, found.terms, found.rows, found.ends)), buffer

    def buffer(self, texts: Sequence[str]) -> Buffer:
        """The texts as the database reads them."""
        return self._alphabet.buffer(texts)

    def _confirmed(self, hits: Hits, buffer: Buffer, texts: Sequence[str]) -> Hits:
        """Those hits of phrases (`terms` numbers these) that are what `re` would find."""
        if buffer.collapsed.any():
            hits = hits.where(~(buffer.collapsed[hits.rows] & np.isin(hits.terms, self._gap_sensitive)))
        hits = hits.where(~buffer.awkward[hits.rows])
        pairs = list(zip(hits.rows.tolist(), hits.terms.tolist(), strict=True))
        asked = {pair for pair in pairs if pair[1] in self.widened}
        wrong = {pair for pair in asked if not self._matches(*pair, texts)}
        return hits.where(np.array([pair not in wrong for pair in pairs], bool))

    def _searched(self, buffer: Buffer, texts: Sequence[str]) -> Hits:
        """The hits of phrases where `re` is the only one to answer."""
        pairs = {pair for pair in self._to_search(buffer) if self._matches(*pair, texts)}
        rows, phrases = np.array(sorted(pairs), np.int64).reshape(-1, 2).T
        return Hits(rows, phrases, np.full(len(rows), NOWHERE))

    def _to_search(self, buffer: Buffer) -> Iterator[tuple[int, int]]:
        """(row, phrase) that only `re` can answer for, a pair perhaps twice."""
        for row in np.flatnonzero(buffer.awkward).tolist():
            yield from ((row, phrase) for phrase in range(len(self._regexes)))
        for row in np.flatnonzero(buffer.collapsed).tolist():
            yield from ((row, phrase) for phrase in self._gap_sensitive)
        for phrase in self.left_to_re:
            yield from ((row, phrase) for row in range(len(buffer.starts)))

    def _matches(self, row: int, phrase: int, texts: Sequence[str]) -> bool:
        return bool(_regex(self._regexes[phrase]).search(texts[row]))


def _spread(numbers: Ragged, things: Array, rows: Array, ends: Array) -> Hits:
    """A hit for each of the numbers that each thing found stands for."""
    places, found = numbers.spread(things)
    return Hits(rows.take(places), found, ends.take(places))


def _takes_any_gap(phrase: str) -> bool:
    """Whether it matches alike when white space is made single: words do that none of which may be empty."""
    return not phrase.startswith(REGEX_PREFIX) and all(word.strip("*'’") for word in phrase.split())


def _spoken_for(expressions: Sequence[str], said: Sequence[Translation | None]) -> list[list[int]]:
    """The phrases that each expression speaks for."""
    found: dict[str, list[int]] = {text: [] for text in expressions}
    for at, each in enumerate(said):
        for text in each.alternatives if each else ():
            found[text].append(at)
    return list(found.values())


def _within(phrases: Sequence[str], terms: Sequence[Term]) -> list[list[int]]:
    """The terms that each phrase is in."""
    found: dict[str, list[int]] = {phrase: [] for phrase in phrases}
    for at, term in enumerate(terms):
        for phrase in dict.fromkeys(term):
            found[phrase].append(at)
    return list(found.values())


@lru_cache(maxsize=16_384)
def _regex(regex: str) -> re.Pattern[str]:
    return re.compile(regex, re.IGNORECASE)
