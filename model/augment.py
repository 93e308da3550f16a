"""More to learn from: public datasets as auxiliary tasks, and altered copies of tickets with rare labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from data.schema import Schema, Task
from model.dataset import TrainingSet

Array = np.ndarray[Any, Any]
# Of the words of a copy so many are left out, and as many pairs of neighbours are swapped.
ALTERED = 0.1


@dataclass(frozen=True)
class LabeledTexts:
    """Texts of a public dataset with its own labels."""

    name: str
    texts: Sequence[str]
    labels: Sequence[str]


def with_auxiliary(items: TrainingSet, datasets: Sequence[LabeledTexts], weight: float) -> TrainingSet:
    """The training set with a task more for each dataset, named after it, and its texts as rows.

    Each of its labels weighs `weight`; on the tasks that were there its texts say nothing. Tasks keep
    their places. A dataset with one label teaches nothing and is left out.
    """
    for each in datasets:
        labels = tuple(sorted(set(each.labels)))
        if len(labels) > 1:
            task = Task(f"{each.name} (auxiliary)", labels, labels)
            items = _joined(items, task, each, weight)
    return items


def _joined(items: TrainingSet, task: Task, dataset: LabeledTexts, weight: float) -> TrainingSet:
    old, new, n_tasks = len(items), len(dataset.texts), len(items.schema)
    width = items.targets.shape[1]
    targets = np.zeros((old + new, width + len(task.labels)), np.float32)
    targets[:old, :width] = items.targets
    targets[np.arange(old, old + new), [width + task.ids[label] for label in dataset.labels]] = 1
    weights = np.zeros((old + new, n_tasks + 1), np.float32)
    weights[:old, :n_tasks], weights[old:, n_tasks] = items.weights, weight
    ids = (f"{dataset.name}-{row}" for row in range(new))
    return TrainingSet(
        Schema((*items.schema, task)),
        (*items.ticket_ids, *ids),
        (*items.texts, *dataset.texts),
        targets,
        weights,
    )


def padded(items: TrainingSet, schema: Schema) -> TrainingSet:
    """The same rows on a schema that has more tasks behind, of which they say nothing."""
    more = list(schema)[len(items.schema) :]
    nothing = np.zeros((len(items), sum(len(task.labels) for task in more)), np.float32)
    unknown = np.zeros((len(items), len(more)), np.float32)
    return TrainingSet(
        schema,
        items.ticket_ids,
        items.texts,
        np.concatenate([items.targets, nothing], axis=1),
        np.concatenate([items.weights, unknown], axis=1),
    )


def with_rare_copies(items: TrainingSet, share: float, seed: int) -> TrainingSet:
    """The training set with altered copies of tickets whose label is rarer than `share` of a task's known.

    A label gets as many copies as it lacks, at most three of a ticket (Wei and Zou, 2019: words left out
    and neighbours swapped). A copy speaks of the task with the rare label alone.
    """
    rng = np.random.default_rng(seed)
    rows: list[int] = []
    tasks: list[int] = []
    for at, task in enumerate(items.schema):
        targets, weights = items.of_task(task.name)
        known = weights > 0
        for label in range(len(task.labels)):
            own = np.flatnonzero(known & (targets[:, label] > 0.5))
            lacking = min(int(share * known.sum()) - len(own), 3 * len(own))
            if lacking > 0:
                rows += rng.choice(np.repeat(own, 3), lacking, replace=False).tolist()
                tasks += [at] * lacking
    texts = [altered(items.texts[row], rng) for row in rows]
    weights = np.zeros((len(rows), len(items.schema)), np.float32)
    weights[np.arange(len(rows)), tasks] = items.weights[rows, tasks]
    return TrainingSet(
        items.schema,
        (*items.ticket_ids, *(f"{items.ticket_ids[row]}-copy" for row in rows)),
        (*items.texts, *texts),
        np.concatenate([items.targets, items.targets[rows]]),
        np.concatenate([items.weights, weights]),
    )


def altered(text: str, rng: np.random.Generator) -> str:
    """The text with some words left out and some neighbours swapped; one of one word stays as it is."""
    words = text.split()
    if len(words) < 2:
        return text
    kept = [word for word in words if rng.random() >= ALTERED] or words
    for _ in range(round(ALTERED * len(kept))):
        at = int(rng.integers(0, max(1, len(kept) - 1)))
        kept[at : at + 2] = kept[at : at + 2][::-1]
    return " ".join(kept)
