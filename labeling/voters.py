"""Labeling functions made ready to vote on one batch of tickets after the other."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from data.errors import LabelingError, listed
from data.tickets import TicketBatch
from labeling.faults import Faults
from labeling.lf import BatchLF, BoundLF, PatternLF, RowLF
from labeling.pattern_votes import PatternVotes

Array = np.ndarray[Any, Any]
# A batch function that fails on so many single tickets, one after the other, is not asked again.
PATIENCE = 8


class Voters:
    """Labeling functions, all pattern LFs compiled together.

    `cache` is a folder that keeps compiled databases. Raises LabelingError where a function is
    bound to no task, or two of one task have the same name.
    """

    def __init__(self, lfs: Sequence[BoundLF], cache: Path | None = None) -> None:
        _check_names(lfs)
        self.lfs = tuple(lfs)
        self._patterns = self._compiled(cache)

    def _compiled(self, cache: Path | None) -> list[tuple[str, list[int], PatternVotes]]:
        """(field, positions, compiled together) of the pattern LFs that read each field."""
        fields: dict[str, list[int]] = {}
        for at, lf in enumerate(self.lfs):
            if isinstance(lf, PatternLF):
                fields.setdefault(lf.field, []).append(at)
        asides = [pattern for lf in self.lfs if isinstance(lf, RowLF) for pattern in lf.patterns]
        if asides:
            fields.setdefault("text", [])
        return [
            (field, positions, self._together(positions, asides if field == "text" else [], cache))
            for field, positions in fields.items()
        ]

    def _together(self, positions: list[int], asides: list[Any], cache: Path | None) -> PatternVotes:
        lfs = [lf for lf in (self.lfs[at] for at in positions) if isinstance(lf, PatternLF)]
        return PatternVotes(lfs, asides, cache)

    def vote(self, batch: TicketBatch) -> tuple[list[Array], Faults]:
        """Label ids [n_tickets] of each function in turn, −1 where it abstains or raised; its faults."""
        faults = Faults()
        columns: dict[int, Array] = {}
        for field, positions, compiled in self._patterns:
            columns |= zip(positions, compiled.votes(batch.texts(field)), strict=True)
        for at, lf in enumerate(self.lfs):
            if at not in columns:
                columns[at] = _vote(lf, batch, faults)
        return [columns[at] for at in range(len(self.lfs))], faults


def _check_names(lfs: Sequence[BoundLF]) -> None:
    keys = [f"{lf.bound_task().name}.{lf.name}" for lf in lfs]
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    if doubled:
        raise LabelingError(f"two labeling functions of one task have the same name: {listed(doubled)}")


def _vote(lf: BoundLF, batch: TicketBatch, faults: Faults) -> Array:
    if not isinstance(lf, BatchLF):
        return _vote_singly(lf, batch, faults)
    try:
        return lf.vote_many(batch.texts(lf.field))
    except LabelingError:
        raise
    except Exception:
        # One text spoils the whole batch; asked one by one, the others still get their votes.
        return _vote_singly(lf, batch, faults)


def _vote_singly(lf: BoundLF, batch: TicketBatch, faults: Faults) -> Array:
    votes = lf.bound_task().abstentions(len(batch))
    answered = False
    for row, ticket in enumerate(batch.tickets):
        try:
            votes[row] = lf(ticket)
            answered = True
        except LabelingError:
            raise
        except Exception as error:
            faults.add(lf, ticket.ticket_id, error)
            if isinstance(lf, BatchLF) and not answered and row + 1 >= PATIENCE:
                raise _dead(lf, ticket.ticket_id, error) from error
    return votes


def _dead(lf: BoundLF, ticket_id: str, error: Exception) -> LabelingError:
    name = f"{lf.bound_task().name}.{lf.name}"
    return LabelingError(
        f"labeling function '{name}' cannot vote: it raised on {PATIENCE} tickets asked one by one, last "
        f"on '{ticket_id}': {type(error).__name__}: {error}"
    )
