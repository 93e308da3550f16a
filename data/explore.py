"""Exploration: what a pool of tickets holds, counted while its Parquet file streams by."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.language import UNDETERMINED
from data.schema import Schema, Task
from data.splits import SPLITS
from data.tickets import TICKET_TABLE, Ticket, open_tickets

BATCH = 16384
TOP_BRANDS, TOP_MARKS, TOP_DUPLICATES, SAMPLES = 20, 20, 8, 12
TERM_GROUPS, TERMS, TERM_TICKETS = 12, 10, 60_000
LEAST_GROUP, LEAST_TICKETS = 30, 5
SIGNIFICANT = 2.58  # two-sided 99 % of a standard normal z-score
HISTOGRAM_BINS = 28

Labels = Mapping[str, Mapping[str, tuple[int, ...]]]


@dataclass(frozen=True)
class Totals:
    """The pool in figures; `first` and `last` are None where no ticket has a time."""

    tickets: int
    brands: int
    without_brand: int
    answered: int
    duplicates: int
    duplicate_groups: int
    languages: int
    without_time: int
    with_emoji: int
    with_hashtag: int
    labeled: int
    labeled_elsewhere: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class Count:
    """How many tickets have one value; a day is an ISO date."""

    name: str
    tickets: int


@dataclass(frozen=True)
class BrandVolume:
    """One brand's tickets; `answered` have the brand's reply, `median_words` is of their texts."""

    name: str
    tickets: int
    answered: int
    median_words: int


@dataclass(frozen=True)
class Lengths:
    """Text lengths; `bins` are [low, high) and the last one, whose high is None, holds all above."""

    median: int
    p90: int
    longest: int
    bins: tuple[tuple[int, int | None, int], ...]


@dataclass(frozen=True)
class DuplicateGroup:
    """Tickets that say the same: `tickets` counts the first of them, whose text is the example."""

    ticket_id: str
    tickets: int
    text: str
    brand: str | None


@dataclass(frozen=True)
class GroupTerms:
    """What one brand's (or source's) tickets say more than the rest: (term, tickets, z-score)."""

    name: str
    tickets: int
    terms: tuple[tuple[str, int, float], ...]


@dataclass(frozen=True)
class Balance:
    """One task's labels: `counts[split][label_id]` tickets, `labeled[split]` tickets with an answer."""

    task: str
    multi: bool
    labels: tuple[str, ...]
    labeled: Mapping[str, int]
    counts: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Sample:
    """One ticket as it is, with its label names by task."""

    ticket: Ticket
    labels: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Exploration:
    """What a pool holds. Counts run from most to least, days in order.

    `brands` are the largest, `other_brands` all further ones as one row (None where there is none).
    `hours[weekday][hour]` counts tickets in UTC, Monday first. `terms_by` is "brand" or "source".
    """

    totals: Totals
    brands: tuple[BrandVolume, ...]
    other_brands: BrandVolume | None
    sources: tuple[Count, ...]
    languages: tuple[Count, ...]
    splits: tuple[Count, ...]
    days: tuple[Count, ...]
    hours: tuple[tuple[int, ...], ...]
    characters: Lengths
    words: Lengths
    emoji: tuple[Count, ...]
    hashtags: tuple[Count, ...]
    duplicates: tuple[DuplicateGroup, ...]
    terms_by: str
    terms: tuple[GroupTerms, ...]
    balance: tuple[Balance, ...]
    samples: tuple[Sample, ...]

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able form; times are ISO 8601."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def explore(tickets: Path, schema: Schema, labels: Labels) -> Exploration:
    """Counts what the pool in `tickets` holds, and how `labels` (task → ticket id → label ids) spread.

    Memory does not grow with the number of tickets; terms come from at most 60,000 tickets, evenly
    spaced. The same pool and labels give the same answer. Raises IngestError where there is no pool.
    """
    tally = _Tally(schema, labels, open_tickets(tickets).metadata.num_rows)
    for table in _stream(tickets, TICKET_TABLE.names):
        tally.add(table)
    brands = _brand_volumes(tally)
    terms_by = "brand" if len(tally.words_by_brand.keys() - {None}) > 1 else "source"
    return Exploration(
        totals=_totals(tally),
        brands=brands[:TOP_BRANDS],
        other_brands=_other_brands(tally, [brand.name for brand in brands[:TOP_BRANDS]]),
        sources=_most(tally.counts["source"]),
        languages=_most(tally.counts["lang"]),
        splits=tuple(Count(split, tally.counts["split"][split]) for split in SPLITS),
        days=tuple(Count(str(day), n) for day, n in sorted(tally.counts["day"].items())),
        hours=tuple(tuple(tally.counts["hour"][day * 24 + hour] for hour in range(24)) for day in range(7)),
        characters=_lengths(tally.counts["characters"]),
        words=_lengths(sum(tally.words_by_brand.values(), Counter())),
        emoji=_most(tally.counts["emoji"], TOP_MARKS),
        hashtags=_most(tally.counts["hashtag"], TOP_MARKS),
        duplicates=_duplicate_groups(tickets, tally.counts["duplicate_of"]),
        terms_by=terms_by,
        terms=_terms(tickets, terms_by, tally),
        balance=tuple(balance for task in schema if (balance := tally.balance(task))),
        samples=tuple(tally.samples),
    )


