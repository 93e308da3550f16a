"""Streams rows out of CSV, JSONL and Parquet files; what cannot be read is handed on as a bad row."""

import csv
import gzip
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import IngestError, listed

DELIMITERS = {".csv": ",", ".tsv": "\t"}
SUFFIXES = (*DELIMITERS, ".jsonl", ".ndjson", ".parquet")
MOST_LINES_OF_A_RECORD = 64


@dataclass(frozen=True)
class Row:
    """One readable row: its line in the file (Parquet: its row, from 1) and its values by column."""

    line: int
    values: dict[str, Any]


@dataclass(frozen=True)
class BadRow:
    """One row that cannot be used, why, and as much of it as is worth keeping."""

    line: int
    reason: str
    raw: str


def read_columns_of(path: Path, encoding: str = "utf-8") -> list[str]:
    """Column names of a file; for JSONL those of its first object.

    Raises IngestError for a file that is absent, empty, binary, or of a kind that is not read.
    """
    kind = file_kind(path)
    if kind == ".parquet":
        return list(_open_parquet(path).schema_arrow.names)
    if kind in DELIMITERS:
        return _header(_Records(_text_lines(path, encoding)), path, DELIMITERS[kind])
    row = next((row for row in _jsonl_rows(path, encoding) if isinstance(row, Row)), None)
    if row is None:
        empty = next(_text_lines(path, encoding), None) is None
        raise IngestError(f"{path}: " + ("the file is empty" if empty else "no line holds a JSON object"))
    return list(row.values)


def read_rows(path: Path, encoding: str = "utf-8") -> Iterator[Row | BadRow]:
    """All rows of a file, in order, in constant memory. Same errors as `read_columns_of`."""
    kind = file_kind(path)
    if kind == ".parquet":
        return _parquet_rows(path)
    if kind in DELIMITERS:
        return _csv_rows(path, encoding, DELIMITERS[kind])
    return _jsonl_rows(path, encoding)


def file_kind(path: Path) -> str:
    """The suffix that tells how a file is read, `.gz` left out."""
    if not path.is_file():
        raise IngestError(f"{path}: no such file")
    suffixes = [suffix.lower() for suffix in path.suffixes]
    kind = suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) > 1 else (suffixes or [""])[-1]
    if kind not in SUFFIXES:
        raise IngestError(
            f"{path}: cannot read files of kind '{kind or path.name}'; "
            f"allowed are {listed(SUFFIXES)} and the text kinds with .gz"
        )
    return kind


def _text_lines(path: Path, encoding: str) -> Iterator[tuple[int, str]]:
    """(line number, line without its end) of a text file; the header is line 1."""
    number = 0
    try:
        with _open_text(path, encoding) as file:
            for number, line in enumerate(file, 1):
                if "\x00" in line:
                    raise IngestError(f"{path}: line {number} holds NUL bytes; this is no text file")
                yield number, line.rstrip("\r\n")
    except (UnicodeDecodeError, LookupError) as error:
        raise IngestError(
            f"{path}: near line {number + 1}: not {encoding} text ({error}); "
            "convert it, or name its encoding in ticketloom.toml, [data] encoding "
            "(latin-1 and cp1252 are common)"
        ) from None
    except (OSError, EOFError) as error:
        raise IngestError(f"{path}: cannot be read: {error}") from None


def _open_text(path: Path, encoding: str) -> IO[str]:
    codec = "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rt", encoding=codec, newline="\n")
    return path.open("r", encoding=codec, newline="\n")


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row | BadRow]:
    records = _Records(_text_lines(path, encoding))
    header = _header(records, path, delimiter)
    for line, record in records:
        if not record.strip():
            continue
        values = _parse_record(record, delimiter)
        if values is not None and len(values) == len(header):
            yield Row(line, dict(zip(header, values, strict=True)))
            continue
        kept = records.give_back_all_but_first_line(line, record)
        yield BadRow(line, _csv_complaint(values, len(header)), kept)


def _header(records: "_Records", path: Path, delimiter: str) -> list[str]:
    _, record = next(records, (0, ""))
    if not record:
        raise IngestError(f"{path}: the file is empty")
    header = _parse_record(record, delimiter)
    if header is None:
        raise IngestError(f"{path}: the first line holds no column names: {record[:80]!r}")
    return header


def _parse_record(record: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([record], delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def _csv_complaint(values: list[str] | None, expected: int) -> str:
    if values is None:
        return "a quote is opened and not closed"
    return f"expected {expected} fields, found {len(values)}"


class _Records:
    """Joins physical lines into CSV records by the parity of quotes.

    A quote that never closes would swallow the rest of the file; a record is therefore cut after
    64 lines, and the lines of a record that did not parse can be given back.
    """

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._lines = lines
        self._again: deque[tuple[int, str]] = deque()

    def __iter__(self) -> "_Records":
        return self

    def __next__(self) -> tuple[int, str]:
        number, record = self._next_line()
        quotes = record.count('"')
        if quotes % 2 == 0:
            return number, record
        parts = [record]
        while quotes % 2 and len(parts) < MOST_LINES_OF_A_RECORD:
            try:
                _, line = self._next_line()
            except StopIteration:
                break
            parts.append(line)
            quotes += line.count('"')
        return number, "\n".join(parts)

    def _next_line(self) -> tuple[int, str]:
        return self._again.popleft() if self._again else next(self._lines)

    def give_back_all_but_first_line(self, number: int, record: str) -> str:
        first, *rest = record.split("\n")
        self._again.extendleft(reversed([(number + i, line) for i, line in enumerate(rest, 1)]))
        return first


def _jsonl_rows(path: Path, encoding: str) -> Iterator[Row | BadRow]:
    for number, line in _text_lines(path, encoding):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            yield BadRow(number, f"not JSON: {error.msg} at character {error.pos + 1}", line)
            continue
        except (ValueError, RecursionError) as error:
            yield BadRow(number, f"not JSON that can be read: {error}", line)
            continue
        if isinstance(value, dict):
            yield Row(number, value)
        else:
            yield BadRow(number, f"a JSON object is needed, found {type(value).__name__}", line)


def _parquet_rows(path: Path) -> Iterator[Row | BadRow]:
    number = 0
    for batch in _open_parquet(path).iter_batches(4096):
        for values in batch.to_pylist():
            number += 1
            yield Row(number, values)


def _open_parquet(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise IngestError(f"{path}: not a Parquet file: {error}") from None
