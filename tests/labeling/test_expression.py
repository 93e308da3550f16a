"""Regexes as Vectorscan's expressions: exact, wider and confirmed, or left to `re`; the hits are its."""

import re

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from labeling.alphabet import Alphabet
from labeling.alternatives import MOST_ALTERNATIVES
from labeling.expression import Translator
from labeling.pattern import phrase_regex
from labeling.scanner import TermScanner

# Letters that fold into ASCII or each other, foreign letters and digits, marks, what stands for others.
CHARACTERS = "aAbBkKsSiI09_.-'!£❤😡💀\u0301éÉßΣςžſ\N{KELVIN SIGN}İı٣²\x01 "
BLANKS = "\n\t\r\x0b\x1f\x85\xa0\u2028"
WORDS = ("ab", "AB", "a b", "ka", "ss", "is", "❤!", "é", "a9", "  ", "a.b")


def translated(regex, named=""):
    return Translator(Alphabet(named or regex)).translate(regex)


def exact(regex):
    found = translated(regex)
    assert found.exact, found
    return list(found.alternatives)


def widened(regex):
    found = translated(regex)
    assert not found.exact, found
    return list(found.alternatives)


@pytest.mark.parametrize(
    ("regex", "expressions"),
    [
        ("refund", ["refund"]),
        ("ReFund", ["refund"]),
        ("a.c", ["a.c"]),
        (r"\bno\b", [r"\bno\b"]),
        (r"^no$", ["^no$"]),
        (r"\Ano\Z", ["^no$"]),
        (r"o\Bn", [r"o\Bn"]),
        (r"a\+b", [r"a\x2bb"]),
        ("[0-9]x", ["[0-9]x"]),
        (r"\dx", ["[0-9]x"]),
        ("[^a]x", None),
        (r"a\s+b", ["a b"]),
        (r"a\s*b", ["a ?b"]),
        ("a b", ["a b"]),
        ("a{2,3}b", ["(?:a){2}b"]),
        ("ba{2,3}c", ["b(?:a){2,3}c"]),
        ("ba{2,}?c", ["b(?:a){2,}c"]),
        ("(?-i:A)b", ["(?-i:A)b"]),
        ("(a)b", ["ab"]),
        ("(?P<n>a)b", ["ab"]),
        ("5€", [r"5\x80"]),
    ],
)
def test_what_both_say_alike_is_said_exactly(regex, expressions):
    assert expressions in (None, exact(regex))
    assert translated(regex).exact


@pytest.mark.parametrize(
    ("regex", "expressions"),
    [
        ("(?=a)ab", ["ab"]),
        ("a(?!b)", ["a"]),
        ("b(?<!@)air", ["bair"]),
        ("b(?<=b)air", ["bair"]),
        (r"(a)b\1", ["(?i:a)b.*"]),
        (r"(?P<n>a)(?P=n)", ["(?i:a).*"]),
        ("(?>a+)b", ["(?:(?:a){1,})b"]),
        ("a++b", ["(?:a){1,}b"]),
        ("é", [r"\x5f"]),
        ("señor", [r"se\x5for"]),
        ("a_", [r"a\x5f"]),
        ("[éa]t", [r"[A\x5fa]t"]),
    ],
)
def test_what_vectorscan_says_in_part_is_widened(regex, expressions):
    assert widened(regex + "x") == [f"{each}x" for each in expressions]


@pytest.mark.parametrize(
    "regex",
    [
        "ſ",
        "\N{KELVIN SIGN}",
        "[à-ž]",
        "x\x00",
        "\n",
        r"\s{2}a",
        r"(?a:\w)a",
        r"(?a)\w",
        "(a)?b(?(1)c|d)",
        "x?",
        "(?=a)",
        "",
        "[^\\s\\S]",
    ],
)
def test_what_it_cannot_say_is_left_to_re(regex):
    assert translated(regex) is None


