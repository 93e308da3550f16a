"""Cleaning: what is read as text, and that cleaning twice is cleaning once."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.cleaning import clean_text, comparable

ANY_TEXT = st.text(st.characters(exclude_categories=()))
PARTS = ["&", "amp;", "lt;", "#", "64;", "x200b;", "hellip", "@", "123", "user", "http", "https://", "www."]
LETTERS = ["a", "e", "’", "“"]
MARKS = ["\u0301", "\u0328", "\u1100", "\ufe0f", "\u037e", "\x00", "\ud800", "\u202e", " ", "\n"]
TRICKY = st.lists(st.sampled_from(PARTS + LETTERS + MARKS), max_size=12).map("".join)


@settings(max_examples=500, deadline=None)
@given(ANY_TEXT | TRICKY)
@example("e\ufe0f\u0301")
@example("@1\u0301")
@example("&hellip\u037e")
@example("&\ufe0famp;amp;")
@example("\ud83d\ude00 lone halves")
def test_cleaning_a_clean_text_changes_nothing(raw):
    clean = clean_text(raw)
    assert clean_text(clean) == clean
    assert clean == " ".join(clean.split())
    clean.encode("utf-8")


@given(ANY_TEXT | TRICKY)
def test_the_bare_words_of_any_text_can_be_had(raw):
    words = comparable(clean_text(raw))
    assert words == " ".join(words.split())


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("&amp;amp;lt;3", "<3"),
        ("it’s “fine”", 'it\'s "fine"'),
        ("see https://t.co/aB1 or WWW.example.com/x?y=1", "see http or http"),
        ("@115712 @VoltMobile hi", "@user @VoltMobile hi"),
        ("a\r\n\tb\u00a0c", "a b c"),
        ("one\u200btwo\u202ethree\ufeff", "one two three"),
        ("e\u0301", "é"),
        ("WHY?!? 😡😡", "WHY?!? 😡😡"),
        ("❤️", "❤"),
        ("\ud800 \x00", ""),
        ("", ""),
    ],
)
def test_what_carries_meaning_stays_and_the_rest_goes(raw, clean):
    assert clean_text(raw) == clean


def test_duplicates_are_told_by_their_words_alone():
    assert comparable("@user NO signal!! http 😡") == comparable("no Signal @VoltMobile") == "no signal"
    assert comparable("@user http !!") == ""
