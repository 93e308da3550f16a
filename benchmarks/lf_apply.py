"""Pattern labeling functions: tweets a second, snorkel's PandasLFApplier against this engine, equal votes.

    python benchmarks/lf_apply.py TICKETS.parquet

Both run in this process, on one core: snorkel on a sample, since it is slow, this engine on every
ticket. Compiling the patterns is not counted; a project keeps what was compiled. The floor is the
time of the bare scan, in which Vectorscan tells nobody what it finds.
"""

import os
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd
from snorkel.labeling import PandasLFApplier

from data.config import SUPPORT_LFS
from data.schema import support_schema
from data.tickets import read_columns
from labeling.lf import PatternLF
from labeling.load import load_lfs
from labeling.pattern_votes import PatternVotes

SAMPLE, BATCH, RUNS = 400, 8192, 5


def pattern_lfs() -> list[PatternLF]:
    """The shipped pattern functions that read a ticket's text, under names that differ across tasks."""
    lfs = load_lfs(SUPPORT_LFS, support_schema())
    found = [lf for lf in lfs if isinstance(lf, PatternLF) and lf.field == "text"]
    for lf in found:
        lf.name = f"{lf.bound_task().name}.{lf.name}"
    return found


def seconds_of(work: object, batches: list[object]) -> float:
    """Median seconds for all batches."""
    runs = []
    for _ in range(RUNS):
        started = perf_counter()
        for batch in batches:
            work(batch)  # type: ignore[operator]
        runs.append(perf_counter() - started)
    return median(runs)


def main() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    texts = read_columns(Path(sys.argv[1]), ["text"])["text"].to_pylist()
    lfs = pattern_lfs()
    started = perf_counter()
    compiled = PatternVotes(lfs)
    print(f"{len(lfs)} pattern functions, compiled in {perf_counter() - started:.1f} s")
    step = len(texts) // SAMPLE
    sample = texts[::step][:SAMPLE]
    frame = pd.DataFrame({"text": sample})
    started = perf_counter()
    theirs = PandasLFApplier(lfs).apply(frame, progress_bar=False)
    peer = len(sample) / (perf_counter() - started)
    ours = np.stack(compiled.votes(sample), axis=1)
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    seconds = seconds_of(compiled.votes, batches)
    scanner = compiled.matcher.scanner
    floor = seconds_of(scanner.database.scan_silently, [scanner.buffer(batch).data for batch in batches])
    rate = len(texts) / seconds
    print(f"snorkel    {peer:10,.0f} tweets/s on {len(sample)} of the tweets")
    print(
        f"ticketloom {rate:10,.0f} tweets/s on all {len(texts)}: {1e6 * seconds / len(texts):.1f} µs a tweet"
    )
    print(f"ratio      {rate / peer:10,.0f}")
    print(f"bare scan  {1e6 * floor / len(texts):.1f} µs a tweet, {floor / seconds:.0%} of the time")
    print(f"votes equal on the sample: {np.array_equal(theirs, ours)}")


if __name__ == "__main__":
    main()