def test_a_mark_is_exact_where_it_has_a_byte_and_wider_where_it_has_none():
    assert translated("[❤😡]", named="❤😡").exact
    assert not translated("[❤😡]", named="❤").exact
    assert not translated("[❤😡]", named="x").exact


@pytest.mark.parametrize(
    ("regex", "expressions"),
    [
        ("a*bc*", ["b"]),
        ("a+bc+", ["(?:a){1}b(?:c){1}"]),
        (r"\w*bill\w*?", ["bill"]),
        (r"\b\w*bill", ["bill"]),
        (r"\b\w+ing\b", [r"[0-9A-Z\x5fa-z]ing\b"]),
        (r"bill\w*\b", ["bill"]),
        (r"!\w*\b", [r"\x21(?:[0-9A-Z\x5fa-z]){0,}\b"]),
        ("x*y*abz*", ["ab"]),
        ("(?:ab)*c", ["c"]),
    ],
)
def test_what_a_match_need_not_have_at_its_ends_is_left_out(regex, expressions):
    assert exact(regex) == expressions


def test_alternatives_and_options_are_spelled_out():
    assert exact("(?:bill|charge)d") == ["billd", "charged"]
    assert exact("(a|b(?:cc|dd))x") == ["ax", "bccx", "bddx"]
    assert exact("colou?r") == ["color", "colour"]
    assert exact("ab|cd|ab") == ["ab", "cd"]
    assert exact("a(?:b|c*)d") == ["abd", "a(?:c){0,}d"]


def test_as_many_alternatives_as_are_allowed_are_spelled_out_and_more_stay_together():
    pairs = "(?:aa|bb)"
    assert MOST_ALTERNATIVES == 2**7
    assert len(exact(f"x{pairs * 7}x")) == 128
    assert exact(f"x{pairs * 7}{pairs}x")[0] == f"x{'aa' * 7}(?:aa|bb)x"


def test_alternatives_of_a_regex_that_refers_back_stay_together():
    assert widened(r"(ab|cd)\1x") == ["(?i:(?:ab|cd)).*x"]


def test_case_counts_where_a_regex_says_so():
    assert exact("(?-i:Ab)c") == ["(?-i:Ab)c"]
    assert exact("(?-i:[a-c])c") == ["(?-i:[a-c])c"]
    assert exact("(?-i:a(b))c") == ["(?-i:a(?-i:b))c"]


def said(scanner, texts):
    return [tuple(pair) for pair in np.argwhere(scanner.scan(texts).terms.T).tolist()]


def searched(phrases, texts):
    regexes = [re.compile(phrase_regex(phrase), re.IGNORECASE) for phrase in phrases]
    return [
        (row, at) for row, text in enumerate(texts) for at, regex in enumerate(regexes) if regex.search(text)
    ]


@pytest.mark.parametrize(
    ("phrases", "texts"),
    [
        (["re:(?-i:a(?i:b))"], ["ab", "aB", "Ab"]),
        (["re:(?-i:a(?i:[b-d]x))"], ["abx", "aBX", "Abx"]),
        (["re:[❤-😡]x", "re:\u0301"], ["💀x", "❤x"]),
        ([r"re:\b"], ["..", "a", "..", "b"]),
        ([r"re:\B"], [""]),
        ([r"re:\b(?=x)"], ["a", "x"]),
        (["a ' b"], ["a b", "a  b", "a \n b"]),
        (["a * b"], ["a b", "a  b", "a x b"]),
    ],
    ids=[
        "case that comes back",
        "a class whose case comes back",
        "a range beside one of its marks",
        "a match of no width",
        "a match of no width in nothing",
        "a match of no width that is confirmed",
        "blanks around an apostrophe that is missing",
        "blanks around a star for nothing",
    ],
)
def test_hits_are_those_of_re_in_corners(phrases, texts):
    assert said(TermScanner([(phrase,) for phrase in phrases]), texts) == searched(phrases, texts)


