"""Watches a file of labeling functions: each time it is saved, what that changes on the whole pool."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import sleep

import numpy as np

from data.errors import LabelingError
from data.labels import Answer
from data.schema import Schema
from data.tickets import TicketBatch
from labeling.apply import FAULTS_ALLOWED, votes_by_task
from labeling.changes import Changes, compare
from labeling.faults import Faults
from labeling.lf import BoundLF
from labeling.load import load_lfs
from labeling.memory import entry_of
from labeling.voters import Voters
from labeling.votes import Array, Votes

POLL = 0.2


class Watched:
    """A file of labeling functions and its votes on some tickets, held in memory."""

    def __init__(
        self,
        path: Path,
        schema: Schema,
        batches: Sequence[TicketBatch],
        trusted: Mapping[str, Mapping[str, Answer]],
        faults_allowed: float = FAULTS_ALLOWED,
    ) -> None:
        self.path = path
        self._schema = schema
        self._batches = batches
        self._trusted = trusted
        self._allowed = faults_allowed
        self._columns: dict[str, Array] = {}
        self.votes: dict[str, Votes] = {}

    def look(self) -> list[Changes]:
        """Reads the file, asks the functions that changed, and says what else changed with them.

        The first look compares with nothing and is empty. Raises LabelingError, and keeps what it
        had, where the file does not load or a function cannot vote.
        """
        lfs = load_lfs([str(self.path.resolve())], self._schema)
        votes = self._vote(lfs)
        before, self.votes = self.votes, votes
        names = dict.fromkeys((*before, *votes)) if before else ()
        found = [self._compared(name, before, votes) for name in names]
        return [changes for changes in found if changes.functions]

    def _compared(self, name: str, before: Mapping[str, Votes], after: Mapping[str, Votes]) -> Changes:
        either = before.get(name) or after[name]
        nothing = Votes(either.task, either.ticket_ids, (), np.empty((len(either.ticket_ids), 0), np.int8))
        return compare(before.get(name, nothing), after.get(name, nothing), self._trusted[name])

    def _vote(self, lfs: Sequence[BoundLF]) -> dict[str, Votes]:
        keys = [":".join(entry_of(lf).values()) for lf in lfs]
        fresh = {key: lf for key, lf in zip(keys, lfs, strict=True) if key not in self._columns}
        columns = self._columns | self._asked(fresh)
        self._columns = {key: columns[key] for key in keys}
        ids = tuple(ticket_id for batch in self._batches for ticket_id in batch.ticket_ids)
        return votes_by_task(lfs, ids, [[self._columns[key] for key in keys]] if lfs else [])

    def _asked(self, fresh: Mapping[str, BoundLF]) -> dict[str, Array]:
        """The votes of functions that were not asked before, on all tickets."""
        voters, faults = Voters(list(fresh.values())), Faults()
        parts = []
        for batch in self._batches if fresh else ():
            columns, raised = voters.vote(batch)
            parts.append(columns)
            faults.join(raised)
        faults.check(sum(map(len, self._batches)), self._allowed)
        return {key: np.concatenate([part[at] for part in parts]) for at, key in enumerate(fresh) if parts}


def saves(path: Path) -> Iterator[None]:
    """Yields at once, and then each time the file is saved; raises LabelingError where there is none."""
    if not path.is_file():
        raise LabelingError(f"{path}: no such file to watch")
    seen = None
    while True:
        now = _state(path)
        if now is not None and now != seen:
            seen = now
            yield
        sleep(POLL)


def _state(path: Path) -> tuple[int, int, int] | None:
    """None while an editor has taken the file away to put another in its place."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
