"""The work-list of label issues: one entry per ticket with all that is doubted of it, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from data.schema import against
from labeling.issues import IssueKind, LabelIssue
from labeling.votes import Array, SoftLabels, Votes

MOST_LFS = 4


@dataclass(frozen=True)
class Evidence:
    """One task: soft labels, out-of-sample probabilities [n, n_labels] in their order, votes."""

    given: SoftLabels
    predicted: Array
    votes: Votes | None = None


@dataclass(frozen=True)
class Doubt:
    """One doubted label of a ticket.

    `given_proba` is the soft label's probability of `given`, `suggested_proba` the cross-validated
    model's of `suggested`; where one of the two is empty (a multi-label task) both speak of the other
    one, and say how probably it holds. They are None without evidence. `lfs` voted for the given
    label, `lfs_against` for the suggested one, or against the given.
    """

    task: str
    kind: IssueKind
    given: str
    suggested: str
    label_quality: float
    given_proba: float | None
    suggested_proba: float | None
    lfs: tuple[str, ...]
    lfs_against: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class WorkItem:
    """A ticket to look at: its doubts, worst first, and the near duplicates that this one stands for.

    `expected_errors` is the sum over doubts of 1 − label quality: how many labels a look probably
    mends, copies not counted; high: look first.
    """

    ticket_id: str
    expected_errors: float
    doubts: tuple[Doubt, ...]
    copies: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able form."""
        return {
            "ticket_id": self.ticket_id,
            "expected_errors": self.expected_errors,
            "doubts": [
                asdict(doubt) | {"lfs": list(doubt.lfs), "lfs_against": list(doubt.lfs_against)}
                for doubt in self.doubts
            ],
            "copies": list(self.copies),
        }


