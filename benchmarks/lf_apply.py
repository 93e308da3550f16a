"""Pattern labeling functions: tweets a second, snorkel's PandasLFApplier against this engine, equal votes.

    python benchmarks/lf_apply.py [TICKETS.parquet]

Both run in this process, on one core; snorkel on a sample, since it is slow. Compiling the patterns
is not counted; it is paid once a run.
"""

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd
from snorkel.labeling import PandasLFApplier

from data.config import SUPPORT_LFS
from data.ingest import ingest
from data.schema import support_schema
from data.tickets import Ticket, iter_tickets
from labeling.lf import PatternLF
from labeling.load import load_lfs
from labeling.pattern_votes import PatternVotes

SNORKEL_SAMPLE, MOST, RUNS = 200, 50_000, 3


def tickets(path: Path | None) -> list[Ticket]:
    """Tickets of a pool, or of the sample corpus."""
    with tempfile.TemporaryDirectory() as folder:
        if path is None:
            path = Path(folder) / "tickets.parquet"
            sample = Path(__file__).parents[1] / "data" / "sample" / "twcs.csv"
            ingest([sample], path, Path(folder) / "quarantine.jsonl")
        return [ticket for batch in iter_tickets(path) for ticket in batch][:MOST]


def main() -> None:
    found = tickets(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    lfs = [
        lf
        for lf in load_lfs(SUPPORT_LFS, support_schema())
        if isinstance(lf, PatternLF) and lf.field == "text"
    ]
    for at, lf in enumerate(lfs):
        lf.name = f"{at}_{lf.name}"
    started = perf_counter()
    compiled = PatternVotes(lfs)
    print(f"{len(lfs)} pattern functions, compiled in {perf_counter() - started:.1f} s")
    sample = found[:SNORKEL_SAMPLE]
    frame = pd.DataFrame({"text": [ticket.text for ticket in sample]})
    started = perf_counter()
    peer = PandasLFApplier(lfs).apply(frame, progress_bar=False)
    theirs = len(sample) / (perf_counter() - started)
    texts = [ticket.text for ticket in found]
    seconds = []
    for _ in range(RUNS):
        started = perf_counter()
        ours = compiled.votes(texts)
        seconds.append(perf_counter() - started)
    rate = len(texts) / median(seconds)
    equal = np.array_equal(peer, np.stack([column[: len(sample)] for column in ours], axis=1))
    print(f"snorkel {theirs:,.0f} tweets/s on {len(sample)}; ticketloom {rate:,.0f} tweets/s on {len(texts)}")
    print(f"ratio {rate / theirs:,.0f}; votes equal: {equal}")


if __name__ == "__main__":
    main()
