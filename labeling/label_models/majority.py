"""Majority vote."""

from typing import Self

import numpy as np

from labeling.label_models.base import UNVOTED, VOTE_IS_RIGHT, LabelModel, Reviewed
from labeling.votes import Array, Votes


class MajorityVote(LabelModel):
    """Each label's share of the votes cast for a label; votes against one are passed over.

    On a multi-label task each label is judged alone: n votes for it make it 1 − 0.2ⁿ likely, none
    make it 5 % likely.

    >>> from labeling.toy import TOY
    >>> MajorityVote().fit(TOY).predict_proba(TOY).probs[:2].round(2)
    array([[0.67, 0.33],
           [0.  , 1.  ]], dtype=float32)
    """

    def __init__(self) -> None:
        self._weights: dict[str, float] = {}

    def fit(self, votes: Votes, reviewed: Reviewed | None = None) -> Self:
        self._weights = dict.fromkeys(votes.lf_names, 1.0)
        return self

    def weights(self) -> dict[str, float]:
        return dict(self._weights)

    def _probs(self, votes: Votes) -> Array:
        counts = votes.counts()
        if votes.task.multi:
            return np.where(counts > 0, 1 - (1 - VOTE_IS_RIGHT) ** counts, UNVOTED)
        return np.asarray(counts / counts.sum(axis=1, keepdims=True))
