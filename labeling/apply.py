"""Applies labeling functions to tickets in memory."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from data.schema import ABSTAIN
from data.tickets import Ticket, TicketBatch
from labeling.faults import Faults
from labeling.lf import BoundLF
from labeling.voters import Voters
from labeling.votes import Votes

Array = np.ndarray[Any, Any]
FAULTS_ALLOWED = 0.01


def apply_lfs(
    lfs: Sequence[BoundLF],
    batches: Iterable[Sequence[Ticket] | TicketBatch],
    *,
    faults_allowed: float = FAULTS_ALLOWED,
    progress: Callable[[int], None] = lambda count: None,
) -> tuple[dict[str, Votes], Faults]:
    """Votes by task name, tickets in the order in which they came.

    A function that raises on a ticket abstains there and is counted; LabelingError is raised when
    it does so on more than the share `faults_allowed` of the tickets. A vote outside the task's
    labels is an error at once. `progress` is told how many tickets are done.
    """
    voters = Voters(lfs)
    faults, ticket_ids, parts = Faults(), list[str](), list[list[Array]]()
    for tickets in batches:
        batch = tickets if isinstance(tickets, TicketBatch) else TicketBatch.of(tickets)
        columns, raised = voters.vote(batch)
        parts.append(columns)
        faults.join(raised)
        ticket_ids += batch.ticket_ids
        progress(len(ticket_ids))
    faults.check(len(ticket_ids), faults_allowed)
    return votes_by_task(lfs, tuple(ticket_ids), parts), faults


def votes_by_task(
    lfs: Sequence[BoundLF], ticket_ids: tuple[str, ...], parts: Sequence[Sequence[Array]]
) -> dict[str, Votes]:
    """The columns of each part below each other, each task's beside each other."""
    votes = {}
    for task in dict.fromkeys(lf.bound_task() for lf in lfs):
        columns = [at for at, lf in enumerate(lfs) if lf.bound_task() == task]
        values = np.full((len(ticket_ids), len(columns)), ABSTAIN, task.vote_dtype)
        row = 0
        for part in parts:
            size = len(part[0])
            for to, column in enumerate(columns):
                values[row : row + size, to] = part[column]
            row += size
        votes[task.name] = Votes(task, ticket_ids, tuple(lfs[at].name for at in columns), values)
    return votes