def _stream(tickets: Path, columns: Sequence[str]) -> Iterator[Any]:
    # In one go pyarrow 26 holds on to what it has read: 252 MB of a million tickets, 37 MB by row groups.
    file = open_tickets(tickets)
    for group in range(file.metadata.num_row_groups):
        for batch in file.iter_batches(BATCH, row_groups=[group], columns=list(columns)):
            yield pa.Table.from_batches([batch])


class _Tally:
    """What the pass over the pool has counted so far; `counts[column][value]` are tickets."""

    def __init__(self, schema: Schema, labels: Labels, tickets: int) -> None:
        self.tickets, self._seen = tickets, 0
        self._labels = {task: labels.get(task.name, {}) for task in schema}
        self._labeled_ids = pa.array(sorted(set().union(*self._labels.values())), pa.string())
        self.counts: defaultdict[str, Counter[Any]] = defaultdict(Counter)
        self.words_by_brand: dict[str | None, Counter[int]] = {}
        self.answered: Counter[str | None] = Counter()
        self.label_counts: Counter[tuple[str, str, int | None]] = Counter()
        self.labeled = 0
        self.span: list[datetime] = []
        self.samples: list[Sample] = []

    @property
    def labeled_elsewhere(self) -> int:
        """Labeled tickets that the pool does not hold."""
        return len(self._labeled_ids) - self.labeled

    def add(self, table: Any) -> None:
        for name in ("source", "lang", "split", "duplicate_of"):
            _count(self.counts[name], table[name])
        _count(self.counts["characters"], pc.utf8_length(table["text"]))
        self._add_brands(table)
        self._add_times(table["created_at"].drop_null())
        self._add_marks(table["text"])
        self._add_labels(table)
        self._add_samples(table)
        self._seen += len(table)

    def _add_brands(self, table: Any) -> None:
        words = pc.add(pc.count_substring(table["text"], " "), 1)  # a clean text has single blanks
        answered = pc.is_valid(table["brand_reply"])
        rows = pa.table({"brand": table["brand"], "words": words, "answered": answered})
        sums = rows.group_by(["brand", "words"]).aggregate([("answered", "sum"), ("answered", "count")])
        for row in sums.to_pylist():
            self.words_by_brand.setdefault(row["brand"], Counter())[row["words"]] += row["answered_count"]
            self.answered[row["brand"]] += row["answered_sum"]

    def _add_times(self, times: Any) -> None:
        if len(times):
            span = pc.min_max(times).as_py()
            self.span = [min([*self.span, span["min"]]), max([*self.span, span["max"]])]
            _count(self.counts["day"], times.cast(pa.date32()))
            _count(self.counts["hour"], pc.add(pc.multiply(pc.day_of_week(times), 24), pc.hour(times)))

    def _add_marks(self, texts: Any) -> None:
        for name, pattern, may_hold in (
            ("emoji", _EMOJI, pc.invert(pc.string_is_ascii(texts))),
            ("hashtag", _HASHTAG, pc.match_substring(texts, "#")),
        ):
            for text in texts.filter(may_hold).to_pylist():
                marks = {_SKIN_TONE.sub("", mark).casefold() for mark in pattern.findall(text)}
                self.counts[name].update(marks)
                self.counts["marks"][name] += bool(marks)

    def _add_labels(self, table: Any) -> None:
        table = table.filter(pc.is_in(table["ticket_id"], value_set=self._labeled_ids))
        self.labeled += len(table)
        for ticket_id, split in zip(table["ticket_id"].to_pylist(), table["split"].to_pylist()):
            for task, answers in self._labels.items():
                if ticket_id in answers:
                    self.label_counts.update((task.name, split, i) for i in (None, *answers[ticket_id]))

    def _add_samples(self, table: Any) -> None:
        count = min(SAMPLES, self.tickets)
        wanted = (i * self.tickets // count - self._seen for i in range(count))
        rows = pa.array([i for i in wanted if 0 <= i < len(table)], pa.int64())
        for row in table.take(rows).to_pylist():
            answers = {
                task: of[row["ticket_id"]] for task, of in self._labels.items() if row["ticket_id"] in of
            }
            names = {task.name: tuple(task.labels[i] for i in answer) for task, answer in answers.items()}
            self.samples.append(Sample(Ticket(**row), names))

    def balance(self, task: Task) -> Balance | None:
        """The task's labels by split; None where no ticket of the pool has an answer."""
        labeled = {split: self.label_counts[task.name, split, None] for split in SPLITS}
        ids = range(len(task.labels))
        counts = {split: tuple(self.label_counts[task.name, split, i] for i in ids) for split in SPLITS}
        return Balance(task.name, task.multi, task.labels, labeled, counts) if any(labeled.values()) else None


# Pictographs, dingbats and flags, with their joiners; cleaning has dropped the variation selectors.
_PICTURE = "[\U0001f300-\U0001f3fa\U0001f400-\U0001faff\u2600-\u27bf\u2b50\u2b55\u231a\u231b\u23e9-\u23fa]"
_EMOJI = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|{_PICTURE}[\U0001f3fb-\U0001f3ff]?(?:\u200d{_PICTURE}[\U0001f3fb-\U0001f3ff]?)*"
)
_SKIN_TONE = re.compile("[\U0001f3fb-\U0001f3ff]")
_HASHTAG = re.compile(r"(?<!\w)#\w*[^\W\d_]\w*")
_WORD = re.compile(r"(?<![\w@#])(?!http\b)[^\W\d_]+(?:['-][^\W\d_]+)*(?!\w)")


