"""Label models side by side on the same votes: how right they are, and how long they take."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from data.config import LABEL_MODELS, LabelModelSettings
from data.errors import LabelingError
from labeling.label_models import label_model
from labeling.votes import SoftLabels, Votes


@dataclass(frozen=True)
class Score:
    """One label model's figures; None with an `error` where it cannot be fitted.

    `accuracy` and `macro_f1` are of all gold tickets, with the model's most frequent answer where no
    function votes; `covered_accuracy` is of those that are covered. `fit_seconds` is of wall time.
    """

    name: str
    default: bool
    accuracy: float | None = None
    macro_f1: float | None = None
    covered_accuracy: float | None = None
    fit_seconds: float | None = None
    error: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if key != "error" or value}


def contest(
    train: Votes,
    test: Votes,
    gold: Mapping[str, int],
    names: Sequence[str] = LABEL_MODELS,
    settings: LabelModelSettings | None = None,
) -> list[Score]:
    """Every label model fitted on the votes of `train` alone and measured on gold tickets of `test`.

    For single-label tasks. `gold` is ticket id → label id.
    """
    settings = settings or LabelModelSettings()
    return [_score(settings.model_copy(update={"name": name}), train, test, gold) for name in names]


def _score(settings: LabelModelSettings, train: Votes, test: Votes, gold: Mapping[str, int]) -> Score:
    default = settings.name == LabelModelSettings().name
    start = perf_counter()
    try:
        model = label_model(settings, train.task.name).fit(train)
    except LabelingError as error:
        return Score(settings.name, default, error=str(error))
    seconds = perf_counter() - start
    fallback = _most_frequent(model.predict_proba(train))
    soft = model.predict_proba(test)
    rows = [row for row, ticket_id in enumerate(soft.ticket_ids) if gold.get(ticket_id, -1) >= 0]
    truth = np.array([gold[soft.ticket_ids[row]] for row in rows], int)
    covered = soft.covered[rows]
    answers = np.where(covered, soft.probs[rows].argmax(axis=1), fallback)
    right = answers == truth
    return Score(
        settings.name,
        default,
        float(right.mean()) if len(right) else None,
        float(f1_score(truth, answers, average="macro", labels=np.unique(truth))) if len(right) else None,
        float(right[covered].mean()) if covered.any() else None,
        seconds,
    )


def _most_frequent(soft: SoftLabels) -> int:
    """The label that is most often the most probable one of a covered ticket."""
    answers = soft.probs[soft.covered].argmax(axis=1)
    return int(np.bincount(answers, minlength=len(soft.task.labels)).argmax())
