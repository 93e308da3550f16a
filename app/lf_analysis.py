"""How the labeling functions of each task do: their figures, the pairs that repeat or fight each other."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from labeling.analysis import LFReport, analyze
from labeling.pairs import Agreement, Pair, agreement, fighting, redundant
from labeling.votes import Votes


@dataclass(frozen=True)
class TaskAnalysis:
    """One task's functions. `learned` is what a fitted label model thinks of each: an accuracy in [0, 1]."""

    task: str
    labels: tuple[str, ...]
    tickets: int
    coverage: float
    trusted: int
    reports: tuple[LFReport, ...]
    learned: Mapping[str, float]
    agreement: Agreement
    redundant: tuple[Pair, ...]
    fighting: tuple[Pair, ...]

    def to_dict(self) -> dict[str, Any]:
        functions = [
            asdict(report) | {"learned_accuracy": self.learned.get(report.name)} for report in self.reports
        ]
        return {
            "task": self.task,
            "tickets": self.tickets,
            "coverage": self.coverage,
            "trusted_labels": self.trusted,
            "labeling_functions": functions,
            "redundant": [asdict(pair) for pair in self.redundant],
            "fighting": [asdict(pair) for pair in self.fighting],
        }


def analyze_task(
    votes: Votes, trusted: Mapping[str, tuple[int, ...]], learned: Mapping[str, float]
) -> TaskAnalysis:
    """The analysis of the votes on one task; `trusted` are gold and reviewed labels by ticket."""
    found = agreement(votes)
    known = sum(ticket_id in trusted for ticket_id in votes.ticket_ids)
    return TaskAnalysis(
        votes.task.name,
        votes.task.labels,
        len(votes.ticket_ids),
        float(votes.covered.mean()) if len(votes.ticket_ids) else 0.0,
        known,
        tuple(analyze(votes, trusted)),
        learned,
        found,
        tuple(redundant(found)),
        tuple(fighting(found)),
    )
