"""What each baseline predicts of the tickets that are measured on."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from app import stages
from data.schema import Task

if TYPE_CHECKING:
    from app.baselines import Asked, BaselineRun
    from app.face import Progress
    from model.dataset import TrainingSet

Array = np.ndarray[Any, Any]
# Task → probs float [n, n_labels], and what there is to say of the training.
Predicted = tuple[dict[str, Array], dict[str, Any]]
Predict = Callable[["BaselineRun", "Asked", int, "Progress"], Predicted]


def _majority(run: "BaselineRun", asked: "Asked", number: int, progress: "Progress") -> Predicted:
    from model.baselines import Taught, majority

    train = run.training_set(number, asked)
    probs = {task.name: majority(Taught.of(train, task), len(asked.texts)) for task in run.schema}
    return probs, {"tickets": len(train)}


def _tfidf(run: "BaselineRun", asked: "Asked", number: int, progress: "Progress") -> Predicted:
    from model.baselines import word_features

    train = run.training_set(number, asked)
    return _regressions(run, train, *word_features(train.texts, asked.texts), progress)


def _embeddings(run: "BaselineRun", asked: "Asked", number: int, progress: "Progress") -> Predicted:
    from model.encoder import embed, load_encoder

    train = run.training_set(number, asked)
    rows = [run.tickets.row_of[ticket_id] for ticket_id in train.ticket_ids]
    known = np.load(run.embeddings().folder / "embeddings.npy")[rows]
    return _regressions(run, train, known, embed(load_encoder(run.config.encoder), asked.texts), progress)


def _regressions(
    run: "BaselineRun", train: "TrainingSet", features: Any, asked: Any, progress: "Progress"
) -> Predicted:
    from model.baselines import Taught, regression

    probs = {}
    for done, task in enumerate(run.schema, 1):
        probs[task.name] = regression(Taught.of(train, task), features, asked)
        progress(done)
    return probs, {"tickets": len(train)}


def _setfit(run: "BaselineRun", asked: "Asked", number: int, progress: "Progress") -> Predicted:
    from app.setfit import PER_LABEL, STEPS, setfit
    from model.baselines import Taught

    train = run.training_set(number, asked)
    probs, sizes = {}, {}
    for done, task in enumerate(run.schema, 1):
        found = setfit(Taught.of(train, task), train.texts, asked.texts, run.config.encoder)
        probs[task.name], sizes[task.name] = found
        progress(done)
    return probs, {"tickets": sizes, "per_label": PER_LABEL, "steps": STEPS}


def _zero_shot(run: "BaselineRun", asked: "Asked", number: int, progress: "Progress") -> Predicted:
    """The seeds' argmax, whatever `[seeds] share` and `examples` say."""
    from lfs.zero_shot import ZeroShotSeeds

    tickets = run.tickets
    rows = tickets.rows(["train"], asked.labels.ticket_ids)
    rows = stages.sample_rows(tickets, rows, set(), stages.SEED_SAMPLE)
    sample = [tickets.texts[row] for row in rows]
    seeds = ZeroShotSeeds(run.schema, run.config.encoder, run.config.seeds, sample)
    return {task.name: _best(task, seeds.predict_proba(task, asked.texts)) for task in run.schema}, {}


def _best(task: Task, probs: Array) -> Array:
    """Of a multi-label task the most probable label alone, as the seeds vote."""
    return np.eye(probs.shape[1])[probs.argmax(axis=1)] if task.multi else probs


PREDICT: dict[str, Predict] = {
    "majority": _majority,
    "tfidf": _tfidf,
    "embeddings": _embeddings,
    "setfit": _setfit,
    "zero_shot": _zero_shot,
}
