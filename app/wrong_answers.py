"""What a classifier gets wrong, with the tickets' texts and what the labeling functions said of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from app.measured import Measured
from app.run import Run
from data.labels import Answer, indicator
from data.schema import ABSTAIN, Task
from data.tickets import Ticket
from labeling.apply import apply_lfs
from labeling.issues import LabelIssue, label_issues
from labeling.lf import BatchLF
from labeling.votes import SoftLabels, Votes
from model.error_analysis import confusions, wrong_answers

# Task → ticket id → vote, such as "billing" or "not billing" → the functions that cast it.
Cast = Mapping[str, Mapping[str, dict[str, list[str]]]]


def votes_cast(run: Run, of: Measured) -> Cast:
    """What the labeling functions say of the measured tickets.

    Those of the pool have votes; about others functions are asked that hold no model of their own.
    """
    folder, wanted = run.votes().folder, set(of.labels.ticket_ids)
    asked = _asked(run, [ticket_id for ticket_id in of.text_of if ticket_id not in run.tickets.row_of], of)
    found = {}
    for task in run.schema:
        votes = [Votes.load(folder / f"{task.name}.parquet", task), *asked.get(task.name, ())]
        found[task.name] = {ticket_id: cast for each in votes for ticket_id, cast in _cast(each, wanted)}
    return found


def _asked(run: Run, ticket_ids: Sequence[str], of: Measured) -> dict[str, list[Votes]]:
    if not ticket_ids:
        return {}
    lfs = [lf for lf in run.labeling_functions if not isinstance(lf, BatchLF) or lf.shared]
    tickets = [Ticket(each, of.text_of[each], of.text_of[each]) for each in ticket_ids]
    votes, _ = apply_lfs(lfs, [tickets], faults_allowed=1.0)
    return {name: [of_task] for name, of_task in votes.items()}


def _cast(votes: Votes, wanted: set[str]) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """(ticket id, vote → names of the functions that cast it) of the tickets wanted."""
    for row, ticket_id in enumerate(votes.ticket_ids):
        if ticket_id in wanted:
            said: dict[str, list[str]] = {}
            for column in np.flatnonzero(votes.values[row] != ABSTAIN).tolist():
                vote = votes.task.vote_name(int(votes.values[row, column]))
                said.setdefault(str(vote), []).append(votes.lf_names[column])
            yield ticket_id, said


def errors_of(of: Measured, cast: Cast) -> dict[str, dict[str, Any]]:
    """Task → its wrong answers, the most confident first, and the labels that are confused."""
    found = {}
    for task in of.schema:
        gold = of.labels.answers[task.name]
        wrong = wrong_answers(task, of.labels.ticket_ids, of.probs[task.name], gold)
        pairs = confusions(wrong, _support(task, gold))
        found[task.name] = {
            "confusions": [pair.to_dict() for pair in pairs],
            "wrong": [each.to_dict() | _context(each.ticket_id, task.name, of, cast) for each in wrong],
        }
    return found


def _support(task: Task, gold: Sequence[Answer | None]) -> dict[str, int]:
    answers = [set(answer) for answer in gold if answer is not None]
    return {label: sum(i in answer for answer in answers) for i, label in enumerate(task.labels)}


def _context(ticket_id: str, task: str, of: Measured, cast: Cast) -> dict[str, Any]:
    return {"text": of.text_of[ticket_id], "votes": cast[task].get(ticket_id, {})}


def doubted_gold(of: Measured, cast: Cast) -> list[dict[str, Any]]:
    """Gold labels that the classifier contradicts so that cleanlab doubts them, the worst first.

    The classifier was not trained on gold: its probabilities are out of sample, as confident learning wants.
    """
    issues = [issue for task in of.schema for issue in _issues(task, of)]
    ranked = sorted(issues, key=lambda issue: (issue.label_quality, issue.ticket_id, issue.task))
    return [issue.to_dict() | _context(issue.ticket_id, issue.task, of, cast) for issue in ranked]


def _issues(task: Task, of: Measured) -> list[LabelIssue]:
    truth = indicator(task, list(of.labels.answers[task.name]))
    known = ~np.isnan(truth).any(axis=1)
    given = SoftLabels(task, of.labels.ticket_ids, np.nan_to_num(truth), known)
    return label_issues(given, of.probs[task.name])
