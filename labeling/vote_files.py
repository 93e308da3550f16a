"""Votes on a table of tickets, streamed from Parquet to Parquet in constant memory."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.schema import Task
from data.tickets import content_keys
from labeling.apply import FAULTS_ALLOWED
from labeling.faults import Faults
from labeling.lf import BatchLF, BoundLF
from labeling.memory import VoteMemory, entry_of, remember
from labeling.parts import NO_ROWS, Answer, Job, Part, PartVoters, parts_of
from labeling.votes import check_columns

Array = np.ndarray[Any, Any]
ROW_GROUP = 65_536


class Engine(Protocol):
    """Where parts are voted on."""

    def answers(self, voters: PartVoters, jobs: Sequence[Job]) -> Iterator[Answer]:
        """The answer to each job, in the jobs' order."""


@dataclass(frozen=True)
class Source:
    """Tables of tickets, a hash of their bytes, and the version of the code that votes on them."""

    tables: tuple[Path, ...]
    tickets_hash: str
    code: str


def write_votes(
    folder: Path,
    source: Source,
    tasks: Sequence[Task],
    lfs: Sequence[BoundLF],
    engine: Engine,
    *,
    memory: VoteMemory | None = None,
    keep_others: bool = True,
    cache: Path | None = None,
    faults_allowed: float = FAULTS_ALLOWED,
    progress: Callable[[int], None] = lambda count: None,
) -> dict[str, Any]:
    """Writes `<task>.parquet` for each task: the votes of its functions on every ticket.

    A column `ticket_id`, then a column per labeling function: int8 (int16 beyond 127 labels), −1
    abstains; in row groups. What `memory` knows is taken over: functions that it knows are asked
    about new and changed tickets only; while the tickets stay the same, the files of other tasks are
    kept, if `keep_others`. `progress` is told how many tickets are done. Returns what there is to say
    of it. Raises LabelingError where a function raises on more than the share `faults_allowed`.
    """
    plan = _Plan(source, tasks, lfs, memory, keep_others)
    faults = plan.faults()
    coverage = plan.keep(folder)
    with ExitStack() as stack:
        files = [stack.enter_context(_TaskFile(folder, task, plan.of(task))) for task in plan.tasks]
        for part, columns, raised in _columns(plan, engine, cache):
            faults.join(raised)
            faults.check(plan.total, faults_allowed)
            ids = part.ticket_ids()
            for file in files:
                file.add(ids, columns)
            progress(part.start + part.size)
    coverage |= {file.task.name: file.covered / max(1, plan.total) for file in files}
    coverage = {task.name: coverage[task.name] for task in tasks} | coverage
    said = {"tickets": source.tickets_hash, "code": source.code, "coverage": coverage}
    remember(folder, said | {"lfs": plan.described(), "faults": faults.to_dict()}, plan.keys)
    return {"coverage": coverage, "faults": faults.to_dict(), "asked": len(plan.fresh)}


class _Plan:
    """Who is asked about what: `fresh` functions about all tickets, `known` ones about changed tickets."""

    def __init__(
        self,
        source: Source,
        tasks: Sequence[Task],
        lfs: Sequence[BoundLF],
        memory: VoteMemory | None,
        keep_others: bool,
    ) -> None:
        self.parts = parts_of(source.tables)
        self.total = sum(part.size for part in self.parts)
        self.memory = memory
        self.same = memory is not None and memory.tickets == source.tickets_hash
        self._kept = self._tasks_to_keep(tasks, lfs, keep_others)
        self.tasks = [task for task in tasks if task.name not in self._kept]
        self._lfs = [lf for lf in lfs if lf.bound_task().name not in self._kept]
        self.known = [lf for lf in self._lfs if memory and memory.knows(lf, same_tickets=self.same)]
        self.fresh = [lf for lf in self._lfs if lf not in self.known]
        self.keys = memory.keys if memory and self.same else _keys(self.parts)
        self.old_rows = self._old_rows()

    def _tasks_to_keep(self, tasks: Sequence[Task], lfs: Sequence[BoundLF], keep_others: bool) -> list[str]:
        """Tasks whose file would come out as it is, and those that are not asked for."""
        if not self.memory or not self.same:
            return []
        asked = {task.name: [lf for lf in lfs if lf.bound_task() == task] for task in tasks}
        return [
            name
            for name in self.memory.tasks
            if (name not in asked and keep_others)
            or (
                name in asked
                and [lf.name for lf in asked[name]] == self.memory.functions(name)
                and all(self.memory.knows(lf, same_tickets=True) for lf in asked[name])
            )
        ]

    def _old_rows(self) -> Array:
        if self.same:
            return np.arange(self.total)
        return self.memory.rows_of(self.keys) if self.memory else np.full(self.total, -1, np.int64)

    def of(self, task: Task) -> list[BoundLF]:
        return [lf for lf in self._lfs if lf.bound_task() == task]

    def jobs(self) -> list[Job]:
        """A job per part; the changed rows matter to known functions alone."""
        return [Job(part, self._changed(part) if self.known else NO_ROWS) for part in self.parts]

    def _changed(self, part: Part) -> Array:
        return np.flatnonzero(self.old_rows[part.start : part.start + part.size] < 0)

    def keep(self, folder: Path) -> dict[str, float]:
        """Takes the files of unchanged tasks over; returns their coverage."""
        coverage = {}
        for name in self._kept:
            assert self.memory
            _link(self.memory.path(f"{name}.parquet"), folder / f"{name}.parquet")
            coverage[name] = self.memory.coverage[name]
        return coverage

    def faults(self) -> Faults:
        """Where the functions raised whose votes are taken over."""
        if not self.memory:
            return Faults()
        kept = [entry for name in self._kept for entry in self.memory.entries(name)]
        return self.memory.faults([*kept, *map(entry_of, self.known)])

    def described(self) -> list[dict[str, str]]:
        """What is to be remembered of the functions, those of the tasks that were kept included."""
        kept = [entry for name in self._kept if self.memory for entry in self.memory.entries(name)]
        return kept + [entry_of(lf) for lf in self._lfs]


