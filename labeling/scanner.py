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
    """Which phrases match which texts: int64 [n_hits] each, in no order, a pair perhaps repeatedly.

    `ends` is where in the buffer the match ends; −1 where `re` found it.
    """

    rows: Array
    phrases: Array
    ends: Array

    def where(self, keep: Array) -> "Hits":
        """The hits for which `keep` (bool [n_hits]) holds."""
        return Hits(self.rows[keep], self.phrases[keep], self.ends[keep])

    def joined(self, other: "Hits") -> "Hits":
        """These hits and others."""
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Hits(*(np.concatenate(pair) for pair in pairs))


@dataclass(frozen=True)
class Scan:
    """What was found in some texts: `terms` bool [n_terms, n_texts], and the hits of watched phrases."""

    terms: Array
    watched: Hits
    buffer: Buffer


class TermScanner:
    """Finds which of many terms match each of many texts: those of which `re.search` finds a phrase.

    The single hits of the phrases in `watched` are told as well, their numbers being places in it.
    `cache` is a folder that keeps compiled databases.

    >>> scanner = TermScanner([("refund*", "money back"), ("re:[0-9]+",)])
    >>> scanner.scan(["24 refunds", "None", "money back"]).terms.tolist()
    [[True, False, True], [True, False, False]]
    """

    def __init__(self, terms: Sequence[Term], watched: Sequence[str] = (), cache: Path | None = None) -> None:
        # Watched phrases come first, so that their numbers are places in both.
        named = [*watched, *(phrase for term in terms for phrase in term)]
        self.phrases, self._watched = list(dict.fromkeys(named)), len(watched)
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
        self._phrases_of, self._terms_of = Ragged(spoken_for), Ragged(within)
        doubtful = [not self.widened.isdisjoint(some) for some in spoken_for]
        self._doubtful = np.array(doubtful, bool)
        self._is_watched = np.array(
            [min(some, default=self._watched) < self._watched for some in spoken_for], bool
        )
        meant = [
            () if doubt else tuple(sorted({t for at in some for t in within[at]}))
            for some, doubt in zip(spoken_for, doubtful, strict=True)
        ]
        # Expressions that mean the same terms are counted as one: their atom.
        atoms = {terms_meant: at for at, terms_meant in enumerate(dict.fromkeys(meant))}
        self._atom_of = np.array([atoms[each] for each in meant], np.int64)
        self._atoms_in = [[at for each, at in atoms.items() if term in each] for term in range(len(terms))]
        self._atoms = len(atoms)

    def scan(self, texts: Sequence[str]) -> Scan:
        """What of the terms and of the watched phrases is in the texts."""
        buffer = self.buffer(texts)
        expressions, ends = self.database.scan(buffer.data)
        rows = buffer.rows(ends)
        odd = buffer.awkward | buffer.collapsed
        atoms = np.zeros((self._atoms, len(texts)), bool)
        atoms.ravel()[self._atom_of.take(expressions) * len(texts) + rows] = True
        atoms[:, odd] = False
        terms = self._terms_found(atoms)
        doubted = self._doubtful.take(expressions) | odd.take(rows)
        found = self._looked_at(expressions[doubted], rows[doubted], ends[doubted], buffer, texts)
        places, more = self._terms_of.spread(found.phrases)
        terms[more, found.rows[places]] = True
        watched = self._is_watched.take(expressions) & ~doubted
        sure = self._spoken(expressions[watched], rows[watched], ends[watched])
        hits = sure.joined(found)
        return Scan(terms, hits.where(hits.phrases < self._watched), buffer)

    def _terms_found(self, atoms: Array) -> Array:
        """bool [n_terms, n_texts]: a term is there where one of its atoms is; eight texts to a byte."""
        packed = np.packbits(atoms, axis=1)
        terms = np.zeros((len(self._atoms_in), packed.shape[1]), np.uint8)
        for term, some in enumerate(self._atoms_in):
            np.bitwise_or.reduce(packed[some], axis=0, out=terms[term])
        return np.unpackbits(terms, axis=1, count=atoms.shape[1]).view(bool)

    def _spoken(self, expressions: Array, rows: Array, ends: Array) -> Hits:
        """A hit for each of the phrases that each expression found speaks for."""
        places, phrases = self._phrases_of.spread(expressions)
        return Hits(rows[places], phrases, ends[places])

    def _looked_at(
        self, expressions: Array, rows: Array, ends: Array, buffer: Buffer, texts: Sequence[str]
    ) -> Hits:
        """The hits of phrases that need a second look, with those that only `re` can find."""
        hits = self._spoken(expressions, rows, ends)
        if not len(hits.rows) and not self.left_to_re and not (buffer.awkward | buffer.collapsed).any():
            return hits
        return self._confirmed(hits, buffer, texts).joined(self._searched(buffer, texts))

    def buffer(self, texts: Sequence[str]) -> Buffer:
        """The texts as the database reads them."""
        return self._alphabet.buffer(texts)

    def _confirmed(self, hits: Hits, buffer: Buffer, texts: Sequence[str]) -> Hits:
        """Those hits that are what `re` would find."""
        if buffer.collapsed.any():
            hits = hits.where(~(buffer.collapsed[hits.rows] & np.isin(hits.phrases, self._gap_sensitive)))
        hits = hits.where(~buffer.awkward[hits.rows])
        pairs = list(zip(hits.rows.tolist(), hits.phrases.tolist(), strict=True))
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
