"""Many patterns matched against many texts in one scan."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from labeling.alphabet import Buffer
from labeling.pattern import NEGATION_CUE, REGEX_PREFIX, Pattern, stands
from labeling.ragged import Ragged
from labeling.scanner import NOWHERE, Hits, TermScanner

Array = np.ndarray[Any, Any]
# Phrases that stand for each other, and how many words before a match may negate it.
Term = tuple[tuple[str, ...], int]
ENDLESS = 1_000_000_000


class PatternMatcher:
    """Patterns compiled together; what they say equals `Pattern.matches` of each by itself.

    `cache` is a folder that keeps compiled databases.

    >>> matcher = PatternMatcher([Pattern(("refund*",), negation=2), Pattern(("signal",), ("no",))])
    >>> matcher.matches(["a refund", "no refund", "no signal"]).tolist()
    [[True, False, False], [False, False, True]]
    """

    def __init__(self, patterns: Sequence[Pattern], cache: Path | None = None) -> None:
        self._patterns = patterns
        terms = dict.fromkeys(term for pattern in patterns for term in (*_needed(pattern), *_barred(pattern)))
        # Plain terms are looked for whole; those that may be negated phrase by phrase, behind them.
        plain = [term for term in terms if not term[1]]
        negatable = [term for term in terms if term[1]]
        self._number = {term: at for at, term in enumerate((*plain, *negatable))}
        self._plain = len(plain)
        self._phrases = list(dict.fromkeys((NEGATION_CUE, *(p for alike, _ in negatable for p in alike))))
        self._negatable = _terms_of(self._phrases, {term: self._number[term] for term in negatable})
        self._windows = np.array([window for _, window in (*plain, *negatable)], np.int64)
        widest = max((window for _, window in negatable), default=0)
        self._reach = np.array([widest + _most_blanks(phrase) for phrase in self._phrases], np.int64)
        singly = [(phrase,) for phrase in self._phrases] if negatable else []
        self.scanner = TermScanner([*(alike for alike, _ in plain), *singly], cache)

    def matches(self, texts: Sequence[str]) -> Array:
        """bool [n_patterns, n_texts]: which pattern matches which text."""
        hits, buffer = self.scanner.scan(texts)
        terms = self._found_terms(hits, buffer, texts)
        found = np.ones((len(self._patterns), len(texts)), bool)
        for row, pattern in enumerate(self._patterns):
            if pattern.words != (0, 0):
                found[row] = pattern.fits(buffer.words)
            for term in _needed(pattern):
                found[row] &= terms[self._number[term]]
            for term in _barred(pattern):
                found[row] &= ~terms[self._number[term]]
        return found

    def _found_terms(self, hits: Hits, buffer: Buffer, texts: Sequence[str]) -> Array:
        """bool [n_terms, n_texts]; the scanner's numbers of plain terms are ours."""
        count = self._plain + len(self._phrases)
        found = np.zeros((max(count, len(self._number)), len(texts)), bool)
        found.ravel()[hits.terms * len(texts) + hits.rows] = True
        found[self._plain :] = False
        self._add_unnegated(found, hits.where(hits.terms >= self._plain), buffer, texts)
        return found

    def _add_unnegated(self, found: Array, hits: Hits, buffer: Buffer, texts: Sequence[str]) -> None:
        """Marks the negatable terms of which a phrase stands without a word before it that negates."""
        phrases = hits.terms - self._plain
        places, terms = self._negatable.spread(phrases)
        rows, doubted = hits.rows[places], self._maybe_negated(phrases, hits, buffer)[places]
        found[terms[~doubted], rows[~doubted]] = True
        asked = zip(*(each[doubted].tolist() for each in (terms, rows, phrases[places])), strict=True)
        for term, row, phrase in set(asked):
            found[term, row] |= stands(self._phrases[phrase], int(self._windows[term]), texts[row])

    def _maybe_negated(self, phrases: Array, hits: Hits, buffer: Buffer) -> Array:
        """bool [n_hits]: whether a word that negates may stand close enough before the match."""
        is_cue, known = phrases == 0, hits.ends != NOWHERE
        maybe = ~known | np.isin(hits.rows, hits.rows[is_cue & ~known])
        words = buffer.blanks[hits.ends]
        cues = np.sort(words[is_cue & known])
        if len(cues):
            before = np.searchsorted(cues, words, side="right")
            between = words - cues[np.maximum(before - 1, 0)]
            maybe |= (before > 0) & (between <= self._reach[phrases])
        return np.asarray(maybe)


def _needed(pattern: Pattern) -> list[Term]:
    anyway = [(pattern.any_of, pattern.negation)] if pattern.any_of else []
    return [*anyway, *((alike, 0) for alike in pattern.needed)]


def _barred(pattern: Pattern) -> list[Term]:
    return [(pattern.unless, 0)] if pattern.unless else []


def _most_blanks(phrase: str) -> int:
    """How many words beyond the first a match may span."""
    return ENDLESS if phrase.startswith(REGEX_PREFIX) else len(phrase.split()) - 1


def _terms_of(phrases: Sequence[str], terms: dict[Term, int]) -> Ragged:
    """The terms, by their numbers, that each phrase is in."""
    within: dict[str, list[int]] = {phrase: [] for phrase in phrases}
    for (alike, _), at in terms.items():
        for phrase in dict.fromkeys(alike):
            within[phrase].append(at)
    return Ragged(list(within.values()))
