"""The table that holds a project's pool."""

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import IngestError
from data.tickets import TICKET_TABLE, Ticket, first_copies, iter_tickets, open_tickets, read_columns

TICKETS = [
    Ticket(f"t{i}", f"text {i}", conversation_id=f"t{i}", duplicate_of="t0" if i % 2 else None)
    for i in range(10)
]


@pytest.fixture
def path(tmp_path):
    rows = [vars(ticket) | {"created_at": datetime(2017, 1, 1, tzinfo=UTC)} for ticket in TICKETS]
    pq.write_table(pa.Table.from_pylist(rows, TICKET_TABLE), tmp_path / "tickets.parquet")
    return tmp_path / "tickets.parquet"


def test_tickets_come_back_as_they_were_in_batches(path):
    batches = list(iter_tickets(path, batch_size=4))
    assert [len(batch) for batch in batches] == [4, 4, 2]
    found = [ticket for batch in batches for ticket in batch]
    assert [ticket.ticket_id for ticket in found] == [ticket.ticket_id for ticket in TICKETS]
    assert found[3].created_at == datetime(2017, 1, 1, tzinfo=UTC)
    assert found[3].duplicate_of == "t0"


def test_first_copies_duplicate_nothing(path):
    table = first_copies(read_columns(path, ["ticket_id", "duplicate_of"]))
    assert table["ticket_id"].to_pylist() == ["t0", "t2", "t4", "t6", "t8"]


def test_a_pool_that_is_absent_or_something_else_says_what_to_run(tmp_path):
    with pytest.raises(IngestError, match="no tickets yet; run `ticketloom data ingest FILE` first"):
        open_tickets(tmp_path / "tickets.parquet")
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    with pytest.raises(IngestError, match="not a table of tickets"):
        open_tickets(tmp_path / "other.parquet")