def _keys(parts: Sequence[Part]) -> Array:
    return np.concatenate([np.empty(0, np.uint64), *(content_keys(part.read().table) for part in parts)])


def _link(source: Path, target: Path) -> None:
    """A second name for a file that nobody changes in place; a copy where the disk has no such thing."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _columns(
    plan: _Plan, engine: Engine, cache: Path | None
) -> Iterator[tuple[Part, dict[tuple[str, str], Array], Faults]]:
    """Part by part, the votes of every function, by (task, name)."""
    near = PartVoters(*_those(plan, shared=False), cache)
    far = PartVoters(*_those(plan, shared=True), cache)
    for answer in engine.answers(far, plan.jobs()):
        part = answer.job.part
        rows = plan.old_rows[part.start : part.start + part.size]
        columns = dict(zip(map(_key, plan.known), _recalled(plan, rows), strict=True))
        for voters, said in ((far, answer), (near, near.vote(answer.job))):
            columns |= zip(map(_key, voters.everywhere), said.votes, strict=True)
            for lf, votes in zip(voters.where_changed, said.changed, strict=False):
                columns[_key(lf)][answer.job.changed] = votes
            answer.faults.join(said.faults if said is not answer else Faults())
        yield part, columns, answer.faults


def _those(plan: _Plan, *, shared: bool) -> tuple[list[BoundLF], list[BoundLF]]:
    """The fresh and the known functions that may vote in any process, or those that may not."""

    def fits(lf: BoundLF) -> bool:
        return (not isinstance(lf, BatchLF) or lf.shared) == shared

    return [lf for lf in plan.fresh if fits(lf)], [lf for lf in plan.known if fits(lf)]


def _recalled(plan: _Plan, rows: Array) -> list[Array]:
    return plan.memory.columns(plan.known, rows) if plan.memory else []


def _key(lf: BoundLF) -> tuple[str, str]:
    return lf.bound_task().name, lf.name


class _TaskFile:
    """The votes on one task, written a row group at a time."""

    def __init__(self, folder: Path, task: Task, lfs: Sequence[BoundLF]) -> None:
        self.task = task
        self.covered = 0
        self._keys = [_key(lf) for lf in lfs]
        votes = [(lf.name, pa.from_numpy_dtype(task.vote_dtype)) for lf in lfs]
        self._schema = pa.schema([("ticket_id", pa.string()), *votes])
        check_columns(self._schema.names, task)
        # Votes are small and mostly −1: without dictionaries they are written twice as fast.
        self._writer = pq.ParquetWriter(
            folder / f"{task.name}.parquet",
            self._schema,
            compression="zstd",
            use_dictionary=False,
            write_statistics=False,
        )
        self._waiting: list[pa.Table] = []

    def __enter__(self) -> "_TaskFile":
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            self._flush()
        self._writer.close()

    def add(self, ids: pa.ChunkedArray, columns: dict[tuple[str, str], Array]) -> None:
        votes = [columns[key] for key in self._keys]
        covered = np.zeros(len(ids), bool)
        for column in votes:
            covered |= column >= 0
        self.covered += int(covered.sum())
        self._waiting.append(pa.table([ids, *map(pa.array, votes)], self._schema))
        if sum(map(len, self._waiting)) >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            table = pa.concat_tables(self._waiting)
            self._writer.write_table(table, row_group_size=max(1, len(table)))
            self._waiting.clear()
