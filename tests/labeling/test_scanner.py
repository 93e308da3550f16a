import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.cleaning import clean_text
from labeling.pattern import phrase_regex
from labeling.scanner import PhraseScanner
from lfs.lexicons import lexicon

PHRASES = (
    "refund*",
    "can't log*",
    "no signal",
    "*book",
    "kiss",
    "my_phone",
    "24 hours",
    "señor*",
    "❤",
    "a+b",
    "re:[0-9]+",
    r"re:\d+",
    r"re:\w+n't",
    r"re:\W{3}",
    r"re:\bnot\b.{0,5}\bok\b",
    r"re:[^a-z?!]{2}ok",
    r"re:[$£€₹]\s?\d",
    r"re:(?-i:[A-Z]{3})",
    r"re:(?<!@)air",
    r"re:(?!no)[a-z]{4}$",
    r"re:^hi\b",
    r"re:\s\s",
    r"re:(a)\1",
    "re:don['’]?t",
    "re:[❤😡]+!",
    r"re:\x41b",
)
# Letters that fold into ASCII, foreign digits and letters, marks, surrogates, controls, odd blanks.
SPELL = (
    "aAbBkKsSiI nNoO'’tT?!.@_-$£€09٣ıİſ\N{KELVIN SIGN}éßñΣς日本❤😡\u0301\ud800\x00\x1c\x85\xa0\n\r\t\u200d"
)
words = st.sampled_from(
    ["refund", "can't", "can’t", "cant", "log in", "no", "signal", "ok", "not", "señor", "$ 5", "hi"]
)
texts = st.lists(st.one_of(words, st.text(SPELL, max_size=6), st.text(max_size=4)), max_size=8).map(" ".join)


@given(texts)
@settings(max_examples=800, deadline=None)
@example("")
@example("ſignal no ſignal")
@example("\N{KELVIN SIGN}iss")
@example("٣ hours, ２4 hours")
@example("can’t log")
@example("x" * 300 + " refunds")
def test_hits_are_those_of_re(text):
    expected = {i for i, phrase in enumerate(PHRASES) if re.search(phrase_regex(phrase), text, re.IGNORECASE)}
    assert SCANNER.hits(text) == expected


SCANNER = PhraseScanner(PHRASES)


def test_only_what_vectorscan_cannot_say_is_left_to_re():
    left = {PHRASES[i] for i, _ in SCANNER._alone}
    assert left == {
        "my_phone",
        "señor*",
        "re:[0-9]+",
        r"re:(?<!@)air",
        r"re:(?!no)[a-z]{4}$",
        r"re:(a)\1",
        r"re:\x41b",
    }


def test_a_scanner_without_phrases_finds_nothing():
    assert PhraseScanner([]).hits("refund") == set()


def test_a_regex_that_vectorscan_refuses_costs_only_itself():
    scanner = PhraseScanner(["refund", r"re:(?:a{1,200}b{1,200}){1,200}c", "signal"])
    assert scanner.hits("no signal, a refund") == {0, 2}


@pytest.mark.parametrize("name", ["category_faults", "intent_praise", "department_gadgets"])
def test_shipped_lexicons_are_scanned_whole(name):
    phrases = lexicon(name)
    scanner = PhraseScanner(phrases)
    for at, phrase in enumerate(phrases):
        if phrase.isascii() and "*" not in phrase and not phrase.startswith("re:"):
            assert at in scanner.hits(clean_text(f"well, {phrase} again"))
