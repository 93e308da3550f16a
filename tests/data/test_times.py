"""Times in the forms in which exports hold them."""

from datetime import UTC, datetime, timedelta, timezone

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.times import parse_time

NOON = datetime(2017, 10, 31, 12, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "Tue Oct 31 12:00:05 +0000 2017",
        "Tue Oct 31 14:00:05 +0200 2017",
        "2017-10-31T12:00:05Z",
        "2017-10-31 14:00:05+02:00",
        " 2017-10-31 12:00:05.999 ",
        str(int(NOON.timestamp())),
        NOON.timestamp(),
        int(NOON.timestamp()),
        datetime(2017, 10, 31, 12, 0, 5, 7),
        NOON.astimezone(timezone(timedelta(hours=-7))),
        pd.Timestamp("2017-10-31 12:00:05.123456789"),
    ],
)
def test_one_moment_is_read_in_all_its_forms(value):
    assert parse_time(value) == NOON
    assert type(parse_time(value)) is datetime


@pytest.mark.parametrize(
    "value",
    [None, float("nan"), pd.NaT, True, [], datetime.min.replace(tzinfo=timezone(timedelta(hours=5)))],
)
def test_a_value_that_is_no_time_is_no_time(value):
    assert parse_time(value) is None


@pytest.mark.parametrize(
    "value",
    ["", "yesterday", "2017-13-01", "Tue Foo 31 12:00:05 +0000 2017", "Tue Feb 31 12:00:05 +0000 2017"],
)
def test_an_unreadable_time_is_no_time(value):
    assert parse_time(value) is None


@given(st.text() | st.integers() | st.floats() | st.datetimes(timezones=st.none() | st.timezones()))
def test_no_value_raises(value):
    time = parse_time(value)
    assert time is None or (time.tzinfo is UTC and time.microsecond == 0)
