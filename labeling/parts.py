"""A table of tickets in parts, voted on one by one, in this process or in another."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from data.tickets import TicketBatch, open_tickets
from labeling.faults import Faults
from labeling.lf import BoundLF, RowLF
from labeling.voters import Voters

Array = np.ndarray[Any, Any]
NO_ROWS = np.empty(0, np.int64)


@dataclass(frozen=True)
class Part:
    """One row group of a file of tickets: `size` of them, from row `start` of all tickets on."""

    path: Path
    group: int
    start: int
    size: int

    def read(self, columns: Sequence[str] | None = None) -> TicketBatch:
        """The tickets, or only these columns of them."""
        return TicketBatch(open_tickets(self.path).read_row_group(self.group, columns))

    def ticket_ids(self) -> pa.ChunkedArray:
        return open_tickets(self.path).read_row_group(self.group, ["ticket_id"])["ticket_id"]


def parts_of(paths: Sequence[Path]) -> list[Part]:
    """The parts of some tables of tickets, one after the other."""
    found, start = [], 0
    for path in paths:
        metadata = open_tickets(path).metadata
        for group in range(metadata.num_row_groups):
            found.append(Part(path, group, start, metadata.row_group(group).num_rows))
            start += found[-1].size
    return found


@dataclass(frozen=True)
class Job:
    """What to do with a part: some functions vote on all of it, the others on its rows `changed`."""

    part: Part
    changed: Array = field(default_factory=lambda: NO_ROWS)


@dataclass(frozen=True)
class Answer:
    """What came of a job: each function's votes [size], and on the changed rows [n_changed] if any."""

    job: Job
    votes: list[Array]
    changed: list[Array]
    faults: Faults


class PartVoters:
    """The functions that vote on all tickets, and those that vote on changed ones only.

    It travels to other processes, where the patterns are compiled, or loaded out of `cache`, anew.
    """

    def __init__(
        self, everywhere: Sequence[BoundLF], where_changed: Sequence[BoundLF], cache: Path | None = None
    ) -> None:
        self.everywhere = tuple(everywhere)
        self.where_changed = tuple(where_changed)
        self._cache = cache

    def __getstate__(self) -> dict[str, Any]:
        return {name: vars(self)[name] for name in ("everywhere", "where_changed", "_cache")}

    @property
    def lfs(self) -> tuple[BoundLF, ...]:
        return (*self.everywhere, *self.where_changed)

    @property
    def _columns(self) -> list[str] | None:
        """What the functions read; None, for everything, where one may look at any of it."""
        if any(isinstance(lf, RowLF) for lf in self.lfs):
            return None
        return ["ticket_id", "text", *({lf.field for lf in self.lfs} - {"text"})]

    @cached_property
    def _everywhere(self) -> Voters:
        return Voters(self.everywhere, self._cache)

    @cached_property
    def _where_changed(self) -> Voters:
        return Voters(self.where_changed, self._cache)

    def vote(self, job: Job) -> Answer:
        """Reads the part, where anybody is to vote on it, and asks them."""
        votes, changed, faults = list[Array](), list[Array](), Faults()
        again = self.where_changed and len(job.changed)
        batch = job.part.read(self._columns) if self.everywhere or again else TicketBatch.of([])
        if self.everywhere:
            votes, faults = self._everywhere.vote(batch)
        if again:
            changed, more = self._where_changed.vote(batch.take(job.changed))
            faults.join(more)
        return Answer(job, votes, changed, faults)
