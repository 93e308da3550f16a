"""The ledger of human labels: append-only, on disk before anything else happens with them."""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from data.errors import ReviewError
from data.schema import Schema

# INSERT OR REPLACE fires no DELETE trigger; -1 is what NEW.event reads before SQLite has numbered the row.
_TABLE = """
CREATE TABLE IF NOT EXISTS reviews (
    event INTEGER PRIMARY KEY,
    ticket_id TEXT NOT NULL,
    task TEXT NOT NULL,
    label TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    time TEXT NOT NULL,
    round INTEGER NOT NULL,
    source TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS by_ticket ON reviews (ticket_id, task, reviewer);
CREATE TRIGGER IF NOT EXISTS no_update BEFORE UPDATE ON reviews
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER IF NOT EXISTS no_delete BEFORE DELETE ON reviews
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER IF NOT EXISTS no_replace BEFORE INSERT ON reviews
    WHEN NEW.event <> -1 AND NEW.event <= (SELECT MAX(event) FROM reviews)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
"""
_LATEST = """
SELECT label FROM reviews WHERE ticket_id = ? AND task = ? AND reviewer = ? ORDER BY event DESC LIMIT 1
"""
# How long a writer waits for the others, in seconds.
_PATIENCE = 30.0
_INSERT = """
INSERT INTO reviews (ticket_id, task, label, reviewer, time, round, source) VALUES (?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True)
class Review:
    """One decision of one person on one task of one ticket.

    `labels` are label names: one for a single-label task, any number for a multi-label one.
    `round` is the round that asked, 0 for labels that came before or outside any round.
    """

    ticket_id: str
    task: str
    labels: tuple[str, ...]
    reviewer: str
    round: int = 0
    source: str = "file"
    time: datetime | None = None


class Ledger:
    """`reviews.db`: SQLite in WAL mode; events are added, never changed or removed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)) as connection:
                _write_ahead(connection)
                connection.execute("PRAGMA synchronous = FULL")
                connection.executescript(_TABLE)
                yield connection
        except sqlite3.DatabaseError as error:
            raise ReviewError(f"{self._path}: the ledger cannot be read or written: {error}") from error

    def append(self, reviews: Iterable[Review]) -> int:
        """Adds decisions in one transaction, fsynced on return; returns how many were new.

        A decision equal to the same reviewer's last one on that ticket and task is not repeated, so
        appending the same reviews again changes nothing; a changed mind is a new event.
        """
        added = 0
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            for review in reviews:
                added += _add(connection, review)
            connection.execute("COMMIT")
        return added

    def events(self) -> list[Review]:
        """All decisions, oldest first."""
        if not self._path.exists():
            return []
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT ticket_id, task, label, reviewer, round, source, time FROM reviews ORDER BY event"
            ).fetchall()
        return [
            Review(
                ticket, task, tuple(json.loads(label)), reviewer, number, source, datetime.fromisoformat(time)
            )
            for ticket, task, label, reviewer, number, source, time in rows
        ]

    def answers(self, schema: Schema, up_to_round: int) -> dict[str, dict[str, tuple[int, ...]]]:
        """Task → ticket id → label ids: the last decision of rounds up to `up_to_round`.

        Raises ReviewError for a label that the schema does not know any more.
        """
        found: dict[str, dict[str, tuple[int, ...]]] = {task.name: {} for task in schema}
        for review in self.events():
            if review.round <= up_to_round and review.task in found:
                task = schema.task(review.task)
                unknown = [label for label in review.labels if label not in task.ids]
                if unknown:
                    raise ReviewError(
                        f"{self._path}: ticket '{review.ticket_id}' was labeled {unknown[0]!r}, "
                        f"which task '{task.name}' no longer has; put the label back into the schema"
                    )
                if not task.multi and len(review.labels) != 1:
                    raise ReviewError(
                        f"{self._path}: ticket '{review.ticket_id}' has {len(review.labels)} labels in task "
                        f"'{task.name}', which takes exactly one; review it again"
                    )
                found[task.name][review.ticket_id] = tuple(sorted(task.ids[label] for label in review.labels))
        return found


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turns WAL mode on; SQLite's own waiting does not cover that, when several open a new ledger at once."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _add(connection: sqlite3.Connection, review: Review) -> bool:
    label = json.dumps(sorted(review.labels))
    last = connection.execute(_LATEST, (review.ticket_id, review.task, review.reviewer)).fetchone()
    if last and last[0] == label:
        return False
    time = (review.time or datetime.now(UTC)).isoformat(timespec="seconds")
    row = (review.ticket_id, review.task, label, review.reviewer, time, review.round, review.source)
    connection.execute(_INSERT, row)
    return True
