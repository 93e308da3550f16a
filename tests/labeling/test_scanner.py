import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.cleaning import clean_text
from labeling.pattern import phrase_regex
from labeling.scanner import TermScanner
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
    "re:[à-ž]x",
    r"re:\s{2}a",
    "re:ſ",
    r"re:(?a:\w)é",
    r"re:[A-z]ß",
    "re:[^é]{3}é",
    "re:ⓐ",
    "re:[❤-😡]!",
    r"re:(?>a+)b",
    "re:[éa]t",
    r"re:\Aok",
    r"re:ok\Z",
    r"re:^\W*no\b|\bkk$",
    r"re:[^\w\s]{2}",
    r"re:[\s,]+(?:no|ok)",
    r"re:\bs(?:ig|i)?\w*n?\b",
    r"re:.\Bs\b",
    r"re:\D\D\S",
    r"re:a.*?k",
)
# Letters that fold into ASCII, foreign digits and letters, marks, surrogates, controls, odd blanks.
SPELL = (
    "aAbBkKsSiI nNoOxXtⓐⒶͅž'’tT?!.@_-$£€09٣ıİſ\N{KELVIN SIGN}éßñΣς日本❤😡"
    "\u0301\ud800\x00\x1c\x85\xa0\n\r\t\u200d"
)
words = st.sampled_from(
    ["refund", "can't", "can’t", "cant", "log in", "no", "signal", "ok", "not", "señor", "$ 5", "hi"]
)
texts = st.lists(st.one_of(words, st.text(SPELL, max_size=6), st.text(max_size=4)), max_size=8).map(" ".join)


def singly(phrases):
    return TermScanner([(phrase,) for phrase in phrases])


SCANNER = singly(PHRASES)


@given(texts)
@settings(max_examples=800, deadline=None)
@example("")
@example("ſignal no ſignal")
@example("\N{KELVIN SIGN}iss")
@example("٣ hours, ２4 hours")
@example("can’t log")
@example("x" * 300 + " refunds")
def test_hits_are_those_of_re(text):
    assert hits(SCANNER, [text]) == [searched(text)]


@given(st.lists(texts, max_size=6))
@settings(max_examples=300, deadline=None)
def test_neighbours_in_a_batch_do_not_touch_each_other(batch):
    assert hits(SCANNER, batch) == [searched(text) for text in batch]


def searched(text):
    return {i for i, phrase in enumerate(PHRASES) if re.search(phrase_regex(phrase), text, re.IGNORECASE)}


def hits(scanner, batch):
    terms = scanner.scan(batch).terms
    return [set(np.flatnonzero(terms[:, row]).tolist()) for row in range(len(batch))]


def test_only_what_vectorscan_cannot_say_is_left_to_re_or_confirmed_by_it():
    left = {PHRASES[at] for at in SCANNER.left_to_re}
    confirmed = {PHRASES[at] for at in SCANNER.widened}
    assert left == {"re:[à-ž]x", r"re:\s{2}a", "re:ſ", r"re:(?a:\w)é"}
    assert confirmed == {
        "my_phone",
        "señor*",
        r"re:(?!no)[a-z]{4}$",
        r"re:(a)\1",
        r"re:[A-z]ß",
        "re:[^é]{3}é",
        "re:ⓐ",
        "re:[❤-😡]!",
        r"re:(?>a+)b",
        "re:[éa]t",
    }


@given(texts)
@settings(max_examples=200, deadline=None)
def test_a_term_is_found_where_one_of_its_phrases_is(text):
    [found] = hits(TERMS, [text])
    phrases = searched(text)
    assert found == {at for at, term in enumerate(GROUPS) if phrases & set(term)}


GROUPS = [tuple(range(at, min(at + 7, len(PHRASES)))) for at in range(0, len(PHRASES), 3)]
TERMS = TermScanner([tuple(PHRASES[at] for at in term) for term in GROUPS])


def test_a_scanner_without_phrases_finds_nothing():
    assert hits(singly([]), ["refund"]) == [set()]
    assert hits(singly(["refund"]), []) == []


def test_a_regex_that_vectorscan_refuses_costs_only_itself():
    scanner = singly(["refund", r"re:(?:a{1,200}b{1,200}){1,200}c", "signal"])
    assert hits(scanner, ["no signal, a refund"]) == [{0, 2}]


@pytest.mark.parametrize("name", ["category_faults", "intent_praise", "department_gadgets"])
def test_shipped_lexicons_are_scanned_whole(name):
    phrases = lexicon(name)
    scanner = singly(phrases)
    for at, phrase in enumerate(phrases):
        if phrase.isascii() and "*" not in phrase and not phrase.startswith("re:"):
            assert at in hits(scanner, [clean_text(f"well, {phrase} again")])[0]
