"""Expressions compiled together, kept on disk, and those that Vectorscan refuses."""

import pytest

from labeling import vectorscan
from labeling.vectorscan import Database

EXPRESSIONS = ["refund", "a[bc]d", r"\bno\b"]
TEXT = b"no refund\nacd\n"
FOUND = [(0, 9), (1, 13), (2, 2)]


@pytest.fixture
def compiled(monkeypatch):
    """How many expressions each compilation was given."""
    counts = []
    compile_ = vectorscan._compiled

    def counting(expressions):
        counts.append(len(expressions))
        return compile_(expressions)

    monkeypatch.setattr(vectorscan, "_compiled", counting)
    return counts


def scanned(database, data=TEXT):
    found, ends = database.scan(data)
    assert found.dtype == ends.dtype == "int64"
    return sorted(set(zip(found.tolist(), ends.tolist(), strict=True)))


def test_each_expression_is_reported_by_its_position_and_where_it_ends_whatever_the_case():
    assert scanned(Database(EXPRESSIONS)) == FOUND
    assert scanned(Database(EXPRESSIONS), TEXT.upper()) == FOUND


def test_nothing_is_found_without_expressions_or_without_data():
    assert scanned(Database([])) == []
    assert scanned(Database(EXPRESSIONS), b"") == []


def test_a_second_database_of_the_same_expressions_is_loaded_and_not_compiled(tmp_path, compiled):
    cache = tmp_path / "not yet there"
    assert scanned(Database(EXPRESSIONS, cache)) == scanned(Database(EXPRESSIONS, cache)) == FOUND
    assert compiled == [3]
    assert [path.suffix for path in cache.iterdir()] == [".vectorscan"]


def test_other_expressions_or_another_order_are_compiled_beside_it(tmp_path, compiled):
    Database(EXPRESSIONS, tmp_path)
    assert scanned(Database(EXPRESSIONS[::-1], tmp_path)) == [(0, 2), (1, 13), (2, 9)]
    assert scanned(Database(EXPRESSIONS[:1], tmp_path)) == [(0, 9)]
    assert compiled == [3, 3, 1]
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize(
    "damage",
    [
        lambda stored: b"",
        lambda stored: stored[:10],
        lambda stored: stored[: len(stored) // 2],
        lambda stored: stored[:400] + bytes(50) + stored[450:],
        lambda stored: b"something else" * 100,
        # The version of Vectorscan stands right behind four bytes of magic.
        lambda stored: stored[:4] + bytes([stored[4] ^ 1]) + stored[5:],
    ],
    ids=["empty", "a few bytes", "torn", "holes", "foreign", "of another version"],
)
def test_a_file_that_is_torn_or_foreign_is_compiled_anew_and_replaced(tmp_path, compiled, damage):
    Database(EXPRESSIONS, tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    assert damage(whole) != whole
    path.write_bytes(damage(whole))
    assert scanned(Database(EXPRESSIONS, tmp_path)) == FOUND
    assert scanned(Database(EXPRESSIONS, tmp_path)) == FOUND
    assert compiled == [3, 3]
    assert path.read_bytes() == whole


def test_refused_expressions_are_named_by_position_and_cost_only_themselves(tmp_path, compiled):
    database = Database(["refund", r"(a)\1", "no", "x*", "a{40000}"], tmp_path)
    assert database.refused == [1, 3, 4]
    assert scanned(database) == [(0, 9), (2, 2)]
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_refused_expressions_alone_finds_nothing():
    database = Database([r"(a)\1", "x*"])
    assert database.refused == [0, 1]
    assert scanned(database) == []
