"""What there is to say of a run's label models."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.run import Run
from data.errors import LabelingError
from data.schema import Task
from data.store import read_json
from labeling.analysis import analyze
from labeling.label_models import label_model
from labeling.label_models.base import Contribution
from labeling.label_models.contest import contest
from labeling.votes import SoftLabels, Votes


def inspected(run: Run, tasks: Sequence[str]) -> list[dict[str, Any]]:
    """A row per labeling function: its votes, and its accuracy as learned and as measured on gold."""
    weights = read_json(run.labels().folder / "weights.json")
    return [
        {
            "task": name,
            "name": report.name,
            "votes": ", ".join(report.polarity),
            "coverage": report.coverage,
            "learned": weights[name][report.name],
            "measured": report.accuracy,
            "on": report.gold_votes,
        }
        for name in tasks
        for report in analyze(_votes(run, name), run.gold.of(run.schema.task(name)) if run.gold else None)
    ]


def explained(run: Run, ticket_id: str, tasks: Sequence[str]) -> list[dict[str, Any]]:
    """For each task a ticket's soft label and what each vote adds to the label model's.

    `probabilities` are the soft label, `by_votes` the label model's before texts refined it;
    `votes_for_answer` pairs each vote with what it adds to the answer's log-odds over the next label's.
    """
    folder = run.labels().folder
    states = read_json(folder / "state.json")
    found = []
    for name in tasks:
        task, votes = run.schema.task(name), _votes(run, name)
        if ticket_id not in votes.ticket_ids:
            raise LabelingError(f"no ticket '{ticket_id}' in the pool")
        row = votes.ticket_ids.index(ticket_id)
        own = Votes(task, (ticket_id,), votes.lf_names, votes.values[[row]])
        model = label_model(run.config.label_model, name, states[name]).fit(votes)
        soft = SoftLabels.load(folder / f"{name}.parquet", task).rows([ticket_id])
        contributions = model.explain(own, ticket_id)
        found.append(_explanation(task, soft, model.predict_proba(own), contributions))
    return found


def _explanation(
    task: Task, soft: SoftLabels, by_votes: SoftLabels, votes: Sequence[Contribution]
) -> dict[str, Any]:
    probs = soft.probs[0]
    order = np.argsort(-probs, kind="stable")
    first = task.labels[order[0]]
    second = f"not {first}" if task.multi else task.labels[order[1]]
    gains = [(vote, vote.log_odds[first] - vote.log_odds[second]) for vote in votes if first in vote.log_odds]
    return {
        "task": task.name,
        "covered": bool(soft.covered[0]),
        "answer": first,
        "next": second,
        "probability": float(probs[order[0]]),
        "probabilities": dict(zip(task.labels, probs.tolist(), strict=True)),
        "by_votes": dict(zip(task.labels, by_votes.probs[0].tolist(), strict=True)),
        "votes_for_answer": [
            ({"name": vote.name, "vote": vote.vote, "log_odds": dict(vote.log_odds)}, gain)
            for vote, gain in sorted(gains, key=lambda pair: -abs(pair[1]))
        ],
    }


def compared(run: Run, tasks: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Task → the figures of every label model on gold tickets; single-label tasks only."""
    if run.gold is None:
        raise LabelingError("nothing to measure against: name a file of trusted labels in [evaluate] gold")
    found = {}
    for name in tasks:
        task = run.schema.task(name)
        if task.multi:
            continue
        votes = _votes(run, name)
        gold = {ticket_id: answer[0] for ticket_id, answer in run.gold.of(task).items() if answer}
        scores = contest(votes, votes, gold, settings=run.config.label_model)
        found[name] = [score.to_dict() for score in scores]
    return found


def _votes(run: Run, task: str) -> Votes:
    path: Path = run.votes().folder / f"{task}.parquet"
    return Votes.load(path, run.schema.task(task))
