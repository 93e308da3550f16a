"""Votes on millions of tickets, from Parquet to Parquet: seconds and peak memory.

    python benchmarks/lf_scale.py TICKETS.parquet [ROWS] [WORKERS]

The table is repeated, ids changed, until it has ROWS tickets (3,000,000 by default); the shipped
pattern functions vote on all of them. Memory is the greatest resident set of this process and, where
there are workers, of the largest of them.
"""

import resource
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.config import SUPPORT_LFS
from data.schema import support_schema
from data.tickets import TICKET_TABLE
from labeling.lf import PatternLF
from labeling.load import load_lfs
from labeling.vote_files import Source, write_votes
from labeling.workers import Local

GROUP = 8192


def repeat(source: Path, target: Path, rows: int) -> None:
    """Writes the table again and again, each time with other ids, in row groups of 8,192."""
    written = 0
    with pq.ParquetWriter(target, TICKET_TABLE, compression="zstd") as writer:
        while written < rows:
            for batch in pq.ParquetFile(source).iter_batches(GROUP):
                batch = batch.slice(0, rows - written)
                if not len(batch):
                    return
                ids = pc.binary_join_element_wise(batch["ticket_id"], f"r{written}", "-")
                table = pa.Table.from_batches([batch]).set_column(0, "ticket_id", ids)
                writer.write_table(table.cast(TICKET_TABLE))
                written += len(batch)


def peak(who: int) -> float:
    """Greatest resident set so far, in GB."""
    return resource.getrusage(who).ru_maxrss / 1e6


def main() -> None:
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 3_000_000
    workers = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    schema = support_schema()
    lfs = [lf for lf in load_lfs(SUPPORT_LFS, schema) if isinstance(lf, PatternLF)]
    with TemporaryDirectory() as folder:
        table, votes = Path(folder) / "tickets.parquet", Path(folder) / "votes"
        repeat(Path(sys.argv[1]), table, rows)
        votes.mkdir()
        before = peak(resource.RUSAGE_SELF)
        started = perf_counter()
        said = write_votes(votes, Source((table,), "hash", "code"), list(schema), lfs, Local(workers))
        seconds = perf_counter() - started
        size = sum(path.stat().st_size for path in votes.iterdir())
    print(f"{rows:,} tickets, {len(lfs)} pattern functions, {workers} processes: {seconds:.0f} s")
    print(f"{rows / seconds:,.0f} tickets/s; {size / 1e6:.0f} MB of votes; coverage {said['coverage']}")
    print(f"peak memory {peak(resource.RUSAGE_SELF):.2f} GB, {before:.2f} GB of it before the first vote")
    print(f"largest worker {peak(resource.RUSAGE_CHILDREN):.2f} GB")


if __name__ == "__main__":
    main()
