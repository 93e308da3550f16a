"""Looks for better settings of `[training]`, with Optuna, on the validation split."""

import math
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.importance import FanovaImportanceEvaluator, get_param_importances
from optuna.storages.journal import JournalFileBackend, JournalStorage
from optuna.trial import FrozenTrial, TrialState

from data.config import EncoderSettings, TrainingSettings
from data.errors import TrainingError
from data.store import value_hash
from model.dataset import TrainingSet
from model.layers import layers_of
from model.net import TicketClassifier, new_classifier
from model.plain_loss import PlainLoss
from model.progress import DivergedError
from model.search_space import Choice, Space, Span, Value, described, search_space
from model.train import FEWEST_VALIDATION, train_classifier

SEED = 0
# Trials that come to their end before others are pruned against them, and epochs that each has in any case.
UNPRUNED_TRIALS, UNPRUNED_EPOCHS = 5, 1
FEWEST_FOR_IMPORTANCES = 4
Settings = dict[str, Value]
# Trials that are over, in all.
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Trial:
    """One training: `loss` is None where it was pruned or its loss became no number.

    `losses` are those of its epochs; the epoch counts that training keeps.
    """

    number: int
    loss: float | None
    losses: tuple[float, ...]
    settings: Settings
    seconds: float


@dataclass(frozen=True)
class Tuning:
    """A study as it stands: its trials in order, `before` of which an earlier call made.

    `own` is the trial with the project's settings. `importances` are shares of the variance between
    trials, largest first (fANOVA, Hutter et al., 2014); empty with fewer than 4 that came to their end.
    """

    study: str
    space: Space
    trials: tuple[Trial, ...]
    before: int
    own: Trial
    best: Trial
    importances: dict[str, float]


@dataclass(frozen=True)
class Tuned:
    """What is tuned: the training set that a `review_weight` makes, the validation set, the settings.

    Each training starts from the encoder, or from the classifier `start`.
    """

    train: Callable[[float], TrainingSet]
    validation: TrainingSet
    encoder: EncoderSettings
    settings: TrainingSettings
    start: TicketClassifier | None = None

    def space(self) -> Space:
        """What is tried of the settings."""
        one, other = self.train(1.0).weights, self.train(2.0).weights
        classifier = new_classifier(self.validation.schema, self.encoder.name, self.encoder.max_length)
        try:
            layers = len(layers_of(classifier))
        except TrainingError:
            layers = None
        return search_space(self.settings, layers, reviewed=not np.array_equal(one, other))


def tune(
    tuned: Tuned,
    journal: Path,
    reads: Mapping[str, str],
    trials: int,
    minutes: float | None = None,
    progress: Progress = lambda done: None,
) -> Tuning:
    """Trains until `trials` are over, the first with the settings as they are, or the time is up.

    The tree-structured Parzen estimator (Bergstra et al., 2011) chooses settings by the plain validation
    loss; a trial whose loss after an epoch is above the median is pruned. `journal` keeps the study:
    the same call goes on where the last one ended, and to the same trials, interrupted or not. A study
    rests on `reads`, the space and the settings that are not tuned; another one starts anew beside it.
    Raises TrainingError with fewer than 16 validation tickets, and where no trial came to its end.
    """
    known = len(tuned.validation.known())
    if known < FEWEST_VALIDATION:
        raise TrainingError(
            f"tuning compares settings on {FEWEST_VALIDATION} validation tickets with labels or more, got "
            f"{known}; ingest more tickets or raise [data.splits] validation"
        )
    space, until = tuned.space(), time.monotonic() + 60 * (math.inf if minutes is None else minutes)
    study = _study(journal, _name(tuned, space, reads))
    before = len(_over(study))
    own = _own(tuned.settings, space)
    progress(before)
    if not any(trial.user_attrs["settings"] == own for trial in _over(study)):
        _add(study, space, own, tuned)
        progress(len(_over(study)))
    while len(_over(study)) < trials and time.monotonic() < until:
        _try(study, space, tuned)
        progress(len(_over(study)))
    return _tuning(study, space, before, own)


def _own(settings: TrainingSettings, space: Space) -> Settings:
    """The project's settings, as far as they are tuned."""
    values = {name: getattr(settings, name) for name in space}
    return {name: int(value) if _is_whole(space[name]) else value for name, value in values.items()}


def _is_whole(of: Span | Choice) -> bool:
    return isinstance(of, Span) and of.whole


def _name(tuned: Tuned, space: Space, reads: Mapping[str, str]) -> str:
    """The study that rests on just this."""
    kept = {
        name: value for name, value in tuned.settings.model_dump(mode="json").items() if name not in space
    }
    return value_hash([dict(reads), described(space), kept])[:12]


def _study(journal: Path, name: str) -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    journal.parent.mkdir(parents=True, exist_ok=True)
    _cut_half_a_line(journal)
    study = optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(journal))),
        study_name=name,
        load_if_exists=True,
        pruner=optuna.pruners.MedianPruner(UNPRUNED_TRIALS, UNPRUNED_EPOCHS + 1),
    )
    for trial in study.get_trials(states=[TrialState.RUNNING]):
        study.tell(trial.number, state=TrialState.FAIL)
    return study


