"""Pattern labeling functions: tweets a second, snorkel's PandasLFApplier against this engine, equal votes.

    python benchmarks/lf_apply.py TICKETS.parquet

Both run in this process, on one core: snorkel on a sample, since it is slow, this engine on every
ticket. Compiling the patterns is not counted; a project keeps what was compiled. The floor is the
time of the bare scan, in which Vectorscan tells nobody what it finds.
"""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from snorkel.labeling import PandasLFApplier

from data.config import SUPPORT_LFS
from data.schema import support_schema
from data.tickets import read_columns
from labeling.lf import PatternLF
from labeling.load import load_lfs
from labeling.pattern_votes import PatternVotes

SAMPLE, BATCH, ROUNDS = 500, 8192, 5


def pattern_lfs() -> list[PatternLF]:
    """The shipped pattern functions that read a ticket's text, under names that differ across tasks."""
    lfs = load_lfs(SUPPORT_LFS, support_schema())
    found = [lf for lf in lfs if isinstance(lf, PatternLF) and lf.field == "text"]
    for lf in found:
        lf.name = f"{lf.bound_task().name}.{lf.name}"
    return found


def seconds_of(work: Callable[[Any], object], batches: Sequence[Any]) -> float:
    """Seconds for all batches."""
    started = perf_counter()
    for batch in batches:
        work(batch)
    return perf_counter() - started


def main() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    texts = read_columns(Path(sys.argv[1]), ["text"])["text"].to_pylist()
    lfs = pattern_lfs()
    started = perf_counter()
    compiled = PatternVotes(lfs)
    print(f"{len(lfs)} pattern functions, compiled in {perf_counter() - started:.1f} s")
    sample = texts[:: len(texts) // SAMPLE][:SAMPLE]
    frames = [pd.DataFrame({"text": sample[at::ROUNDS]}) for at in range(ROUNDS)]
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    scanner = compiled.matcher.scanner
    buffers = [scanner.buffer(batch).data for batch in batches]
    theirs, ours, floor, equal = [], [], [], True
    for frame in frames:
        started = perf_counter()
        votes = PandasLFApplier(lfs).apply(frame, progress_bar=False)
        theirs.append((perf_counter() - started) / len(frame))
        ours.append(seconds_of(compiled.votes, batches) / len(texts))
        floor.append(seconds_of(scanner.database.scan_silently, buffers) / len(texts))
        equal &= np.array_equal(votes, np.stack(compiled.votes(list(frame["text"])), axis=1))
    peer, own, bare = median(theirs), median(ours), median(floor)
    print(f"medians of {ROUNDS} rounds, each with both:")
    print(f"snorkel    {1 / peer:10,.0f} tweets/s, on {SAMPLE} tweets in all")
    print(f"ticketloom {1 / own:10,.0f} tweets/s, on all {len(texts)}: {1e6 * own:.1f} µs a tweet")
    print(f"ratio      {peer / own:10,.0f}")
    print(f"bare scan  {1e6 * bare:.1f} µs a tweet, {bare / own:.0%} of the time")
    print(f"votes equal on the sample: {equal}")


if __name__ == "__main__":
    main()