@dataclass(frozen=True)
class Worklist:
    """What to look at, most rewarding first."""

    items: tuple[WorkItem, ...]

    def __len__(self) -> int:
        return len(self.items)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able form: how many doubts of each task and kind, and the items."""
        return {
            "tickets": len(self.items),
            "doubts": sum(len(item.doubts) for item in self.items),
            "items": [item.to_dict() for item in self.items],
        }

    def of(self, tasks: Sequence[str]) -> "Worklist":
        """Only the doubts of these tasks, ranked anew."""
        kept = ((item, tuple(doubt for doubt in item.doubts if doubt.task in tasks)) for item in self.items)
        return _ranked(_item(item.ticket_id, doubts, item.copies) for item, doubts in kept if doubts)


def worklist(
    issues: Iterable[LabelIssue],
    evidence: Mapping[str, Evidence] | None = None,
    first_of: Mapping[str, str] | None = None,
) -> Worklist:
    """Issues of all tasks as one ranked list, a ticket and its near duplicates in one entry.

    `evidence` by task gives the reasons; `first_of` maps a ticket to the one that it duplicates
    (tickets that are absent stand for themselves). Of copies with the same doubted label the worst
    speaks; the entry is named after the ticket with the worst doubt. Ties fall to the smaller ticket id.
    """
    first_of, reasons = first_of or {}, {task: _Reasons(said) for task, said in (evidence or {}).items()}
    groups: dict[str, list[LabelIssue]] = {}
    for issue in sorted(issues, key=lambda issue: (issue.label_quality, issue.ticket_id, issue.task)):
        groups.setdefault(first_of.get(issue.ticket_id, issue.ticket_id), []).append(issue)
    return _ranked(_entry(found, reasons) for found in groups.values())


def _ranked(items: Iterable[WorkItem]) -> Worklist:
    return Worklist(tuple(sorted(items, key=lambda item: (-item.expected_errors, item.ticket_id))))


def _entry(issues: Sequence[LabelIssue], reasons: Mapping[str, "_Reasons"]) -> WorkItem:
    """`issues` of a ticket and its copies, worst first."""
    worst: dict[tuple[str, str], LabelIssue] = {}
    for issue in issues:
        worst.setdefault((issue.task, "" if issue.kind == "label" else issue.given + issue.suggested), issue)
    doubts = tuple(_doubt(issue, reasons.get(issue.task)) for issue in worst.values())
    named = issues[0].ticket_id
    return _item(named, doubts, tuple(sorted({issue.ticket_id for issue in issues} - {named})))


def _item(ticket_id: str, doubts: tuple[Doubt, ...], copies: tuple[str, ...]) -> WorkItem:
    return WorkItem(ticket_id, float(sum(1 - doubt.label_quality for doubt in doubts)), doubts, copies)


class _Reasons:
    """The evidence on one task, with the row of each ticket."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence, self.task = evidence, evidence.given.task
        self._row = {ticket_id: row for row, ticket_id in enumerate(evidence.given.ticket_ids)}
        votes = evidence.votes
        self._vote_row = {} if votes is None else {name: row for row, name in enumerate(votes.ticket_ids)}

    def probas(self, issue: LabelIssue) -> tuple[float, float] | None:
        """The soft label's probability of the given label and the model's of the suggested one."""
        row = self._row.get(issue.ticket_id)
        if row is None:
            return None
        given, suggested = issue.given or issue.suggested, issue.suggested or issue.given
        return (
            float(self.evidence.given.probs[row, self.task.ids[given]]),
            float(self.evidence.predicted[row, self.task.ids[suggested]]),
        )

    def lfs(self, issue: LabelIssue) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names of the functions that voted for the given label, and of those for the suggested one."""
        votes, row = self.evidence.votes, self._vote_row.get(issue.ticket_id)
        if votes is None or row is None:
            return (), ()
        said = votes.values[row]
        ids = [self.task.ids.get(label) for label in (issue.given, issue.suggested)]
        for_, against_ = (
            [] if label_id is None else np.flatnonzero(said == label_id).tolist() for label_id in ids
        )
        if (given := ids[0]) is not None:
            against_ = sorted({*against_, *np.flatnonzero(said == against(given)).tolist()})
        return tuple(votes.lf_names[i] for i in for_), tuple(votes.lf_names[i] for i in against_)


def _doubt(issue: LabelIssue, reasons: _Reasons | None) -> Doubt:
    probas = reasons.probas(issue) if reasons else None
    for_, against_ = reasons.lfs(issue) if reasons else ((), ())
    given, suggested = probas or (None, None)
    why = _why(issue, given, suggested, for_, against_)
    return Doubt(
        issue.task,
        issue.kind,
        issue.given,
        issue.suggested,
        issue.label_quality,
        given,
        suggested,
        for_,
        against_,
        why,
    )


def _why(
    issue: LabelIssue,
    given: float | None,
    suggested: float | None,
    for_: Sequence[str],
    against_: Sequence[str],
) -> str:
    """The reason in a sentence."""
    said = f"soft label {_says(issue.given, issue.suggested)}{_marks(given, for_)}"
    model = f"the cross-validated model {_says(issue.suggested, issue.given)}{_marks(suggested, ())}"
    also = f"; so do LFs {_names(against_)}" if against_ and issue.suggested else ""
    also = f"; LFs {_names(against_)} vote against it" if against_ and not issue.suggested else also
    return f"{said}, {model}{also}"


def _says(label: str, other: str) -> str:
    return f"says {label}" if label else f"does not say {other}"


def _marks(proba: float | None, lfs: Sequence[str]) -> str:
    marks = ([f"{proba:.2f}"] if proba is not None else []) + ([f"from LFs {_names(lfs)}"] if lfs else [])
    return f" ({', '.join(marks)})" if marks else ""


def _names(lfs: Sequence[str]) -> str:
    more = f" and {len(lfs) - MOST_LFS} more" if len(lfs) > MOST_LFS else ""
    return ", ".join(lfs[:MOST_LFS]) + more
