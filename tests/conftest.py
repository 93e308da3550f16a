"""Schemas, votes and tickets that several rooms' tests share."""

import signal
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import settings

import app.cli  # noqa: F401 - sets how torch's threads wait, before torch is imported
from data.ingest import ingest
from data.schema import Schema, Task, support_schema
from data.tickets import iter_tickets

# A busy machine is no fault of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# A shell's background job ignores Ctrl-C, and so would every command that the tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

SAMPLE = Path(str(resources.files("data"))) / "sample" / "twcs.csv"


@pytest.fixture(scope="session")
def support():
    """The five tasks of the default schema."""
    return support_schema()


@pytest.fixture(scope="session")
def small_schema():
    """A single-label and a multi-label task."""
    tone = Task("tone", ("good", "bad"), ("pleased, grateful", "angry"))
    topics = Task("topics", ("card", "loan", "fees"), ("a card", "a loan", "fees"), "multi")
    return Schema((tone, topics))


@pytest.fixture(scope="session")
def schema_77():
    """One task of 77 labels, as Banking77 has."""
    labels = tuple(f"label_{i:02}" for i in range(77))
    return Schema((Task("intent", labels, labels),))


@pytest.fixture(scope="session")
def sample_tickets(tmp_path_factory):
    """149 tickets of the sample corpus, ingested: every ninth."""
    folder = tmp_path_factory.mktemp("sample")
    ingest([SAMPLE], folder / "tickets.parquet", folder / "quarantine.jsonl")
    tickets = [ticket for batch in iter_tickets(folder / "tickets.parquet") for ticket in batch]
    return tickets[::9]
