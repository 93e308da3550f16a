"""The exploration page stands alone, escapes what customers wrote and lacks nothing that it needs."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.pages.explore import explore_page
from data.explore import explore
from data.schema import Schema, Task
from data.tickets import TICKET_TABLE

SCHEMA = Schema((Task("tone", ("good", "very_bad"), ("pleased", "displeased")),))
START = datetime(2024, 1, 1, tzinfo=UTC)
SCRIPT = "<script>alert('x')</script> no signal https://evil.example/a.js"
VOID = {"meta", "link", "br", "input", "img", "hr", "rect", "line", "path"}


class Tags(HTMLParser):
    """Checks that tags close in order, and keeps each with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def page_of(folder: Path, rows: list[dict[str, Any]], labels: Mapping[str, Any], name: str = "Volt") -> str:
    plain = {"lang": "en", "source": "twcs", "split": "train", "conversation_id": "1"}
    whole = [dict.fromkeys(TICKET_TABLE.names) | plain | {"raw_text": row["text"]} | row for row in rows]
    path = folder / "tickets.parquet"
    pq.write_table(pa.Table.from_pylist(whole, schema=TICKET_TABLE), path)
    return explore_page(explore(path, SCHEMA, labels), name)


def many(count: int, step: timedelta) -> list[dict[str, Any]]:
    return [
        {
            "ticket_id": str(i),
            "text": f"@Volt {SCRIPT} {'word ' * (i % 9)}".strip(),
            "brand": ["Volt", "<i>Tarn</i>", None][i % 3],
            "created_at": START + i * step if i % 7 else None,
            "brand_reply": "<b>sorry</b>" if i % 2 else None,
            "duplicate_of": "0" if i % 10 == 9 else None,
            "split": ["train", "validation", "test"][i % 3],
        }
        for i in range(count)
    ]


LABELS = {"tone": {str(i): (i % 2,) for i in range(60)}}


@pytest.mark.parametrize("labels", [{}, LABELS])
def test_the_page_loads_nothing_from_outside(tmp_path: Path, labels: Mapping[str, Any]) -> None:
    page = page_of(tmp_path, many(120, timedelta(hours=7)), labels)
    tags = Tags(page)
    assert not tags.open
    links = [
        value for _, attrs in tags.seen for key, value in attrs.items() if key in ("src", "href", "srcset")
    ]
    assert links and all(link and link.startswith(("#", "data:")) for link in links)
    assert not re.search(r"url\(|@import", page)
    assert not {"iframe", "object", "embed", "img", "form"} & {tag for tag, _ in tags.seen}


def test_what_customers_wrote_shows_as_text(tmp_path: Path) -> None:
    page = page_of(tmp_path, many(120, timedelta(hours=7)), LABELS, "<script>name</script>")
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in page
    assert [tag for tag, _ in Tags(page).seen].count("script") == 1
    assert not re.search(r"<(i|b)>(Tarn|sorry)", page) and "<script>name" not in page


def test_labels_have_a_table_by_split(tmp_path: Path) -> None:
    page = page_of(tmp_path, many(120, timedelta(hours=7)), LABELS)
    assert "Tone" in page and "very bad" in page and "No labels yet" not in page


def test_without_labels_the_page_says_so(tmp_path: Path) -> None:
    assert "No labels yet" in page_of(tmp_path, many(40, timedelta(hours=7)), {})


def test_an_empty_pool_has_a_page(tmp_path: Path) -> None:
    page = page_of(tmp_path, [], {})
    assert not Tags(page).open and "The pool is empty." in page and "No two tickets" in page


def test_a_pool_without_times_or_brands_has_a_page(tmp_path: Path) -> None:
    page = page_of(tmp_path, [{"ticket_id": "1", "text": "hi"}], {})
    assert not Tags(page).open and "No times" in page


@pytest.mark.parametrize(
    ("step", "unit"),
    [(timedelta(hours=7), "day"), (timedelta(days=6), "week"), (timedelta(days=60), "month")],
)
def test_long_spans_are_drawn_by_week_or_month(tmp_path: Path, step: timedelta, unit: str) -> None:
    assert f"Tickets by {unit}" in page_of(tmp_path, many(120, step), {})


def test_every_chart_has_a_name(tmp_path: Path) -> None:
    tags = Tags(page_of(tmp_path, many(120, timedelta(hours=7)), LABELS)).seen
    assert all(
        attrs.get("aria-label")
        for tag, attrs in tags
        if tag == "svg" or attrs.get("role") in ("img", "region")
    )


def test_the_same_pool_gives_the_same_page(tmp_path: Path) -> None:
    rows = many(60, timedelta(hours=7))
    assert page_of(tmp_path, rows, LABELS) == page_of(tmp_path, rows, LABELS)
