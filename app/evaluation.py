"""The evaluation of a classifier: its figures, where it is weak, and the tickets that it gets wrong."""

from pathlib import Path
from typing import Any

from app.measured import Measured, measured, seen_in_training
from app.run import Run
from app.slice_columns import slice_columns
from app.wrong_answers import doubted_gold, errors_of, votes_cast
from data.errors import IngestError, listed
from data.labels import LabeledTickets, read_labels
from data.schema import Schema
from model.annotators import human_ceiling
from model.evaluate import evaluate
from model.slices import slices

People = tuple[LabeledTickets, LabeledTickets]


def evaluation(
    run: Run, number: int, on: Path | None = None, annotators: tuple[Path, Path] | None = None
) -> dict[str, Any] | None:
    """What there is to say of a round's classifier; None where the run has no trusted labels.

    `on` is a file of labels to measure on in their place, `annotators` two people's labels of the same
    tickets. Files are checked before anything is trained.
    """
    people = read_annotators(annotators, run.schema) if annotators else None
    found = measured(run, number, on)
    return described(run, number, found, people) if found else None


def described(run: Run, number: int, of: Measured, people: People | None = None) -> dict[str, Any]:
    """The same of what was measured."""
    ids, answers = of.labels.ticket_ids, of.labels.answers
    cast = votes_cast(run, of)
    columns = slice_columns(run.workspace.tickets, ids, of.texts, of.file)
    return {
        "project": run.workspace.root.resolve().name,
        "run": run.folder.name,
        "round": number,
        "on": str(of.file) if of.file else None,
        "tickets": len(ids),
        "seen_in_training": seen_in_training(run, of),
        **evaluate(run.schema, of.probs, answers),
        "annotators": _ceiling(of, people) if people else None,
        "slices": slices(run.schema, of.probs, answers, columns),
        "errors": errors_of(of, cast),
        "gold_issues": doubted_gold(of, cast),
    }


def read_annotators(paths: tuple[Path, Path], schema: Schema) -> People:
    """Two people's labels; raises IngestError where they labeled no ticket in common, or are one file."""
    one, two = paths
    if one.resolve() == two.resolve():
        raise IngestError(f"{one}: named twice; --annotators takes the files of two people")
    first, second = read_labels(one, schema), read_labels(two, schema)
    if not any(first.of(task).keys() & second.of(task).keys() for task in schema):
        raise IngestError(
            f"{one} and {two} have no labeled ticket in common; ids are like "
            f"{listed(first.ticket_ids[:3])} in the one and {listed(second.ticket_ids[:3])} in the other"
        )
    return first, second


def _ceiling(of: Measured, people: People) -> dict[str, Any]:
    gold = {task.name: of.labels.of(task) for task in of.schema}
    return human_ceiling(of.schema, *people, {"gold": gold, "classifier": of.answers()})
