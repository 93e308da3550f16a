"""Files of trusted labels: gold to measure against, or an oracle's answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.columns import ALIASES, text_or_none
from data.errors import IngestError, SchemaError, listed
from data.readers import BadRow, Row, read_columns_of, read_rows
from data.schema import Schema, Task

Answer = tuple[int, ...]
MOST_PROBLEMS = 10


@dataclass(frozen=True)
class LabeledTickets:
    """Answers by task, in the file's order; an answer is label ids, None where it is missing.

    `texts[i]` is None where the file has no text of its own for the ticket.
    """

    ticket_ids: tuple[str, ...]
    texts: tuple[str | None, ...]
    answers: Mapping[str, tuple[Answer | None, ...]]

    def __len__(self) -> int:
        return len(self.ticket_ids)

    def of(self, task: Task) -> dict[str, Answer]:
        """Ticket id → answer, for the tickets that have one in this task."""
        pairs = zip(self.ticket_ids, self.answers[task.name], strict=True)
        return {ticket_id: answer for ticket_id, answer in pairs if answer is not None}


def read_labels(path: Path, schema: Schema) -> LabeledTickets:
    """Reads labels from CSV, JSONL or Parquet with an id column and a column per task.

    Tasks without a column have no answers. Multi-label answers are lists, or names joined by "|".
    Raises IngestError that lists every row with a label outside the schema.
    """
    columns = read_columns_of(path)
    id_column = next((name for name in ALIASES["ticket_id"] if name in columns), None)
    if id_column is None:
        raise IngestError(
            f"{path}: no id column; it has {listed(columns, 12)}; looked for {listed(ALIASES['ticket_id'])}"
        )
    if not set(schema.names) & set(columns):
        raise IngestError(
            f"{path}: no column for any task; tasks are {listed(schema.names)}; it has {listed(columns, 12)}"
        )
    text_column = next((name for name in ALIASES["text"] if name in columns), None)
    return _collect(path, schema, id_column, text_column)


def _collect(path: Path, schema: Schema, id_column: str, text_column: str | None) -> LabeledTickets:
    ids: list[str] = []
    texts: list[str | None] = []
    answers: dict[str, list[Answer | None]] = {task.name: [] for task in schema}
    problems: list[str] = []
    for row in read_rows(path):
        if isinstance(row, BadRow):
            problems.append(f"line {row.line}: {row.reason}")
            continue
        ids.append(_ticket_id(row, id_column, problems))
        texts.append(row.values.get(text_column) if text_column else None)
        for task in schema:
            answers[task.name].append(_answer(row, task, problems))
    if problems:
        more = [f"… {len(problems)} problems in all"] if len(problems) > MOST_PROBLEMS else []
        raise IngestError(f"{path}: " + "; ".join(problems[:MOST_PROBLEMS] + more))
    return LabeledTickets(tuple(ids), tuple(texts), {name: tuple(values) for name, values in answers.items()})


def _ticket_id(row: Row, id_column: str, problems: list[str]) -> str:
    """The id as ingest writes it, so that the two meet."""
    ticket_id = text_or_none(row.values.get(id_column))
    if ticket_id is None:
        problems.append(f"line {row.line}: no {id_column}")
    return ticket_id or ""


def _answer(row: Row, task: Task, problems: list[str]) -> Answer | None:
    try:
        return task.encode(row.values.get(task.name))
    except SchemaError as error:
        problems.append(f"line {row.line}: {error}")
        return None


def indicator(task: Task, answers: list[Answer | None]) -> np.ndarray[Any, Any]:
    """float32 [n, n_labels] of ones where a label holds; a missing answer is a row of NaN."""
    matrix = np.zeros((len(answers), len(task.labels)), np.float32)
    for row, answer in enumerate(answers):
        if answer is None:
            matrix[row] = np.nan
        else:
            matrix[row, list(answer)] = 1
    return matrix
