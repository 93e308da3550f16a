"""What the transformer learns from: texts with soft labels, reviewed labels and missing labels at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.utils.data import Dataset

from data.schema import Schema

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class TrainingSet:
    """Texts and what is known of them.

    `targets` float32 [n, labels of all tasks, side by side in schema order]: label probabilities.
    `weights` float32 [n, n_tasks]: what each target counts, 0 where it is missing.
    """

    schema: Schema
    ticket_ids: tuple[str, ...]
    texts: tuple[str, ...]
    targets: Array
    weights: Array

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: Array) -> "TrainingSet":
        """The rows at these positions, in their order."""
        return TrainingSet(
            self.schema,
            tuple(self.ticket_ids[i] for i in rows),
            tuple(self.texts[i] for i in rows),
            self.targets[rows],
            self.weights[rows],
        )

    def known(self) -> "TrainingSet":
        """The rows of which at least one task is known."""
        return self.take(np.flatnonzero(self.weights.sum(axis=1) > 0))

    def unseen(self) -> dict[str, list[str]]:
        """Task → the labels that no known row more probably has than not, where there are some."""
        found = {}
        for task in self.schema:
            targets, weights = self.of_task(task.name)
            seen = (targets[weights > 0] >= 0.5).any(axis=0)
            found[task.name] = [task.labels[i] for i in np.flatnonzero(~seen)]
        return {name: labels for name, labels in found.items() if labels}

    def of_task(self, name: str) -> tuple[Array, Array]:
        """(targets [n, labels], weights [n]) of one task."""
        at = self.schema.names.index(name)
        start = sum(len(task.labels) for task in self.schema.tasks[:at])
        return self.targets[:, start : start + len(self.schema.tasks[at].labels)], self.weights[:, at]


def training_set(
    schema: Schema,
    ticket_ids: Sequence[str],
    texts: Sequence[str],
    soft: Mapping[str, tuple[Array, Array]],
    reviewed: Mapping[str, Mapping[str, tuple[int, ...]]],
    review_weight: float,
) -> TrainingSet:
    """Joins soft and reviewed labels into one training set.

    `soft[task]` is (probs float [n, labels], counts float [n]: how much each counts, 0 where it is
    missing); `reviewed[task]` maps ticket id to label ids. A reviewed label replaces the soft one and
    counts `review_weight` times as much.
    """
    n = len(ticket_ids)
    targets, weights = [], np.zeros((n, len(schema)), np.float32)
    row_of = {ticket_id: row for row, ticket_id in enumerate(ticket_ids)}
    for at, task in enumerate(schema):
        nothing = np.zeros((n, len(task.labels)), np.float32), np.zeros(n, np.float32)
        probs, counts = soft.get(task.name, nothing)
        task_targets = np.array(probs, np.float32)
        weights[:, at] = counts
        for ticket_id, answer in reviewed.get(task.name, {}).items():
            if (row := row_of.get(ticket_id)) is not None:
                task_targets[row] = 0
                task_targets[row, list(answer)] = 1
                weights[row, at] = review_weight
        targets.append(task_targets)
    return TrainingSet(schema, tuple(ticket_ids), tuple(texts), np.concatenate(targets, axis=1), weights)


class TokenizedSet(Dataset[dict[str, Any]]):
    """A training set, tokenized once, as torch reads it."""

    def __init__(self, items: TrainingSet, tokenizer: Any, max_length: int) -> None:
        encoded = tokenizer(list(items.texts), truncation=True, max_length=max_length)
        self._input_ids: list[list[int]] = encoded["input_ids"]
        self._targets = torch.from_numpy(items.targets)
        self._weights = torch.from_numpy(items.weights)

    def __len__(self) -> int:
        return len(self._input_ids)

    @property
    def lengths(self) -> list[int]:
        """Tokens of each text."""
        return [len(ids) for ids in self._input_ids]

    def __getitem__(self, row: int) -> dict[str, Any]:
        return {
            "input_ids": self._input_ids[row],
            "targets": self._targets[row],
            "weights": self._weights[row],
        }


class PaddingCollator:
    """Pads a batch to its longest text."""

    def __init__(self, pad_id: int) -> None:
        self._pad_id = pad_id

    def __call__(self, items: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        longest = max(len(item["input_ids"]) for item in items)
        input_ids = torch.full((len(items), longest), self._pad_id)
        attention_mask = torch.zeros((len(items), longest), dtype=torch.int64)
        for row, item in enumerate(items):
            length = len(item["input_ids"])
            input_ids[row, :length] = torch.tensor(item["input_ids"])
            attention_mask[row, :length] = 1
        return {
            "input_ids": input_ids,
            "attention_mask": attention_mask,
            "targets": torch.stack([item["targets"] for item in items]),
            "weights": torch.stack([item["weights"] for item in items]),
        }
