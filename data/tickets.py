"""Tickets: one customer message each, and the Parquet table that holds a project's pool."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.errors import IngestError

TICKET_TABLE = pa.schema(
    [
        pa.field("ticket_id", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("raw_text", pa.string(), nullable=False),
        pa.field("brand", pa.string()),
        pa.field("created_at", pa.timestamp("s", "UTC")),
        pa.field("conversation_id", pa.string(), nullable=False),
        pa.field("in_reply_to", pa.string()),
        pa.field("brand_reply", pa.string()),
        pa.field("lang", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("split", pa.string(), nullable=False),
        pa.field("duplicate_of", pa.string()),
    ]
)


@dataclass(frozen=True)
class Ticket:
    """One customer message.

    `text` is cleaned, `raw_text` as it came. A missing brand, time, parent or reply is None.
    `lang` is an ISO 639-1 code, "und" when undetermined. `duplicate_of` names the earlier ticket
    whose words are the same, or nearly.
    """

    ticket_id: str
    text: str
    raw_text: str = ""
    brand: str | None = None
    created_at: datetime | None = None
    conversation_id: str = ""
    in_reply_to: str | None = None
    brand_reply: str | None = None
    lang: str = "und"
    source: str = ""
    split: str = "train"
    duplicate_of: str | None = None


class TicketBatch:
    """Some tickets, held as an Arrow table of `TICKET_TABLE`; objects are made only when asked for."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    @classmethod
    def of(cls, tickets: Sequence[Ticket]) -> "TicketBatch":
        """The batch of these tickets."""
        batch = cls(pa.table({"ticket_id": [ticket.ticket_id for ticket in tickets]}))
        batch.__dict__["tickets"] = tuple(tickets)
        return batch

    def __len__(self) -> int:
        return len(self.table)

    @cached_property
    def ticket_ids(self) -> tuple[str, ...]:
        return tuple(self.table["ticket_id"].to_pylist())

    @cached_property
    def tickets(self) -> tuple[Ticket, ...]:
        return tuple(Ticket(**row) for row in self.table.to_pylist())

    def texts(self, field: str) -> list[str]:
        """What a field of text says in each ticket; "" where it says nothing."""
        if field in self.table.column_names:
            return [text or "" for text in self.table[field].to_pylist()]
        found = (getattr(ticket, field) for ticket in self.tickets)
        return [text if isinstance(text, str) else "" for text in found]

    def take(self, rows: np.ndarray[Any, Any]) -> "TicketBatch":
        """The tickets in these rows (int [m])."""
        if "tickets" in vars(self):
            return TicketBatch.of([self.tickets[row] for row in rows])
        return TicketBatch(self.table.take(pa.array(rows)))


def iter_tickets(path: Path, *, batch_size: int = 4096) -> Iterator[list[Ticket]]:
    """Batches of tickets out of a tickets.parquet, in its order."""
    file = open_tickets(path)
    for group in range(file.num_row_groups):
        for batch in file.iter_batches(batch_size, row_groups=[group]):
            yield [Ticket(**row) for row in batch.to_pylist()]


def open_tickets(path: Path) -> pq.ParquetFile:
    """The pool's Parquet file; raises IngestError where there is none or its columns differ."""
    if not path.is_file():
        raise IngestError(f"{path}: no tickets yet; run `ticketloom data ingest FILE` first")
    file = pq.ParquetFile(path)
    if not has_ticket_columns(file.schema_arrow):
        raise IngestError(f"{path}: not a table of tickets; run `ticketloom data ingest FILE` again")
    return file


def content_keys(table: pa.Table) -> np.ndarray[Any, Any]:
    """uint64 [n]: a hash of all that each ticket holds, its id included."""
    from pandas.util import hash_array

    columns = [table[name].cast(pa.string()) for name in table.column_names]
    # With the lengths, what is missing differs from what is empty, and no text can stand in for two.
    lengths = [pc.fill_null(pc.binary_length(column), -1).cast(pa.string()) for column in columns]
    texts = [pc.fill_null(column, "") for column in columns]
    joined = pc.binary_join_element_wise(*lengths, *texts, " ")
    return np.asarray(hash_array(joined.to_numpy(zero_copy_only=False), categorize=False))


def has_ticket_columns(schema: pa.Schema) -> bool:
    """Whether the columns are those of a table of tickets, in name and in kind; times in any unit."""
    return bool(schema.names == TICKET_TABLE.names and all(map(_alike, schema.types, TICKET_TABLE.types)))


def _alike(own: pa.DataType, due: pa.DataType) -> bool:
    return bool(own == due or (pa.types.is_timestamp(own) and pa.types.is_timestamp(due)))


def read_columns(path: Path, columns: Sequence[str]) -> pa.Table:
    """Some columns of all tickets, as one Arrow table."""
    return open_tickets(path).read(list(columns))


def first_copies(table: pa.Table) -> pa.Table:
    """The rows that duplicate no earlier ticket."""
    return table.filter(pc.is_null(table["duplicate_of"]))
