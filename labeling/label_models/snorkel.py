"""snorkel's label model; the only importer of it."""

from typing import Self

import numpy as np
from snorkel.labeling.model import LabelModel as Snorkel

from data.errors import LabelingError
from labeling.label_models.base import LabelModel, Reviewed, check_same_functions, questions
from labeling.votes import Array, Votes

FEWEST_LFS = 3


class SnorkelLabelModel(LabelModel):
    """Ratner et al. (2019), as snorkel 0.10 fits it: accuracies from the agreements of functions.

    A multi-label task is fitted label by label, one against the rest; votes against a label count only
    there. Raises LabelingError with
    fewer than three labeling functions that vote, for which snorkel has no answer, and for votes of
    other functions than it was fitted on.
    """

    def __init__(self, *, epochs: int = 200, seed: int = 0) -> None:
        self._epochs = epochs
        self._seed = seed
        self._models: list[Snorkel] = []
        self._lf_names: tuple[str, ...] = ()

    def fit(self, votes: Votes, reviewed: Reviewed | None = None) -> Self:
        voting = int((votes.values >= 0).any(axis=0).sum())
        if voting < FEWEST_LFS:
            raise LabelingError(
                f"snorkel's label model needs {FEWEST_LFS} labeling functions that vote on task "
                f"'{votes.task.name}', got {voting}; write more, or set [label_model] name = \"agreement\""
            )
        self._lf_names = votes.lf_names
        self._models = [self._fit_one(values, k) for values, k in questions(votes)]
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
        check_same_functions("snorkel's label model", self._lf_names, votes)
        parts = [
            model.predict_proba(values)
            for model, (values, _) in zip(self._models, questions(votes), strict=True)
        ]
        return np.stack([part[:, 1] for part in parts], axis=1) if votes.task.multi else parts[0]
