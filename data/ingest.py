"""Ingest: files of tweets become a project's pool; what cannot be used is set aside with its reason."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.brands import brand_of
from data.cleaning import clean_text
from data.columns import resolve_columns, ticket_fields
from data.duplicates import PERMUTATIONS, duplicate_of, signatures
from data.language import language
from data.quarantine import Quarantine
from data.readers import BadRow, Row, read_columns_of, read_rows
from data.splits import SPLITS, hash64, split_of
from data.store import whole_file
from data.tickets import TICKET_TABLE
from data.times import parse_time
from data.twcs import is_twcs, twcs_tickets

BATCH = 8192
DEFAULT_SHARES = {"train": 0.8, "validation": 0.1, "test": 0.1}
Draft = dict[str, Any]


@dataclass(frozen=True)
class IngestOptions:
    """How files are read: `columns` maps ticket fields to the files' own column names."""

    columns: Mapping[str, str] = field(default_factory=dict)
    follow_ups: bool = False
    encoding: str = "utf-8"
    shares: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_SHARES))


@dataclass
class IngestSummary:
    """What ingest did: rows kept and set aside, by reason; tickets by file, language and split."""

    files: dict[str, int] = field(default_factory=dict)
    tickets: int = 0
    duplicates: int = 0
    without_time: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)

    def to_dict(self) -> dict[str, Any]:
        return {
            "files": self.files,
            "tickets": self.tickets,
            "duplicates": self.duplicates,
            "without_time": self.without_time,
            "quarantined": sum(self.quarantined.values()),
            "reasons": dict(self.quarantined.most_common()),
            "languages": dict(self.languages.most_common()),
            "splits": {split: self.splits.get(split, 0) for split in SPLITS},
        }


def ingest(
    paths: Sequence[Path],
    tickets_path: Path,
    quarantine_path: Path,
    options: IngestOptions | None = None,
    progress: Callable[[int], None] = lambda count: None,
) -> IngestSummary:
    """Reads files into `tickets_path` (Parquet) and bad rows into `quarantine_path` (JSONL).

    Every file is checked before the first row is read; an IngestError leaves both outputs as they
    were. Tickets keep the order of the files. `progress` is told the number of tickets read so far.
    """
    options = options or IngestOptions()
    checked = [checked_file(path, options) for path in paths]
    summary = IngestSummary()
    with (
        whole_file(tickets_path) as whole_tickets,
        whole_file(quarantine_path) as whole_quarantine,
        whole_quarantine.open("w", encoding="utf-8") as quarantine,
        TemporaryDirectory(dir=tickets_path.parent, prefix=".ingest.") as folder,
    ):
        drafts_path = Path(folder) / "drafts.parquet"
        aside = Quarantine(quarantine, summary.quarantined)
        ids, signature = _write_drafts(_all_drafts(checked, options, aside, summary), drafts_path, progress)
        repeated = _repeated(ids)
        duplicate = _duplicates(signature, ~repeated)
        _write_tickets(drafts_path, whole_tickets, repeated, duplicate, aside, summary)
    return summary


def checked_file(path: Path, options: IngestOptions) -> tuple[Path, dict[str, str] | None]:
    """The path with its column mapping, None for twcs.csv's own columns."""
    columns = read_columns_of(path, options.encoding)
    if is_twcs(columns) and not options.columns:
        return path, None
    return path, resolve_columns(path, columns, options.columns)


def _all_drafts(
    checked: Iterable[tuple[Path, dict[str, str] | None]],
    options: IngestOptions,
    aside: Quarantine,
    summary: IngestSummary,
) -> Iterator[Draft]:
    for path, mapping in checked:
        before = summary.tickets
        for found in file_drafts(path, mapping, options):
            draft = found if isinstance(found, BadRow) else _finish(*found, options)
            if isinstance(draft, BadRow):
                aside.add(str(path), draft)
                continue
            summary.tickets += 1
            summary.without_time += draft["created_at"] is None
            yield draft | {"file": str(path)}
        summary.files[str(path)] = summary.files.get(str(path), 0) + summary.tickets - before


def file_drafts(
    path: Path, mapping: dict[str, str] | None, options: IngestOptions
) -> Iterator[tuple[int, Draft] | BadRow]:
    """A file's rows as drafts of tickets, each with its line; those that cannot be read as bad rows."""
    if mapping is None:
        yield from twcs_tickets(path, follow_ups=options.follow_ups, encoding=options.encoding)
        return
    for row in read_rows(path, options.encoding):
        yield (row.line, ticket_fields(row, mapping, path.stem)) if isinstance(row, Row) else row


