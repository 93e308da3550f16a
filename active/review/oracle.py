"""An oracle: a file of trusted labels that answers in a reviewer's place."""

from collections.abc import Sequence

from active.review.ledger import Review
from data.errors import ReviewError, listed
from data.labels import LabeledTickets
from data.schema import Schema


class Oracle:
    """Answers every task of a ticket for which the file has a label."""

    def __init__(self, labels: LabeledTickets, schema: Schema, reviewer: str = "oracle") -> None:
        self._answers = {task.name: labels.of(task) for task in schema}
        self._schema = schema
        self._reviewer = reviewer
        self.ticket_ids = frozenset(labels.ticket_ids)

    def review(self, ticket_ids: Sequence[str], round_number: int) -> list[Review]:
        """Decisions on these tickets; raises ReviewError for tickets that the oracle does not know."""
        strangers = [ticket_id for ticket_id in ticket_ids if ticket_id not in self.ticket_ids]
        if strangers:
            raise ReviewError(f"the oracle has no labels for {len(strangers)} tickets: {listed(strangers)}")
        return [
            Review(
                ticket_id, task.name, self._names(task.name, answer), self._reviewer, round_number, "oracle"
            )
            for ticket_id in ticket_ids
            for task in self._schema
            if (answer := self._answers[task.name].get(ticket_id)) is not None
        ]

    def _names(self, task: str, answer: tuple[int, ...]) -> tuple[str, ...]:
        labels = self._schema.task(task).labels
        return tuple(labels[i] for i in answer)
