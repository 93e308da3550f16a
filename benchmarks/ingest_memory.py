"""Ingest of a file of three million rows in twcs.csv's form: seconds and peak memory.

    python benchmarks/ingest_memory.py [ROWS]

The sample corpus is repeated with other ids until it is long enough.
"""

import csv
import resource
import sys
import tempfile
from itertools import count
from pathlib import Path
from time import perf_counter

from data.ingest import ingest
from data.readers import Row, read_rows
from data.twcs import COLUMNS

SAMPLE = Path(__file__).parents[1] / "data" / "sample" / "twcs.csv"
STEP = 10_000


def write_rows(path: Path, rows: int) -> None:
    """Writes `rows` rows, each copy of the sample with its ids moved on."""
    usable = [
        row.values for row in read_rows(SAMPLE) if isinstance(row, Row) and row.values["tweet_id"].isdigit()
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        written = 0
        for copy in count():
            for values in usable:
                writer.writerow(moved(values, copy * STEP))
                written += 1
                if written == rows:
                    return


def moved(values: dict[str, str], by: int) -> dict[str, str]:
    """The row with its ids moved on."""

    def move(ids: str) -> str:
        return ",".join(str(int(part) + by) for part in ids.split(",") if part.strip())

    changed = {
        name: move(values[name]) for name in ("tweet_id", "response_tweet_id", "in_response_to_tweet_id")
    }
    return values | changed


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_rows(folder / "twcs.csv", rows)
        size = (folder / "twcs.csv").stat().st_size
        started = perf_counter()
        summary = ingest([folder / "twcs.csv"], folder / "tickets.parquet", folder / "quarantine.jsonl")
        seconds = perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{rows:,} rows, {size / 1e6:,.0f} MB: {summary.tickets:,} tickets in {seconds:,.0f} s")
    print(f"peak memory {peak:.2f} GB")


if __name__ == "__main__":
    main()
