"""Where labeling functions raised, and when that is too often."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from data.errors import LabelingError
from labeling.lf import BoundLF


@dataclass
class Faults:
    """Where labeling functions raised: counts by "task.name", and the first ticket and error of each."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, lf: BoundLF, ticket_id: str, error: Exception) -> None:
        name = f"{lf.bound_task().name}.{lf.name}"
        self.counts[name] += 1
        self.first.setdefault(name, (ticket_id, f"{type(error).__name__}: {error}"))

    def join(self, later: "Faults") -> None:
        """Takes in the faults on later tickets."""
        self.counts.update(later.counts)
        self.first = later.first | self.first

    def check(self, tickets: int, allowed: float) -> None:
        """Raises LabelingError for each function that raised on more than its allowed share."""
        worst = [(name, n) for name, n in self.counts.items() if n > allowed * tickets]
        if worst:
            raise LabelingError("; ".join(self._say(name, n, tickets) for name, n in worst))

    def _say(self, name: str, count: int, tickets: int) -> str:
        ticket_id, error = self.first[name]
        where = f"raised on {count} of {tickets} tickets, first on '{ticket_id}'"
        return f"labeling function '{name}' {where}: {error}"

    def to_dict(self) -> dict[str, Any]:
        return {
            name: {"tickets": count, "first": self.first[name][0], "error": self.first[name][1]}
            for name, count in self.counts.items()
        }

    @classmethod
    def from_dict(cls, said: dict[str, Any]) -> "Faults":
        counts = Counter({name: fault["tickets"] for name, fault in said.items()})
        return cls(counts, {name: (fault["first"], fault["error"]) for name, fault in said.items()})
