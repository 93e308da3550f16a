"""Rows out of CSV, JSONL and Parquet; what cannot be read is a bad row with its line."""

import csv
import gzip
import tracemalloc

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import IngestError
from data.readers import BadRow, Row, read_columns_of, read_rows


@pytest.fixture
def file(tmp_path):
    """Writes bytes or text under a name and gives the path."""

    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def told(path, **options):
    """Good rows as (line, values), bad ones as (line, reason)."""
    rows = read_rows(path, **options)
    return [(row.line, row.reason if isinstance(row, BadRow) else list(row.values.values())) for row in rows]


def test_a_quoted_field_may_hold_lines_quotes_and_commas(file):
    path = file("a.csv", 'id,text\n1,"two\nlines, ""quoted"""\n2,plain\n')
    assert told(path) == [(2, ["1", 'two\nlines, "quoted"']), (4, ["2", "plain"])]


def test_an_unclosed_quote_costs_one_row_only(file):
    path = file("a.csv", 'id,text\n1,"never closed\n2,fine\n3,"also\nfine"\n4,good\n')
    assert told(path) == [
        (2, "a quote is opened and not closed"),
        (3, ["2", "fine"]),
        (4, ["3", "also\nfine"]),
        (6, ["4", "good"]),
    ]


def test_an_unclosed_quote_swallows_nothing_of_a_long_file(file):
    lines = "".join(f"{i},row {i}\n" for i in range(2, 500))
    rows = told(file("a.csv", 'id,text\n1,"never closed\n' + lines))
    assert rows[0] == (2, "a quote is opened and not closed")
    assert rows[1:] == [(i + 1, [str(i), f"row {i}"]) for i in range(2, 500)]


def test_an_unclosed_quote_in_the_last_row_costs_that_row(file):
    assert told(file("a.csv", 'id,text\n1,good\n2,"open')) == [
        (2, ["1", "good"]),
        (3, "a quote is opened and not closed"),
    ]


def test_short_and_long_rows_are_bad_and_blank_lines_are_none(file):
    assert told(file("a.csv", "id,text\n1\n\n2,b,c\n3,fine\n")) == [
        (2, "expected 2 fields, found 1"),
        (4, "expected 2 fields, found 3"),
        (5, ["3", "fine"]),
    ]


def test_a_bad_row_keeps_what_was_in_it(file):
    [bad] = read_rows(file("a.csv", "id,text\n1,b,c\n"))
    assert bad == BadRow(2, "expected 2 fields, found 3", "1,b,c")


def test_a_byte_order_mark_is_no_part_of_the_first_name(file):
    path = file("a.csv", b"\xef\xbb\xbfid,text\r\n1,hi\r\n")
    assert read_columns_of(path) == ["id", "text"]
    assert told(path) == [(2, ["1", "hi"])]
    assert told(file("a.jsonl", b'\xef\xbb\xbf{"id": 1}\n')) == [(1, [1])]


def test_tabs_separate_a_tsv(file):
    assert told(file("a.TSV", "id\ttext\n1\ta, b\n")) == [(2, ["1", "a, b"])]


def test_a_gzip_file_reads_as_its_content_does(file):
    content = b'id,text\r\n1,"one\rfield"\r\n2,x\r\n3\r\n'
    packed = file("a.csv.gz", gzip.compress(content))
    assert read_columns_of(packed) == ["id", "text"]
    assert told(packed) == told(file("a.csv", content))
    assert told(file("b.jsonl.gz", gzip.compress(b'{"id": 1}\n'))) == [(1, [1])]


