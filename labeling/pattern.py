"""The pattern language of labeling functions: phrases, wildcards, regexes, exceptions, negation."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Any

from data.errors import LabelingError

REGEX_PREFIX = "re:"
_NEGATORS = (
    "not|no|never|cannot|without|nothing|nobody|none|nor|hardly|cant|dont|didnt|doesnt|isnt|wasnt|arent|wont"
    "|havent|hasnt|couldnt|wouldnt|shouldnt"
)
NEGATOR = re.compile(rf"(?:{_NEGATORS}|\w+n['’]t)\W*", re.IGNORECASE)
# A phrase that matches wherever a word is a negator, and sometimes elsewhere.
NEGATION_CUE = rf"{REGEX_PREFIX}\b(?:{_NEGATORS})\b|n['’]t"
MOST_REMEMBERED = 16_384
MOST_WORDS = 1_000_000_000


def phrase_regex(phrase: str) -> str:
    """The regex of one phrase.

    A phrase is words matched whole; a blank matches any run of white space, `*` any run of word
    characters, an apostrophe may be curly or missing. A phrase that begins with "re:" is a regex.

    >>> phrase_regex("can't log*")
    "\\\\bcan['’]?t\\\\s+log\\\\w*"
    >>> phrase_regex("re:[A-Z]{5,}")
    '[A-Z]{5,}'
    """
    if phrase.startswith(REGEX_PREFIX):
        return phrase[len(REGEX_PREFIX) :]
    phrase = " ".join(phrase.split())
    escaped = re.escape(phrase.replace("’", "'"))
    body = escaped.replace(r"\ ", r"\s+").replace(r"\*", r"\w*").replace("'", "['’]?")
    return _edge(phrase[0]) + body + _edge(phrase[-1])


def _edge(char: str) -> str:
    return r"\b" if char.isalnum() or char == "_" else ""


@dataclass(frozen=True)
class Pattern:
    """What a pattern LF looks for in one text, as data.

    It matches when at least one phrase of `any_of` does (where there are any), every item of
    `all_of` does and no phrase of `unless` does. An item of `all_of` is a phrase, or a tuple of
    phrases that stand for each other. With `negation` = n, a match of `any_of` does not count when a
    negator ("not", "never", "didn't", …) is among the n words before it. `words` = (least, most) are
    how many words a text must have, parted by white space; 0 for most is any number.
    Case is ignored; `(?-i:…)` in a regex brings it back.
    """

    any_of: tuple[str, ...] = ()
    all_of: tuple[str | tuple[str, ...], ...] = ()
    unless: tuple[str, ...] = ()
    negation: int = 0
    words: tuple[int, int] = (0, 0)

    def __getstate__(self) -> dict[str, Any]:
        """The declaration alone: compiled regexes and remembered answers do not travel to other processes."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __post_init__(self) -> None:
        problems = list(self._problems())
        if problems:
            raise LabelingError("; ".join(problems))

    def _problems(self) -> Iterator[str]:
        if not self.any_of and not self.all_of and self.words == (0, 0):
            yield "a pattern needs at least one phrase in any_of or all_of, or a number of words"
        if not _is_range(self.words):
            yield f"words takes (least, most), 0 for any number, got {self.words!r}"
        if not isinstance(self.negation, int) or self.negation < 0:
            yield f"negation is a number of words, 0 or more, got {self.negation!r}"
        for part in ("any_of", "all_of", "unless"):
            if isinstance(getattr(self, part), str):
                yield f"{part} takes a tuple of phrases, got the string {getattr(self, part)!r}"
                continue
            for item in getattr(self, part):
                phrases = item if part == "all_of" and isinstance(item, tuple) and item else (item,)
                for phrase in phrases:
                    yield from _phrase_problems(part, phrase)

    @property
    def needed(self) -> tuple[tuple[str, ...], ...]:
        """The items of `all_of`, each as the phrases that stand for each other."""
        return tuple((item,) if isinstance(item, str) else item for item in self.all_of)

    @property
    def phrases(self) -> tuple[str, ...]:
        """All its phrases, in the order in which they are declared."""
        needed = tuple(phrase for item in self.needed for phrase in item)
        return self.any_of + needed + self.unless

    @cached_property
    def _any(self) -> tuple[re.Pattern[str], ...]:
        return _regexes(self.any_of)

    @cached_property
    def _all(self) -> tuple[tuple[re.Pattern[str], ...], ...]:
        return tuple(_regexes(item) for item in self.needed)

    @cached_property
    def _unless(self) -> tuple[re.Pattern[str], ...]:
        return _regexes(self.unless)

    @cached_property
    def _known(self) -> dict[str, bool]:
        return {}

    def remember(self, texts: Iterable[str], answers: Iterable[bool]) -> None:
        """Takes in what `matches` would say of these texts, found out elsewhere."""
        if len(self._known) > MOST_REMEMBERED:
            self._known.clear()
        self._known.update(zip(texts, answers, strict=True))

    def matches(self, text: str) -> bool:
        """Whether the pattern matches a text.

        Answers are remembered: several labeling functions often ask one pattern about a ticket.
        """
        known = self._known.get(text)
        if known is None:
            known = self._search(text)
            self.remember([text], [known])
        return known

    def fits(self, words: Any) -> Any:
        """Whether texts of so many words (int or int array) are neither too short nor too long."""
        least, most = self.words
        return (words >= least) & (words <= (most or MOST_WORDS))

    def _search(self, text: str) -> bool:
        if self.words != (0, 0) and not self.fits(len(text.split())):
            return False
        if self._any and not self._any_unnegated(text):
            return False
        if not all(any(regex.search(text) for regex in item) for item in self._all):
            return False
        return not any(regex.search(text) for regex in self._unless)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Character spans [start, end) of the words that made the match, in order; [] without one."""
        if not self.matches(text):
            return []
        found = [m.span() for item in self._all for regex in item for m in regex.finditer(text)]
        found += [m.span() for regex in self._any for m in _unnegated(regex, self.negation, text)]
        return sorted(set(found))

    def _any_unnegated(self, text: str) -> bool:
        if not self.negation:
            return any(regex.search(text) for regex in self._any)
        return any(True for regex in self._any for _ in _unnegated(regex, self.negation, text))


def _is_range(words: object) -> bool:
    if not isinstance(words, tuple) or len(words) != 2 or not all(isinstance(each, int) for each in words):
        return False
    least, most = words
    return bool(least >= 0 and most >= 0 and (not most or least <= most))


def stands(phrase: str, negation: int, text: str) -> bool:
    """Whether a phrase matches the text with no negator among the `negation` words before it."""
    return any(True for _ in _unnegated(_compiled(phrase), negation, text))


def _unnegated(regex: re.Pattern[str], negation: int, text: str) -> Iterator[re.Match[str]]:
    """Matches without a negator before them; a negated one hides none that begins inside it."""
    match = regex.search(text)
    while match:
        negated = _negated(text, match.start(), negation)
        if not negated:
            yield match
        match = regex.search(text, match.start() + 1 if negated else max(match.end(), match.start() + 1))


def _negated(text: str, start: int, negation: int) -> bool:
    if not negation:
        return False
    return any(NEGATOR.fullmatch(word) for word in text[:start].rsplit(None, negation)[-negation:])


def _regexes(phrases: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """One alternation of all phrases; those with groups stand alone, where their numbers hold."""
    compiled = [_compiled(phrase) for phrase in phrases]
    alone = tuple(regex for regex in compiled if regex.groups)
    together = "|".join(regex.pattern for regex in compiled if not regex.groups)
    return (re.compile(together, re.IGNORECASE), *alone) if together else alone


@lru_cache(maxsize=16_384)
def _compiled(phrase: str) -> re.Pattern[str]:
    return re.compile(f"(?:{phrase_regex(phrase)})", re.IGNORECASE)


def _phrase_problems(part: str, phrase: object) -> Iterator[str]:
    if not isinstance(phrase, str) or not phrase.strip():
        yield f"{part} holds {phrase!r}; a phrase is a non-empty string"
        return
    try:
        regex = _compiled(phrase)
    except re.error as error:
        yield f"{part} holds {phrase!r}, which does not compile: {error}"
        return
    if regex.search(""):
        yield f"{part} holds {phrase!r}, which matches the empty text and so every ticket"
