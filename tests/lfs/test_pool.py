"""Shipped pattern functions on real tweets: one scan for all gives snorkel's votes, tweet for tweet.

`benchmarks/lf_differential.py` compares every tweet; here it is every hundredth.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from snorkel.labeling import PandasLFApplier

from data.config import SUPPORT_LFS
from data.ingest import IngestOptions
from data.ticket_files import write_ticket_table
from labeling.lf import PatternLF
from labeling.load import load_lfs
from labeling.parts import parts_of
from labeling.voters import Voters

POOL = Path(__file__).resolve().parents[3] / "shared" / "data" / "pool.parquet"
STEP = 100


@pytest.mark.skipif(not POOL.is_file(), reason=f"the pool of real tweets is not at {POOL}")
def test_votes_on_real_tweets_are_those_of_snorkels_applier(tmp_path, support):
    table, quarantine = tmp_path / "tickets.parquet", tmp_path / "quarantine.jsonl"
    write_ticket_table([POOL], table, quarantine, IngestOptions())
    lfs = [lf for lf in load_lfs(SUPPORT_LFS, support) if isinstance(lf, PatternLF)]
    voters = Voters(lfs)
    for at, lf in enumerate(lfs):
        lf.name = f"{at}.{lf.name}"
    for part in parts_of([table]):
        batch = part.read().take(np.arange(0, part.size, STEP))
        expected = PandasLFApplier(lfs).apply(pd.DataFrame(batch.table.to_pylist()), progress_bar=False)
        assert np.array_equal(np.stack(voters.vote(batch)[0], axis=1), expected)