def test_a_broken_gzip_file_is_an_error(file):
    packed = gzip.compress(b"id,text\n" + b"1,a\n" * 10_000)
    for content in (packed[: len(packed) // 2], b"id,text\n1,a\n"):
        with pytest.raises(IngestError, match="cannot be read"):
            list(read_rows(file("a.csv.gz", content)))


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_nul_bytes_tell_a_file_that_is_no_text(file, name):
    path = file(name, b"id,text\n1,a\x00b\n")
    with pytest.raises(IngestError, match="line 2 holds NUL bytes; this is no text file"):
        list(read_rows(path))


def test_latin_1_is_read_when_named_and_else_the_error_says_so(file):
    path = file("a.csv", "id,text\n1,café\n".encode("latin-1"))
    with pytest.raises(IngestError, match=r"not utf-8 text .* name its encoding in ticketloom.toml"):
        list(read_rows(path))
    assert told(path, encoding="latin-1") == [(2, ["1", "café"])]
    with pytest.raises(IngestError, match=r"name its encoding in ticketloom\.toml"):
        read_columns_of(path, "no-such-encoding")


def test_bad_json_lines_are_told_and_the_rest_goes_on(file):
    huge = '{"id": ' + "9" * 5000 + "}"
    path = file("a.jsonl", f'{{"id": 1}}\n{{"id": \n\n[1]\n{huge}\n{"[" * 100_000}\n{{"id": 2}}\n')
    rows = told(path)
    assert [line for line, _ in rows] == [1, 2, 4, 5, 6, 7]
    assert rows[1][1].startswith("not JSON: Expecting value at character")
    assert rows[2][1] == "a JSON object is needed, found list"
    assert rows[3][1].startswith("not JSON that can be read")
    assert rows[4][1].startswith("not JSON that can be read")
    assert (rows[0][1], rows[5][1]) == ([1], [2])


def test_columns_of_a_jsonl_file_are_those_of_its_first_object(file):
    assert read_columns_of(file("a.jsonl", '3\n{"b": 1, "a": 2}\n')) == ["b", "a"]
    with pytest.raises(IngestError, match="no line holds a JSON object"):
        read_columns_of(file("b.jsonl", "3\n\n"))


def test_parquet_rows_are_numbered_from_one(tmp_path):
    pq.write_table(pa.table({"id": [7, 8], "text": ["a", None]}), tmp_path / "a.parquet")
    assert told(tmp_path / "a.parquet") == [(1, [7, "a"]), (2, [8, None])]
    assert read_columns_of(tmp_path / "a.parquet") == ["id", "text"]


def test_a_file_that_only_bears_the_name_of_parquet_is_an_error(file):
    for read in (read_columns_of, read_rows):
        with pytest.raises(IngestError, match="not a Parquet file"):
            list(read(file("a.parquet", b"nothing of the kind")))


@pytest.mark.parametrize("name", ["a.xlsx", "a", "a.gz", "a.csv.zip", "csv"])
def test_a_file_of_another_kind_is_refused_with_what_is_allowed(file, name):
    with pytest.raises(IngestError, match=r"cannot read files of kind .* allowed are \.csv, \.tsv, \.jsonl"):
        read_rows(file(name, "id\n"))


def test_an_absent_file_and_an_empty_one_are_errors(file, tmp_path):
    with pytest.raises(IngestError, match="no such file"):
        read_columns_of(tmp_path / "none.csv")
    for name in ("a.csv", "a.jsonl", "a.tsv"):
        with pytest.raises(IngestError, match="the file is empty"):
            read_columns_of(file(name, ""))
    with pytest.raises(IngestError, match="the file is empty"):
        list(read_rows(file("a.csv", "")))


def test_a_header_is_read_in_one_way_by_all(file):
    path = file("a.csv", '"id","text\nof it"\n1,a\n')
    assert read_columns_of(path) == ["id", "text\nof it"]
    [row] = read_rows(path)
    assert row == Row(3, {"id": "1", "text\nof it": "a"})


def test_a_header_that_cannot_be_read_is_an_error(file):
    path = file("a.csv", b"id,text\r1,a\r2,b\r")
    for read in (read_columns_of, read_rows):
        with pytest.raises(IngestError, match="the first line holds no column names"):
            list(read(path))


FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=20)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(FIELD, FIELD), max_size=20))
def test_whatever_the_csv_module_writes_is_read_back(tmp_path, rows):
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("id", "text"), *rows])
    assert [tuple(row.values.values()) for row in read_rows(path)] == rows


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,text\n" + "1,some text of a row\n" * 100_000)
    tracemalloc.start()
    count = sum(1 for _ in read_rows(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 100_000
    assert peak < 1_000_000
