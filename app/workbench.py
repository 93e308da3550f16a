"""What the workbench looks at: a set of votes with its tickets and the labels that are trusted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app import stages
from app.lf_analysis import TaskAnalysis, analyze_task
from app.lf_apply import TABLES
from app.run import Run
from data.errors import LabelingError, listed, near
from data.labels import Answer, LabeledTickets, read_labels
from data.schema import Schema, Task
from data.store import MANIFEST, read_json, value_hash
from data.tickets import Ticket, open_tickets, read_columns
from data.workspace import Workspace
from labeling.analysis import analyze
from labeling.changes import Changes, compare
from labeling.explain import Reason, kind_of, reasons, words
from labeling.lf import BatchLF, BoundLF
from labeling.load import load_lfs
from labeling.mistakes import mistakes
from labeling.votes import Votes

# Looking for a near spelling takes long among millions.
NEAR_AMONG = 50_000
# Later than any round.
ALL_ROUNDS = 1_000_000
Trusted = Mapping[str, Mapping[str, Answer]]


class Bench:
    """Votes in a folder, and what belongs to them.

    `gold` and `reviewed` (task → ticket id → label ids) together are `trusted`. `labels` is the folder
    of a label model that may have been fitted on these votes.
    """

    def __init__(
        self,
        folder: Path,
        schema: Schema,
        tables: tuple[Path, ...],
        lfs: Sequence[BoundLF],
        gold: LabeledTickets | None,
        reviewed: Trusted,
        labels: Path | None = None,
    ) -> None:
        self.folder = folder
        self.schema = schema
        self.tables = tables
        self.lfs = lfs
        self.gold = gold
        self.trusted = _joined(schema, gold, reviewed)
        self._labels = labels

    @classmethod
    def of_run(cls, run: Run) -> "Bench":
        """The votes of a run, brought up to date."""
        folder = run.votes().folder
        return cls(
            folder,
            run.schema,
            (run.workspace.tickets,),
            run.labeling_functions,
            run.gold,
            reviewed_labels(run.workspace),
            run.folder / "labels",
        )

    @classmethod
    def of_folder(cls, folder: Path, workspace: Workspace, gold: LabeledTickets | None) -> "Bench":
        """Votes in a folder as they are: of a run, or written by `lfs apply --out`."""
        if not (folder / MANIFEST).is_file():
            raise LabelingError(f"{folder}: no votes here; `lfs apply` writes them")
        named = read_json(folder / TABLES) if (folder / TABLES).is_file() else None
        tables = tuple(folder / name for name in named) if named else (workspace.tickets,)
        schema = workspace.config.schema_
        lfs = load_lfs(workspace.config.lf_modules, schema, workspace.root)
        return cls(folder, schema, tables, lfs, gold, reviewed_labels(workspace))

    def tasks(self, names: Sequence[str]) -> list[Task]:
        """The tasks of these names; without names those that have votes."""
        if names:
            return [self.schema.task(name) for name in names]
        return [task for task in self.schema if (self.folder / f"{task.name}.parquet").is_file()]

    def votes(self, task: Task) -> Votes:
        path = self.folder / f"{task.name}.parquet"
        if not path.is_file():
            raise LabelingError(f"{self.folder}: no votes on task '{task.name}' here; `lfs apply` makes them")
        return Votes.load(path, task)

    def analysis(self, task: Task) -> TaskAnalysis:
        return analyze_task(self.votes(task), self.trusted[task.name], self._learned.get(task.name, {}))

    @cached_property
    def _learned(self) -> dict[str, Any]:
        """Task → accuracies that a label model fitted on these very votes learned."""
        manifest = self._labels / MANIFEST if self._labels else None
        if self._labels is None or manifest is None or not manifest.is_file():
            return {}
        votes = value_hash(read_json(self.folder / MANIFEST)["files"])
        fresh = votes in read_json(manifest)["reads"].values()
        return dict(read_json(self._labels / "weights.json")) if fresh else {}

    def errors(self, function: str) -> dict[str, Any]:
        """The wrong votes of a function (a name, or task.name), each with its ticket's text and words."""
        lf = find_lf(self.lfs, function)
        task = lf.bound_task()
        votes, trusted = self.votes(task), self.trusted[task.name]
        found = mistakes(votes, lf.name, trusted)
        tickets = self.tickets(each.ticket_id for each in found)
        rows = [
            asdict(each) | {"text": tickets[each.ticket_id].text, "words": words(lf, tickets[each.ticket_id])}
            for each in found
        ]
        report = next(each for each in analyze(votes, trusted) if each.name == lf.name)
        return {"task": task.name, "name": lf.name, "n": report.gold_votes, "mistakes": rows}

    def explain(self, ticket_id: str, tasks: Sequence[Task]) -> dict[str, Any]:
        """The votes on a ticket, and what made each function cast it.

        Functions are asked anew, save those that hold a model of their own: their stored votes count.
        """
        ticket = self._ticket(ticket_id)
        lfs = [lf for lf in self.lfs if lf.bound_task() in tasks]
        asked = [lf for lf in lfs if not isinstance(lf, BatchLF) or lf.shared]
        said = [*reasons(asked, ticket), *self._stored([lf for lf in lfs if lf not in asked], ticket_id)]
        votes = [asdict(reason) for reason in said if reason.label or reason.error]
        return {"ticket_id": ticket_id, "text": ticket.text, "votes": votes}

    def _stored(self, lfs: Sequence[BoundLF], ticket_id: str) -> Iterator[Reason]:
        for lf in lfs:
            task = lf.bound_task()
            votes = self.votes(task)
            if lf.name in votes.lf_names and ticket_id in votes.ticket_ids:
                vote = votes.values[votes.ticket_ids.index(ticket_id), votes.lf_names.index(lf.name)]
                yield Reason(task.name, lf.name, kind_of(lf), lf.field, task.vote_name(int(vote)))

    def changes_since(self, old: "Bench", task: Task) -> Changes:
        return compare(old.votes(task), self.votes(task), self.trusted[task.name])

    def uncovered(self, task: Task, clusters: int) -> dict[str, Any]:
        """What no function of the task votes on, in clusters."""
        from labeling.uncovered import uncovered_clusters

        votes = self.votes(task)
        ids = [votes.ticket_ids[row] for row in np.flatnonzero(~votes.covered)]
        tickets = self.tickets(ids)
        found = uncovered_clusters(ids, [tickets[each].text for each in ids], clusters=clusters)
        return {
            "tickets": len(votes.ticket_ids),
            "uncovered": len(ids),
            "clusters": [asdict(cluster) for cluster in found],
        }

    def tickets(self, ticket_ids: Iterable[str]) -> dict[str, Ticket]:
        """Ticket id → ticket, of those that are there."""
        wanted = pa.array(sorted(set(ticket_ids)), pa.string())
        batches = (batch for path in self.tables for batch in open_tickets(path).iter_batches())
        rows = (batch.filter(pc.is_in(batch["ticket_id"], wanted)).to_pylist() for batch in batches)
        return {row["ticket_id"]: Ticket(**row) for found in rows for row in found}

    def _ticket(self, ticket_id: str) -> Ticket:
        found = self.tickets([ticket_id])
        if ticket_id in found:
            return found[ticket_id]
        ids = [i for path in self.tables for i in read_columns(path, ["ticket_id"])["ticket_id"].to_pylist()]
        raise LabelingError(
            f"no ticket '{ticket_id}' among {len(ids)}; ids are like {listed(ids[:3])}"
            + near(ticket_id, ids[:NEAR_AMONG])
        )


