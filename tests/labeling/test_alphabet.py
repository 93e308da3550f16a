"""Texts as bytes: ASCII for itself, other characters by kind, awkward texts told apart."""

import re
import re._casefix as _casefix
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeling.alphabet import AWKWARD, FIRST_MARK, FOLDED, GAP, LAST_MARK, LETTER, OTHER, Alphabet, stand_in

PLAIN = Alphabet("")


def data(*texts, named=""):
    return Alphabet(named).buffer(texts).data


@pytest.mark.parametrize("char", [chr(code) for code in range(2, 0x7F) if not chr(code).isspace()])
def test_ascii_stands_for_itself(char):
    assert data(char, named=char) == char.encode() + b"\n"


@pytest.mark.parametrize("char", "éßñΣя日本ªⅧ²")
def test_a_letter_or_number_beyond_ascii_stands_as_an_underscore_even_if_named(char):
    assert data(char, named=char) == b"_\n"


@pytest.mark.parametrize("char", "❤😡€\u0301\u200d\ud800\x9f")
def test_a_mark_has_a_byte_of_its_own_only_if_named(char):
    assert data(char) == bytes([OTHER]) + b"\n"
    assert data(char, named=char) == bytes([FIRST_MARK]) + b"\n"


@pytest.mark.parametrize("char", "ⓐⒶ")
def test_a_mark_with_a_twin_of_other_case_has_no_byte_of_its_own(char):
    assert data(char, named=char) == bytes([OTHER]) + b"\n"


def test_marks_beyond_the_free_bytes_stand_together():
    marks = [chr(0x2600 + at) for at in range(200)]
    alphabet = Alphabet("".join(marks))
    found = alphabet.buffer(["".join(marks)]).data
    free = LAST_MARK - FIRST_MARK + 1
    assert len(set(found[:free])) == len(alphabet.marks) == free
    assert set(found[free:-1]) == {OTHER}


def test_texts_lie_side_by_side_each_with_its_start():
    buffer = PLAIN.buffer(["ab", "", "é", "c"])
    assert buffer.data == b"ab\n\n_\nc\n"
    assert buffer.starts.tolist() == [0, 3, 4, 6]
    assert not buffer.collapsed.any()
    assert not buffer.awkward.any()


def test_a_match_lies_in_the_text_where_it_ends():
    buffer = PLAIN.buffer(["ab", "", "cd"])
    ends = re.compile(rb"\w").finditer(buffer.data)
    assert buffer.rows(np.array([match.end() for match in ends])).tolist() == [0, 0, 2, 2]


def test_no_texts_are_no_bytes():
    buffer = PLAIN.buffer([])
    assert (buffer.data, len(buffer.starts), len(buffer.collapsed), len(buffer.awkward)) == (b"", 0, 0, 0)
    assert PLAIN.buffer([""]).data == b"\n"


@pytest.mark.parametrize(
    "white", ["  ", "\n", "\t", "\r\n", "\xa0", "\x85", "\u2028", "\u3000", "\x1c", " \n "]
)
def test_white_space_other_than_single_blanks_is_made_one_and_said_to_be(white):
    buffer = PLAIN.buffer(["a b", f"a{white}b", white, "c"])
    assert buffer.data == b"a b\na b\n \nc\n"
    assert buffer.collapsed.tolist() == [False, True, True, False]
    assert buffer.starts.tolist() == [0, 4, 8, 10]


@pytest.mark.parametrize("char", [*sorted(FOLDED), "\x00", "٣", "２"])
def test_a_text_with_a_character_that_no_byte_can_stand_for_is_awkward(char):
    buffer = PLAIN.buffer(["a", f"x{char}y", "b", char])
    assert buffer.awkward.tolist() == [False, True, False, True]
    assert buffer.data == b"a\nx\x00y\nb\n\x00\n"


def test_awkward_texts_are_found_beside_collapsed_ones():
    buffer = PLAIN.buffer(["a\n\nb", "\x00\t\x00", "c"])
    assert (buffer.collapsed.tolist(), buffer.awkward.tolist()) == ([True, True, False], [False, True, False])
    assert buffer.data == b"a b\n\x00 \x00\nc\n"


def characters():
    return (chr(code) for code in range(sys.maxunicode + 1))


def test_each_character_stands_among_its_own_kind():
    kinds = {name: re.compile(regex) for name, regex in {"word": r"\w", "white": r"\s"}.items()}
    for char in characters():
        byte = stand_in(char)
        if byte == AWKWARD:
            continue
        assert bool(kinds["white"].match(char)) == (byte in b" \n" or byte == GAP), repr(char)
        assert bool(kinds["word"].match(char)) == bool(kinds["word"].match(chr(byte))), repr(char)
        assert char.isdecimal() == chr(byte).isdecimal(), repr(char)


def test_characters_that_re_takes_for_one_another_are_of_one_kind_or_awkward():
    for char in characters():
        twins = {char.lower(), char.upper(), *map(chr, _casefix._EXTRA_CASES.get(ord(char), ()))} - {char}
        for twin in () if char.isascii() else twins:
            if len(twin) == 1 and re.match(re.escape(twin), char, re.IGNORECASE):
                assert stand_in(char) == stand_in(twin) or AWKWARD in (stand_in(char), stand_in(twin)), char


def test_no_character_beyond_ascii_that_re_takes_for_an_ascii_one_goes_unnoticed():
    an_ascii = re.compile(r"[\x00-\x7f]", re.IGNORECASE)
    unnoticed = [char for char in characters() if stand_in(char) in (LETTER, OTHER) and an_ascii.match(char)]
    assert [char for char in unnoticed if not char.isascii()] == []


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.characters(), max_size=6), max_size=6), st.text(max_size=4))
def test_each_text_has_a_line_of_as_many_bytes_as_characters(texts, named):
    buffer = Alphabet(named).buffer(texts)
    lines = buffer.data.split(b"\n")[:-1]
    assert len(lines) == len(texts) == len(buffer.starts)
    for at, (text, line) in enumerate(zip(texts, lines, strict=True)):
        tidy = re.sub(r"\s+", " ", text)
        assert len(line) == len(tidy)
        assert buffer.collapsed[at] == (tidy != text)
        assert buffer.awkward[at] == (bytes([AWKWARD]) in line)
        assert buffer.data[buffer.starts[at] :].startswith(line + b"\n")
