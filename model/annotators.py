"""The human ceiling: how far two people who labeled the same tickets agree."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from data.labels import Answer, LabeledTickets, indicator
from data.schema import Schema, Task
from model.intervals import SAMPLES, SEED, interval, resampled
from model.tally import figures, tally

Array = np.ndarray[Any, Any]
Answers = Mapping[str, Answer]
AGREEMENT = ("accuracy", "kappa")


def human_ceiling(
    schema: Schema,
    first: LabeledTickets,
    second: LabeledTickets,
    measured: Mapping[str, Mapping[str, Answers]],
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> dict[str, Any]:
    """Task → how far two annotators agree on the tickets that both labeled.

    `agreement` in [0, 1] is the share of equal answers, `kappa` Cohen's (1960), each with its 95 % interval.
    `measured` is name → task → ticket id → answer: what else is held against them, such as gold and the
    classifier; `agrees_with[name]` has its agreement with the first and with the second annotator on
    these tickets, None where it answers none of them. Tasks without such a ticket are left out.
    """
    found = {}
    for task in schema:
        one, two = first.of(task), second.of(task)
        both = [ticket_id for ticket_id in one if ticket_id in two]
        if both:
            found[task.name] = _pair(task, both, one, two, samples, seed) | {
                "agrees_with": {
                    name: [_agreement(task, both, answers[task.name], each) for each in (one, two)]
                    for name, answers in measured.items()
                }
            }
    return found


def _pair(
    task: Task, ids: Sequence[str], one: Answers, two: Answers, samples: int, seed: int
) -> dict[str, Any]:
    counted = _tally(task, ids, one, two)
    figure, drawn = (
        figures(task, sums) for sums in (counted.sum(axis=0), resampled(counted, samples=samples, seed=seed))
    )
    agreement, kappa = (float(figure[name]) for name in AGREEMENT)
    return {
        "n": len(ids),
        "agreement": agreement,
        "agreement_interval": interval(agreement, drawn["accuracy"]),
        "kappa": None if np.isnan(kappa) else kappa,
        "kappa_interval": None if np.isnan(kappa) else interval(kappa, drawn["kappa"]),
    }


def _tally(task: Task, ids: Sequence[str], one: Answers, two: Answers) -> Array:
    return tally(task, indicator(task, [one[each] for each in ids]), [two[each] for each in ids])


def _agreement(task: Task, ids: Sequence[str], one: Answers, two: Answers) -> float | None:
    known = [ticket_id for ticket_id in ids if ticket_id in one]
    return float(np.mean([one[each] == two[each] for each in known])) if known else None