def _count(counter: Counter[Any], column: Any) -> None:
    for item in pc.value_counts(column.drop_null()).to_pylist():
        counter[item["values"]] += item["counts"]


def _most(counter: Counter[str], top: int | None = None) -> tuple[Count, ...]:
    """The values with most tickets, equals by name."""
    ordered = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(name, tickets) for name, tickets in ordered[:top])


def _totals(tally: _Tally) -> Totals:
    first, last = tally.span or (None, None)
    unnamed = tally.words_by_brand.get(None, Counter())
    return Totals(
        tickets=tally.tickets,
        brands=len(tally.words_by_brand.keys() - {None}),
        without_brand=unnamed.total(),
        answered=tally.answered.total(),
        duplicates=tally.counts["duplicate_of"].total(),
        duplicate_groups=len(tally.counts["duplicate_of"]),
        languages=len(tally.counts["lang"].keys() - {UNDETERMINED}),
        without_time=tally.tickets - tally.counts["day"].total(),
        with_emoji=tally.counts["marks"]["emoji"],
        with_hashtag=tally.counts["marks"]["hashtag"],
        labeled=tally.labeled,
        labeled_elsewhere=tally.labeled_elsewhere,
        first=first,
        last=last,
    )


def _brand_volumes(tally: _Tally) -> tuple[BrandVolume, ...]:
    volumes = (_volume(name, [name], tally) for name in tally.words_by_brand if name is not None)
    return tuple(sorted(volumes, key=lambda brand: (-brand.tickets, brand.name)))


def _volume(name: str, brands: Sequence[str], tally: _Tally) -> BrandVolume:
    words = sum((tally.words_by_brand[brand] for brand in brands), Counter[int]())
    return BrandVolume(name, words.total(), sum(tally.answered[b] for b in brands), _quantile(words, 0.5))


def _other_brands(tally: _Tally, top: Sequence[str]) -> BrandVolume | None:
    others = sorted(name for name in tally.words_by_brand if name is not None and name not in top)
    return _volume(f"{len(others)} other brands", others, tally) if others else None


def _quantile(lengths: Counter[int], share: float) -> int:
    """The least length that this share of the tickets does not exceed; 0 of no tickets."""
    reached = 0
    for length, tickets in sorted(lengths.items()):
        reached += tickets
        if reached >= share * lengths.total():
            return length
    return 0


