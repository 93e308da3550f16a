"""Dawid and Skene's model, as crowd-kit fits it; the only importer of it."""

import warnings
from typing import Self

import numpy as np
import pandas as pd
from crowdkit.aggregation import DawidSkene

from data.schema import ABSTAIN
from labeling.label_models.base import LabelModel, Reviewed, check_same_functions, questions
from labeling.label_models.vote_patterns import VotePatterns
from labeling.votes import Array, Votes

SMALLEST = 1e-9


class DawidSkeneModel(LabelModel):
    """Dawid and Skene (1979): a confusion matrix per labeling function, by expectation maximisation.

    An abstention is no vote. crowd-kit aggregates what it is fitted on; other votes are answered by
    the priors and confusion matrices that it learned. On a multi-label task each label is a question
    of its own, and a vote for another label says that this one does not hold, as in snorkel's model here.
    """

    def __init__(self, *, steps: int = 100) -> None:
        self._steps = steps
        self._lf_names: tuple[str, ...] = ()
        self._voted: Array = np.empty(0, bool)
        self._learned: list[tuple[Array, Array]] = []

    def fit(self, votes: Votes, reviewed: Reviewed | None = None) -> Self:
        self._lf_names = votes.lf_names
        self._voted = np.asarray((votes.values >= 0).any(axis=0))
        self._learned = [self._fit_one(values, labels) for values, labels in questions(votes)]
        return self

    def _fit_one(self, values: Array, labels: int) -> tuple[Array, Array]:
        """Prior [n_labels] and confusion [n_lfs, n_labels (true), n_labels (voted)]."""
        rows, lfs = np.nonzero(values != ABSTAIN)
        prior, confusion = np.full(labels, 1 / labels), np.full((values.shape[1], labels, labels), 1 / labels)
        if not len(rows):
            return prior, confusion
        table = pd.DataFrame({"task": rows, "worker": lfs, "label": values[rows, lfs].astype(int)})
        with warnings.catch_warnings():
            # crowd-kit uses forms of pandas that are on their way out.
            warnings.simplefilter("ignore", DeprecationWarning)
            model = DawidSkene(n_iter=self._steps).fit(table)
        assert model.priors_ is not None and model.errors_ is not None
        prior = model.priors_.reindex(range(labels), fill_value=0.0).to_numpy()
        for lf, errors in model.errors_.groupby(level="worker"):
            voted = errors.droplevel("worker").reindex(index=range(labels), columns=range(labels))
            confusion[lf] = voted.fillna(0.0).to_numpy().T
        return prior, confusion

    def weights(self) -> dict[str, float]:
        """Each function's accuracy, given the prior; 0 for one that never votes."""
        if not self._learned:
            return {}
        means = np.mean([np.einsum("k,jkk->j", *learned) for learned in self._learned], axis=0)
        weights = np.where(self._voted, means, 0.0)
        return {name: float(weight) for name, weight in zip(self._lf_names, weights, strict=True)}

    def _probs(self, votes: Votes) -> Array:
        check_same_functions("Dawid and Skene's model", self._lf_names, votes)
        answers = [
            _posterior(values, *learned)
            for (values, _), learned in zip(questions(votes), self._learned, strict=True)
        ]
        return np.stack([each[:, 1] for each in answers], axis=1) if votes.task.multi else answers[0]


def _posterior(values: Array, prior: Array, confusion: Array) -> Array:
    """Probabilities [n, n_labels] for rows of votes; without a vote, the prior."""
    patterns = VotePatterns.of(values)
    scores = np.tile(np.log(np.maximum(prior, SMALLEST)), (len(patterns.values), 1))
    row, lf = np.nonzero(patterns.values != ABSTAIN)
    told = np.log(np.maximum(confusion[lf, :, patterns.values[row, lf]], SMALLEST))
    np.add.at(scores, row, told)
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray((raised / raised.sum(axis=1, keepdims=True))[patterns.pattern_of])
