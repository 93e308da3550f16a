"""Evidence for suggestions: reviewed labels, and what the exported classifier is sure of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.workbench import Bench, reviewed_labels
from data.errors import LabelingError
from data.labels import read_labels
from data.schema import Task
from data.splits import hash64
from data.store import MANIFEST
from data.tickets import read_columns
from data.workspace import Workspace
from labeling.lf import BoundLF, PatternLF
from labeling.suggest import LabeledText, Suggestion, suggest

SURE, MOST_PREDICTED, BATCH = 0.9, 2000, 256
# So many labeled tickets that no function sees are evidence enough by themselves.
ENOUGH = 200


@dataclass(frozen=True)
class Evidence:
    """Where labels come from: a file of them, else the ledger; and whether the classifier is asked too."""

    labels: Path | None = None
    predictions: bool = True


def suggestions(
    bench: Bench,
    workspace: Workspace,
    task: Task,
    evidence: Evidence,
    most: int,
    progress: Callable[[int], None] = lambda count: None,
) -> list[Suggestion]:
    """New phrases for a task. Where enough labeled tickets are uncovered, these alone are evidence.

    New votes fall on tickets that the functions there are have passed over; on all tickets a phrase
    looks better than it does on those. Raises LabelingError where nothing is labeled.
    """
    ids, texts = _pool(bench)
    labeled = _reviewed(bench, workspace, task, evidence.labels, dict(zip(ids, texts, strict=True)))
    if evidence.predictions and (workspace.export / MANIFEST).is_file():
        labeled += _predicted(workspace, task, ids, texts, progress)
    if not labeled:
        raise LabelingError(
            f"nothing to learn suggestions for '{task.name}' from: no reviewed tickets and no exported "
            "classifier; name a file of labels with --labels"
        )
    votes = bench.votes(task)
    covered = {each for each, yes in zip(votes.ticket_ids, votes.covered.tolist(), strict=True) if yes}
    unseen = [each for each in labeled if each.ticket_id not in covered]
    return suggest(
        task,
        unseen if len(unseen) >= ENOUGH else labeled,
        texts,
        np.array([ticket_id in covered for ticket_id in ids], bool),
        known=_known(bench.lfs, task),
        most=most,
    )


def _pool(bench: Bench) -> tuple[list[str], list[str]]:
    """Ids and texts of all tickets."""
    tables = [read_columns(path, ["ticket_id", "text"]) for path in bench.tables]
    ids = [ticket_id for table in tables for ticket_id in table["ticket_id"].to_pylist()]
    return ids, [text for table in tables for text in table["text"].to_pylist()]


def _reviewed(
    bench: Bench, workspace: Workspace, task: Task, labels: Path | None, texts: dict[str, str]
) -> list[LabeledText]:
    """Labeled by people; gold is never among them, or it would measure what it taught."""
    found = read_labels(labels, bench.schema) if labels else None
    answers = found.of(task) if found else reviewed_labels(workspace)[task.name]
    own = dict(zip(found.ticket_ids, found.texts, strict=True)) if found else {}
    gold = set(bench.gold.ticket_ids) if bench.gold else set()
    said = {ticket_id: texts.get(ticket_id) or own.get(ticket_id) for ticket_id in answers}
    return [
        LabeledText(ticket_id, text, answers[ticket_id])
        for ticket_id, text in said.items()
        if text and ticket_id not in gold
    ]


def _predicted(
    workspace: Workspace,
    task: Task,
    ids: Sequence[str],
    texts: Sequence[str],
    progress: Callable[[int], None],
) -> list[LabeledText]:
    """A sample of tickets on whose label the exported classifier is sure."""
    from model.runtime import Classifier

    classifier = Classifier.load(workspace.export)
    rows = sorted(range(len(ids)), key=lambda row: hash64(ids[row]))[:MOST_PREDICTED]
    found = []
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        for row, answer in zip(some, classifier.predict([texts[row] for row in some]), strict=True):
            prediction = answer[task.name]
            if prediction.confidence >= SURE:
                labels = prediction.label if task.multi else [prediction.label]
                found.append(
                    LabeledText(ids[row], texts[row], tuple(map(task.label_id, labels)), source="predicted")
                )
        progress(start + len(some))
    return found


def _known(lfs: Sequence[BoundLF], task: Task) -> set[str]:
    """The phrases that vote for something already."""
    patterns = [lf.pattern for lf in lfs if isinstance(lf, PatternLF) and lf.bound_task() == task]
    return {phrase for pattern in patterns for phrase in pattern.any_of}
