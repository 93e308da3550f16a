"""Zero-shot seeds on a project's gold: accuracy, coverage, calibration and training time, beside two peers.

    python benchmarks/zero_shot.py PROJECT [--tasks TASK …]

The seeds are trained as a run trains them, on the schema's label descriptions alone; their thresholds
come from texts of the pool; examples that the project names in [seeds] are left out. The peers see no
label either, save that the majority class is gold's own: the frozen encoder answers with the description
whose embedding is nearest (cosine) to the text's.

A task's share of the training seconds is its own contrastive steps; what all share (loading the encoder,
the sample, the heads) is divided evenly. Expected calibration error: 15 bins of equal width of the
highest probability, in each |accuracy − mean probability|, weighed by its tickets (Guo et al., 2017);
"before" (the accuracy, the error) is without the calibration on texts of the pool.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from app.stages import SEED_SAMPLE, TicketColumns, sample_rows, ticket_columns
from data.cleaning import clean_text
from data.errors import LabelingError, TicketloomError
from data.labels import LabeledTickets, read_labels
from data.schema import ABSTAIN, Task
from data.workspace import Workspace
from lfs.zero_shot import ZeroShotSeeds
from model.encoder import embed, load_encoder

Array = np.ndarray[Any, Any]
BINS = 15
COLUMNS = (
    "seed", "before", "vote acc.", "coverage", "majority", "nearest", "ECE before", "ECE after", "train s",
)  # fmt: skip


class TimedSeeds(ZeroShotSeeds):
    """Seeds that remember how long each task's contrastive training took, in the schema's order."""

    body_seconds: list[float]

    def train(self) -> float:
        """Seconds to train all tasks."""
        self.body_seconds = []
        started = perf_counter()
        self._ready()
        return perf_counter() - started

    def _train_body(self, *args: Any) -> None:
        started = perf_counter()
        super()._train_body(*args)
        self.body_seconds.append(perf_counter() - started)

    def uncalibrated(self, task: Task, texts: Sequence[str]) -> Array:
        """Label probabilities [n_texts, n_labels] before they are calibrated."""
        return np.asarray(self._ready().heads[task.name].model.predict_proba(self._embed(list(texts))))


@dataclass(frozen=True)
class Gold:
    """The gold tickets of a project, with clean texts and the frozen encoder's embeddings of them."""

    labels: LabeledTickets
    texts: Sequence[str]
    embeddings: Array

    def of(self, task: Task) -> tuple[Array, Array]:
        """Rows with an answer, and the answers' label ids: int [n] each."""
        answers = self.labels.answers[task.name]
        rows = [row for row, answer in enumerate(answers) if answer]
        return np.array(rows, int), np.array([answer[0] for answer in answers if answer], int)


def clean_texts(labels: LabeledTickets, tickets: TicketColumns) -> list[str]:
    """The pool's text of a gold ticket, else that of its file."""
    rows = [tickets.row_of.get(ticket_id) for ticket_id in labels.ticket_ids]
    if missing := [i for i, row in enumerate(rows) if row is None and labels.texts[i] is None]:
        raise LabelingError(
            f"gold ticket '{labels.ticket_ids[missing[0]]}' has no text, in the pool or its file"
        )
    return [
        clean_text(text or "") if row is None else tickets.texts[row]
        for row, text in zip(rows, labels.texts, strict=True)
    ]


def calibration_error(probs: Array, truth: Array) -> float:
    """Expected calibration error of the most probable label, in [0, 1]; 0 is perfect."""
    sure = probs.max(axis=1)
    right = probs.argmax(axis=1) == truth
    at = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [abs(right[at == b].mean() - sure[at == b].mean()) * (at == b).mean() for b in np.unique(at)]
    return float(sum(gaps))


def measure(seeds: TimedSeeds, descriptions: Array, gold: Gold, task: Task) -> list[float]:
    """The figures of one task, as COLUMNS has them but for the last."""
    rows, truth = gold.of(task)
    # All texts each time: the seeds remember the embeddings of the last ones that they were asked about.
    probs = seeds.predict_proba(task, gold.texts)[rows]
    before = seeds.uncalibrated(task, gold.texts)[rows]
    votes = np.array(seeds.votes(task, gold.texts))[rows]
    voted = votes != ABSTAIN
    nearest = (gold.embeddings[rows] @ descriptions.T).argmax(axis=1)
    return [
        float((probs.argmax(axis=1) == truth).mean()),
        float((before.argmax(axis=1) == truth).mean()),
        float((votes == truth)[voted].mean()) if voted.any() else np.nan,
        float(voted.mean()),
        float(np.bincount(truth).max() / len(truth)),
        float((nearest == truth).mean()),
        calibration_error(before, truth),
        calibration_error(probs, truth),
    ]


def show(name: str, figures: Sequence[float] | Array) -> None:
    print(
        f"{name:14}" + "".join(f"{value:>12.3f}" for value in figures[:-1]) + f"{figures[-1]:>12.1f}",
        flush=True,
    )


def run(args: argparse.Namespace) -> None:
    workspace = Workspace.open(args.project)
    config, schema, name = workspace.config, workspace.config.schema_, workspace.config.evaluate.gold
    if name is None:
        raise LabelingError("nothing to measure against: name a file of trusted labels in [evaluate] gold")
    labels = read_labels(workspace.path(name), schema)
    wanted = [schema.task(each) for each in args.tasks or schema.names]
    tasks = [task for task in wanted if not task.multi and any(labels.answers[task.name])]
    tickets = ticket_columns(workspace.tickets)
    sampled = sample_rows(tickets, tickets.rows(["train"]), set(), SEED_SAMPLE)
    seeds = TimedSeeds(schema, config.encoder, config.seeds, [tickets.texts[row] for row in sampled])
    seconds = seeds.train()
    share = (seconds - sum(seeds.body_seconds)) / len(schema)
    frozen, texts = load_encoder(config.encoder), clean_texts(labels, tickets)
    gold = Gold(labels, texts, embed(frozen, texts))
    print(f"{len(labels):,} gold tickets; {len(schema)} tasks trained in {seconds:.1f} s, ", end="")
    print(f"{sum(seeds.body_seconds):.1f} s of them in contrastive steps")
    print(f"{config.seeds.steps} steps a task; votes on the surest {config.seeds.share:.0%} of the pool")
    print(f"{'':14}" + "".join(f"{column:>12}" for column in COLUMNS))
    found = []
    for task in tasks:
        trained = seeds.body_seconds[schema.names.index(task.name)] + share
        found.append([*measure(seeds, embed(frozen, task.descriptions), gold, task), trained])
        show(task.name, found[-1])
    if found:
        report(np.mean(found, axis=0))


def report(mean: Array) -> None:
    """The means over tasks, and the ratios to the peers."""
    show("mean", mean)
    of = dict(zip(COLUMNS, mean, strict=True))
    seed, majority, nearest = of["seed"], of["majority"], of["nearest"]
    print(
        f"seed's accuracy: {seed / nearest:.2f} of nearest description's, {seed / majority:.2f} of majority's"
    )
    print(f"expected calibration error after, of that before: {of['ECE after'] / of['ECE before']:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("project", type=Path)
    parser.add_argument("--tasks", nargs="*", metavar="TASK", help="measure these alone; all are trained")
    try:
        run(parser.parse_args())
    except TicketloomError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
