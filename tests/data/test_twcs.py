"""Threads rebuilt from twcs.csv's two link columns."""

import csv
import json
from pathlib import Path

import pytest

from data.readers import BadRow
from data.twcs import COLUMNS, is_twcs, twcs_tickets

TIME = "Tue Oct 31 22:{:02}:00 +0000 2017"
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "twcs" / "twcs.csv"


def tweet(tweet_id, author, text="hello there", responses="", parent="", minute=0):
    """One row; authors that are numbers are customers."""
    inbound = str(author).isdigit()
    return tweet_id, author, inbound, TIME.format(minute), text, responses, parent


@pytest.fixture
def read(tmp_path):
    """Writes rows as twcs.csv and gives the tickets by id, and the bad rows."""

    def from_rows(*rows, **options):
        path = tmp_path / "twcs.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([COLUMNS, *rows])
        return _sorted_out(twcs_tickets(path, **options))

    return from_rows


def _sorted_out(found):
    found = list(found)
    tickets = {row[1]["ticket_id"]: row[1] for row in found if not isinstance(row, BadRow)}
    return tickets, [row for row in found if isinstance(row, BadRow)]


def test_columns_tell_the_file_in_any_order():
    assert is_twcs(list(reversed(COLUMNS)))
    assert not is_twcs(list(COLUMNS[1:]))


def test_a_first_message_gets_its_brand_and_answer_whichever_column_links_them(read):
    by_parent, _ = read(tweet(1, 100), tweet(2, "Volt", "dm us", parent=1))
    by_response, _ = read(tweet(1, 100, responses="2"), tweet(2, "Volt", "dm us"))
    for tickets in (by_parent, by_response):
        assert list(tickets) == ["1"]
        assert (tickets["1"]["brand"], tickets["1"]["brand_reply"]) == ("Volt", "dm us")
        assert (tickets["1"]["in_reply_to"], tickets["1"]["conversation_id"]) == (None, "1")


def test_an_answer_may_stand_before_its_question_in_the_file(read):
    tickets, _ = read(tweet(2, "Volt", "dm us", parent=1), tweet(1, 100))
    assert tickets["1"]["brand_reply"] == "dm us"


def test_the_earliest_answer_of_a_brand_counts(read):
    tickets, _ = read(
        tweet(1, 100, responses="3,2,4"),
        tweet(3, "Late", "late", parent=1, minute=9),
        tweet(4, 200, "another customer", parent=1, minute=1),
        tweet(2, "Soon", "soon", parent=1, minute=5),
    )
    assert (tickets["1"]["brand"], tickets["1"]["brand_reply"]) == ("Soon", "soon")


def test_follow_ups_are_left_out_unless_asked_for_and_stay_in_their_thread(read):
    rows = (
        tweet(1, 100),
        tweet(2, "Volt", "dm us", parent=1),
        tweet(3, 100, "done", parent=2),
        tweet(4, "Volt", "thanks", parent=3),
        tweet(5, 300, "an answer to what is not in the file", parent=99),
    )
    assert list(read(*rows)[0]) == ["1"]
    tickets, _ = read(*rows, follow_ups=True)
    assert list(tickets) == ["1", "3", "5"]
    assert [ticket["conversation_id"] for ticket in tickets.values()] == ["1", "1", "5"]
    assert [ticket["in_reply_to"] for ticket in tickets.values()] == [None, "2", "99"]
    assert tickets["3"]["brand_reply"] == "thanks"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13])
def test_a_circle_of_answers_ends_and_is_one_conversation(read, size):
    circle = [tweet(i + 1, 100 + i, parent=(i + 1) % size + 1) for i in range(size)]
    tail = [tweet(50, 500, "off the circle", parent=1), tweet(51, 501, "further off", parent=50)]
    tickets, bad = read(*circle, *tail, follow_ups=True)
    assert (len(tickets), bad) == (size + 2, [])
    assert {ticket["conversation_id"] for ticket in tickets.values()} == {"1"}


def test_a_long_thread_has_one_root(read):
    tickets, _ = read(
        *(tweet(i, 100 + i, parent=i - 1 if i > 1 else "") for i in range(1, 301)), follow_ups=True
    )
    assert len(tickets) == 300
    assert {ticket["conversation_id"] for ticket in tickets.values()} == {"1"}


def test_a_tweet_that_names_itself_as_its_response_still_opens(read):
    assert list(read(tweet(1, 100, responses="1"))[0]) == ["1"]


def test_a_repeated_id_is_set_aside_and_the_first_counts(read):
    tickets, bad = read(tweet(1, 100, "first"), tweet(1, 100, "second"), tweet(2, "Volt", "dm", parent=1))
    assert (tickets["1"]["text"], tickets["1"]["brand_reply"]) == ("first", "dm")
    assert bad == [BadRow(3, "tweet_id was seen before in this file: 1", "second")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("x1", "100", "True", "", "hi", "", ""), "a tweet id is a whole number, got 'x1'"),
        (("", "100", "True", "", "hi", "", ""), "a tweet id is a whole number, got ''"),
        (("9" * 19, "100", "True", "", "hi", "", ""), f"a tweet id is a whole number, got '{'9' * 19}'"),
        (("1", "100", "maybe", "", "hi", "", ""), "inbound must be True or False, got 'maybe'"),
        (("1", "", "True", "", "hi", "", ""), "no author_id"),
        (("1", "100", "True", "", "  ", "", ""), "no text"),
        (("1", "100", "True", "", "hi", "2,b", ""), "a tweet id is a whole number, got 'b'"),
        (("1", "100", "True", "", "hi", "", "-3"), "a tweet id is a whole number, got '-3'"),
        (("1", "100"), "expected 7 fields, found 2"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_reason_and_the_rest_goes_on(read, row, reason):
    tickets, bad = read(tweet(5, 100), row, tweet(6, 100))
    assert list(tickets) == ["5", "6"]
    assert [(one.line, one.reason) for one in bad] == [(3, reason)]


def test_the_ids_of_today_are_read(read):
    tickets, _ = read(tweet(1_950_000_000_000_000_001, 100), tweet("7.0", 100))
    assert list(tickets) == ["1950000000000000001", "7"]


def test_a_json_row_without_a_field_is_set_aside(tmp_path):
    whole = dict(zip(COLUMNS, tweet(1, 100), strict=True))
    lines = [whole] + [{key: whole[key] for key in COLUMNS if key != missing} for missing in COLUMNS]
    path = tmp_path / "twcs.jsonl"
    path.write_text(
        "\n".join(
            json.dumps(line | {"tweet_id": i} if "tweet_id" in line else line) for i, line in enumerate(lines)
        )
    )
    tickets, bad = _sorted_out(twcs_tickets(path))
    assert [one.reason for one in bad] == [
        "a tweet id is a whole number, got ''",
        "no author_id",
        "inbound must be True or False, got None",
        "no text",
    ]
    assert len(tickets) == 4


def test_a_file_of_nothing_but_its_header_has_no_tickets(read):
    assert read() == ({}, [])


@pytest.mark.skipif(not REAL.is_file(), reason=f"the head of Kaggle's twcs.csv is not at {REAL}")
def test_the_real_file_gives_first_messages_with_their_brands():
    tickets, bad = _sorted_out(twcs_tickets(REAL))
    assert len(tickets) > 1000
    assert [one.line for one in bad] == [2519]  # a row of seven empty fields
    answered = [ticket for ticket in tickets.values() if ticket["brand_reply"]]
    assert len(answered) > 0.8 * len(tickets)
    assert not any(ticket["brand"].isdigit() for ticket in answered)