def _cut_half_a_line(journal: Path) -> None:
    """Optuna would write on behind what an interrupted write has left."""
    written = journal.read_bytes() if journal.is_file() else b""
    if not written.endswith(b"\n") and written:
        journal.write_bytes(written[: written.rfind(b"\n") + 1])


def _over(study: optuna.Study) -> list[FrozenTrial]:
    """Trials that ended by themselves; one that was interrupted is none."""
    return study.get_trials(deepcopy=False, states=[TrialState.COMPLETE, TrialState.PRUNED])


def _add(study: optuna.Study, space: Space, own: Settings, tuned: Tuned) -> None:
    """The trial with the settings as they are, which is not pruned."""
    started, losses = time.monotonic(), PlainLoss()
    value = _trained(tuned, own, losses)
    study.add_trial(
        optuna.trial.create_trial(
            state=TrialState.PRUNED if value is None else TrialState.COMPLETE,
            value=value,
            params=own,
            distributions=_distributions(space),
            user_attrs={"settings": own, "seconds": round(time.monotonic() - started, 1)},
            intermediate_values=losses.of_epoch,
        )
    )


def _try(study: optuna.Study, space: Space, tuned: Tuned) -> None:
    """One trial with settings that the sampler chooses."""
    # The seed is of this trial alone: a study that is taken up again goes on as it would have.
    study.sampler = optuna.samplers.TPESampler(seed=SEED + len(_over(study)))
    trial = study.ask(_distributions(space))
    chosen: Settings = {name: _short(each, trial.params[name]) for name, each in space.items()}
    trial.set_user_attr("settings", chosen)
    started = time.monotonic()

    def seen(epoch: int, loss: float) -> None:
        trial.report(loss, epoch)
        if trial.should_prune():
            raise optuna.TrialPruned

    try:
        value = _trained(tuned, chosen, PlainLoss(seen))
    except optuna.TrialPruned:
        value = None
    trial.set_user_attr("seconds", round(time.monotonic() - started, 1))
    study.tell(trial, value, state=TrialState.PRUNED if value is None else TrialState.COMPLETE)


def _trained(tuned: Tuned, chosen: Settings, losses: PlainLoss) -> float | None:
    """The plain validation loss of the epoch that training keeps; None where it is no number."""
    settings = TrainingSettings.model_validate(tuned.settings.model_dump() | chosen)
    with tempfile.TemporaryDirectory(prefix="trial.") as folder:
        try:
            history = train_classifier(
                tuned.train(settings.review_weight),
                tuned.validation,
                tuned.encoder,
                settings,
                Path(folder),
                callbacks=[losses],
                start=tuned.start,
            )["history"]
        except DivergedError:
            return None
    kept = min(history, key=lambda epoch: epoch["eval_loss"])
    loss = losses.of_epoch[round(kept["epoch"])]
    return loss if math.isfinite(loss) else None


def _distributions(space: Space) -> dict[str, BaseDistribution]:
    return {name: _distribution(each) for name, each in space.items()}


def _distribution(of: Span | Choice) -> BaseDistribution:
    if isinstance(of, Choice):
        return CategoricalDistribution(of.values)
    if of.whole:
        return IntDistribution(int(of.low), int(of.high))
    return FloatDistribution(of.low, of.high, log=of.log)


def _short(of: Span | Choice, value: Value) -> Value:
    """The value as it is written into settings: three digits tell rates apart."""
    return value if isinstance(of, Choice) or of.whole else float(f"{value:.3g}")


def _tuning(study: optuna.Study, space: Space, before: int, own: Settings) -> Tuning:
    trials = tuple(_trial(number, each) for number, each in enumerate(_over(study)))
    ended = [trial for trial in trials if trial.loss is not None]
    if not ended:
        raise TrainingError(
            f"no trial of {len(trials)} came to its end: each loss became no number; lower [training] "
            "learning_rate and head_learning_rate"
        )
    return Tuning(
        study.study_name,
        space,
        trials,
        before,
        next(trial for trial in trials if trial.settings == own),
        min(ended, key=lambda trial: trial.loss or 0.0),
        _importances(study) if len(ended) >= FEWEST_FOR_IMPORTANCES else {},
    )


def _trial(number: int, of: FrozenTrial) -> Trial:
    losses = tuple(round(loss, 6) for _, loss in sorted(of.intermediate_values.items()))
    loss = round(of.value, 6) if of.state is TrialState.COMPLETE and of.value is not None else None
    return Trial(number, loss, losses, of.user_attrs["settings"], of.user_attrs["seconds"])


def _importances(study: optuna.Study) -> dict[str, float]:
    found: dict[str, Any] = get_param_importances(study, evaluator=FanovaImportanceEvaluator(seed=SEED))
    return {name: round(float(share), 4) for name, share in found.items()}
