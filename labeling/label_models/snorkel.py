"""snorkel's label model; the only importer of it."""

from typing import Self

import numpy as np
from snorkel.labeling.model import LabelModel as Snorkel

from data.errors import LabelingError, listed
from labeling.label_models.base import LabelModel
from labeling.votes import Array, Votes

FEWEST_LFS = 3


class SnorkelLabelModel(LabelModel):
    """Ratner et al. (2019), as snorkel 0.10 fits it: accuracies from the agreements of functions.

    A multi-label task is fitted label by label, one against the rest. Raises LabelingError with
    fewer than three labeling functions that vote, for which snorkel has no answer, and for votes of
    other functions than it was fitted on.
    """

    def __init__(self, *, epochs: int = 200, seed: int = 0) -> None:
        self._epochs = epochs
        self._seed = seed
        self._models: list[Snorkel] = []
        self._lf_names: tuple[str, ...] = ()

    def fit(self, votes: Votes) -> Self:
        voting = int((votes.values >= 0).any(axis=0).sum())
        if voting < FEWEST_LFS:
            raise LabelingError(
                f"snorkel's label model needs {FEWEST_LFS} labeling functions that vote on task "
                f"'{votes.task.name}', got {voting}; write more, or set [label_model] name = \"majority\""
            )
        self._lf_names = votes.lf_names
        self._models = [self._fit_one(values, k) for values, k in _problems(votes)]
        return self

    def _fit_one(self, values: Array, cardinality: int) -> Snorkel:
        model = Snorkel(cardinality=cardinality, verbose=False)
        model.fit(values, n_epochs=self._epochs, seed=self._seed, progress_bar=False)
        return model

    def weights(self) -> dict[str, float]:
        # snorkel divides by coverage: of a function that never votes nothing is learned, so it weighs 0.
        with np.errstate(divide="ignore", invalid="ignore"):
            learned = [np.where(model.coverage > 0, model.get_weights(), 0.0) for model in self._models]
        means = np.mean(learned, axis=0) if learned else []
        return {name: float(weight) for name, weight in zip(self._lf_names, means, strict=True)}

    def _probs(self, votes: Votes) -> Array:
        if votes.lf_names != self._lf_names:
            raise LabelingError(
                f"snorkel's label model was fitted on {listed(self._lf_names) or 'nothing'}, "
                f"asked about votes of {listed(votes.lf_names)}; fit it on these votes first"
            )
        parts = [
            model.predict_proba(values)
            for model, (values, _) in zip(self._models, _problems(votes), strict=True)
        ]
        return np.stack([part[:, 1] for part in parts], axis=1) if votes.task.multi else parts[0]


def _problems(votes: Votes) -> list[tuple[Array, int]]:
    """(votes, number of labels) of each problem that snorkel is asked: one, or one per label."""
    values = votes.values.astype(int)
    if not votes.task.multi:
        return [(values, len(votes.task.labels))]
    return [(np.where(values < 0, -1, values == i), 2) for i in range(len(votes.task.labels))]