def _lengths(lengths: Counter[int]) -> Lengths:
    end = _quantile(lengths, 0.995) + 1
    width = next(w for w in _nice_widths() if w * HISTOGRAM_BINS >= end)
    last = (end - 1) // width
    tickets: Counter[int] = Counter()
    for length, n in lengths.items():
        tickets[min(length // width, last)] += n
    bins = tuple((i * width, (i + 1) * width if i < last else None, tickets[i]) for i in range(last + 1))
    return Lengths(_quantile(lengths, 0.5), _quantile(lengths, 0.9), max(lengths, default=0), bins)


def _nice_widths() -> Iterator[int]:
    yield from (step * 10**power for power in range(18) for step in (1, 2, 5))


def _duplicate_groups(tickets: Path, copies: Counter[str]) -> tuple[DuplicateGroup, ...]:
    top = _most(copies, TOP_DUPLICATES)
    ids = pa.array([group.name for group in top], pa.string())
    found: dict[str, dict[str, Any]] = {}
    for table in _stream(tickets, ["ticket_id", "text", "brand"]) if top else ():
        rows = table.filter(pc.is_in(table["ticket_id"], value_set=ids)).to_pylist()
        found.update((row["ticket_id"], row) for row in rows)
    firsts = ((group, found[group.name]) for group in top if group.name in found)
    return tuple(DuplicateGroup(g.name, g.tickets + 1, row["text"], row["brand"]) for g, row in firsts)


def _terms(tickets: Path, by: str, tally: _Tally) -> tuple[GroupTerms, ...]:
    """Typical terms of the largest groups that have 30 tickets or more among those read."""
    seen: dict[str | None, Counter[str]] = {}
    sizes: Counter[str] = Counter()
    volumes = Counter(
        {name: words.total() for name, words in tally.words_by_brand.items() if name is not None}
    )
    named = [count.name for count in _most(volumes if by == "brand" else tally.counts["source"], TERM_GROUPS)]
    for name, text in _spaced(tickets, by, -(-tally.tickets // TERM_TICKETS)):
        group = name if name in named else None
        seen.setdefault(group, Counter()).update(terms_of(text))
        sizes.update([group] if group else [])
    total = sum(seen.values(), Counter[str]())
    groups = [name for name in named if sizes[name] >= LEAST_GROUP]
    return tuple(GroupTerms(name, sizes[name], _typical(name, seen[name], total)) for name in groups)


def _spaced(tickets: Path, by: str, step: int) -> Iterator[tuple[str | None, str]]:
    """(group, text) of every step-th ticket, repeated ones left out."""
    at = 0
    for table in _stream(tickets, [by, "text", "duplicate_of"]):
        table, at = table.take(pa.array(range(-at % step, len(table), step), pa.int64())), at + len(table)
        table = table.filter(pc.is_null(table["duplicate_of"]))
        yield from zip(table[by].to_pylist(), table["text"].to_pylist())


def terms_of(text: str) -> set[str]:
    """The words of a clean text and the pairs that stand side by side, without handles and links.

    >>> sorted(terms_of("@user My bill, my BILL"))
    ['bill', 'my', 'my bill']
    """
    words = list(_WORD.finditer(text.casefold()))
    pairs = (
        f"{a[0]} {b[0]}" for a, b in pairwise(words) if b.start() == a.end() + 1 and b.string[a.end()] == " "
    )
    return {word[0] for word in words} | set(pairs)


def log_odds(here: np.ndarray, total: np.ndarray, prior: float = 0.1) -> np.ndarray:
    """z-score of each term's weighted log-odds here against elsewhere: float64 [n_terms], high: typical.

    `here` and `total` [n_terms] count tickets with the term. The prior is the pool's own counts,
    scaled, so that words frequent everywhere (stop words) score near 0; follows Monroe, Colaresi and
    Quinn (2008), "Fightin' Words", equations 16 to 22.

    >>> log_odds(np.array([50, 9]), np.array([100, 10])).round(1)
    array([-8.8,  2.1])
    """
    alpha, elsewhere = prior * total, total - here
    mine, theirs = here + alpha, elsewhere + alpha
    delta = np.log(mine / (mine.sum() - mine)) - np.log(theirs / (theirs.sum() - theirs))
    z: np.ndarray = delta / np.sqrt(1 / mine + 1 / theirs)
    return z


def _typical(name: str, here: Counter[str], total: Counter[str]) -> tuple[tuple[str, int, float], ...]:
    """The most typical terms, no word twice, nor the group's own name."""
    words = sorted(term for term, n in total.items() if n >= LEAST_TICKETS)
    if len(words) < 2:
        return ()
    scores = log_odds(np.array([here[word] for word in words]), np.array([total[word] for word in words]))
    chosen: list[tuple[str, int, float]] = []
    used: set[str] = set()
    for i in np.argsort(-scores, kind="stable"):
        parts = words[i].split()
        if scores[i] < SIGNIFICANT or len(chosen) == TERMS:
            break
        if used.isdisjoint(parts) and not any(len(w) > 3 and w in name.casefold() for w in parts):
            chosen.append((words[i], here[words[i]], round(float(scores[i]), 2)))
            used.update(parts)
    return tuple(chosen)


def _plain(value: Any) -> Any:
    """Lists for tuples, ISO 8601 for times."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value
