"""Ablation: the classifier trained again without one thing at a time, measured on the same labels."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from app import stages
from app.ablation_variants import Variant, chosen_variants, with_settings
from app.rounds import last_round
from app.run import Run
from app.stored_predictions import predictions
from app.variant_runs import SingleTaskRun, VariantRun
from data.errors import TrainingError
from data.labels import LabeledTickets
from model.repeats import compare_repeats

Array = np.ndarray[Any, Any]
FULL = "full"


def ablation(run: Run, number: int | None = None, only: Sequence[str] = (), seeds: int = 1) -> dict[str, Any]:
    """Figures of the full run and of each variant, and how far these lie from the full run.

    `number` is the round, the last trained one by default. Each is trained `seeds` times, from the seed of
    [training] upwards. A variant that has nothing to leave out is not run: `not_run` tells why. Repeating
    it is free where nothing changed, and an interrupted one goes on.
    """
    variants = chosen_variants(only)
    number = last_round(run.workspace, run.folder.name, "model") if number is None else number
    trusted = _trusted(run, number)
    not_run = {name: why for name, variant in variants.items() if (why := why_not(run, variant, number))}
    todo = {name: variant for name, variant in variants.items() if name not in not_run}
    trained = {FULL: _trainings(run, FULL, None, number, seeds, trusted)}
    trained |= {
        name: _trainings(run, name, variant, number, seeds, trusted) for name, variant in todo.items()
    }
    first = run.config.training.seed
    return {
        "project": run.workspace.root.resolve().name,
        "run": run.folder.name,
        "round": number,
        "tickets": len(trusted),
        "seeds": list(range(first, first + seeds)),
        "not_run": not_run,
        **compare_repeats(run.schema, trained, trusted.answers),
    }


def _trusted(run: Run, number: int) -> LabeledTickets:
    held_out = None if run.gold else run.answers(number)
    trusted = stages.trusted_labels(run.schema, run.tickets, run.gold, held_out)
    if not len(trusted):
        raise TrainingError(stages.NO_GOLD)
    return trusted


def why_not(run: Run, variant: Variant, number: int) -> str | None:
    """Why a variant is not worth running, or cannot be; None where it is."""
    if variant.is_full(run.config, run.schema, run.labeling_functions):
        return f"nothing to leave out: {variant.nothing}"
    if variant.reviewed and not _reviewed(run, number):
        return f"nothing to train on: no ticket of the training split is reviewed up to round {number}"
    return None


def _reviewed(run: Run, number: int) -> bool:
    train = {run.tickets.ticket_ids[row] for row in run.tickets.rows(["train"])}
    return any(ticket_id in train for of_task in run.answers(number).values() for ticket_id in of_task)


def _trainings(
    run: Run, name: str, variant: Variant | None, number: int, seeds: int, trusted: LabeledTickets
) -> list[dict[str, Array]]:
    """What each training of a variant, of the full run for None, predicts of the trusted tickets."""
    base = _variant_run(run, name, variant) if variant else run
    return [_predicted(each, variant, number, trusted) for each in _repeated(run, base, name, seeds)]


def folder_of(run: Run, name: str) -> str:
    """The name of a variant's run."""
    return f"{run.folder.name}.ablate.{name}"


def _variant_run(run: Run, name: str, variant: Variant) -> VariantRun:
    return VariantRun(run, folder_of(run, name), variant.config(run.config), variant.keeps, name)


def _repeated(run: Run, base: Run, name: str, seeds: int) -> Iterator[Run]:
    """The run itself, then with further seeds of its training."""
    yield base
    for seed in range(run.config.training.seed + 1, run.config.training.seed + seeds):
        config = with_settings(base.config, {"training": {"seed": seed}})
        shown = f"seed {seed}" if isinstance(base, VariantRun) else f"{name}: seed {seed}"
        yield VariantRun(base, f"{folder_of(run, name)}/seed-{seed}", config, shown=shown)


def _predicted(run: Run, variant: Variant | None, number: int, trusted: LabeledTickets) -> dict[str, Array]:
    if not variant or not variant.single_task:
        return predictions(run.evaluation(number).folder, run.schema)
    found: dict[str, Array] = {}
    for task in run.schema:
        if any(answer is not None for answer in trusted.answers[task.name]):
            own = with_settings(run.config, {"training": {"task_weights": "equal"}})
            name = f"{run.folder.relative_to(run.workspace.root / 'runs').as_posix()}/{task.name}"
            single = SingleTaskRun(run, name, own, task, task.name)
            found |= predictions(single.evaluation(number).folder, (task,))
    return found
