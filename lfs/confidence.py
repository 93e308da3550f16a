"""Models that vote at levels of confidence: a labeling function each, so that each is weighed alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from data.schema import Task
from data.store import file_hash
from labeling.lf import BatchLF, BoundLF

Array = np.ndarray[Any, Any]
# Name of a level → the shares of the pool between which it lies, surest first.
Levels = Mapping[str, tuple[float, float]]


class Model(Protocol):
    """Whatever answers one task and says how sure it is."""

    def answers(self, texts: Sequence[str]) -> tuple[Sequence[str | None], Array]:
        """The label of each text, None for none, and float [n_texts]: how sure it is of it, 0 for not."""


class Graded:
    """A model whose confidence is compared with that on `sample`, texts of the pool: no labels are needed.

    The last batch is remembered: the levels ask for the same, one after the other.
    """

    def __init__(self, model: Model, sample: Sequence[str]) -> None:
        self._model = model
        self._sample = list(sample)
        self._last: tuple[list[str], tuple[Sequence[str | None], Array]] | None = None

    def answers(self, texts: Sequence[str]) -> tuple[Sequence[str | None], Array]:
        asked = list(texts)
        if self._last is None or self._last[0] != asked:
            self._last = asked, self._model.answers(asked)
        return self._last[1]

    def reached(self, share: float) -> float:
        """How sure it is of the surest `share` of the sample; infinitely for no share, or no sample."""
        if not share or not self._sample:
            return np.inf
        return max(float(np.quantile(self._sure_of_sample, 1 - share)), float(np.finfo(float).tiny))

    @cached_property
    def _sure_of_sample(self) -> Array:
        return self._model.answers(self._sample)[1]


@dataclass(frozen=True)
class _Level:
    """The votes on the texts that a model is as sure of as of these shares of its sample."""

    graded: Graded
    above: float
    below: float

    def votes(self, texts: Sequence[str]) -> list[str | None]:
        if not texts:
            return []
        answers, sure = self.graded.answers(texts)
        within = (sure >= self.graded.reached(self.below)) & (sure < self.graded.reached(self.above))
        says = within & [bool(text.strip()) for text in texts]
        return [answer if vote else None for answer, vote in zip(answers, says, strict=True)]


def level_lfs(
    name: str, task: Task, model: Model, sample: Sequence[str], levels: Levels, resources: Mapping[str, Any]
) -> list[BoundLF]:
    """A labeling function `NAME_LEVEL` for each level, bound to the task; they never vote on one ticket."""
    graded = Graded(model, sample)
    return [
        BatchLF(
            f"{name}_{level}",
            _Level(graded, above, below).votes,
            resources={**resources, "level": [above, below], "grading": file_hash(Path(__file__))},
            shared=False,
        ).bind(task)
        for level, (above, below) in levels.items()
    ]
