"""What a classifier is measured on: trusted labels, their tickets' texts, and what it predicts of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from app import stages
from app.run import Run
from app.stored_predictions import predictions
from data.errors import IngestError, listed
from data.labels import LabeledTickets, read_labels
from data.schema import Schema
from labeling.votes import SoftLabels

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Measured:
    """Trusted labels with clean texts and `probs[task]` float32 [n, n_labels], all in one order.

    `file` holds the labels; None where they are people's reviews.
    """

    schema: Schema
    labels: LabeledTickets
    texts: tuple[str, ...]
    probs: Mapping[str, Array]
    file: Path | None

    @cached_property
    def text_of(self) -> dict[str, str]:
        """Ticket id → text."""
        return dict(zip(self.labels.ticket_ids, self.texts, strict=True))

    def answers(self) -> dict[str, dict[str, tuple[int, ...]]]:
        """Task → ticket id → what the classifier answers."""
        covered = np.ones(len(self.labels), bool)
        said = {
            task.name: SoftLabels(task, self.labels.ticket_ids, self.probs[task.name], covered).answers()
            for task in self.schema
        }
        return {
            name: dict(zip(self.labels.ticket_ids, answers, strict=True)) for name, answers in said.items()
        }


def measured(run: Run, number: int, on: Path | None = None) -> Measured | None:
    """The classifier of a round on the run's own trusted labels, None where it has none, or on a file's.

    Raises IngestError, before anything is trained, for a file whose labels cannot be measured on.
    """
    if on:
        return _on_file(run, number, on)
    held_out = None if run.gold else run.answers(number)
    folder = run.evaluation(number).folder
    labels = stages.trusted_labels(run.schema, run.tickets, run.gold, held_out)
    if not len(labels):
        return None
    probs = predictions(folder, run.schema)
    name = run.config.evaluate.gold
    file = run.workspace.path(name) if run.gold and name else None
    return Measured(run.schema, labels, tuple(stages.texts_of(labels, run.tickets)), probs, file)


def _on_file(run: Run, number: int, path: Path) -> Measured:
    labels = read_labels(path, run.schema)
    check_labels(labels, path)
    texts = stages.texts_of(labels, run.tickets, path)
    model = run.model(number)
    from model.predict import load_classifier, predict_proba

    classifier, tokenizer = load_classifier(model.folder)
    with run.face.working("predictions", len(texts)) as progress:
        probs = predict_proba(classifier, tokenizer, texts, progress)
    return Measured(run.schema, labels, tuple(texts), probs, path)


def check_labels(labels: LabeledTickets, path: Path) -> None:
    """Raises IngestError for a file that names a ticket twice, or labels none."""
    twice = [ticket_id for ticket_id, count in Counter(labels.ticket_ids).items() if count > 1]
    if twice:
        raise IngestError(
            f"{path}: {len(twice)} tickets are there more than once: {listed(twice, 3)}; keep one row of each"
        )
    if not any(answer is not None for answers in labels.answers.values() for answer in answers):
        raise IngestError(f"{path}: no ticket has a label: every value in the tasks' columns is empty")


def seen_in_training(run: Run, of: Measured) -> list[str]:
    """Ids of the measured tickets that were among those to train on: by id, near duplicate or text."""
    tickets = run.tickets
    rows = tickets.rows(["train", "validation"], run.gold.ticket_ids if run.gold else ())
    texts, groups = {tickets.texts[row] for row in rows}, set(tickets.groups[rows].tolist())

    def is_seen(ticket_id: str, text: str) -> bool:
        row = tickets.row_of.get(ticket_id)
        return text in texts or (row is not None and int(tickets.groups[row]) in groups)

    return [ticket_id for ticket_id, text in of.text_of.items() if is_seen(ticket_id, text)]
