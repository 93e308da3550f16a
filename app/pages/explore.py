"""The exploration page: what a pool holds, told to those who run support."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from app.pages import number, percent, render, words
from data.explore import TERM_TICKETS, Balance, Count, Exploration, Lengths

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CODES = """en=English es=Spanish fr=French de=German pt=Portuguese it=Italian nl=Dutch ja=Japanese
tr=Turkish id=Indonesian hi=Hindi ar=Arabic ru=Russian pl=Polish sv=Swedish da=Danish ko=Korean zh=Chinese
und=undetermined"""
LANGUAGES = dict(pair.split("=") for pair in _CODES.split())
MOST_POINTS, MOST_LANGUAGES, TAIL = 200, 9, 0.005
LEAST_TICKETS, FEW_LABELS, LEAST_TERMS = 30, 5, 3


def explore_page(exploration: Exploration, project_name: str) -> str:
    """The page as one self-contained HTML document; texts of tickets are escaped."""
    e, t = exploration, exploration.totals
    return render(
        "explore.html",
        project=project_name,
        e=e,
        subtitle=_subtitle(e),
        tiles=_tiles(e),
        facts=[*_volume_facts(e), *_brand_facts(e), *_text_facts(e), *_label_facts(e)],
        timeline=_timeline(e),
        weekdays=[day[:3] for day in WEEKDAYS],
        hour_tips=[
            [_hour_tip(day, hour, n) for hour, n in enumerate(row)] for day, row in zip(WEEKDAYS, e.hours)
        ],
        splits=[{"label": count.name, "value": count.tickets} for count in e.splits],
        languages=_bars(_top(e.languages, MOST_LANGUAGES), t.tickets, LANGUAGES),
        sources=_bars(_top(e.sources, MOST_LANGUAGES), t.tickets, {}),
        lengths=[_length_chart("characters", e.characters), _length_chart("words", e.words)],
        emoji_note=_marks_note(t.with_emoji, t.tickets, "an emoji"),
        hashtag_note=_marks_note(t.with_hashtag, t.tickets, "a hashtag"),
        repeats_note=_repeats_note(e),
        telling=[group for group in e.terms if len(group.terms) >= LEAST_TERMS],
        quiet=[group.name for group in e.terms if len(group.terms) < LEAST_TERMS],
        sampled=t.tickets > TERM_TICKETS,
        balance=[_balance(balance) for balance in e.balance],
        labels_note=_labels_note(e),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _subtitle(e: Exploration) -> str:
    first, last = e.totals.first, e.totals.last
    when = f", {_day(first)} to {_day(last)} (UTC)" if first and last else ""
    return f"{number(e.totals.tickets)} tickets to {number(e.totals.brands)} brands{when}"


def _tiles(e: Exploration) -> list[dict[str, str]]:
    t = e.totals
    figures = [
        ("Tickets", number(t.tickets), f"median {e.words.median} words"),
        ("Brands", number(t.brands), f"{number(t.without_brand)} tickets name none"),
        ("Answered", percent(_share(t.answered, t.tickets)), f"{number(t.answered)} with a reply"),
        ("Repeats", percent(_share(t.duplicates, t.tickets)), f"{number(t.duplicates)} tickets"),
        ("Languages", number(t.languages), _language_note(e)),
        (
            "Labeled",
            number(t.labeled),
            f"{percent(_share(t.labeled, t.tickets))} of the pool" if t.labeled else "none yet",
        ),
    ]
    return [{"label": label, "value": value, "note": note} for label, value, note in figures]


def _language_note(e: Exploration) -> str:
    if not e.languages:
        return ""
    top = e.languages[0]
    return f"{percent(_share(top.tickets, e.totals.tickets))} {LANGUAGES.get(top.name, top.name)}"


def _fact(text: str, warn: bool = False) -> dict[str, Any]:
    return {"text": text, "warn": warn}


def _volume_facts(e: Exploration) -> Iterator[dict[str, Any]]:
    timed = e.totals.tickets - e.totals.without_time
    if not timed:
        return
    peak, day, hour = max((n, -d, -h) for d, row in enumerate(e.hours) for h, n in enumerate(row))
    yield _fact(
        f"The busiest hour is {WEEKDAYS[-day]} {-hour:02d}:00 to {-hour:02d}:59 UTC, "
        f"with {percent(peak / timed)} of the tickets with a time (an even spread would be 0.6%)."
    )
    if e.totals.without_time:
        missing = _share(e.totals.without_time, e.totals.tickets)
        yield _fact(
            f"{percent(missing)} of the tickets have no time: charts over time show the rest.", missing > 0.05
        )


def _brand_facts(e: Exploration) -> Iterator[dict[str, Any]]:
    if not e.brands:
        return
    top = _share(e.brands[0].tickets, e.totals.tickets)
    if top > 0.4:
        yield _fact(
            f"{e.brands[0].name} alone is {percent(top)} of the pool; its customers' words will weigh most.",
            True,
        )
    else:
        three = _share(sum(brand.tickets for brand in e.brands[:3]), e.totals.tickets)
        yield _fact(f"The three largest brands hold {percent(three)} of the tickets.")
    large = [brand for brand in e.brands if brand.tickets >= LEAST_TICKETS]
    rates = sorted((_share(brand.answered, brand.tickets), brand.name) for brand in large)
    if len(rates) > 1 and rates[0][0] < rates[-1][0]:
        (low, least), (high, most) = rates[0], rates[-1]
        yield _fact(f"{most} is answered most often ({percent(high)}), {least} least ({percent(low)}).")


def _text_facts(e: Exploration) -> Iterator[dict[str, Any]]:
    t = e.totals
    foreign = t.tickets - sum(count.tickets for count in e.languages if count.name in ("en", "und"))
    if foreign and e.languages[0].name == "en":
        yield _fact(
            f"{percent(_share(foreign, t.tickets))} of the tickets are not in English ({number(foreign)})."
        )
    if t.duplicates:
        largest = e.duplicates[0].tickets
        yield _fact(
            f"{number(t.duplicates)} tickets repeat an earlier one; the largest group has {number(largest)}."
        )


def _label_facts(e: Exploration) -> Iterator[dict[str, Any]]:
    if e.totals.labeled_elsewhere:
        yield _fact(f"{number(e.totals.labeled_elsewhere)} labeled tickets are not in this pool.", True)
    for balance in e.balance:
        few = [label for label, n in zip(balance.labels, balance.counts["test"]) if n < FEW_LABELS]
        if balance.labeled["test"] and few:
            named = ", ".join(words(label) for label in few[:4]) + (
                f" and {len(few) - 4} more" if len(few) > 4 else ""
            )
            verb = "has" if len(few) == 1 else "have"
            text = (
                f"In {words(balance.task)}, {named} {verb} fewer than {FEW_LABELS} labels in the test split"
            )
            yield _fact(f"{text}: scores for {'it' if len(few) == 1 else 'them'} would be chance.", True)


def _hour_tip(day: str, hour: int, tickets: int) -> str:
    return f"{day} {hour:02d}:00 UTC: {number(tickets)} tickets"


def _top(counts: Sequence[Count], most: int) -> list[Count]:
    """The largest, and all further ones as one."""
    rest = counts[most:]
    others = [Count(f"{len(rest)} others", sum(count.tickets for count in rest))] if rest else []
    return [*counts[:most], *others]


def _bars(counts: Sequence[Count], total: int, names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "label": names.get(count.name, count.name),
            "value": count.tickets,
            "note": percent(count.tickets / total),
        }
        for count in counts
    ]


def _timeline(e: Exploration) -> dict[str, Any] | None:
    """Tickets by day, or by week or month where days are too many; sparse tails are left out."""
    if not e.days:
        return None
    counts = {date.fromisoformat(count.name): count.tickets for count in e.days}
    first, last = _window(counts)
    unit, starts = next(
        (u, s)
        for u in ("day", "week", "month")
        if len(s := _starts(first, last, u)) <= MOST_POINTS or u == "month"
    )
    sums = dict.fromkeys(starts, 0)
    for day, tickets in counts.items():
        if first <= day <= last:
            sums[_start(day, unit)] += tickets
    marks = starts[:: max(1, -(-len(starts) // 6))]
    outside = sum(n for day, n in counts.items() if not first <= day <= last)
    return {
        "unit": unit,
        "x": [start.toordinal() for start in starts],
        "series": [{"name": "tickets", "y": [sums[start] for start in starts]}],
        "x_labels": [
            {"x": start.toordinal(), "text": f"{start.day} {start:%b}" if unit == "day" else f"{start:%b %Y}"}
            for start in marks
        ],
        "tips": [
            f"{unit} of {_day(start)}" if unit != "day" else f"{start:%A} {_day(start)}" for start in starts
        ],
        "note": f"{number(outside)} tickets before {_day(first)} or after {_day(last)} are not drawn."
        if outside
        else "",
    }


def _window(counts: dict[date, int]) -> tuple[date, date]:
    """First and last day to draw: all, or the middle 99 % where the whole would be a long thin tail."""
    days = sorted(counts)
    if (days[-1] - days[0]).days <= MOST_POINTS:
        return days[0], days[-1]
    reached = list(accumulate(counts[day] for day in days))
    low, high = TAIL * reached[-1], (1 - TAIL) * reached[-1]
    return (
        next(day for day, n in zip(days, reached) if n > low),
        next(day for day, n in zip(days, reached) if n >= high),
    )


def _start(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(day.weekday())
    return day.replace(day=1) if unit == "month" else day


def _starts(first: date, last: date, unit: str) -> list[date]:
    days = (first + timedelta(i) for i in range((last - first).days + 1))
    return sorted({_start(day, unit) for day in days})


def _length_chart(unit: str, lengths: Lengths) -> dict[str, Any]:
    bins = [
        {"label": str(low), "value": n, "tip": _bin_tip(low, high, n, unit)} for low, high, n in lengths.bins
    ]
    half = f"Half have {lengths.median} or fewer, nine in ten {lengths.p90} or fewer"
    note = f"{half}; the longest has {number(lengths.longest)}."
    return {"unit": unit, "bins": bins, "note": note, "every": max(1, -(-len(bins) // 8))}


def _bin_tip(low: int, high: int | None, tickets: int, unit: str) -> str:
    reach = f"{low} to {high - 1}" if high else f"{low} or more"
    return f"{reach} {unit}: {number(tickets)} tickets"


def _marks_note(having: int, total: int, what: str) -> str:
    share = percent(_share(having, total))
    return f"{share} of the tickets ({number(having)}) hold {what}; the most frequent, by tickets."


def _repeats_note(e: Exploration) -> str:
    t = e.totals
    if not t.duplicates:
        return "No two tickets say the same."
    groups = f"in {number(t.duplicate_groups)} groups"
    return f"{number(t.duplicates)} tickets say the same as an earlier one, or nearly, {groups}."


def _labels_note(e: Exploration) -> str:
    return (
        f"{number(e.totals.labeled)} tickets have a label in one task or more. Columns are shares of a "
        f"split's labeled tickets; a share that rests on fewer than {FEW_LABELS} tickets is marked."
    )


def _balance(balance: Balance) -> dict[str, Any]:
    """One task's rows; of a multi-label task shares may add up to more than 1."""
    splits = [split for split, labeled in balance.labeled.items() if labeled]
    total = sum(balance.labeled.values())
    sums = [sum(column) for column in zip(*balance.counts.values())]
    kind = "any number of labels a ticket" if balance.multi else "one label a ticket"
    return {
        "name": words(balance.task).capitalize(),
        "note": f"{number(total)} labeled tickets, {kind}",
        "splits": [{"name": split, "labeled": balance.labeled[split]} for split in splits],
        "rows": [
            {
                "label": label,
                "tickets": sums[i],
                "bar": _share(sums[i], max(sums)),
                "share": _share(sums[i], total),
                "cells": [_cell(balance.counts[split][i], balance.labeled[split]) for split in splits],
            }
            for i, label in enumerate(balance.labels)
        ],
    }


def _cell(tickets: int, labeled: int) -> dict[str, Any]:
    return {"tickets": tickets, "share": tickets / labeled, "few": tickets < FEW_LABELS}
