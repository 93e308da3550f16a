"""Batch prediction: a file of texts in, a file of labels with confidences out, in constant memory."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from data.columns import resolve_columns, ticket_fields
from data.errors import IngestError, listed
from data.readers import BadRow, Row, read_columns_of, read_rows
from data.schema import Schema
from data.store import whole_file
from model.runtime import Classifier

BATCH = 1024
KINDS = (".jsonl", ".csv", ".parquet")
Answer = dict[str, Any]


class _Writer(Protocol):
    def write(self, rows: list[Answer]) -> None: ...


def predict_file(
    classifier: Classifier, path: Path, out: Path | None, progress: Callable[[int], None], standard: TextIO
) -> dict[str, Any]:
    """Predicts every row of `path` and writes `{"id": …, task: {"label": …, "confidence": …}}`.

    JSON lines go to `standard` where there is no `out`. In CSV a task has two columns, `task` and
    `task_confidence`. Rows without text, or that cannot be read, are counted and, with an `out`,
    listed with their reasons in `<out>.rejected.jsonl`.
    """
    mapping = resolve_columns(path, read_columns_of(path), {})
    rejected: list[BadRow] = []
    predicted = 0
    rows = read_rows(path)
    with _writer(out, classifier.schema, standard) as writer:
        while chunk := list(islice(rows, BATCH)):
            kept = _usable(chunk, mapping, path.stem, rejected)
            answers = classifier.predict([text for _, text in kept])
            writer.write(
                [_answer(ticket_id, found) for (ticket_id, _), found in zip(kept, answers, strict=True)]
            )
            predicted += len(kept)
            progress(predicted)
    if out:
        _write_rejected(out, rejected)
    return {"predicted": predicted, "set_aside": len(rejected)}


def _usable(
    chunk: list[Row | BadRow], mapping: dict[str, str], source: str, rejected: list[BadRow]
) -> list[tuple[str, str]]:
    """(id, text) of the rows that have a text."""
    kept = []
    for row in chunk:
        if isinstance(row, BadRow):
            rejected.append(row)
            continue
        fields = ticket_fields(row, mapping, source)
        if isinstance(fields["text"], str) and fields["text"].strip():
            kept.append((fields["ticket_id"], fields["text"]))
        else:
            rejected.append(BadRow(row.line, "no text", str(row.values)[:500]))
    return kept


def _answer(ticket_id: str, found: dict[str, Any]) -> Answer:
    return {"id": ticket_id} | {task: prediction.to_dict() for task, prediction in found.items()}


def _write_rejected(out: Path, rejected: list[BadRow]) -> None:
    path = out.with_name(out.name + ".rejected.jsonl")
    path.unlink(missing_ok=True)
    if rejected:
        with whole_file(path) as temporary:
            lines = [
                json.dumps({"line": b.line, "reason": b.reason, "raw": b.raw}, ensure_ascii=False)
                for b in rejected
            ]
            temporary.write_text("\n".join(lines) + "\n", "utf-8")


@contextmanager
def _writer(out: Path | None, schema: Schema, standard: TextIO) -> Iterator[_Writer]:
    if out is None:
        yield _Lines(standard)
        return
    kind = out.suffix.lower()
    if kind not in KINDS:
        raise IngestError(f"{out}: predictions are written as {listed(KINDS)}, not '{kind}'")
    with whole_file(out) as temporary:
        if kind == ".parquet":
            with pq.ParquetWriter(temporary, _table_schema(schema), compression="zstd") as writer:
                yield _Parquet(writer, _table_schema(schema))
        else:
            with temporary.open("w", encoding="utf-8", newline="") as file:
                yield _Lines(file) if kind == ".jsonl" else _Csv(file, schema)


class _Lines:
    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, rows: list[Answer]) -> None:
        self._file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


class _Csv:
    def __init__(self, file: TextIO, schema: Schema) -> None:
        self._writer = csv.writer(file)
        self._names = schema.names
        columns = [column for name in self._names for column in (name, f"{name}_confidence")]
        self._writer.writerow(["id", *columns])

    def write(self, rows: list[Answer]) -> None:
        self._writer.writerows([row["id"], *self._cells(row)] for row in rows)

    def _cells(self, row: Answer) -> Iterator[object]:
        for name in self._names:
            label = row[name]["label"]
            yield label if isinstance(label, str) else "|".join(label)
            yield row[name]["confidence"]


class _Parquet:
    def __init__(self, writer: pq.ParquetWriter, schema: pa.Schema) -> None:
        self._writer = writer
        self._schema = schema

    def write(self, rows: list[Answer]) -> None:
        self._writer.write_table(pa.Table.from_pylist(rows, self._schema))


def _table_schema(schema: Schema) -> pa.Schema:
    fields = [pa.field("id", pa.string())]
    for task in schema:
        label = pa.list_(pa.string()) if task.multi else pa.string()
        fields.append(pa.field(task.name, pa.struct([("label", label), ("confidence", pa.float64())])))
    return pa.schema(fields)
