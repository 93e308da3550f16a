"""Row functions on one core and on two: seconds, and how many times faster two are.

    python benchmarks/lf_workers.py TICKETS.parquet [WORKERS]

The shipped functions that are no patterns, without those of the latter that they ask. Starting the
workers is counted.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import pyarrow.parquet as pq

from data.config import SUPPORT_LFS
from data.schema import support_schema
from labeling.lf import PatternLF
from labeling.load import load_lfs
from labeling.vote_files import Source, write_votes
from labeling.workers import Local


def main() -> None:
    workers = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    schema = support_schema()
    lfs = [lf for lf in load_lfs(SUPPORT_LFS, schema) if not isinstance(lf, PatternLF)]
    source = Source((Path(sys.argv[1]),), "hash", "code")
    seconds = {}
    with TemporaryDirectory() as name:
        cache = Path(name) / "cache"
        for processes in (1, workers):
            folder = Path(name) / str(processes)
            folder.mkdir()
            started = perf_counter()
            write_votes(folder, source, list(schema), lfs, Local(processes), cache=cache)
            seconds[processes] = perf_counter() - started
        one, two = (Path(name) / str(processes) for processes in seconds)
        equal = all(
            pq.read_table(one / f"{task.name}.parquet").equals(pq.read_table(two / f"{task.name}.parquet"))
            for task in schema
        )
    print(f"{len(lfs)} row and batch functions: {seconds[1]:.1f} s, {seconds[workers]:.1f} s with {workers}")
    print(f"ratio {seconds[1] / seconds[workers]:.2f}; votes equal: {equal}")


if __name__ == "__main__":
    main()
