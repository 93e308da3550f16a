"""An evaluation without a run, for the tests of pages."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.measured import Measured
from app.wrong_answers import doubted_gold, errors_of
from data.labels import LabeledTickets
from data.schema import Schema, Task
from model.annotators import human_ceiling
from model.evaluate import evaluate
from model.slices import slices

SCHEMA = Schema(
    (
        Task("tone", ("good", "very_bad"), ("pleased", "displeased"), question="How does it sound?"),
        Task("about", ("money", "bags"), ("", ""), "multi"),
    )
)
TICKETS = 80
PRAISE = {"good": ["praises"]}


def measured(text: str = "where is my bag", tickets: int = TICKETS) -> Measured:
    """Half of the answers are wrong; every fifth ticket has no answer on `about`."""
    ids = tuple(f"t{i}" for i in range(tickets))
    tone = tuple((i % 2,) for i in range(tickets))
    about = tuple(None if i % 5 == 0 else (0,) if i % 3 else (0, 1) for i in range(tickets))
    probs = {
        "tone": np.array([[0.5 + i / tickets / 2, 0.5 - i / tickets / 2] for i in range(tickets)]),
        "about": np.array([[0.9, 0.2 if i % 2 else 0.8] for i in range(tickets)]),
    }
    texts = tuple(f"{text} {i}" for i in range(tickets))
    return Measured(SCHEMA, LabeledTickets(ids, texts, {"tone": tone, "about": about}), texts, probs, None)


def evaluation(
    text: str = "where is my bag", *, people: bool = True, votes: Mapping[str, list[str]] = PRAISE
) -> dict[str, Any]:
    """What `app.evaluation` says of it."""
    of = measured(text)
    cast = {task.name: {each: dict(votes) for each in of.labels.ticket_ids} for task in SCHEMA}
    answers = of.labels.answers
    brands = [("Volt", "Acme", "few")[min(i // 39, 2)] for i in range(TICKETS)]
    return {
        "project": "p",
        "run": "main",
        "round": 1,
        "on": "/somewhere/gold.jsonl",
        "tickets": TICKETS,
        "seen_in_training": [],
        **evaluate(SCHEMA, of.probs, answers, samples=50),
        "annotators": human_ceiling(
            SCHEMA, of.labels, of.labels, {"gold": _gold(of), "classifier": of.answers()}
        )
        if people
        else None,
        "slices": slices(SCHEMA, of.probs, answers, {"brand": brands}, samples=50),
        "errors": errors_of(of, cast),
        "gold_issues": doubted_gold(of, cast),
    }


def _gold(of: Measured) -> dict[str, Any]:
    return {task.name: of.labels.of(task) for task in SCHEMA}
