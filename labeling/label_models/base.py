"""What every label model does."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from data.errors import LabelingError, listed
from data.schema import ABSTAIN, Task, against
from labeling.votes import Array, SoftLabels, Votes

# Ticket id → the ids of the labels that a person gave it.
Reviewed = Mapping[str, tuple[int, ...]]
# A multi-label task: what one vote for a label is worth, and how likely a label is that nobody voted for.
VOTE_IS_RIGHT = 0.8
UNVOTED = 0.05


@dataclass(frozen=True)
class Contribution:
    """What one vote on a ticket adds to the log-odds of each label.

    Over all of a ticket's contributions, the sums are the soft label's logarithms but for a constant.
    `name` is the labeling function, or "class balance" for what holds before any vote.
    """

    name: str
    vote: str
    log_odds: Mapping[str, float]


class LabelModel(ABC):
    """Learns how to weigh labeling functions, and turns votes into soft labels."""

    @abstractmethod
    def fit(self, votes: Votes, reviewed: Reviewed | None = None) -> Self:
        """Learns from the votes on one task, and from people's labels of some of its tickets.

        Only the agreement model learns from reviewed tickets; the others pass over them.
        """

    @abstractmethod
    def weights(self) -> dict[str, float]:
        """Learned accuracy of each labeling function, in [0, 1]; 0 for one that never votes."""

    def state(self) -> dict[str, dict[str, float]]:
        """What a later fit may start from; nothing for a model that starts afresh."""
        return {}

    @abstractmethod
    def _probs(self, votes: Votes) -> Array:
        """Probabilities float [n_tickets, n_labels] of covered tickets."""

    def predict_proba(self, votes: Votes) -> SoftLabels:
        """Soft labels; a ticket on which nobody votes for a label is marked uncovered, its row uniform.

        Uniform means 1 / n_labels for a single-label task and one half for a multi-label task.
        """
        covered = votes.covered
        probs = np.full((len(votes.ticket_ids), len(votes.task.labels)), _ignorance(votes.task), np.float32)
        if covered.any():
            ids = tuple(np.array(votes.ticket_ids, object)[covered])
            probs[covered] = self._probs(Votes(votes.task, ids, votes.lf_names, votes.values[covered]))
        return SoftLabels(votes.task, votes.ticket_ids, probs, covered)

    def explain(self, votes: Votes, ticket_id: str) -> list[Contribution]:
        """What each vote adds to the soft label of a ticket; LabelingError where the model cannot say."""
        raise LabelingError(
            f"{type(self).__name__} does not add up log-odds; the agreement model does: "
            '[label_model] name = "agreement"'
        )


def check_same_functions(who: str, fitted: Sequence[str], votes: Votes) -> None:
    """Raises LabelingError for votes of other labeling functions than a model was fitted on."""
    if votes.lf_names != tuple(fitted):
        raise LabelingError(
            f"{who} was fitted on {listed(fitted) or 'nothing'}, asked about votes of "
            f"{listed(votes.lf_names)}; fit it on these votes first"
        )


def questions(votes: Votes) -> list[tuple[Array, int]]:
    """What models that know one choice among labels are asked: (votes int [n, n_lfs], number of labels).

    One question for a single-label task, where they pass over votes against a label. One per label of
    a multi-label task: 1 for it, 0 for another label or against this one.
    """
    values = votes.values.astype(int)
    if not votes.task.multi:
        return [(np.maximum(values, ABSTAIN), len(votes.task.labels))]
    return [(_holds_or_not(values, label), 2) for label in range(len(votes.task.labels))]


def _holds_or_not(values: Array, label: int) -> Array:
    in_favour = np.where(values < 0, ABSTAIN, values == label)
    return np.asarray(np.where(values == against(label), 0, in_favour))


def _ignorance(task: Task) -> float:
    return 0.5 if task.multi else 1 / len(task.labels)
