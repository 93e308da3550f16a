"""Where a labeling function is wrong, as far as trusted labels tell."""

from collections.abc import Mapping
from dataclasses import dataclass

from data.errors import LabelingError, listed, near
from data.schema import ABSTAIN, against
from labeling.votes import Votes


@dataclass(frozen=True)
class Mistake:
    """A ticket on which a function votes for a label that it does not have."""

    ticket_id: str
    voted: str
    right: tuple[str, ...]


def mistakes(votes: Votes, name: str, gold: Mapping[str, tuple[int, ...]]) -> list[Mistake]:
    """The wrong votes of one function, in the tickets' order; LabelingError where there is no such one."""
    if name not in votes.lf_names:
        raise LabelingError(
            f"task '{votes.task.name}' has no votes of '{name}'; there are votes of "
            f"{listed(votes.lf_names)}{near(name, votes.lf_names)}"
        )
    labels = votes.task.labels
    cast = votes.values[:, votes.lf_names.index(name)].tolist()
    return [
        Mistake(ticket_id, str(votes.task.vote_name(vote)), tuple(labels[i] for i in gold[ticket_id]))
        for ticket_id, vote in zip(votes.ticket_ids, cast, strict=True)
        if vote != ABSTAIN and ticket_id in gold and is_wrong(vote, gold[ticket_id])
    ]


def is_wrong(vote: int, gold: tuple[int, ...]) -> bool:
    """Whether a vote is for a label that does not hold, or against one that does."""
    return vote not in gold if vote >= 0 else against(vote) in gold
