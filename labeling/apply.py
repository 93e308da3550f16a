"""Applies labeling functions to tickets."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from data.errors import LabelingError
from data.schema import ABSTAIN, Task
from data.tickets import Ticket
from labeling.lf import BatchLF, BoundLF, PatternLF
from labeling.pattern_votes import PatternVotes
from labeling.votes import Votes

FAULTS_ALLOWED = 0.01


@dataclass
class Faults:
    """Where labeling functions raised: counts by "task.name", and the first ticket and error of each."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, lf: BoundLF, ticket: Ticket, error: Exception) -> None:
        name = f"{lf.bound_task().name}.{lf.name}"
        self.counts[name] += 1
        self.first.setdefault(name, (ticket.ticket_id, f"{type(error).__name__}: {error}"))

    def check(self, tickets: int, allowed: float) -> None:
        """Raises LabelingError for each function that raised on more than its allowed share."""
        worst = [(name, n) for name, n in self.counts.items() if n > allowed * tickets]
        if worst:
            raise LabelingError("; ".join(self._say(name, n, tickets) for name, n in worst))

    def _say(self, name: str, count: int, tickets: int) -> str:
        ticket_id, error = self.first[name]
        where = f"raised on {count} of {tickets} tickets, first on '{ticket_id}'"
        return f"labeling function '{name}' {where}: {error}"


def apply_lfs(
    lfs: Sequence[BoundLF],
    batches: Iterable[Sequence[Ticket]],
    *,
    faults_allowed: float = FAULTS_ALLOWED,
    progress: Callable[[int], None] = lambda count: None,
) -> tuple[dict[str, Votes], Faults]:
    """Votes by task name, tickets in the order in which they came.

    A function that raises on a ticket abstains there and is counted; LabelingError is raised when
    it does so on more than the share `faults_allowed` of the tickets, and at once for a batch
    function that raises whatever it is asked. A vote outside the task's labels is an error at once.
    `progress` is told how many tickets are done.
    """
    for lf in lfs:
        lf.bound_task()
    patterns = _compile_patterns(lfs)
    faults, ticket_ids, parts = Faults(), list[str](), list[list[np.ndarray[Any, Any]]]()
    for batch in batches:
        ticket_ids += [ticket.ticket_id for ticket in batch]
        parts.append(_vote_all(lfs, patterns, batch, faults))
        progress(len(ticket_ids))
    faults.check(len(ticket_ids), faults_allowed)
    return _by_task(lfs, tuple(ticket_ids), parts), faults


def _compile_patterns(lfs: Sequence[BoundLF]) -> list[tuple[list[int], PatternVotes]]:
    """(positions, compiled together) of the pattern LFs that read each field."""
    fields: dict[str, list[int]] = {}
    for at, lf in enumerate(lfs):
        if isinstance(lf, PatternLF):
            fields.setdefault(lf.field, []).append(at)
    return [
        (positions, PatternVotes([cast(PatternLF, lfs[at]) for at in positions]))
        for positions in fields.values()
    ]


def _vote_all(
    lfs: Sequence[BoundLF],
    patterns: list[tuple[list[int], PatternVotes]],
    batch: Sequence[Ticket],
    faults: Faults,
) -> list[np.ndarray[Any, Any]]:
    """The votes of every function on one batch, in the functions' order."""
    columns: dict[int, np.ndarray[Any, Any]] = {}
    for positions, compiled in patterns:
        texts = [lfs[positions[0]].text_of(ticket) for ticket in batch]
        columns |= zip(positions, compiled.votes(texts), strict=True)
    return [columns[at] if at in columns else _vote(lf, batch, faults) for at, lf in enumerate(lfs)]


def _vote(lf: BoundLF, batch: Sequence[Ticket], faults: Faults) -> np.ndarray[Any, Any]:
    if isinstance(lf, BatchLF):
        try:
            return lf.vote_many([lf.text_of(ticket) for ticket in batch])
        except LabelingError:
            raise
        except Exception:
            # One text spoils the whole batch; asked one by one, the others still get their votes.
            _check_alive(lf)
            return _vote_singly(lf, batch, faults)
    return _vote_singly(lf, batch, faults)


def _check_alive(lf: BatchLF) -> None:
    """Raises LabelingError for a function that fails even on the empty text: it need not be asked again."""
    try:
        lf.vote_many([""])
    except Exception as error:
        name, said = f"{lf.bound_task().name}.{lf.name}", f"{type(error).__name__}: {error}"
        raise LabelingError(
            f"labeling function '{name}' cannot vote, not even on the empty text: {said}"
        ) from error


def _vote_singly(lf: BoundLF, batch: Sequence[Ticket], faults: Faults) -> np.ndarray[Any, Any]:
    votes = np.full(len(batch), ABSTAIN, lf.bound_task().vote_dtype)
    for row, ticket in enumerate(batch):
        try:
            votes[row] = lf(ticket)
        except LabelingError:
            raise
        except Exception as error:
            faults.add(lf, ticket, error)
    return votes


def _by_task(
    lfs: Sequence[BoundLF], ticket_ids: tuple[str, ...], parts: list[list[np.ndarray[Any, Any]]]
) -> dict[str, Votes]:
    tasks: dict[str, Task] = {lf.task.name: lf.task for lf in lfs if lf.task}
    votes = {}
    for name, task in tasks.items():
        columns = [i for i, lf in enumerate(lfs) if lf.task is task or (lf.task and lf.task.name == name)]
        values = np.full((len(ticket_ids), len(columns)), ABSTAIN, task.vote_dtype)
        at = 0
        for part in parts:
            size = len(part[0])
            for to, column in enumerate(columns):
                values[at : at + size, to] = part[column]
            at += size
        votes[name] = Votes(task, ticket_ids, tuple(lfs[i].name for i in columns), values)
    return votes
