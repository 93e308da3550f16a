"""Every shipped pattern function on every ticket: this engine's votes against snorkel's PandasLFApplier.

    python benchmarks/lf_differential.py TICKETS.parquet [PROCESSES]

Takes about ten minutes for 50,000 tickets on two cores, all of it snorkel's. Prints the number of
votes compared and each that differs; exits with 1 if one does.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from loky import ProcessPoolExecutor
from snorkel.labeling import PandasLFApplier

from data.config import SUPPORT_LFS
from data.schema import support_schema
from labeling.lf import PatternLF
from labeling.load import load_lfs
from labeling.parts import Part, parts_of
from labeling.voters import Voters


def compare(part: Part) -> tuple[int, list[str]]:
    """How many votes were compared on a part, and those that differ."""
    lfs = [lf for lf in load_lfs(SUPPORT_LFS, support_schema()) if isinstance(lf, PatternLF)]
    batch = part.read()
    ours = np.stack(Voters(lfs).vote(batch)[0], axis=1)
    for at, lf in enumerate(lfs):
        lf.name = f"{at}.{lf.name}"
    frame = pd.DataFrame(batch.table.to_pylist())
    theirs = PandasLFApplier(lfs).apply(frame, progress_bar=False)
    differing = [
        f"{lfs[column].name} on {batch.ticket_ids[row]}: {ours[row, column]}, snorkel's {theirs[row, column]}"
        for row, column in np.argwhere(ours != theirs).tolist()
    ]
    return ours.size, differing


def main() -> None:
    parts = parts_of([Path(sys.argv[1])])
    with ProcessPoolExecutor(int(sys.argv[2]) if len(sys.argv) > 2 else 2) as pool:
        found = list(pool.map(compare, parts))
    differing = [line for _, lines in found for line in lines]
    print("\n".join(differing))
    print(f"{sum(count for count, _ in found):,} votes compared, {len(differing)} differ")
    sys.exit(bool(differing))


if __name__ == "__main__":
    main()
