"""What differs between two sets of votes on one task."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from labeling.analysis import LFReport, analyze
from labeling.votes import Votes

Array = np.ndarray[Any, Any]
Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class VoteChange:
    """One ticket on which a function votes otherwise than before; None where it abstains."""

    ticket_id: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class LFChange:
    """A function whose votes differ: `tickets` counts where, among the tickets that both sets hold.

    `before` and `after` are its figures; None where the function was added or removed.
    """

    name: str
    kind: Kind
    tickets: int
    before: LFReport | None
    after: LFReport | None
    examples: tuple[VoteChange, ...]


@dataclass(frozen=True)
class Changes:
    """Two sets of votes compared: the functions whose votes differ, and what became of coverage.

    `tickets` is how many tickets both sets hold, `added` and `removed` how many only one does.
    """

    task: str
    tickets: int
    added: int
    removed: int
    coverage_before: float
    coverage_after: float
    functions: tuple[LFChange, ...]


def compare(
    old: Votes, new: Votes, gold: Mapping[str, tuple[int, ...]] | None = None, *, most_examples: int = 5
) -> Changes:
    """What changed from the old votes to the new ones; `gold` gives accuracies before and after."""
    old_row = {ticket_id: row for row, ticket_id in enumerate(old.ticket_ids)}
    common = [row for row, ticket_id in enumerate(new.ticket_ids) if ticket_id in old_row]
    before = {report.name: report for report in analyze(old, gold)}
    after = {report.name: report for report in analyze(new, gold)}
    rows = np.array([old_row[new.ticket_ids[row]] for row in common], int), np.array(common, int)
    found = []
    for name in dict.fromkeys((*before, *after)):
        columns = _column(old, name, rows[0]), _column(new, name, rows[1])
        differs = np.flatnonzero(columns[0] != columns[1])
        if len(differs) or (name in before) != (name in after):
            examples = tuple(
                VoteChange(
                    new.ticket_ids[common[at]], _label(old, columns[0][at]), _label(new, columns[1][at])
                )
                for at in differs[:most_examples].tolist()
            )
            kind: Kind = "added" if name not in before else "removed" if name not in after else "changed"
            found.append(LFChange(name, kind, len(differs), before.get(name), after.get(name), examples))
    return Changes(
        new.task.name,
        len(common),
        len(new.ticket_ids) - len(common),
        len(old.ticket_ids) - len(common),
        _coverage(old),
        _coverage(new),
        tuple(sorted(found, key=lambda change: -change.tickets)),
    )


def _column(votes: Votes, name: str, rows: Array) -> Array:
    if name not in votes.lf_names:
        return votes.task.abstentions(len(rows))
    return np.asarray(votes.values[rows, votes.lf_names.index(name)])


def _label(votes: Votes, label_id: int) -> str | None:
    return votes.task.vote_name(int(label_id))


def _coverage(votes: Votes) -> float:
    return float(votes.covered.mean()) if len(votes.ticket_ids) else 0.0
