"""Votes and soft labels: what labeling functions said of one task, and what it adds up to."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import LabelingError, listed
from data.schema import Task, against
from data.store import write_table

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Votes:
    """The votes on one task.

    `values` is int8 [n_tickets, n_lfs] (int16 beyond 127 labels): label ids, −1 abstains, and
    −2 − label id is a vote against that label (`data.schema.against`).
    """

    task: Task
    ticket_ids: tuple[str, ...]
    lf_names: tuple[str, ...]
    values: Array

    def __post_init__(self) -> None:
        check_columns(("ticket_id", *self.lf_names), self.task)
        shape = (len(self.ticket_ids), len(self.lf_names))
        if self.values.shape != shape:
            raise LabelingError(
                f"votes on '{self.task.name}' have shape {self.values.shape}, expected {shape}"
            )
        labels = len(self.task.labels)
        if self.values.size and not against(labels) < self.values.min() <= self.values.max() < labels:
            raise LabelingError(
                f"votes on '{self.task.name}' must lie in {against(labels - 1)} to {labels - 1}, "
                f"got {self.values.min()} to {self.values.max()}"
            )

    @property
    def covered(self) -> Array:
        """bool [n_tickets]: true where at least one labeling function votes for a label."""
        return np.asarray((self.values >= 0).any(axis=1))

    def counts(self) -> Array:
        """float64 [n_tickets, n_labels]: how many labeling functions vote for each label."""
        return np.stack(
            [(self.values == i).sum(axis=1) for i in range(len(self.task.labels))], axis=1
        ).astype(float)

    def beside(self, other: "Votes") -> "Votes":
        """These votes with the columns of another set on the same tickets beside them."""
        if self.ticket_ids != other.ticket_ids:
            raise LabelingError(f"votes on '{self.task.name}' stand on different tickets")
        values = np.concatenate([self.values, other.values], axis=1)
        return Votes(self.task, self.ticket_ids, self.lf_names + other.lf_names, values)

    def save(self, path: Path) -> None:
        """Writes Parquet: ticket_id, then a column per labeling function."""
        columns = {"ticket_id": pa.array(self.ticket_ids, pa.string())}
        columns |= {name: pa.array(self.values[:, i]) for i, name in enumerate(self.lf_names)}
        write_table(path, pa.table(columns))

    @classmethod
    def load(cls, path: Path, task: Task) -> "Votes":
        """Reads what `save` wrote."""
        table = pq.read_table(path)
        names = tuple(table.column_names[1:])
        none = np.empty((len(table), 0), task.vote_dtype)
        values = np.stack([table[name].to_numpy() for name in names], axis=1) if names else none
        return cls(task, tuple(table["ticket_id"].to_pylist()), names, values)


def check_columns(names: Sequence[str], task: Task) -> None:
    """Raises LabelingError where two columns of the votes on a task would have one name."""
    if doubled := [name for name, count in Counter(names).items() if count > 1]:
        raise LabelingError(
            f"votes on '{task.name}' have two columns named {listed(doubled)}; rename a labeling function"
        )


@dataclass(frozen=True)
class SoftLabels:
    """Label probabilities of one task.

    `probs` float32 [n_tickets, n_labels]: rows add up to 1 for a single-label task; for a
    multi-label task each entry is the probability that the label holds. `covered` bool
    [n_tickets]: false where nothing is known of a ticket, whatever its row says.
    """

    task: Task
    ticket_ids: tuple[str, ...]
    probs: Array
    covered: Array

    def answers(self) -> list[tuple[int, ...]]:
        """The most probable answer of each ticket: one label id, or all labels above one half."""
        if self.task.multi:
            return [tuple(np.flatnonzero(row > 0.5).tolist()) for row in self.probs]
        return [(int(i),) for i in self.probs.argmax(axis=1)]

    def rows(self, ticket_ids: Sequence[str]) -> "SoftLabels":
        """The soft labels of these tickets, in their order; KeyError for an unknown one."""
        index = {ticket_id: row for row, ticket_id in enumerate(self.ticket_ids)}
        rows = np.array([index[ticket_id] for ticket_id in ticket_ids], int)
        return SoftLabels(self.task, tuple(ticket_ids), self.probs[rows], self.covered[rows])

    def save(self, path: Path) -> None:
        """Writes Parquet: ticket_id, covered, then a column per label."""
        columns = {"ticket_id": pa.array(self.ticket_ids, pa.string()), "covered": pa.array(self.covered)}
        columns |= {f"p:{label}": pa.array(self.probs[:, i]) for i, label in enumerate(self.task.labels)}
        write_table(path, pa.table(columns))

    @classmethod
    def load(cls, path: Path, task: Task) -> "SoftLabels":
        """Reads what `save` wrote."""
        table = pq.read_table(path)
        probs = np.stack([table[f"p:{label}"].to_numpy() for label in task.labels], axis=1)
        return cls(task, tuple(table["ticket_id"].to_pylist()), probs, table["covered"].to_numpy())
