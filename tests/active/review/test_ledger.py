"""The ledger of human labels: nothing acknowledged is ever lost or changed."""

import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from active.review.ledger import Ledger, Review
from data.errors import ReviewError
from data.schema import Schema, Task

HOUSE = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "reviews.db"


@pytest.fixture
def ledger(path):
    return Ledger(path)


def tone(ticket_id, *labels, reviewer="ann", round=0):
    return Review(ticket_id, "tone", labels, reviewer, round)


def test_events_come_back_as_they_went_oldest_first(ledger):
    at = datetime(2024, 2, 29, 12, 30, 5, tzinfo=UTC)
    reviews = [
        Review("2", "tone", ("good",), "ann", 1, "argilla", at),
        Review("1", "topics", ("card", "fees"), "bob ü", 2, "file", at),
        Review("1", "topics", (), "ann", 0, "file", at),
    ]
    assert ledger.append(reviews) == 3
    assert ledger.events() == reviews
    assert Ledger(ledger._path).events() == reviews


def test_a_review_without_a_time_gets_the_time_of_its_append(ledger):
    before = datetime.now(UTC).replace(microsecond=0)
    ledger.append([tone("1", "good")])
    assert before <= ledger.events()[0].time <= datetime.now(UTC)


def test_a_ledger_that_was_never_written_is_empty_and_stays_unwritten(ledger, path, small_schema):
    assert ledger.events() == []
    assert ledger.answers(small_schema, 9) == {"tone": {}, "topics": {}}
    assert not path.exists()


def test_appending_the_same_reviews_again_adds_nothing(ledger):
    reviews = [tone("1", "good"), tone("2", "bad"), tone("1", "good", reviewer="bob")]
    assert ledger.append(reviews) == 3
    assert ledger.append(reviews) == 0
    assert ledger.append([*reviews, tone("3", "bad")]) == 1
    assert len(ledger.events()) == 4


def test_a_changed_mind_and_back_is_three_events(ledger, small_schema):
    added = [ledger.append([tone("1", label)]) for label in ("good", "bad", "bad", "good")]
    assert added == [1, 1, 0, 1]
    assert [event.labels for event in ledger.events()] == [("good",), ("bad",), ("good",)]
    assert ledger.answers(small_schema, 0)["tone"] == {"1": (0,)}


def test_a_changed_mind_within_one_append_counts_too(ledger):
    assert ledger.append([tone("1", "good"), tone("1", "bad"), tone("1", "good")]) == 3


def test_answers_are_the_last_decision_of_rounds_up_to_one(ledger, small_schema):
    ledger.append([tone("1", "good", round=0), tone("2", "bad", round=1), tone("1", "bad", round=2)])
    ledger.append([Review("1", "topics", ("fees", "card"), "ann", 1), Review("2", "topics", (), "ann", 1)])
    assert ledger.answers(small_schema, 0) == {"tone": {"1": (0,)}, "topics": {}}
    assert ledger.answers(small_schema, 1)["tone"] == {"1": (0,), "2": (1,)}
    assert ledger.answers(small_schema, 2)["tone"] == {"1": (1,), "2": (1,)}
    assert {i: set(answer) for i, answer in ledger.answers(small_schema, 1)["topics"].items()} == {
        "1": {0, 2}, "2": set(),
    }  # fmt: skip


def test_a_label_that_the_schema_no_longer_has_is_a_clear_error(ledger, small_schema):
    ledger.append([tone("7", "furious", round=2)])
    assert ledger.answers(small_schema, 1)["tone"] == {}
    with pytest.raises(
        ReviewError, match=r"ticket '7' was labeled 'furious', which task 'tone' no longer has; put"
    ):
        ledger.answers(small_schema, 2)