def _finish(line: int, draft: Draft, options: IngestOptions) -> Draft | BadRow:
    """Cleans the draft and adds language, time and split; a BadRow where no text is left."""
    raw = draft["text"]
    if not isinstance(raw, str):
        return BadRow(line, f"text is missing, got {raw!r}", str(draft)[:500])
    text = clean_text(raw)
    if not text:
        return BadRow(line, "no text is left after cleaning", raw)
    fields = clean_fields(draft, text)
    split = split_of(fields["conversation_id"], options.shares)
    return draft | fields | {"line": line, "lang": language(text), "split": split}


def clean_fields(draft: Draft, text: str) -> Draft:
    """What a draft says of its ticket once its text is cleaned: the fields that no other row decides."""
    reply = draft["brand_reply"]
    return {
        "text": text,
        "brand": draft["brand"] or brand_of(text),
        "raw_text": draft["text"].encode("utf-8", "replace").decode(),
        "created_at": parse_time(draft["created_at"]),
        "brand_reply": clean_text(reply) or None if reply else None,
        "conversation_id": draft["conversation_id"] or draft["in_reply_to"] or draft["ticket_id"],
    }


_DRAFTS = pa.schema(
    [*(f for f in TICKET_TABLE if f.name != "duplicate_of"), ("line", pa.int64()), ("file", pa.string())]
)


def _write_drafts(
    drafts: Iterator[Draft], path: Path, progress: Callable[[int], None]
) -> tuple[np.ndarray, np.ndarray]:
    """Streams drafts to disk; returns id hashes uint64 [n] and MinHash signatures uint32 [n, 32]."""
    ids, rows, count = array("Q"), bytearray(), 0
    with pq.ParquetWriter(path, _DRAFTS, compression="zstd") as writer:
        while batch := list(islice(drafts, BATCH)):
            writer.write_table(pa.Table.from_pylist(batch, _DRAFTS))
            ids.extend(hash64(draft["ticket_id"]) for draft in batch)
            rows += signatures(draft["text"] for draft in batch).tobytes()
            progress(count := count + len(batch))
    return np.array(ids, np.uint64), np.frombuffer(rows, np.uint32).reshape(-1, PERMUTATIONS)


def _repeated(ids: np.ndarray) -> np.ndarray:
    """bool [n]: true where an earlier row has the same id."""
    repeated = np.ones(len(ids), bool)
    repeated[np.unique(ids, return_index=True)[1]] = False
    return repeated


def _duplicates(signature: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """`duplicate_of` among the rows kept, told in row numbers of the whole: int64 [n]."""
    rows = np.flatnonzero(kept)
    among = duplicate_of(signature[rows])
    duplicate = np.full(len(signature), -1, np.int64)
    duplicate[rows[among >= 0]] = rows[among[among >= 0]]
    return duplicate


def _write_tickets(
    drafts_path: Path,
    tickets_path: Path,
    repeated: np.ndarray,
    duplicate: np.ndarray,
    aside: Quarantine,
    summary: IngestSummary,
) -> None:
    """Second pass: sets repeated ids aside, names duplicates, writes the pool."""
    names = _ticket_ids(drafts_path, duplicate)
    at = 0
    with pq.ParquetWriter(tickets_path, TICKET_TABLE, compression="zstd") as writer:
        for batch in pq.ParquetFile(drafts_path).iter_batches(BATCH):
            here = slice(at, at + batch.num_rows)
            at += batch.num_rows
            of = pa.array([names.get(int(first)) for first in duplicate[here]], pa.string())
            table = pa.Table.from_batches([batch]).append_column("duplicate_of", of)
            _set_aside(table.filter(pa.array(repeated[here])), aside, summary)
            kept = table.filter(pa.array(~repeated[here])).select(TICKET_TABLE.names)
            writer.write_table(kept.cast(TICKET_TABLE))
            summary.duplicates += len(kept) - kept["duplicate_of"].null_count
            summary.languages.update(kept["lang"].to_pylist())
            summary.splits.update(kept["split"].to_pylist())


def _ticket_ids(drafts_path: Path, duplicate: np.ndarray) -> dict[int, str]:
    """Ticket ids by row, for the rows that others duplicate."""
    rows = np.unique(duplicate[duplicate >= 0])
    if not len(rows):
        return {}
    ids = pq.read_table(drafts_path, columns=["ticket_id"])["ticket_id"].take(pa.array(rows))
    return dict(zip(rows.tolist(), ids.to_pylist(), strict=True))


def _set_aside(table: pa.Table, aside: Quarantine, summary: IngestSummary) -> None:
    for row in table.to_pylist():
        reason = f"ticket_id was seen before: {row['ticket_id']}"
        aside.add(row["file"], BadRow(row["line"], reason, row["raw_text"]))
        summary.tickets -= 1
        summary.files[row["file"]] -= 1
