"""Many patterns matched against many texts in one scan."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from labeling.pattern import NEGATION_CUE, Pattern, stands
from labeling.ragged import Ragged
from labeling.scanner import Hits, PhraseScanner

Array = np.ndarray[Any, Any]
# Phrases that stand for each other, and how many words before a match may negate it.
Term = tuple[tuple[str, ...], int]


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
        phrases = dict.fromkeys((NEGATION_CUE, *(phrase for alike, _ in terms for phrase in alike)))
        self._phrases = list(phrases)
        self.scanner = PhraseScanner(self._phrases, cache)
        number = {term: at for at, term in enumerate(terms)}
        self._needed = [[number[term] for term in _needed(pattern)] for pattern in patterns]
        self._barred = [[number[term] for term in _barred(pattern)] for pattern in patterns]
        self._terms = _terms_of(self._phrases, list(terms))
        self._windows = np.array([window for _, window in terms], np.int64)

    def matches(self, texts: Sequence[str]) -> Array:
        """bool [n_patterns, n_texts]: which pattern matches which text."""
        terms = self._found_terms(self.scanner.scan(texts), texts)
        found = np.ones((len(self._patterns), len(texts)), bool)
        for row, (needed, barred) in enumerate(zip(self._needed, self._barred, strict=True)):
            for term in needed:
                found[row] &= terms[term]
            for term in barred:
                found[row] &= ~terms[term]
        return found

    def _found_terms(self, hits: Hits, texts: Sequence[str]) -> Array:
        """bool [n_terms, n_texts]."""
        places, terms = self._terms.spread(hits.phrases)
        rows = hits.rows[places]
        cue = np.zeros(len(texts), bool)
        cue[hits.rows[hits.phrases == 0]] = True
        doubted = (self._windows[terms] > 0) & cue[rows]
        found = np.zeros((len(self._windows), len(texts)), bool)
        found[terms[~doubted], rows[~doubted]] = True
        phrases = hits.phrases[places[doubted]]
        for term, row, phrase in set(zip(*(a.tolist() for a in (terms[doubted], rows[doubted], phrases)))):
            found[term, row] |= stands(self._phrases[phrase], int(self._windows[term]), texts[row])
        return found


def _needed(pattern: Pattern) -> list[Term]:
    anyway = [(pattern.any_of, pattern.negation)] if pattern.any_of else []
    return [*anyway, *((alike, 0) for alike in pattern.needed)]


def _barred(pattern: Pattern) -> list[Term]:
    return [(pattern.unless, 0)] if pattern.unless else []


def _terms_of(phrases: Sequence[str], terms: Sequence[Term]) -> Ragged:
    """The terms that each phrase is in."""
    within: dict[str, list[int]] = {phrase: [] for phrase in phrases}
    for at, (alike, _) in enumerate(terms):
        for phrase in dict.fromkeys(alike):
            within[phrase].append(at)
    return Ragged(list(within.values()))
