"""The oracle: a file of trusted labels in a reviewer's place."""

import json

import pytest

from active.review.ledger import Ledger, Review
from active.review.oracle import Oracle
from data.errors import ReviewError
from data.labels import read_labels

ROWS = [
    {"id": "1", "tone": "good", "topics": ["fees", "card"]},
    {"id": "2", "tone": "bad", "topics": []},
    {"id": "3", "tone": None, "topics": "loan"},
    {"id": "4", "tone": None, "topics": None},
]


@pytest.fixture
def oracle(tmp_path, small_schema):
    (tmp_path / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return Oracle(read_labels(tmp_path / "gold.jsonl", small_schema), small_schema, "the file")


def test_every_task_that_the_file_answers_becomes_a_review(oracle):
    assert oracle.review(["2", "1"], 3) == [
        Review("2", "tone", ("bad",), "the file", 3, "oracle"),
        Review("2", "topics", (), "the file", 3, "oracle"),
        Review("1", "tone", ("good",), "the file", 3, "oracle"),
        Review("1", "topics", ("card", "fees"), "the file", 3, "oracle"),
    ]


def test_a_task_without_an_answer_is_not_reviewed(oracle):
    assert [(review.task, review.labels) for review in oracle.review(["3"], 1)] == [("topics", ("loan",))]
    assert oracle.review(["4"], 1) == []
    assert oracle.review([], 1) == []


def test_tickets_that_it_does_not_know_are_an_error(oracle):
    assert oracle.ticket_ids == {"1", "2", "3", "4"}
    with pytest.raises(ReviewError, match="the oracle has no labels for 2 tickets: 8, 9"):
        oracle.review(["1", "8", "9"], 1)


def test_its_reviews_go_through_the_ledger_and_come_back_as_answers(oracle, tmp_path, small_schema):
    ledger = Ledger(tmp_path / "reviews.db")
    reviews = oracle.review(["1", "2", "3"], 1)
    assert (ledger.append(reviews), ledger.append(reviews)) == (5, 0)
    assert ledger.answers(small_schema, 1) == {
        "tone": {"1": (0,), "2": (1,)}, "topics": {"1": (0, 2), "2": (), "3": (1,)},
    }  # fmt: skip
