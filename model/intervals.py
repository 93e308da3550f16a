"""Bootstrap intervals: what the figures of other tickets like these would be (Efron and Tibshirani, 1993)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from data.labels import Answer
from data.schema import Schema
from model.tally import figures, tally

Array = np.ndarray[Any, Any]
SAMPLES, SEED, LEVEL = 2000, 0, 0.95
# Tickets drawn at a time: 16 MB of weights.
BLOCK = 4_000_000


def resampled(columns: Array, *, samples: int = SAMPLES, seed: int = SEED) -> Array:
    """Column sums float64 [samples, c] of `columns` [n, c] over n rows drawn with replacement.

    The rows drawn depend on n, `samples` and `seed` alone: sums of whatever is counted on the same tickets
    are paired.
    """
    weights = _weights(len(columns), samples, np.random.default_rng(seed))
    columns = np.asarray(columns, np.float32)
    return np.concatenate([(block @ columns).astype(np.float64) for block in weights])


def _weights(n: int, samples: int, generator: np.random.Generator) -> Iterator[Array]:
    """float32 [., n]: how often each row is drawn, some samples at a time."""
    most = max(1, BLOCK // n)
    for start in range(0, samples, most):
        rows = min(most, samples - start)
        drawn = generator.integers(0, n, (rows, n)) + n * np.arange(rows)[:, None]
        yield np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float32)


def bootstrap(
    schema: Schema,
    probs: Mapping[str, Array],
    gold: Mapping[str, Sequence[Answer | None]],
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> dict[str, dict[str, Array]]:
    """Task → figure → values in each sample: float64 [samples], of labels [samples, n_labels].

    A sample draws tickets, with all their answers. Tasks are those of `gold`.
    """
    tallies = [tally(schema.task(name), probs[name], gold[name]) for name in gold]
    ends = np.cumsum([each.shape[1] for each in tallies])[:-1]
    sums = np.split(
        resampled(np.concatenate(tallies, axis=1), samples=samples, seed=seed), ends.tolist(), axis=1
    )
    return {name: figures(schema.task(name), of_task) for name, of_task in zip(gold, sums, strict=True)}


def interval(figure: float, drawn: Array) -> list[float]:
    """[low, high]: the middle 95 % of the values drawn [samples], widened to hold the figure itself.

    Values that are NaN are left out; [figure, figure] where all are.
    """
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn):
        return [figure, figure]
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).tolist()
    return [min(low, figure), max(high, figure)]
