"""Tasks and their labels: what there is to say about a ticket."""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any, Literal

import numpy as np

from data.errors import SchemaError, listed, near

Kind = Literal["single", "multi"]
KINDS: tuple[Kind, ...] = ("single", "multi")
ABSTAIN = -1
# What begins the name of a label in a vote against it: "not billing".
NOT = "not "


def against(label_id: int) -> int:
    """The vote against a label; its own inverse.

    >>> against(0), against(against(3))
    (-2, 3)
    """
    return -2 - label_id


@dataclass(frozen=True)
class Task:
    """One question about a ticket and its ordered labels.

    `kind` is "single" (exactly one label a ticket) or "multi" (any number, none included).
    `descriptions[i]` describes `labels[i]` in a sentence; it feeds zero-shot seeds and guidelines.
    A label's id is its position. With `precedence`, a ticket that fits two labels of a single-label
    task has the first of them.

    >>> task = Task("tone", ("good", "bad"), ("pleased", "displeased"))
    >>> task.label_id("bad")
    1
    """

    name: str
    labels: tuple[str, ...]
    descriptions: tuple[str, ...]
    kind: Kind = "single"
    question: str = ""
    precedence: bool = False

    @property
    def multi(self) -> bool:
        return self.kind == "multi"

    @cached_property
    def ids(self) -> dict[str, int]:
        """Label name → label id."""
        return {label: i for i, label in enumerate(self.labels)}

    @property
    def vote_dtype(self) -> np.dtype[Any]:
        """int8, or int16 for a task of more labels than int8 can number, votes against them included."""
        return np.dtype(np.int8 if len(self.labels) <= 127 else np.int16)

    def vote_id(self, answer: str) -> int | None:
        """The vote for "billing" or against it, "not billing"; None for what is no label's name."""
        if answer in self.ids:
            return self.ids[answer]
        label = answer.removeprefix(NOT)
        return against(self.ids[label]) if label in self.ids else None

    def vote_name(self, vote: int) -> str | None:
        """ "billing", "not billing", or None for an abstention."""
        if vote == ABSTAIN:
            return None
        return self.labels[vote] if vote >= 0 else NOT + self.labels[against(vote)]

    def abstentions(self, tickets: int) -> np.ndarray[Any, Any]:
        """The votes [tickets] of a function that says nothing."""
        return np.full(tickets, ABSTAIN, self.vote_dtype)

    def label_id(self, label: object) -> int:
        """Id of a label given by name; raises SchemaError with the nearest name."""
        if isinstance(label, str) and label in self.ids:
            return self.ids[label]
        raise SchemaError(
            f"task '{self.name}' has no label {label!r}; labels are {listed(self.labels, 20)}"
            + near(str(label), self.labels)
        )

    def encode(self, value: object) -> tuple[int, ...] | None:
        """Label ids of one raw answer; None where the answer is missing.

        A single-label answer is a name. A multi-label answer is a list of names, or names joined
        by "|"; an empty list says that no label holds.
        """
        if isinstance(value, np.ndarray):
            value = value.tolist()
        if value is None or value == "" or value != value:
            return None
        if not self.multi:
            return (self.label_id(value),)
        names = value.split("|") if isinstance(value, str) else value
        if not isinstance(names, Sequence):
            raise SchemaError(f"task '{self.name}' takes a list of labels, got {value!r}")
        return tuple(sorted({self.label_id(name) for name in names}))

    def decode(self, label_ids: Sequence[int]) -> str | list[str]:
        """The answer as users write it: a name, or a list of names for a multi-label task."""
        names = [self.labels[i] for i in label_ids]
        return names if self.multi else names[0]

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able form; labels are lists, whose order survives any JSON writer."""
        return {
            "name": self.name,
            "kind": self.kind,
            "question": self.question,
            "precedence": self.precedence,
            "labels": list(self.labels),
            "descriptions": list(self.descriptions),
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Task":
        """What `to_dict` wrote."""
        labels, descriptions = tuple(value["labels"]), tuple(value["descriptions"])
        precedence = value.get("precedence", False)
        return cls(value["name"], labels, descriptions, value["kind"], value["question"], precedence)


@dataclass(frozen=True)
class Schema:
    """The ordered tasks of a project."""

    tasks: tuple[Task, ...]

    def __iter__(self) -> Iterator[Task]:
        return iter(self.tasks)

    def __len__(self) -> int:
        return len(self.tasks)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(task.name for task in self.tasks)

    def task(self, name: str) -> Task:
        """The task of that name; raises SchemaError with the nearest name."""
        for task in self.tasks:
            if task.name == name:
                return task
        raise SchemaError(
            f"no task '{name}' in the schema; tasks are {listed(self.names)}" + near(name, self.names)
        )

    def to_list(self) -> list[dict[str, Any]]:
        """A JSON-able form, a dict per task."""
        return [task.to_dict() for task in self.tasks]

    @classmethod
    def from_list(cls, tasks: Sequence[Mapping[str, Any]]) -> "Schema":
        """What `to_list` wrote."""
        return cls(tuple(Task.from_dict(task) for task in tasks))

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over names, labels, kinds and descriptions, in order."""
        return hashlib.sha256(json.dumps(self.to_list()).encode()).hexdigest()


