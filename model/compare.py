"""Classifiers side by side on the same tickets, with paired intervals of their differences."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from data.errors import TrainingError
from data.labels import Answer
from data.schema import Schema, Task
from model.intervals import LEVEL, SAMPLES, SEED, bootstrap, interval
from model.tally import figures, mean_over_tasks, tally

Array = np.ndarray[Any, Any]
COMPARED = ("accuracy", "macro_f1", "micro_f1")
Figures = Mapping[str, Mapping[str, Array]]


def compare(
    schema: Schema,
    classifiers: Mapping[str, Mapping[str, Array]],
    gold: Mapping[str, Sequence[Answer | None]],
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> dict[str, Any]:
    """Figures of each classifier, and how far each lies above the first one.

    `classifiers` is name → task → probs float [n, n_labels], `gold[task]` label ids or None, all in one
    order. Every sample of the bootstrap draws the same tickets for all classifiers, so that a difference's
    interval holds what they have in common only once. Raises TrainingError where no task has gold.
    """
    known = {name: answers for name, answers in gold.items() if any(each is not None for each in answers)}
    if not known:
        raise TrainingError("nothing to compare on: no ticket that all predict has a trusted label")
    point = {name: _figures(schema, probs, known) for name, probs in classifiers.items()}
    drawn = {
        name: bootstrap(schema, probs, known, samples=samples, seed=seed)
        for name, probs in classifiers.items()
    }
    first, *others = classifiers
    counts = {task: sum(each is not None for each in answers) for task, answers in known.items()}
    return {
        "baseline": first,
        "n": counts,
        "bootstrap": {"samples": samples, "seed": seed, "level": LEVEL},
        "classifiers": {name: _summary(point[name], drawn[name]) for name in classifiers},
        "differences": {
            name: _summary(_less(point[name], point[first]), _less(drawn[name], drawn[first]))
            for name in others
        },
    }


def _figures(
    schema: Schema, probs: Mapping[str, Array], gold: Mapping[str, Sequence[Answer | None]]
) -> dict[str, dict[str, Array]]:
    def of(task: Task) -> dict[str, Array]:
        return figures(task, tally(task, probs[task.name], gold[task.name]).sum(axis=0))

    return {name: of(schema.task(name)) for name in gold}


def _less(own: Figures, other: Figures) -> dict[str, dict[str, Array]]:
    return {
        task: {figure: of_task[figure] - other[task][figure] for figure in COMPARED}
        for task, of_task in own.items()
    }


def _summary(point: Figures, drawn: Figures) -> dict[str, Any]:
    means = {
        figure: _with_interval(mean_over_tasks(point, figure), mean_over_tasks(drawn, figure))
        for figure in COMPARED
    }
    tasks = {
        task: {figure: _with_interval(point[task][figure], drawn[task][figure]) for figure in COMPARED}
        for task in point
    }
    return {"mean": means, "tasks": tasks}


def _with_interval(figure: Array, drawn: Array) -> dict[str, Any]:
    return {"value": float(figure), "interval": interval(float(figure), drawn)}