def test_a_task_that_the_schema_no_longer_has_is_left_alone(ledger):
    ledger.append([tone("1", "good")])
    assert ledger.answers(Schema((Task("other", ("a", "b"), ("", "")),)), 9) == {"other": {}}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reviews SET label = '[\"bad\"]'",
        "UPDATE reviews SET event = 99 WHERE event = 1",
        "DELETE FROM reviews",
        "DELETE FROM reviews WHERE event = 1",
        "INSERT OR REPLACE INTO reviews VALUES (1, '1', 'tone', '[\"bad\"]', 'eve', '', 0, '')",
        "REPLACE INTO reviews VALUES (2, '1', 'tone', '[\"bad\"]', 'eve', '', 0, '')",
        "INSERT INTO reviews VALUES (0, '1', 'tone', '[\"bad\"]', 'eve', '', 0, '')",
        "INSERT INTO reviews VALUES (1, '1', 'x', '', 'eve', '', 0, '') ON CONFLICT DO UPDATE SET label = ''",
    ],
)
def test_sqlite_itself_refuses_to_change_remove_or_slip_in_events(ledger, path, statement):
    ledger.append([tone("1", "good"), tone("2", "bad")])
    before = ledger.events()
    with closing(sqlite3.connect(path)) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
        connection.commit()
    assert ledger.events() == before
    assert ledger.append([tone("3", "bad")]) == 1


def test_an_append_that_fails_halfway_adds_nothing(ledger):
    ledger.append([tone("0", "good")])

    def reviews():
        yield tone("1", "good")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ledger.append(reviews())
    with pytest.raises(ReviewError, match="NOT NULL"):
        ledger.append([tone("2", "good"), tone(None, "good")])
    assert [event.ticket_id for event in ledger.events()] == ["0"]


def test_a_file_that_is_no_ledger_is_a_clear_error(path, ledger):
    path.write_bytes(b"not a database, but long enough to be read as one" * 100)
    for act in (ledger.events, lambda: ledger.append([tone("1", "good")])):
        with pytest.raises(ReviewError, match=r"reviews.db: the ledger cannot be read or written"):
            act()


# Several processes, and processes that die

LOOP = """
import os, sys
from pathlib import Path
from active.review.ledger import Ledger, Review

path, who, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
ledger = Ledger(path)
os.write(1, b"ready\\n")
sys.stdin.readline()
for i in range(count):
    ledger.append([Review(f"{who}-{i}-{part}", "tone", ("good",), who) for part in range(3)])
    os.write(1, b"%d\\n" % i)
"""


def appender(path, who, count):
    """A process that appends three reviews at a time, and says so, once it is told to begin."""
    process = subprocess.Popen(
        [sys.executable, "-c", LOOP, str(path), who, str(count)],
        cwd=HOUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n"
    return process


def begin(process):
    process.stdin.write("\n")
    process.stdin.flush()


def check_integrity(path):
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_two_processes_that_append_at_once_to_a_new_ledger_lose_nothing(tmp_path):
    for trial in range(2):
        path = tmp_path / f"{trial}.db"
        processes = [appender(path, who, 60) for who in ("ann", "bob")]
        for process in processes:
            begin(process)
        for process in processes:
            process.communicate()
            assert process.returncode == 0
        found = [event.ticket_id for event in Ledger(path).events()]
        assert len(found) == 2 * 60 * 3
        assert set(found) == {
            f"{who}-{i}-{part}" for who in ("ann", "bob") for i in range(60) for part in range(3)
        }
        check_integrity(path)


def test_threads_of_one_process_share_a_ledger(ledger):
    threads = [
        threading.Thread(
            target=lambda who=who: [ledger.append([tone(f"{who}-{i}", "good")]) for i in range(10)]
        )
        for who in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ledger.events()) == 40


def test_many_that_open_a_new_ledger_in_the_same_moment_all_write(tmp_path):
    def write(path, who, start):
        start.wait()
        Ledger(path).append([tone(f"{who}", "good")])

    for trial in range(100):
        path, start = tmp_path / f"{trial}.db", threading.Barrier(8)
        threads = [threading.Thread(target=write, args=(path, who, start)) for who in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(Ledger(path).events()) == 8


def test_every_acknowledged_review_survives_a_process_that_is_killed(path):
    chance = random.Random(os.getpid())
    acknowledged = set()
    for trial in range(10):
        process = appender(path, f"p{trial}", 10**6)
        begin(process)
        time.sleep(chance.uniform(0, 0.25))
        process.kill()
        output, _ = process.communicate()
        # A last line without its end was not said.
        done = output[: output.rfind("\n") + 1].split()
        acknowledged |= {f"p{trial}-{i}-{part}" for i in done for part in range(3)}
        found = [event.ticket_id for event in Ledger(path).events()] if path.exists() else []
        assert acknowledged <= set(found)
        assert len(found) == len(set(found))
        assert len(found) % 3 == 0, "an append is whole or absent"
    check_integrity(path)
    assert acknowledged