LITERAL = st.one_of(st.sampled_from("abkis0_ .❤"), st.sampled_from(CHARACTERS)).map(re.escape)
CATEGORY = st.sampled_from([r"\w", r"\W", r"\d", r"\D", r"\s", r"\S"])
RANGE = st.sampled_from(
    ["a-k", "A-Z", "0-9", "Z-a", "!-9", "à-ÿ", "❤-😡", "é-💀", r"\x02-\x7f", "\u0300-\u036f"]
)


@st.composite
def classes(draw):
    negate = draw(st.sampled_from(["", "", "^"]))
    parts = draw(st.lists(st.one_of(LITERAL, CATEGORY, RANGE), min_size=1, max_size=3))
    return f"[{negate}{''.join(parts)}]"


ATOM = st.one_of(
    LITERAL,
    LITERAL,
    st.sampled_from([*map(re.escape, WORDS), ".", r"\x00", r"\u2764"]),
    CATEGORY,
    classes(),
    st.sampled_from([r"\b", r"\B", "^", "$", r"\A", r"\Z"]),
)
TIMES = st.sampled_from(
    ["?", "*", "+", "??", "*?", "+?", "{2}", "{1,2}", "{0,2}?", "{2,}", "?+", "*+", "++", "{1,2}+"]
)
GROUP = st.sampled_from(
    ["(?:%s)", "(%s)", "(%s)", "(?-i:%s)", "(?i:%s)", "(?s:%s)", "(?m:%s)", "(?x:%s)", "(?a:%s)", "(?>%s)"]
)
AROUND = st.sampled_from(["(?=%s)", "(?!%s)", "(?<=%s)", "(?<!%s)"])


def grown(inner):
    return st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.tuples(inner, TIMES).map("(?:%s)%s".__mod__),
        st.tuples(ATOM, TIMES).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda ways: f"(?:{'|'.join(ways)})"),
        st.tuples(GROUP, inner).map(lambda pair: pair[0] % pair[1]),
        st.tuples(AROUND, inner).map(lambda pair: pair[0] % pair[1]),
        st.tuples(inner, inner).map(r"(%s)%s\1".__mod__),
        st.tuples(inner, inner, inner).map(r"(%s)?(?(1)%s|%s)".__mod__),
    )


@st.composite
def regexes(draw):
    regex = draw(st.recursive(ATOM, grown, max_leaves=8))
    try:
        re.compile(regex, re.IGNORECASE)
    except (re.error, RecursionError):
        assume(False)
    return regex


TEXT = st.lists(
    st.one_of(st.sampled_from(WORDS), st.text(CHARACTERS, max_size=3), st.text(BLANKS + "\x00", max_size=1)),
    max_size=6,
).map("".join)


@given(st.lists(regexes(), min_size=1, max_size=3), st.lists(TEXT, min_size=1, max_size=8))
@settings(max_examples=300, deadline=None)
@example(["a|b"], ["b"])
def test_hits_are_those_of_re_whatever_the_regex(several, texts):
    phrases = [f"re:{regex}" for regex in several]
    assert said(TermScanner([(phrase,) for phrase in phrases]), texts) == searched(phrases, texts)


@pytest.mark.parametrize(
    ("regex", "expressions"),
    [
        (r"(?<!@)air", ["(?:^|[\\x01-\\x08\\x0e-\\x1b -\\x3fA-\\x7f])air"]),
        ("(?<=x)a", ["xa"]),
        ("a(?=bc)", ["abc"]),
        ("a(?![bc])", ["a(?:$|[\\x01-\\x08\\x0e-\\x1b -AD-ad-\\x7f])"]),
    ],
)
def test_what_is_looked_for_at_an_end_is_made_part_of_the_match(regex, expressions):
    found = Translator(Alphabet("")).translate(regex)
    assert (list(found.alternatives), found.exact) == (expressions, True)
