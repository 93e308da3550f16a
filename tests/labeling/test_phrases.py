"""Phrases: what a text offers, and that all at once match as `Pattern` matches one."""

import re
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from labeling.pattern import Pattern
from labeling.phrases import matching_rows, phrases_of, words

# Few letters, so that phrases meet texts; with all that a word may touch or be written with.
CHARS = "abſsSıiİIKkéÉÉΣσς09_'’' .,-@#\n\t\u00a0😀/:"
TEXTS = st.text(CHARS, max_size=24) | st.text(max_size=12)
WORDS = st.from_regex(r"[abskié09_]{1,3}('[absi]{1,2}){0,1}", fullmatch=True)


def by_pattern(phrases, texts):
    return [[row for row, text in enumerate(texts) if Pattern((p,)).matches(text)] for p in phrases]


def at_once(phrases, texts):
    return [rows.tolist() for rows in matching_rows(phrases, texts)]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), max_size=8), st.lists(TEXTS, max_size=6)
)
@example(
    ["can't log", "cant", "t log", "can", "log"], ["CAN’T  log\tin", "cant log", "can' t", "can''t", "log-in"]
)
@example(["i", "is", "kiss"], ["İ", "ı", "İS", "\u212aIſS"])
@example(["a a"], ["a a a", "a.a", "a'a", "aa"])
def test_all_at_once_match_where_pattern_matches_each(phrases, texts):
    assert at_once(phrases, texts) == by_pattern(phrases, texts)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.lists(TEXTS, max_size=3))
@example("awww.cute a@b's c", [])
@example("ΛΌΓΟΣ λόγος", ["λόγοσ", "Λόγοσ"])
def test_each_phrase_that_a_text_offers_matches_it_and_others_as_pattern_does(text, others):
    phrases = list(dict.fromkeys(phrases_of(text)))
    assert at_once(phrases, [text, *others]) == by_pattern(phrases, [text, *others])
    assert all(rows[0] == 0 for rows in matching_rows(phrases, [text]))


def test_letters_are_equal_exactly_where_the_regex_engine_takes_them_for_equal():
    """All letters of Unicode that have a case, each against all others."""
    cased = [
        c for c in map(chr, range(sys.maxunicode + 1)) if (c.lower() != c or c.upper() != c) and c.isalnum()
    ]
    line = "".join(cased)
    phrases = [c for c in cased if c == c.lower()]
    by_regex = [[m.start() for m in re.finditer(re.escape(c), line, re.IGNORECASE)] for c in phrases]
    folded = [next(iter(phrases_of(f"{c}bc")))[0] for c in phrases]
    assert at_once(folded, cased) == by_regex


def test_a_text_offers_runs_of_one_to_three_words_without_handles_links_and_numbers():
    assert list(phrases_of("@VoltMobile's bill 20 higher, REFUND http www.a.b x")) == [
        "bill",
        "higher",
        "refund",
    ]
    assert list(phrases_of("app keeps crashing")) == [
        "app", "app keeps", "app keeps crashing", "keeps", "keeps crashing", "crashing",
    ]  # fmt: skip


def test_stop_words_alone_are_no_phrase_but_what_tells_an_intent_is():
    assert list(phrases_of("it is for you")) == []
    assert "how do i" in set(phrases_of("how do i"))
    assert {"not", "don't"} <= set(phrases_of("not, don’t"))


@pytest.mark.parametrize("text", ["", "😀😀", "@user http 123 ___", "a'b'c'd'e'f'g"])
def test_a_text_without_usable_words_offers_no_phrase(text):
    assert list(phrases_of(text)) == []


def test_no_phrases_and_no_texts_match_nothing():
    assert at_once([], ["a"]) == []
    assert at_once(["refund"], []) == [[]]


def test_words_leave_out_handles_links_numbers_and_stop_words():
    assert words("@user I've paid the BILL of 20 twice, isn’t it? https://x.y") == ["paid", "bill", "twice"]
