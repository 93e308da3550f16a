"""What the labels of public datasets mean for a project's tasks: a declared mapping, read strictly."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from data.dataset import Dataset, dataset_names, find_dataset
from data.errors import SchemaError, listed, near
from data.schema import Schema, Task, support_schema

SUPPORT_MAPPINGS = "schemas/support.mappings.toml"
# How sure a model may be when it votes; `only = "sure"` in a mapping leaves the others out.
LEVELS = ("sure", "likely")
ONLY = "only"


@dataclass(frozen=True)
class LabelMapping:
    """The answers to one task that follow from the labels of one dataset.

    `answers` is dataset label → task label, or "not LABEL" for what is known not to hold. A label of
    the dataset that is left out says nothing about the task. `levels` are those at which votes are
    wanted.
    """

    dataset: str
    task: str
    answers: Mapping[str, str]
    levels: tuple[str, ...] = LEVELS

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able form."""
        return {"dataset": self.dataset, "task": self.task, "answers": dict(self.answers)}


def read_mappings(path: Path, schema: Schema) -> tuple[LabelMapping, ...]:
    """Reads and checks a file of mappings; raises SchemaError that lists every problem in it."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SchemaError(f"{path}: no such file; name a file of mappings in [lfs] mappings") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SchemaError(f"{path}: not valid TOML: {error}") from None
    except OSError as error:
        raise SchemaError(f"{path}: cannot be read: {error}") from None
    return parse_mappings(document, schema, str(path))


def support_mappings() -> tuple[LabelMapping, ...]:
    """The mappings of the datasets to the support schema that come with ticketloom."""
    text = resources.files("data").joinpath(SUPPORT_MAPPINGS).read_text("utf-8")
    return parse_mappings(tomllib.loads(text), support_schema(), f"data/{SUPPORT_MAPPINGS}")


def parse_mappings(document: Mapping[str, Any], schema: Schema, where: str) -> tuple[LabelMapping, ...]:
    """Checks tables `[DATASET.TASK]` of task label = [dataset labels], with `only = "sure"` where wanted.

    Raises SchemaError that lists every problem found, with `where` as the place.
    """
    problems: list[str] = []
    mappings = [
        _mapping(f"[{name}.{task_name}]", labels, dataset, task, problems)
        for name, tables in document.items()
        if (dataset := _dataset(name, tables, problems))
        for task_name, labels in tables.items()
        if (task := _task(f"[{name}.{task_name}]", task_name, labels, schema, problems))
    ]
    if problems:
        raise SchemaError(f"{where}: " + "; ".join(problems))
    return tuple(mappings)


def _dataset(name: str, tables: Any, problems: list[str]) -> Dataset | None:
    labeled = [known for known in dataset_names() if find_dataset(known).labeled]
    if name not in labeled:
        problems.append(
            f"[{name}] is no dataset with labels; datasets are {listed(labeled, 20)}{near(name, labeled)}"
        )
        return None
    if not isinstance(tables, Mapping):
        problems.append(f"[{name}] needs a table [{name}.TASK] for each task, got {tables!r}")
        return None
    return find_dataset(name)


def _task(place: str, name: str, labels: Any, schema: Schema, problems: list[str]) -> Task | None:
    if name not in schema.names:
        problems.append(
            f"{place} names no task '{name}'; tasks are {listed(schema.names)}{near(name, schema.names)}"
        )
        return None
    if not isinstance(labels, Mapping) or all(_is_only(*item) for item in labels.items()):
        problems.append(f"{place} needs lines LABEL OF THE TASK = [labels of the dataset], got {labels!r}")
        return None
    return schema.task(name)


def _mapping(
    place: str, labels: Mapping[str, Any], dataset: Dataset, task: Task, problems: list[str]
) -> LabelMapping:
    """Labels of the task have lists; `only`, where it is a level, has not."""
    only = next((names for answer, names in labels.items() if _is_only(answer, names)), None)
    if only not in (None, *LEVELS):
        problems.append(f"{place} {ONLY} must be one of {listed(LEVELS)}, got {only!r}{near(only, LEVELS)}")
    lists = {answer: names for answer, names in labels.items() if not _is_only(answer, names)}
    answers = _answers(place, lists, dataset, task, problems)
    return LabelMapping(dataset.name, task.name, answers, (only,) if only else LEVELS)


def _is_only(answer: str, names: Any) -> bool:
    return answer == ONLY and isinstance(names, str)


def _answers(
    place: str, labels: Mapping[str, Any], dataset: Dataset, task: Task, problems: list[str]
) -> dict[str, str]:
    answers: dict[str, str] = {}
    for answer, names in labels.items():
        if task.vote_id(answer) is None:
            problems.append(
                f"{place} names no label '{answer}' of the task; labels are "
                f'{listed(task.labels, 20)}, or "not LABEL"{near(answer, task.labels)}'
            )
        if not isinstance(names, list) or not names:
            problems.append(f"{place} {answer} must be a list of labels of {dataset.name}, got {names!r}")
            continue
        for name in names:
            problems += _label_problems(place, name, answer, answers, dataset)
            answers[name if isinstance(name, str) else ""] = answer
    return answers


def _label_problems(
    place: str, name: Any, answer: str, answers: Mapping[str, str], dataset: Dataset
) -> list[str]:
    if name not in dataset.labels:
        hint = near(str(name), dataset.labels)
        allowed = "" if hint else f"; labels are {listed(dataset.labels, 20)}"
        return [f"{place} {answer}: {dataset.name} has no label {name!r}{allowed}{hint}"]
    if name in answers:
        return [f"{place} maps '{name}' twice: to {answers[name]} and to {answer}"]
    return []
