"""Reading times as they are found in exports of tweets and tickets."""

import re
from datetime import UTC, datetime

_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MONTHS = {name: month for month, name in enumerate(_NAMES, 1)}
_TWITTER = re.compile(r"\w{3} (\w{3}) (\d{2}) (\d{2}):(\d{2}):(\d{2}) ([+-]\d{4}) (\d{4})")


def parse_time(value: object) -> datetime | None:
    """A time in UTC; None for a missing or unreadable one.

    Read are Twitter's own form ("Tue Oct 31 22:10:47 +0000 2017"), ISO 8601 and Unix seconds. A
    time without a zone counts as UTC.

    >>> parse_time("Tue Oct 31 22:10:47 +0000 2017")
    datetime.datetime(2017, 10, 31, 22, 10, 47, tzinfo=datetime.timezone.utc)
    """
    try:
        return _utc(value) if isinstance(value, datetime) else _parse_text(str(value).strip())
    except (ValueError, OverflowError, OSError):
        return None


def _parse_text(text: str) -> datetime | None:
    match = _TWITTER.fullmatch(text)
    if match and match[1] in _MONTHS:
        month, day, hour, minute, second, zone, year = match.groups()
        if zone == "+0000":
            clock = (int(hour), int(minute), int(second))
            return datetime(int(year), _MONTHS[month], int(day), *clock, tzinfo=UTC)
        return _utc(datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y"))
    if re.fullmatch(r"\d{9,10}(\.\d+)?", text):
        return datetime.fromtimestamp(float(text), UTC)
    return _utc(datetime.fromisoformat(text))


def _utc(time: datetime) -> datetime:
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    # Built anew, because pandas' own datetimes hold nanoseconds, which the pool's table refuses.
    return datetime(*time.astimezone(UTC).timetuple()[:6], tzinfo=UTC)
