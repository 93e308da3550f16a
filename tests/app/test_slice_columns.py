"""What tickets can be sliced by: out of the file of labels, the pool, or the text."""

import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.slice_columns import slice_columns
from data.tickets import TICKET_TABLE

WORDS = "my parcel has not come and nobody answers the phone"


def ticket(ticket_id, **fields):
    plain = {
        "raw_text": "",
        "text": "",
        "conversation_id": "1",
        "lang": "en",
        "source": "twcs",
        "split": "train",
    }
    return dict.fromkeys(TICKET_TABLE.names) | plain | {"ticket_id": ticket_id} | fields


@pytest.fixture
def pool(tmp_path):
    rows = [
        ticket("1", brand="Volt", created_at=datetime(2024, 1, 1, 13, 59, tzinfo=UTC)),
        ticket("2", lang="es", source="mail"),
        ticket("other", brand="Acme"),
    ]
    pq.write_table(pa.Table.from_pylist(rows, TICKET_TABLE), tmp_path / "tickets.parquet")
    return tmp_path / "tickets.parquet"


def test_the_pool_tells_of_its_tickets(pool):
    found = slice_columns(pool, ["1", "2"], [WORDS, WORDS], None)
    assert found["brand"] == ["Volt", None]
    assert found["source"] == ["twcs", "mail"]
    assert found["hour"] == ["12–17 h", None]
    assert found["language"] == ["en", "es"]


def test_a_ticket_outside_the_pool_is_told_by_its_text(pool):
    found = slice_columns(pool, ["9"], [f"@VoltMobile {WORDS}"], None)
    assert found == {"brand": ["VoltMobile"], "length": ["11–20 words"], "language": ["en"]}


def test_the_file_of_labels_counts_before_the_pool(pool, tmp_path):
    file = tmp_path / "gold.jsonl"
    rows = [
        {"id": 1, "channel": "chat", "company": "Tarn", "date": None},
        {"id": 2, "date": "2024-01-01T03:00:00"},
    ]
    file.write_text("\n".join(map(json.dumps, rows)))
    found = slice_columns(pool, ["1", "2"], [WORDS, WORDS], file)
    assert (found["source"], found["brand"]) == (["chat", "mail"], ["Tarn", None])
    assert found["hour"] == ["12–17 h", "00–05 h"]


@pytest.mark.parametrize(
    ("words", "length"),
    [
        (0, "1–10 words"),
        (10, "1–10 words"),
        (11, "11–20 words"),
        (30, "21–30 words"),
        (31, "31 words or more"),
    ],
)
def test_lengths_are_counted_in_words(pool, words, length):
    assert slice_columns(pool, ["9"], ["word " * words], None)["length"] == [length]


def test_a_time_that_cannot_be_read_is_none(pool, tmp_path):
    file = tmp_path / "gold.csv"
    file.write_text("id,time\n1,yesterday\n9,yesterday\n")
    assert "hour" not in slice_columns(pool, ["9"], [WORDS], file)
