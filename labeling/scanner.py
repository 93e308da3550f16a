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


@dataclass(frozen=True)
class Hits:
    """Which phrases match which texts: int64 [n_hits] each, in no order, a pair perhaps repeatedly."""

    rows: Array
    phrases: Array

    def where(self, keep: Array) -> "Hits":
        return Hits(self.rows[keep], self.phrases[keep])


class PhraseScanner:
    """Finds which of many phrases match each of many texts, as `re.search` on each would.

    `cache` is a folder that keeps compiled databases.

    >>> hits = PhraseScanner(["refund*", "no signal", "re:[0-9]+"]).scan(["24 refunds", "No signal"])
    >>> sorted(set(zip(hits.rows.tolist(), hits.phrases.tolist())))
    [(0, 0), (0, 2), (1, 1)]
    """

    def __init__(self, phrases: Sequence[str], cache: Path | None = None) -> None:
        self._regexes = [phrase_regex(phrase) for phrase in phrases]
        self._alphabet = Alphabet("".join(self._regexes))
        translator = Translator(self._alphabet)
        said = [translator.translate(regex) for regex in self._regexes]
        expressions = list(dict.fromkeys(text for each in said if each for text in each.alternatives))
        self._database = Database(expressions, cache)
        refused = {expressions[at] for at in self._database.refused}
        said = [each if each and refused.isdisjoint(each.alternatives) else None for each in said]
        self._users = _users(expressions, said)
        self._left_to_re = [at for at, each in enumerate(said) if each is None]
        self._widened = np.array([each is not None and not each.exact for each in said], bool)
        self._gap_sensitive = [at for at, phrase in enumerate(phrases) if not _takes_any_gap(phrase)]

    @property
    def database(self) -> Database:
        return self._database

    def buffer(self, texts: Sequence[str]) -> Buffer:
        """The texts as the database reads them."""
        return self._alphabet.buffer(texts)

    def scan(self, texts: Sequence[str]) -> Hits:
        """The hits of all phrases in the texts."""
        buffer = self.buffer(texts)
        expressions, ends = self._database.scan(buffer.data)
        places, phrases = self._users.spread(expressions)
        hits = Hits(buffer.rows(ends)[places], phrases)
        hits = self._confirmed(hits.where(~self._is_searched(buffer, hits)), texts)
        found = np.array([pair for pair in self._searched(buffer) if self._matches(pair, texts)], np.int64)
        rows, phrases = found.reshape(-1, 2).T
        return Hits(np.concatenate([hits.rows, rows]), np.concatenate([hits.phrases, phrases]))

    def _is_searched(self, buffer: Buffer, hits: Hits) -> Array:
        """bool [n_hits]: whether `re` is asked about that phrase and text anyway."""
        searched = buffer.awkward[hits.rows]
        if buffer.collapsed.any():
            searched |= buffer.collapsed[hits.rows] & np.isin(hits.phrases, self._gap_sensitive)
        return searched

    def _searched(self, buffer: Buffer) -> Iterator[tuple[int, int]]:
        """(row, phrase) that only `re` can answer for, a pair perhaps twice."""
        for row in np.flatnonzero(buffer.awkward).tolist():
            yield from ((row, phrase) for phrase in range(len(self._regexes)))
        for row in np.flatnonzero(buffer.collapsed).tolist():
            yield from ((row, phrase) for phrase in self._gap_sensitive)
        for phrase in self._left_to_re:
            yield from ((row, phrase) for row in range(len(buffer.starts)))

    def _confirmed(self, hits: Hits, texts: Sequence[str]) -> Hits:
        """Without the hits of widened expressions where the phrase itself does not match."""
        doubted = np.flatnonzero(self._widened[hits.phrases])
        pairs = list(zip(hits.rows[doubted].tolist(), hits.phrases[doubted].tolist(), strict=True))
        answers = {pair: self._matches(pair, texts) for pair in set(pairs)}
        keep = np.ones(len(hits.rows), bool)
        keep[doubted] = [answers[pair] for pair in pairs]
        return hits.where(keep)

    def _matches(self, pair: tuple[int, int], texts: Sequence[str]) -> bool:
        row, phrase = pair
        return bool(_regex(self._regexes[phrase]).search(texts[row]))


def _takes_any_gap(phrase: str) -> bool:
    """Whether it matches alike when white space is made single: words do that none of which may be empty."""
    return not phrase.startswith(REGEX_PREFIX) and all(word.strip("*'’") for word in phrase.split())


def _users(expressions: Sequence[str], said: Sequence[Translation | None]) -> Ragged:
    """The phrases that each expression speaks for."""
    users: dict[str, list[int]] = {text: [] for text in expressions}
    for at, each in enumerate(said):
        for text in each.alternatives if each else ():
            users[text].append(at)
    return Ragged(list(users.values()))


@lru_cache(maxsize=16_384)
def _regex(regex: str) -> re.Pattern[str]:
    return re.compile(regex, re.IGNORECASE)
