"""The table that holds a project's pool."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import IngestError
from data.tickets import (
    TICKET_TABLE,
    Ticket,
    TicketBatch,
    content_keys,
    first_copies,
    iter_tickets,
    open_tickets,
    read_columns,
)

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


FULL = Ticket(
    "t1",
    "text",
    "raw",
    "Volt",
    datetime(2017, 1, 1, tzinfo=UTC),
    "c1",
    "t0",
    "sorry",
    "en",
    "s",
    "test",
    "t0",
)
CHANGED = {
    "ticket_id": "t2",
    "text": "other",
    "raw_text": "other",
    "brand": "Ampere",
    "created_at": datetime(2017, 1, 1, 0, 0, 1, tzinfo=UTC),
    "conversation_id": "c2",
    "in_reply_to": "t9",
    "brand_reply": "other",
    "lang": "de",
    "source": "z",
    "split": "train",
    "duplicate_of": "t9",
}


def table(*tickets):
    return pa.Table.from_pylist([vars(ticket) for ticket in tickets], TICKET_TABLE)


def keys(*tickets):
    return content_keys(table(*tickets)).tolist()


def test_equal_tickets_have_equal_keys_wherever_they_stand():
    found = keys(FULL, TICKETS[0], replace(FULL))
    assert found[0] == found[2] != found[1]
    assert keys(FULL) == [found[0]]
    whole = table(FULL, TICKETS[0], FULL)
    assert content_keys(pa.concat_tables([whole.slice(1), whole.slice(0, 1)])).tolist() == [
        *found[1:],
        found[0],
    ]
    assert content_keys(whole).dtype == np.uint64


def test_no_tickets_have_no_keys():
    assert keys() == []


@pytest.mark.parametrize("field", TICKET_TABLE.names)
def test_a_ticket_with_any_field_changed_has_another_key(field):
    assert len(set(keys(FULL, replace(FULL, **{field: CHANGED[field]})))) == 2


@pytest.mark.parametrize("field", [field.name for field in TICKET_TABLE if field.nullable])
def test_what_is_missing_is_not_what_is_empty(field):
    missing = replace(FULL, **{field: None})
    assert len(set(keys(FULL, missing))) == 2
    if field != "created_at":
        assert len(set(keys(missing, replace(FULL, **{field: ""})))) == 2


def test_words_that_move_to_the_next_field_make_another_key():
    moved = replace(FULL, text="text raw", raw_text="")
    assert (
        len(set(keys(FULL, moved, replace(FULL, text="", raw_text="textraw"), replace(FULL, text="textraw"))))
        == 4
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [(("a\x1fb", "c"), ("a", "b\x1fc")), ((None, "c"), ("\x00", "c")), (("a\x00", "b"), ("a", "b"))],
    ids=["a separator", "a NUL alone", "a NUL at the end"],
)
def test_odd_characters_do_not_make_different_tickets_one(one, other):
    both = [replace(FULL, in_reply_to=parent, brand_reply=reply) for parent, reply in (one, other)]
    assert len(set(keys(*both))) == 2


@pytest.mark.parametrize("batch", [TicketBatch(table(FULL, *TICKETS)), TicketBatch.of([FULL, *TICKETS])])
def test_a_batch_gives_its_tickets_ids_and_texts(batch):
    assert len(batch) == 11
    assert batch.tickets == (FULL, *TICKETS)
    assert batch.ticket_ids == tuple(ticket.ticket_id for ticket in (FULL, *TICKETS))
    assert batch.texts("text") == ["text", *(f"text {at}" for at in range(10))]
    assert batch.texts("brand_reply") == ["sorry"] + [""] * 10


@pytest.mark.parametrize("batch", [TicketBatch(table(FULL, *TICKETS)), TicketBatch.of([FULL, *TICKETS])])
def test_some_rows_of_a_batch_are_a_batch(batch):
    taken = batch.take(np.array([3, 0, 3]))
    assert taken.tickets == (TICKETS[2], FULL, TICKETS[2])
    assert taken.texts("text") == ["text 2", "text", "text 2"]
    assert taken.ticket_ids == ("t2", "t1", "t2")
    assert len(batch.take(np.empty(0, np.int64))) == 0


def test_a_batch_of_no_tickets_is_empty():
    for batch in (TicketBatch.of([]), TicketBatch(table())):
        assert (len(batch), batch.tickets, batch.ticket_ids, batch.texts("text")) == (0, (), (), [])
