"""Where a classifier is better or worse: figures of the tickets that share a brand, a length, an hour."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from data.labels import Answer
from data.schema import Schema
from model.intervals import SAMPLES, SEED, interval, resampled
from model.tally import ANSWERED, RIGHT, figures, mean_over_tasks, tally

Array = np.ndarray[Any, Any]
# Below it an interval spans 0.3 and more.
FEWEST = 30


def slices(
    schema: Schema,
    probs: Mapping[str, Array],
    gold: Mapping[str, Sequence[Answer | None]],
    columns: Mapping[str, Sequence[str | None]],
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> dict[str, Any]:
    """Figures of every value of each column that 30 tickets or more have, and 30 or more have not.

    Values are in the order of the number that they begin with, else the most frequent come first.
    `columns[name]` is each ticket's value, None where it has none. `accuracy` is of all answers to all tasks;
    `gap` is how far it lies above that of all other tickets, with a paired 95 % interval: a slice stands
    out where that does not hold 0. `left_out` counts the other values, and their tickets.
    """
    tallies = {name: tally(schema.task(name), probs[name], answers) for name, answers in gold.items()}
    counted = np.sum([each[:, [ANSWERED, RIGHT]] for each in tallies.values()], axis=0, dtype=float).T
    found, left_out = [], {}
    for column, values in columns.items():
        kept, few = _kept(values, counted[0] > 0)
        left_out[column] = {"values": len(few), "tickets": sum(few.values())}
        found += [(column, value, rows) for value, rows in kept.items()]
    drawn = _drawn(counted, [rows for *_, rows in found], samples, seed)
    return {
        "fewest": FEWEST,
        "slices": [
            {"column": column, "value": value, "n": int((rows & (counted[0] > 0)).sum())}
            | _accuracy(counted, rows, drawn[i])
            | _by_task(schema, tallies, rows)
            for i, (column, value, rows) in enumerate(found)
        ],
        "left_out": {name: count for name, count in left_out.items() if count["tickets"]},
    }


def _kept(values: Sequence[str | None], answered: Array) -> tuple[dict[str, Array], dict[str, int]]:
    """Value → its rows bool [n], and value → tickets of those that are left out."""
    column = np.array([value if value is not None else "" for value in values], object)
    rows = {value: column == value for value in dict.fromkeys(values) if value is not None}
    sizes = {value: int((of & answered).sum()) for value, of in rows.items()}
    fits = {value: FEWEST <= n <= answered.sum() - FEWEST for value, n in sizes.items()}
    few = {value: n for value, n in sizes.items() if n and not fits[value]}
    kept = sorted((_leading_number(value), -sizes[value], value) for value in rows if fits[value])
    return {value: rows[value] for *_, value in kept}, few


def _leading_number(value: str) -> int:
    digits = re.match(r"[0-9]+", value)
    return int(digits[0]) if digits else 0


def _drawn(counted: Array, found: Sequence[Array], samples: int, seed: int) -> Array:
    """float64 [n_slices, samples, 4]: in each sample answered and right inside a slice, and outside it."""
    if not found:
        return np.empty((0, samples, 4))
    parts = [counted.T * side[:, None] for rows in found for side in (rows, ~rows)]
    sums = resampled(np.concatenate(parts, axis=1), samples=samples, seed=seed)
    return sums.reshape(samples, len(found), 4).transpose(1, 0, 2)


def _accuracy(counted: Array, rows: Array, drawn: Array) -> dict[str, Any]:
    inside, outside = (_share(*counted[:, side].sum(axis=1)) for side in (rows, ~rows))
    own, other = _share(drawn[:, 0], drawn[:, 1]), _share(drawn[:, 2], drawn[:, 3])
    gap = float(inside - outside)
    return {
        "accuracy": float(inside),
        "interval": interval(float(inside), own),
        "gap": gap,
        "gap_interval": interval(gap, own - other),
    }


def _share(n: Array, correct: Array) -> Array:
    return np.asarray(np.where(n > 0, correct / np.maximum(n, 1), np.nan))


def _by_task(schema: Schema, tallies: Mapping[str, Array], rows: Array) -> dict[str, Any]:
    of_tasks = {name: figures(schema.task(name), each[rows].sum(axis=0)) for name, each in tallies.items()}
    known = {name: of for name, of in of_tasks.items() if not np.isnan(of["accuracy"])}
    return {
        "mean_macro_f1": float(mean_over_tasks(known, "macro_f1")),
        "tasks": {
            name: {figure: float(of[figure]) for figure in ("accuracy", "macro_f1")}
            for name, of in known.items()
        },
    }
