"""Files of tweets as a table of tickets, in one pass and constant memory.

What only the whole of a pool can tell, duplicates, splits and repeated ids, is left out, and so are
languages: `data.ingest` finds these out.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data.cleaning import clean_text
from data.errors import IngestError
from data.ingest import IngestOptions, checked_file, clean_fields, file_drafts
from data.language import UNDETERMINED
from data.quarantine import Quarantine
from data.readers import BadRow
from data.store import whole_file
from data.tickets import TICKET_TABLE, TicketBatch, has_ticket_columns

ROWS = 8192
MOST_ROWS_OF_A_GROUP = 65_536


def is_ticket_table(path: Path) -> bool:
    """Whether a file is a table of tickets in row groups small enough to be read one at a time."""
    if path.suffix.lower() != ".parquet" or not path.is_file():
        return False
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError):
        return False
    groups = [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)]
    return has_ticket_columns(file.schema_arrow) and max(groups, default=0) <= MOST_ROWS_OF_A_GROUP


def files_in(paths: Sequence[Path]) -> list[Path]:
    """The files named, and the Parquet files of the folders named, in the order of their names."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
        if not path.exists():
            raise IngestError(f"{path}: no such file")
        if not inside:
            raise IngestError(f"{path}: no Parquet file in this folder")
        found += inside
    return found


def write_ticket_table(
    paths: Sequence[Path],
    table: Path,
    quarantine: Path,
    options: IngestOptions,
    progress: Callable[[int], None] = lambda count: None,
) -> dict[str, Any]:
    """Writes the tickets of some files into one table, rows that cannot be used into `quarantine`.

    Texts are cleaned as ingest cleans them. Raises IngestError, before a row is read, for a file
    that cannot be read at all or has no column of texts.
    """
    checked = [checked_file(path, options) for path in paths]
    reasons: Counter[str] = Counter()
    written = 0
    with (
        whole_file(quarantine) as aside,
        aside.open("w", encoding="utf-8") as file,
        whole_file(table) as whole,
        pq.ParquetWriter(whole, TICKET_TABLE, compression="zstd") as writer,
    ):
        rows = _rows(checked, options, Quarantine(file, reasons))
        while batch := list(islice(rows, ROWS)):
            writer.write_table(pa.Table.from_pylist(batch, TICKET_TABLE))
            progress(written := written + len(batch))
    return {"tickets": written, "set_aside": sum(reasons.values()), "reasons": dict(reasons.most_common())}


def first_tickets(paths: Sequence[Path], options: IngestOptions, most: int) -> TicketBatch:
    """The first usable tickets of some files."""
    checked = [checked_file(path, options) for path in paths]
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        rows = list(islice(_rows(checked, options, Quarantine(nowhere, Counter())), most))
    return TicketBatch(pa.Table.from_pylist(rows, TICKET_TABLE))


def _rows(
    checked: Sequence[tuple[Path, dict[str, str] | None]], options: IngestOptions, aside: Quarantine
) -> Iterator[dict[str, Any]]:
    for path, mapping in checked:
        for found in file_drafts(path, mapping, options):
            row = found if isinstance(found, BadRow) else _row(*found)
            if isinstance(row, BadRow):
                aside.add(str(path), row)
            else:
                yield row


def _row(line: int, draft: dict[str, Any]) -> dict[str, Any] | BadRow:
    raw = draft["text"]
    text = clean_text(raw) if isinstance(raw, str) else ""
    if not text:
        return BadRow(line, f"no text, got {raw!r}", str(draft)[:500])
    fields = clean_fields(draft, text) | {"lang": UNDETERMINED, "split": "train", "duplicate_of": None}
    return draft | fields
