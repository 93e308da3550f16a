"""What every label model does."""

from abc import ABC, abstractmethod
from typing import Self

import numpy as np

from data.schema import Task
from labeling.votes import Array, SoftLabels, Votes

# A multi-label task: what one vote for a label is worth, and how likely a label is that nobody voted for.
VOTE_IS_RIGHT = 0.8
UNVOTED = 0.05


class LabelModel(ABC):
    """Learns from votes alone how to weigh labeling functions, and turns votes into soft labels."""

    @abstractmethod
    def fit(self, votes: Votes) -> Self:
        """Learns from votes on one task."""

    @abstractmethod
    def weights(self) -> dict[str, float]:
        """Learned accuracy of each labeling function, in [0, 1]; 0 for one that never votes."""

    @abstractmethod
    def _probs(self, votes: Votes) -> Array:
        """Probabilities float [n_tickets, n_labels] of covered tickets."""

    def predict_proba(self, votes: Votes) -> SoftLabels:
        """Soft labels; a ticket on which all abstain is marked uncovered, its row uniform.

        Uniform means 1 / n_labels for a single-label task and one half for a multi-label task.
        """
        covered = votes.covered
        probs = np.full((len(votes.ticket_ids), len(votes.task.labels)), _ignorance(votes.task), np.float32)
        if covered.any():
            ids = tuple(np.array(votes.ticket_ids, object)[covered])
            probs[covered] = self._probs(Votes(votes.task, ids, votes.lf_names, votes.values[covered]))
        return SoftLabels(votes.task, votes.ticket_ids, probs, covered)


def _ignorance(task: Task) -> float:
    return 0.5 if task.multi else 1 / len(task.labels)
