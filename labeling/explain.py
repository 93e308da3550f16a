"""Why labeling functions vote as they do on one ticket."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.errors import LabelingError
from data.tickets import Ticket
from labeling.lf import BatchLF, BoundLF, PatternLF


@dataclass(frozen=True)
class Reason:
    """One function's vote on a ticket.

    `label` is None where it abstains. `words` made the vote: the matches of a pattern, in the text's
    order; () where another kind of function voted. `error` is what it raised, if it did.
    """

    task: str
    name: str
    kind: str
    field: str
    label: str | None
    words: tuple[str, ...] = ()
    error: str | None = None


def reasons(lfs: Sequence[BoundLF], ticket: Ticket) -> list[Reason]:
    """What each function says of the ticket; a vote outside the task's labels raises LabelingError."""
    return [_reason(lf, ticket) for lf in lfs]


def kind_of(lf: BoundLF) -> str:
    """ "pattern", "batch" or "row"."""
    return "pattern" if isinstance(lf, PatternLF) else "batch" if isinstance(lf, BatchLF) else "row"


def _reason(lf: BoundLF, ticket: Ticket) -> Reason:
    task = lf.bound_task()
    said = (task.name, lf.name, kind_of(lf), lf.field)
    try:
        vote = int(lf(ticket))
    except LabelingError:
        raise
    except Exception as error:
        return Reason(*said, None, error=f"{type(error).__name__}: {error}")
    label = task.vote_name(vote)
    return Reason(*said, label, words(lf, ticket) if label else ())


def words(lf: BoundLF, ticket: Ticket) -> tuple[str, ...]:
    """The words of the ticket that a pattern LF matches, in their order; () for another kind."""
    if not isinstance(lf, PatternLF):
        return ()
    text = lf.text_of(ticket)
    return tuple(dict.fromkeys(text[start:end] for start, end in lf.pattern.spans(text)))