TASK_KEYS = ("kind", "question", "precedence", "labels")
# A task names files and ONNX outputs.
_NAME = re.compile(r"\w[\w .-]*")


def parse_schema(tasks: Mapping[str, Any], where: str) -> Schema:
    """Builds a schema out of the `[tasks.…]` tables of a TOML or JSON document.

    Raises SchemaError that lists every problem found, with `where` as the place.
    """
    problems: list[str] = []
    parsed = [_parse_task(name, table, problems) for name, table in tasks.items()]
    if not tasks:
        problems.append("no task is declared; write a table [tasks.NAME] with labels")
    if problems:
        raise SchemaError(f"{where}: " + "; ".join(problems))
    return Schema(tuple(task for task in parsed if task))


def _parse_task(name: str, table: Any, problems: list[str]) -> Task | None:
    before = len(problems)
    if not isinstance(table, Mapping):
        problems.append(f"[tasks.{name}] must be a table, got {table!r}")
        return None
    if not _NAME.fullmatch(name):
        problems.append(f"[tasks.{name}] is no name: letters, digits, blanks, '_', '-' and '.' are allowed")
    for key in table.keys() - set(TASK_KEYS):
        problems.append(f"[tasks.{name}] has an unknown key '{key}'{near(key, TASK_KEYS)}")
    kind = table.get("kind", "single")
    if kind not in KINDS:
        problems.append(f"[tasks.{name}] kind must be one of {listed(KINDS)}, got {kind!r}")
    precedence = table.get("precedence", False)
    if not isinstance(precedence, bool):
        problems.append(f"[tasks.{name}] precedence must be true or false, got {precedence!r}")
    labels = _parse_labels(name, table.get("labels"), problems)
    if labels is not None and len(labels) < (1 if kind == "multi" else 2):
        problems.append(f"[tasks.{name}] needs two labels or more, got {len(labels)}")
    if len(problems) > before or labels is None:
        return None
    question = str(table.get("question", ""))
    return Task(name, tuple(labels), tuple(labels.values()), kind, question, precedence)


def _parse_labels(name: str, labels: Any, problems: list[str]) -> dict[str, str] | None:
    if isinstance(labels, list) and all(isinstance(label, str) for label in labels):
        doubled = sorted({label for label in labels if labels.count(label) > 1})
        if doubled:
            problems.append(f"[tasks.{name}] names a label twice: {listed(doubled)}")
        return {label: label.replace("_", " ") for label in labels}
    if not isinstance(labels, Mapping):
        problems.append(f"[tasks.{name}] needs labels: a list of names, or a table of name = description")
        return None
    for label, description in labels.items():
        if not isinstance(description, str) or not description.strip():
            problems.append(f"[tasks.{name}] label '{label}' needs a description, got {description!r}")
    return dict(labels)


def support_schema() -> Schema:
    """The default schema: five tasks on customer-support tweets."""
    text = resources.files("data").joinpath("schemas/support.toml").read_text("utf-8")
    return parse_schema(tomllib.loads(text)["tasks"], "data/schemas/support.toml")
