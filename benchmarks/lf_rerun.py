"""One labeling function of a hundred edited: seconds of the full run against those of the next.

    python benchmarks/lf_rerun.py TICKETS.parquet

Twice: for a hundred shipped pattern functions, with and without compiled patterns at hand, and for
a hundred shipped functions of every kind. The votes of the re-run are compared with those of a full
run of the edited functions.
"""

import copy
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import pyarrow.parquet as pq

from data.config import SUPPORT_LFS
from data.schema import support_schema
from labeling.lf import BoundLF, PatternLF
from labeling.load import load_lfs
from labeling.memory import VoteMemory
from labeling.vote_files import Source, write_votes
from labeling.workers import Local

RUNS = 3
SCHEMA = support_schema()


def edited(lfs: Sequence[BoundLF]) -> list[BoundLF]:
    """The functions, one pattern of them with one more phrase."""
    at = next(at for at, lf in enumerate(lfs) if isinstance(lf, PatternLF) and lf.pattern.any_of)
    old = lfs[at]
    assert isinstance(old, PatternLF)
    pattern = copy.copy(old.pattern)
    new = PatternLF(
        old.name,
        label=old.label,
        any_of=(*pattern.any_of, "absolutely"),
        all_of=pattern.all_of,
        unless=pattern.unless,
        negation=pattern.negation,
        field=old.field,
    ).bind(old.bound_task())
    return [*lfs[:at], new, *lfs[at + 1 :]]


def run(folder: Path, source: Source, lfs: Sequence[BoundLF], old: Path | None, cache: Path | None) -> float:
    """Seconds to write votes into a new folder."""
    folder.mkdir()
    started = perf_counter()
    memory = VoteMemory.of(old, source.code)
    write_votes(folder, source, list(SCHEMA), lfs, Local(1), memory=memory, cache=cache)
    return perf_counter() - started


def compare(title: str, lfs: Sequence[BoundLF], source: Source, *, warm: bool) -> None:
    changed = edited(lfs)
    full, again = [], []
    equal = True
    with TemporaryDirectory() as name:
        root = Path(name)
        cache = root / "cache"
        if warm:
            run(root / "warming", source, lfs, None, cache)
        for at in range(RUNS):
            full.append(run(root / f"full{at}", source, lfs, None, cache if warm else root / f"cache{at}"))
            again.append(run(root / f"again{at}", source, changed, root / f"full{at}", cache))
        run(root / "expected", source, changed, None, cache)
        for task in SCHEMA:
            tables = [pq.read_table(root / f / f"{task.name}.parquet") for f in ("again0", "expected")]
            equal &= tables[0].equals(tables[1])
    ratio = median(again) / median(full)
    print(
        f"{title}: full {median(full):.2f} s, edited {median(again):.2f} s, {ratio:.3f} of it; equal: {equal}"
    )


def main() -> None:
    source = Source((Path(sys.argv[1]),), "hash", "code")
    lfs = load_lfs(SUPPORT_LFS, SCHEMA)
    patterns = [lf for lf in lfs if isinstance(lf, PatternLF)]
    some = random.Random(0)
    hundred = some.sample(patterns, 100)
    compare("100 pattern functions, nothing compiled", hundred, source, warm=False)
    compare("100 pattern functions, patterns compiled", hundred, source, warm=True)
    compare("100 functions of every kind", some.sample(lfs, 100), source, warm=True)


if __name__ == "__main__":
    main()
