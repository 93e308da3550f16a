"""The figures of an exploration, counted by hand on six tickets."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import explore as module
from data.errors import IngestError
from data.explore import Count, Exploration, Labels, explore, log_odds, terms_of
from data.schema import Schema, Task
from data.tickets import TICKET_TABLE

TONE = Task("tone", ("good", "bad"), ("pleased", "displeased"))
TOPIC = Task("topic", ("app", "bill", "shop"), ("the app", "the bill", "the shop"), "multi")
SCHEMA = Schema((TONE, TOPIC))
MONDAY = datetime(2024, 1, 1, 9, 30, tzinfo=UTC)
WEDNESDAY = datetime(2024, 1, 3, 23, 59, tzinfo=UTC)
ROWS: list[dict[str, Any]] = [
    {
        "ticket_id": "a",
        "text": "@Volt no signal 👍🏽 👍",
        "brand": "Volt",
        "created_at": MONDAY,
        "brand_reply": "Sorry",
    },
    {"ticket_id": "b", "text": "@Volt no signal", "brand": "Volt", "created_at": MONDAY, "duplicate_of": "a"},
    {
        "ticket_id": "c",
        "text": "@Volt NO signal!",
        "brand": "Volt",
        "created_at": WEDNESDAY,
        "duplicate_of": "a",
    },
    {"ticket_id": "d", "text": "@Tarn my card #Fail #fail", "brand": "Tarn", "split": "test"},
    {"ticket_id": "e", "text": "hola", "lang": "es", "split": "validation"},
    {"ticket_id": "f", "text": "❤", "brand": "Acme", "lang": "und", "source": "mail"},
]
LABELS: Labels = {"tone": {"a": (1,), "d": (0,), "gone": (1,)}, "topic": {"a": (0, 1), "e": ()}}


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    plain = {"lang": "en", "source": "twcs", "split": "train"}
    whole = [
        dict.fromkeys(TICKET_TABLE.names)
        | plain
        | {"raw_text": row["text"], "conversation_id": row["ticket_id"]}
        | row
        for row in rows
    ]
    pq.write_table(pa.Table.from_pylist(whole, schema=TICKET_TABLE), path)
    return path


@pytest.fixture
def found(tmp_path: Path) -> Exploration:
    return explore(write(tmp_path / "tickets.parquet", ROWS), SCHEMA, LABELS)


def test_totals_count_each_ticket_once(found: Exploration) -> None:
    t = found.totals
    assert (t.tickets, t.brands, t.without_brand, t.answered) == (6, 3, 1, 1)
    assert (t.duplicates, t.duplicate_groups, t.languages, t.without_time) == (2, 1, 2, 3)
    assert (t.with_emoji, t.with_hashtag, t.labeled, t.labeled_elsewhere) == (2, 1, 3, 1)
    assert (t.first, t.last) == (MONDAY, WEDNESDAY)


def test_brands_run_from_most_to_least_with_equals_by_name(found: Exploration) -> None:
    assert [(b.name, b.tickets, b.answered, b.median_words) for b in found.brands] == [
        ("Volt", 3, 1, 3),
        ("Acme", 1, 0, 1),
        ("Tarn", 1, 0, 5),
    ]
    assert found.other_brands is None


def test_brands_beyond_the_top_make_one_row(tmp_path: Path) -> None:
    rows = [{"ticket_id": str(i), "text": "hi", "brand": f"b{i:02}", "brand_reply": "yes"} for i in range(23)]
    found = explore(write(tmp_path / "tickets.parquet", rows), SCHEMA, {})
    other = found.other_brands
    assert len(found.brands) == 20 and other is not None
    assert (other.name, other.tickets, other.answered) == ("3 other brands", 3, 3)


def test_sources_languages_splits_and_days_are_counted(found: Exploration) -> None:
    assert found.sources == (Count("twcs", 5), Count("mail", 1))
    assert found.languages == (Count("en", 4), Count("es", 1), Count("und", 1))
    assert found.splits == (Count("train", 4), Count("validation", 1), Count("test", 1))
    assert found.days == (Count("2024-01-01", 2), Count("2024-01-03", 1))


def test_hours_are_in_utc_with_monday_first(found: Exploration) -> None:
    hours = np.array(found.hours)
    assert hours.shape == (7, 24) and hours.sum() == 3
    assert (hours[0, 9], hours[2, 23]) == (2, 1)


def test_lengths_are_in_characters_and_words(found: Exploration) -> None:
    assert (found.words.median, found.words.longest, found.characters.longest) == (3, 5, 25)
    assert found.words.bins == ((0, 1, 0), (1, 2, 2), (2, 3, 0), (3, 4, 2), (4, 5, 0), (5, None, 2))
    assert sum(n for _, _, n in found.characters.bins) == 6


def test_an_emoji_counts_once_a_ticket_whatever_its_skin_tone(found: Exploration) -> None:
    assert set(found.emoji) == {Count("👍", 1), Count("❤", 1)}
    assert found.hashtags == (Count("#fail", 1),)


def test_a_duplicate_group_counts_its_first_ticket_and_shows_its_text(found: Exploration) -> None:
    (group,) = found.duplicates
    assert (group.ticket_id, group.tickets, group.text, group.brand) == ("a", 3, ROWS[0]["text"], "Volt")


def test_label_balance_is_told_by_split(found: Exploration) -> None:
    tone, topic = found.balance
    assert tone.labeled == {"train": 1, "validation": 0, "test": 1}
    assert tone.counts == {"train": (0, 1), "validation": (0, 0), "test": (1, 0)}
    assert topic.multi and topic.labeled == {"train": 1, "validation": 1, "test": 0}
    assert topic.counts["train"] == (1, 1, 0) and topic.counts["validation"] == (0, 0, 0)


def test_samples_carry_their_label_names(found: Exploration) -> None:
    assert [sample.ticket.ticket_id for sample in found.samples] == list("abcdef")
    assert found.samples[0].labels == {"tone": ("bad",), "topic": ("app", "bill")}
    assert found.samples[4].labels == {"topic": ()}


def test_typical_terms_tell_brands_apart_and_leave_out_stop_words(tmp_path: Path) -> None:
    rows = [
        {"ticket_id": f"{brand}{i}", "text": f"@{brand} the {noun} is {word}", "brand": brand}
        for brand, noun in (("Volt", "signal"), ("Tarn", "card"))
        for i, word in enumerate(["late", "old", "dead", "lost"] * 10)
    ]
    found = explore(write(tmp_path / "tickets.parquet", rows), SCHEMA, {})
    terms = {group.name: [term for term, _, _ in group.terms] for group in found.terms}
    assert found.terms_by == "brand"
    assert "signal" in terms["Volt"][0] and "card" in terms["Tarn"][0]
    assert not {"the", "is", "late", "volt", "tarn"} & {*terms["Volt"], *terms["Tarn"]}


def test_log_odds_are_zero_for_a_term_spread_evenly() -> None:
    z = log_odds(np.array([50, 30, 20]), np.array([100, 30, 70]))
    assert z[0] == pytest.approx(0, abs=1e-9) and z[1] > 2 and z[2] < 0


def test_pairs_of_words_do_not_reach_over_handles_or_marks() -> None:
    assert terms_of("no @Volt signal, won't work #fail http") == {
        "no",
        "signal",
        "won't",
        "work",
        "won't work",
    }


def test_batches_do_not_change_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "tickets.parquet", ROWS)
    whole = explore(path, SCHEMA, LABELS)
    monkeypatch.setattr(module, "BATCH", 1)
    assert explore(path, SCHEMA, LABELS) == whole


@pytest.mark.parametrize("labels", [{}, LABELS])
def test_an_empty_pool_explores_to_nothing(tmp_path: Path, labels: Labels) -> None:
    found = explore(write(tmp_path / "tickets.parquet", []), SCHEMA, labels)
    assert (found.totals.tickets, found.brands, found.balance, found.words.longest) == (0, (), (), 0)


def test_a_missing_pool_is_an_ingest_error(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="no tickets yet"):
        explore(tmp_path / "tickets.parquet", SCHEMA, {})


def test_the_dict_survives_json(found: Exploration) -> None:
    plain = found.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["totals"]["first"] == "2024-01-01T09:30:00+00:00"
