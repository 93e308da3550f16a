"""Runs side by side: what their finished evaluations predict, measured on the tickets that all know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from app.rounds import finished
from app.workbench import gold_of, reviewed_labels
from data.errors import TrainingError, listed, near
from data.schema import Schema, Task
from data.workspace import Workspace
from labeling.votes import SoftLabels
from model.compare import compare

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Predicted:
    """What one evaluation predicts, by task; every task has the same tickets."""

    name: str
    tasks: Mapping[str, SoftLabels]

    @property
    def ticket_ids(self) -> tuple[str, ...]:
        return next(iter(self.tasks.values())).ticket_ids

    def probs(self, ticket_ids: Sequence[str], tasks: Sequence[str]) -> dict[str, Array]:
        """Task → probs float32 [n, n_labels] of these tickets."""
        return {name: self.tasks[name].rows(ticket_ids).probs for name in tasks}


def comparison(workspace: Workspace, names: Sequence[str], number: int | None = None) -> dict[str, Any]:
    """Each evaluation's figures on the tickets that all have in common, and how far it lies above the first.

    A name is a run's, whose round `number`, else its last evaluated one, counts; or RUN/round-N. Nothing is
    built: an evaluation counts as it was made. Raises TrainingError for what cannot be compared.
    """
    schema = workspace.config.schema_
    all_predicted = [
        _predicted(name, folder, schema) for name, folder in _chosen(workspace, names, number).items()
    ]
    tasks = [name for name in schema.names if all(name in each.tasks for each in all_predicted)]
    ids = _common(all_predicted, tasks)
    gold = _gold(workspace)
    answers = {name: [gold[name].get(ticket_id) for ticket_id in ids] for name in tasks}
    probs = {each.name: each.probs(ids, tasks) for each in all_predicted}
    return {
        "project": workspace.root.resolve().name,
        "tickets": len(ids),
        "left_out": {each.name: len(each.ticket_ids) - len(ids) for each in all_predicted},
        **compare(schema, probs, answers),
    }


def _chosen(workspace: Workspace, names: Sequence[str], number: int | None) -> dict[str, Path]:
    """The evaluations of these names; every problem with them in one error."""
    there, chosen, problems = finished(workspace, "evaluation"), {}, []
    for name in names:
        fits = [key for key in there if key == name or (key.rpartition("/")[0] == name and _is(key, number))]
        if not fits:
            problems.append(_missing(name, number, there))
        elif fits[-1] in chosen:
            problems.append(f"{fits[-1]} is named twice")
        else:
            chosen[fits[-1]] = there[fits[-1]]
    if problems:
        raise TrainingError("; ".join(problems))
    if len(chosen) < 2:
        raise TrainingError(f"name two runs or more to compare; evaluated are {listed(there)}")
    return chosen


def _is(key: str, number: int | None) -> bool:
    return number is None or key.endswith(f"/round-{number}")


def _missing(name: str, number: int | None, there: Mapping[str, Path]) -> str:
    wanted = name if number is None else f"{name}/round-{number}"
    if not there:
        return f"no run is evaluated yet; `ticketloom model evaluate --run {name}` does it"
    runs = list(dict.fromkeys(key.rpartition("/")[0] for key in there))
    hint = near(name, [*runs, *there]) if name not in runs else ""
    return f"no evaluation of '{wanted}'; there are {listed(there)}{hint}"


def _predicted(name: str, folder: Path, schema: Schema) -> Predicted:
    paths = {task: folder / f"{task.name}.parquet" for task in schema}
    for task, path in paths.items():
        if path.is_file():
            _check_labels(name, path, task)
    tasks = {task.name: SoftLabels.load(path, task) for task, path in paths.items() if path.is_file()}
    if not tasks:
        raise TrainingError(
            f"{name}: its evaluation predicts nothing: there were no trusted labels, or other tasks; "
            "name gold in [evaluate] and evaluate it again"
        )
    return Predicted(name, tasks)


def _check_labels(name: str, path: Path, task: Task) -> None:
    labels = [column[2:] for column in pq.read_schema(path).names if column.startswith("p:")]
    if sorted(labels) != sorted(task.labels):
        raise TrainingError(
            f"{name}: predicts other labels of task '{task.name}' ({listed(labels)}) than the project has "
            f"({listed(task.labels)}); evaluate it again"
        )


def _common(all_predicted: Sequence[Predicted], tasks: Sequence[str]) -> list[str]:
    """The tickets that all predict, in the first one's order."""
    first, *others = all_predicted
    known = [set(each.ticket_ids) for each in others]
    ids = [ticket_id for ticket_id in first.ticket_ids if all(ticket_id in each for each in known)]
    if not ids or not tasks:
        names = listed(each.name for each in all_predicted)
        what = "ticket" if tasks else "task"
        raise TrainingError(
            f"{names} have no evaluated {what} in common; evaluate them again on the same gold"
        )
    return ids


def _gold(workspace: Workspace) -> dict[str, dict[str, tuple[int, ...]]]:
    """Gold, else what people decided in reviews."""
    gold = gold_of(workspace)
    if gold is None:
        return reviewed_labels(workspace)
    return {task.name: gold.of(task) for task in workspace.config.schema_}
