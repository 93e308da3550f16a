"""What tickets can be sliced by: brand, source, length, hour and language."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from data.brands import brand_of
from data.columns import ALIASES, text_or_none
from data.language import language
from data.readers import Row, read_columns_of, read_rows
from data.tickets import open_tickets
from data.times import parse_time

FIELDS = ("brand", "source", "created_at", "lang")
LENGTHS = (10, 20, 30)
HOURS = 6
Fields = Mapping[str, Mapping[str, Any]]


def slice_columns(
    pool: Path, ticket_ids: Sequence[str], texts: Sequence[str], file: Path | None
) -> dict[str, list[str | None]]:
    """Column → each ticket's value, None where it has none.

    What the file of labels says of a ticket counts before what the pool says; brand and language are found
    in the text where neither does. Hours are in UTC.
    """
    known = _pool_fields(pool, ticket_ids)
    of_file = _file_fields(file) if file else {}
    tickets = [{**known.get(ticket_id, {}), **of_file.get(ticket_id, {})} for ticket_id in ticket_ids]
    pairs = list(zip(tickets, texts, strict=True))
    columns: dict[str, list[str | None]] = {
        "brand": [fields.get("brand") or brand_of(text) for fields, text in pairs],
        "source": [fields.get("source") for fields in tickets],
        "length": [_length(text) for text in texts],
        "hour": [_hours(fields.get("created_at")) for fields in tickets],
        "language": [fields.get("lang") or language(text) for fields, text in pairs],
    }
    return {name: values for name, values in columns.items() if any(values)}


def _pool_fields(pool: Path, ticket_ids: Sequence[str]) -> Fields:
    """Ticket id → its fields in the pool, those that it has."""
    wanted = pa.array(ticket_ids, pa.string())
    columns = ["ticket_id", *FIELDS]
    batches = open_tickets(pool).iter_batches(columns=columns)
    rows = (
        row for batch in batches for row in batch.filter(pc.is_in(batch["ticket_id"], wanted)).to_pylist()
    )
    return {row["ticket_id"]: {name: row[name] for name in FIELDS if row[name]} for row in rows}


def _file_fields(file: Path) -> Fields:
    """The same out of a file of labels that can be read."""
    columns = read_columns_of(file)
    named = {field: next((name for name in ALIASES[field] if name in columns), None) for field in ALIASES}
    found = {}
    for row in read_rows(file):
        if isinstance(row, Row) and (ticket_id := text_or_none(row.values.get(named["ticket_id"] or ""))):
            said = {name: text_or_none(row.values.get(named.get(name) or "")) for name in FIELDS}
            found[ticket_id] = {name: value for name, value in said.items() if value}
    return found


def _length(text: str) -> str:
    """The class of a text's length in words."""
    words, low = len(text.split()), 1
    for high in LENGTHS:
        if words <= high:
            return f"{low}–{high} words"
        low = high + 1
    return f"{low} words or more"


def _hours(value: object) -> str | None:
    time = parse_time(value)
    if time is None:
        return None
    first = time.hour // HOURS * HOURS
    return f"{first:02}–{first + HOURS - 1:02} h"
