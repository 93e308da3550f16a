"""Many patterns matched against many texts in one scan."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from labeling.pattern import NEGATION_CUE, REGEX_PREFIX, Pattern, stands
from labeling.ragged import Ragged
from labeling.scanner import NOWHERE, Scan, TermScanner

Array = np.ndarray[Any, Any]
# Phrases that stand for each other, and how many words before a match may negate it.
Term = tuple[tuple[str, ...], int]
ENDLESS = 1_000_000_000
# The place of NEGATION_CUE among the watched phrases.
CUE = 0


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
        # Plain terms are looked for whole; those that may be negated phrase by phrase, numbered behind them.
        plain = [term for term in terms if not term[1]]
        negatable = [term for term in terms if term[1]]
        self._number = {term: at for at, term in enumerate((*plain, *negatable))}
        watched = list(dict.fromkeys((NEGATION_CUE, *(phrase for alike, _ in negatable for phrase in alike))))
        self._watched = watched if negatable else []
        self._negatable = _terms_of(watched, {term: self._number[term] for term in negatable})
        self._windows = np.array([window for _, window in (*plain, *negatable)], np.int64)
        self._blanks = np.array([_most_blanks(phrase) for phrase in watched], np.int64)
        self.scanner = TermScanner([alike for alike, _ in plain], self._watched, cache)

    def matches(self, texts: Sequence[str]) -> Array:
        """bool [n_patterns, n_texts]: which pattern matches which text."""
        scan = self.scanner.scan(texts)
        terms = np.concatenate([scan.terms, self._unnegated(scan, texts)])
        found = np.ones((len(self._patterns), len(texts)), bool)
        for row, pattern in enumerate(self._patterns):
            if pattern.words != (0, 0):
                found[row] = pattern.fits(scan.buffer.words)
            for term in _needed(pattern):
                found[row] &= terms[self._number[term]]
            for term in _barred(pattern):
                found[row] &= ~terms[self._number[term]]
        return found

    def _unnegated(self, scan: Scan, texts: Sequence[str]) -> Array:
        """bool [n_negatable, n_texts]: where a phrase stands without a word before it that negates."""
        found = np.zeros((len(self._number), len(texts)), bool)
        places, terms = self._negatable.spread(scan.watched.phrases)
        rows = scan.watched.rows[places]
        doubted = self._words_since_negator(scan)[places] <= self._windows[terms]
        found[terms[~doubted], rows[~doubted]] = True
        phrases = scan.watched.phrases[places]
        asked = zip(*(each[doubted].tolist() for each in (terms, rows, phrases)), strict=True)
        for term, row, phrase in set(asked):
            found[term, row] |= stands(self._watched[phrase], int(self._windows[term]), texts[row])
        return found[len(scan.terms) :]

    def _words_since_negator(self, scan: Scan) -> Array:
        """int64 [n_hits]: at least so many words part a negator from the match; 0 if not known."""
        hits = scan.watched
        is_cue, known = hits.phrases == CUE, hits.ends != NOWHERE
        words = scan.buffer.blanks[hits.ends]
        cues = np.sort(words[is_cue & known])
        between = np.full(len(words), ENDLESS)
        if len(cues):
            before = np.searchsorted(cues, words, side="right")
            near = words - cues[np.maximum(before - 1, 0)] - self._blanks[hits.phrases]
            between = np.where(before > 0, near, ENDLESS)
        between[~known | np.isin(hits.rows, hits.rows[is_cue & ~known])] = 0
        return between


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
