"""What a folder of votes remembers, so that the next run asks only whom and what it must."""

from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.store import read_json, write_json
from labeling.faults import Faults
from labeling.lf import BoundLF

Array = np.ndarray[Any, Any]
LFS, KEYS = "lfs.json", "keys.npy"


class VoteMemory:
    """The votes in a folder, by labeling function and by ticket.

    A function is known by its fingerprint, a ticket by a 64-bit hash of all that it holds, so the
    chance that a changed ticket is taken for one of a million others is 1 in 10¹³.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._said = read_json(folder / LFS)
        self._known = {(entry["task"], entry["name"]): entry["fingerprint"] for entry in self._said["lfs"]}

    @classmethod
    def of(cls, folder: Path | None, code: str) -> "VoteMemory | None":
        """The memory of a folder that the same code wrote; None where there is none."""
        if folder is None or not (folder / LFS).is_file():
            return None
        memory = cls(folder)
        whole = all((folder / name).is_file() for name in (KEYS, *memory._files))
        return memory if whole and memory._said["code"] == code else None

    @property
    def _files(self) -> list[str]:
        return [f"{task}.parquet" for task in self.tasks]

    @property
    def tickets(self) -> str:
        """SHA-256 of the table of tickets that was voted on."""
        return str(self._said["tickets"])

    @property
    def coverage(self) -> dict[str, float]:
        """Task → share of tickets on which at least one of its functions voted."""
        return dict(self._said["coverage"])

    @property
    def tasks(self) -> list[str]:
        return list(self._said["coverage"])

    def entries(self, task: str) -> list[dict[str, str]]:
        """What is remembered of a task's functions, in the order of their columns."""
        return [entry for entry in self._said["lfs"] if entry["task"] == task]

    def functions(self, task: str) -> list[str]:
        return [entry["name"] for entry in self.entries(task)]

    def knows(self, lf: BoundLF, *, same_tickets: bool) -> bool:
        """Whether the function's votes can be taken over; with other tickets, only if it never raised."""
        task = lf.bound_task().name
        raised = f"{task}.{lf.name}" in self._said["faults"]
        known = self._known.get((task, lf.name)) == entry_of(lf)["fingerprint"]
        return known and (same_tickets or not raised)

    def faults(self, entries: Sequence[dict[str, str]]) -> Faults:
        """Where the functions of these entries raised, then."""
        names = {f"{entry['task']}.{entry['name']}" for entry in entries}
        return Faults.from_dict({name: f for name, f in self._said["faults"].items() if name in names})

    def path(self, name: str) -> Path:
        return self._folder / name

    @cached_property
    def keys(self) -> Array:
        """uint64 [n_tickets], in the order of the rows."""
        return np.asarray(np.load(self._folder / KEYS))

    @cached_property
    def _sorted(self) -> tuple[Array, Array]:
        order = np.argsort(self.keys, kind="stable")
        return self.keys[order], order

    def rows_of(self, keys: Array) -> Array:
        """int64 [n]: the rows in which tickets with these keys stood; −1 for those it has not seen."""
        known, order = self._sorted
        if not len(known):
            return np.full(len(keys), -1, np.int64)
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        return np.where(known[at] == keys, order[at], -1)

    def columns(self, lfs: Sequence[BoundLF], rows: Array) -> list[Array]:
        """The votes of functions that it knows on the tickets of these rows; −1 where the row is −1."""
        found = [lf.bound_task().abstentions(len(rows)) for lf in lfs]
        for task in dict.fromkeys(lf.bound_task().name for lf in lfs):
            columns = {lf.name: found[at] for at, lf in enumerate(lfs) if lf.bound_task().name == task}
            self._recall(task, columns, rows)
        return found

    def _recall(self, task: str, columns: dict[str, Array], rows: Array) -> None:
        """Fills in the votes of a task's functions, one row group of the old file after the other."""
        starts = self._starts(task)
        groups = np.searchsorted(starts, rows, side="right") - 1
        for group in np.unique(groups[rows >= 0]).tolist():
            here = np.flatnonzero(groups == group)
            table, inside = self._group(task, group), rows[here] - starts[group]
            for name, votes in columns.items():
                votes[here] = table[name].to_numpy()[inside]

    def _file(self, task: str) -> pq.ParquetFile:
        return pq.ParquetFile(self._folder / f"{task}.parquet")

    @lru_cache(maxsize=64)  # noqa: B019 - a memory lives as long as one apply
    def _starts(self, task: str) -> Array:
        metadata = self._file(task).metadata
        sizes = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
        return np.cumsum([0, *sizes])[:-1]

    @lru_cache(maxsize=12)  # noqa: B019
    def _group(self, task: str, group: int) -> pa.Table:
        return self._file(task).read_row_group(group)


def remember(folder: Path, said: dict[str, Any], keys: Array) -> None:
    """Writes beside the votes in a folder what `VoteMemory` needs to know of them."""
    np.save(folder / KEYS, keys)
    write_json(folder / LFS, said)


def entry_of(lf: BoundLF) -> dict[str, str]:
    """What is remembered of a function: its fingerprint covers the labels that its votes number."""
    task = lf.bound_task()
    return {"task": task.name, "name": lf.name, "fingerprint": f"{lf.fingerprint()}:{'|'.join(task.labels)}"}
