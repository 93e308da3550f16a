"""Query strategies: which unlabeled tickets a person should look at next.

A query is a pure function of probabilities and a random generator; it never sees the model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from data.errors import ReviewError, listed, near
from data.schema import Schema, Task

Array = np.ndarray[Any, Any]
Strategy = Literal["entropy", "random", "issues"]
STRATEGIES: tuple[Strategy, ...] = ("entropy", "random", "issues")


@dataclass(frozen=True)
class Selection:
    """Tickets to ask, most wanted first; `scores` are in the same order, high: ask."""

    ticket_ids: tuple[str, ...]
    scores: tuple[float, ...]
    strategy: str
    seed: int
    round: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def select(
    schema: Schema,
    ticket_ids: Sequence[str],
    probs: Mapping[str, Array],
    *,
    strategy: str,
    batch: int,
    seed: int,
    round_number: int,
    expected_errors: Mapping[str, float] | None = None,
) -> Selection:
    """The `batch` tickets that the strategy wants most, fewer where the pool is smaller.

    `probs[task]` float [n, n_labels] are in the order of `ticket_ids`. `issues` asks about the tickets
    with most label issues, by `expected_errors` (ticket id → how many of its labels are probably wrong),
    then by entropy. Ties fall to the smaller ticket id, so the answer does not depend on the order of
    the pool.
    """
    if strategy not in STRATEGIES:
        raise ReviewError(
            f"no query strategy '{strategy}'; there are {listed(STRATEGIES)}{near(strategy, STRATEGIES)}"
        )
    if not ticket_ids:
        raise ReviewError("the pool has no unlabeled ticket left to ask")
    for task in schema if strategy != "random" else ():
        if (shape := np.shape(probs[task.name])) != (len(ticket_ids), len(task.labels)):
            raise ReviewError(
                f"probabilities of task '{task.name}' have shape {shape}, "
                f"expected ({len(ticket_ids)}, {len(task.labels)})"
            )
    order = np.argsort(np.array(ticket_ids))
    if strategy == "random":
        scores = np.empty(len(ticket_ids))
        scores[order] = np.random.default_rng([seed, round_number]).random(len(ticket_ids))
    else:
        scores = joined_uncertainty(schema, probs)
    if strategy == "issues":
        # Uncertainty, at most 1, decides among tickets without issues and between equal ones.
        scores = 1000 * np.array([(expected_errors or {}).get(each, 0.0) for each in ticket_ids]) + scores
    best = order[np.argsort(-scores[order], kind="stable")][:batch]
    return Selection(
        tuple(ticket_ids[i] for i in best),
        tuple(float(scores[i]) for i in best),
        strategy,
        seed,
        round_number,
    )


def joined_uncertainty(schema: Schema, probs: Mapping[str, Array]) -> Array:
    """Mean over tasks of each ticket's rank by entropy: float [n] in [0, 1], high: ask.

    Ranks make tasks comparable, however many labels they have and however sure their heads are.
    """
    ranks = [_rank(entropy(task, probs[task.name])) for task in schema]
    return np.asarray(np.mean(ranks, axis=0))


def entropy(task: Task, probs: Array) -> Array:
    """Shannon entropy in nats, float [n]; for a multi-label task the sum over its yes-or-no decisions.

    >>> from data.schema import Task
    >>> entropy(Task("t", ("a", "b"), ("", "")), np.array([[0.5, 0.5], [1.0, 0.0]])).round(2)
    array([0.69, 0.  ])
    """
    terms = _plogp(probs) + (_plogp(1 - probs) if task.multi else 0)
    return np.asarray(terms.sum(axis=1) + 0.0)


def _plogp(probs: Array) -> Array:
    probs = np.asarray(probs, float)
    return np.asarray(-probs * np.log(np.clip(probs, 1e-12, None)))


def _rank(scores: Array) -> Array:
    """Ranks in [0, 1], equal scores sharing theirs."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    upper = np.cumsum(counts)
    middle = upper - (counts + 1) / 2
    return np.asarray(middle[inverse] / max(1, len(scores) - 1))
