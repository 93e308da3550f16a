"""Classifiers side by side, each trained several times: the figures are means over its trainings."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from data.errors import TrainingError
from data.labels import Answer
from data.schema import Schema
from model.compare import COMPARED
from model.intervals import LEVEL, SAMPLES, SEED, bootstrap, interval
from model.tally import figures, mean_over_tasks, tally

Array = np.ndarray[Any, Any]
Probs = Mapping[str, Array]
Figures = dict[str, dict[str, Array]]


def compare_repeats(
    schema: Schema,
    classifiers: Mapping[str, Sequence[Probs]],
    gold: Mapping[str, Sequence[Answer | None]],
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> dict[str, Any]:
    """What `model.compare.compare` tells, of the mean of each classifier's trainings.

    `classifiers` is name → trainings → task → probs float [n, n_labels]. Samples are of tickets, the
    same for all: intervals hold what other tickets would change, not what other seeds would; `trainings`
    has the mean accuracy and macro-F1 of each. Raises TrainingError where no task has gold.
    """
    known = {name: answers for name, answers in gold.items() if any(each is not None for each in answers)}
    if not known:
        raise TrainingError("nothing to compare on: no ticket has a trusted label")
    point = {
        name: [_figures(schema, probs, known) for probs in trainings]
        for name, trainings in classifiers.items()
    }
    drawn = {
        name: _mean([bootstrap(schema, probs, known, samples=samples, seed=seed) for probs in trainings])
        for name, trainings in classifiers.items()
    }
    mean = {name: _mean(of) for name, of in point.items()}
    first, *others = classifiers
    return {
        "baseline": first,
        "n": {task: sum(each is not None for each in answers) for task, answers in known.items()},
        "bootstrap": {"samples": samples, "seed": seed, "level": LEVEL},
        "classifiers": {name: _summary(mean[name], drawn[name]) for name in classifiers},
        "differences": {
            name: _summary(_less(mean[name], mean[first]), _less(drawn[name], drawn[first]))
            for name in others
        },
        "trainings": {
            name: [
                {figure: float(mean_over_tasks(each, figure)) for figure in ("accuracy", "macro_f1")}
                for each in of
            ]
            for name, of in point.items()
        },
    }


def _figures(schema: Schema, probs: Probs, gold: Mapping[str, Sequence[Answer | None]]) -> Figures:
    tallies = {name: tally(schema.task(name), probs[name], answers) for name, answers in gold.items()}
    return {name: figures(schema.task(name), of.sum(axis=0)) for name, of in tallies.items()}


def _mean(trainings: Sequence[Figures]) -> Figures:
    return {
        task: {figure: np.mean([each[task][figure] for each in trainings], axis=0) for figure in COMPARED}
        for task in trainings[0]
    }


def _less(own: Figures, other: Figures) -> Figures:
    return {
        task: {figure: of[figure] - other[task][figure] for figure in COMPARED} for task, of in own.items()
    }


def _summary(point: Figures, drawn: Figures) -> dict[str, Any]:
    def with_interval(figure: Array, values: Array) -> dict[str, Any]:
        return {"value": float(figure), "interval": interval(float(figure), values)}

    return {
        "mean": {
            figure: with_interval(mean_over_tasks(point, figure), mean_over_tasks(drawn, figure))
            for figure in COMPARED
        },
        "tasks": {
            task: {figure: with_interval(of[figure], drawn[task][figure]) for figure in COMPARED}
            for task, of in point.items()
        },
    }