def find_lf(lfs: Sequence[BoundLF], name: str) -> BoundLF:
    """The function of this name, or task.name; LabelingError where there is none, or more than one."""
    full = {f"{lf.bound_task().name}.{lf.name}": lf for lf in lfs}
    found = [key for key, lf in full.items() if name in (key, lf.name)]
    if len(found) == 1:
        return full[found[0]]
    if found:
        raise LabelingError(f"several tasks have a labeling function '{name}'; name one: {listed(found)}")
    names = [lf.name for lf in lfs]
    raise LabelingError(f"no labeling function '{name}' among {len(lfs)}; see `lfs list`" + near(name, names))


def votes_folder(workspace: Workspace, name: str) -> Path:
    """Where the votes of a run lie, or those in a folder."""
    of_run, folder = workspace.run(name) / "votes", Path(name)
    if of_run.is_dir() or folder.is_dir():
        return of_run if of_run.is_dir() else folder
    runs = sorted(path.parent.name for path in workspace.run(name).parent.glob("*/votes"))
    raise LabelingError(f"no run and no folder of votes '{name}'; runs are {listed(runs)}{near(name, runs)}")


def gold_of(workspace: Workspace) -> LabeledTickets | None:
    """The project's gold labels, if it has some."""
    name = workspace.config.evaluate.gold
    return read_labels(workspace.path(name), workspace.config.schema_) if name else None


def _joined(schema: Schema, gold: LabeledTickets | None, reviewed: Trusted) -> Trusted:
    """Labels of gold and of reviewed tickets; gold counts where both are."""
    return {task.name: {**reviewed[task.name], **(gold.of(task) if gold else {})} for task in schema}


def trusted_of(workspace: Workspace) -> Trusted:
    """The labels that a project trusts."""
    return _joined(workspace.config.schema_, gold_of(workspace), reviewed_labels(workspace))


def reviewed_labels(workspace: Workspace) -> dict[str, dict[str, Answer]]:
    """Task → ticket id → label ids, as people last decided."""
    schema = workspace.config.schema_
    if not workspace.reviews.is_file():
        return {task.name: {} for task in schema}
    return stages.ledger(workspace).answers(schema, ALL_ROUNDS)
