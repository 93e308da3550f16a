"""Phrases of tickets: the words that carry meaning, and which texts a phrase matches, all phrases at once."""

import re
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from labeling.votes import Array

MOST_WORDS = 3
# An apostrophe of a phrase may be missing in a text: each one doubles the spellings to look up.
MOST_APOSTROPHES = 3
NOISE = re.compile(r"@\w+(?:['’]\w+)*|\b(?:https?://|www\.)\S+|\bhttps?\b", re.IGNORECASE)
# sklearn's list, less the words that name a matter of support and with what tweets make of such words.
STOP_WORDS = (
    ENGLISH_STOP_WORDS
    - {"bill", "call", "cry", "describe", "detail", "fill", "find", "fire", "front", "full", "interest"}
    - {"move", "name", "show", "system"}
) | {"did", "does", "dont", "got", "im", "ive", "just", "ur"}
_ENDINGS = {"d", "ll", "m", "re", "s", "t", "ve"}
# Words without a matter of their own that tell an intent or a mood all the same.
TELLING = {"cannot", "cant", "dont", "how", "never", "no", "nor", "not", "nothing", "please", "what", "when"}
TELLING |= {"where", "which", "who", "why", "without"}
_ATOM = re.compile(r"(\w+)")
_WORD = re.compile(r"(\w+(?:'\w+)*)")
# What `re.IGNORECASE` takes for the same letter and `str.lower` keeps apart (re._casefix).
_SAME_LETTER = str.maketrans(
    "ıſµςϐϑϕϖϰϱϵᲀᲁᲂᲃᲄᲅᲆᲇᲈẛ\u1fbe\u1fd3\u1fe3ﬅ",
    "isμσβθφπκρεвдосттъѣꙋṡι\u0390\u03b0ﬆ",
)


def words(text: str) -> list[str]:
    """The lower-case words of a text that carry meaning; no handle, link, number or stop word.

    >>> words("@VoltMobile don't charge me 20 for a bill I've paid http")
    ['charge', 'bill', 'paid']
    """
    plain = NOISE.sub(".", text).replace("’", "'").lower()
    return [word for word in _WORD.findall(plain) if has_letter(word) and not is_stop_word(word)]


def has_letter(word: str) -> bool:
    """Whether there is more to a word than digits and underscores."""
    return any(char.isalpha() for char in word)


def is_stop_word(word: str) -> bool:
    """Whether a lower-case word says nothing of a ticket's matter; nor does a contraction of such words.

    >>> [word for word in ("you've", "isn't", "refund", "x") if is_stop_word(word)]
    ["you've", "isn't", 'x']
    """
    head, *endings = word.split("'")
    contracted = word.endswith("n't") or (head in STOP_WORDS and set(endings) <= _ENDINGS)
    return len(word) == 1 or word in STOP_WORDS or contracted


def phrases_of(text: str) -> Iterator[str]:
    """The phrases of one to three words that a text offers, as `Pattern` takes them, in its order.

    Words are folded as `re.IGNORECASE` does. Handles, links and numbers are no part of a phrase, and
    a phrase of stop words alone is none.

    >>> list(phrases_of("@VoltMobile Why is my bill 20 higher?"))
    ['why', 'why is', 'why is my', 'is my bill', 'my bill', 'bill', 'higher']
    """
    for run in _runs(text):
        for start in range(len(run)):
            for end in range(start + 1, min(start + MOST_WORDS, len(run)) + 1):
                phrase = " ".join(run[start:end])
                if any(map(_tells, run[start:end])) and phrase.count("'") <= MOST_APOSTROPHES:
                    yield phrase


def _runs(text: str) -> Iterator[list[str]]:
    """Folded words in a row with nothing but white space between; handles, links and numbers part them."""
    parts = _WORD.split(NOISE.sub(".", _fold(text)))
    run: list[str] = []
    for word, gap in zip(parts[1::2], parts[2::2]):
        if has_letter(word):
            run.append(word)
        if not has_letter(word) or not gap.isspace():
            yield run
            run = []


def _tells(word: str) -> bool:
    return word in TELLING or word.endswith("n't") or not is_stop_word(word)


def matching_rows(phrases: Sequence[str], texts: Sequence[str]) -> list[Array]:
    """For each phrase the rows int [n_matches] of the texts that `Pattern((phrase,))` matches.

    One pass over the texts serves all phrases. A phrase is one to three lower-case words of letters,
    digits and underscores, with three apostrophes at most.

    >>> [rows.tolist() for rows in matching_rows(["can't log", "log"], ["CANT log in", "log-out"])]
    [[0], [0, 1]]
    """
    meant: dict[str, list[int]] = {}
    for index, phrase in enumerate(phrases):
        for spelling in _spellings(phrase):
            meant.setdefault(spelling, []).append(index)
    found: list[list[int]] = [[] for _ in phrases]
    for row, text in enumerate(texts):
        for index in {index for gram in _grams(text) if gram in meant for index in meant[gram]}:
            found[index].append(row)
    return [np.array(rows, np.int64) for rows in found]


def _spellings(phrase: str) -> list[str]:
    """The phrase with each of its apostrophes there or missing."""
    first, *rest = phrase.split("'")
    gaps = product(("'", ""), repeat=len(rest))
    return [first + "".join(gap + part for gap, part in zip(some, rest)) for some in gaps]


def _fold(text: str) -> str:
    """The text with those letters equal that `re.IGNORECASE` takes for equal, and straight apostrophes."""
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").lower().translate(_SAME_LETTER).replace("’", "'")


def _grams(text: str) -> Iterator[str]:
    """All stretches of a text that some phrase could match, folded, as `_spellings` writes them.

    The regex engine sees words end at an apostrophe, so "don't" holds "don", "t" and "don't".
    """
    parts = _ATOM.split(_fold(text))
    atoms, gaps = parts[1::2], [" " if gap.isspace() else gap for gap in parts[2::2]]
    for start, gram in enumerate(atoms):
        yield gram
        left = {" ": MOST_WORDS - 1, "'": MOST_APOSTROPHES}
        for gap, atom in zip(gaps[start:], atoms[start + 1 :]):
            if not left.get(gap):
                break
            left[gap] -= 1
            gram += gap + atom
            yield gram
