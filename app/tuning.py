"""The study of a run's training settings: what it found, and the table to paste."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import stages
from app.run import Run
from data.config import TrainingSettings
from data.store import whole_file, write_json

if TYPE_CHECKING:
    from model.dataset import TrainingSet
    from model.tune import Trial, Tuned, Tuning

STUDY, BEST, FOUND = "study.jsonl", "best.toml", "tune.json"


class TuningRun(Run):
    """A run with the studies of its training settings in `tune/`."""

    def tuned(self, number: int, trials: int, minutes: float | None = None) -> dict[str, Any]:
        """Tries settings until `trials` are over; writes `best.toml` and `tune.json`, and returns the latter.

        Labels are those of training, the validation split's included; gold is left out of both. The
        project's settings stay as they are.
        """
        from model.tune import tune

        reads = self.trains_on(number)
        with self.face.working("trials", trials) as progress:
            found = tune(self._tuned(number), self.folder / "tune" / STUDY, reads, trials, minutes, progress)
        said = {
            "project": self.workspace.root.resolve().name,
            "run": self.folder.name,
            "round": number,
            **described(found, self.config.training, self.folder / "tune" / BEST),
        }
        with whole_file(Path(said["file"])) as temporary:
            temporary.write_text(said["toml"], "utf-8")
        write_json(self.folder / "tune" / FOUND, said)
        return said

    def _tuned(self, number: int) -> "Tuned":
        from model.tune import Tuned

        settings, last = self.config.training, self.goes_on_from(number)
        return Tuned(
            lambda weight: self._sets(number, weight)[0],
            self._sets(number, settings.review_weight)[1],
            self.first_encoder,
            settings,
            stages.first_classifier(settings, last.folder if last else None),
        )

    def _sets(self, number: int, review_weight: float) -> tuple["TrainingSet", "TrainingSet"]:
        """What a training with this weight of reviewed labels learns from and is validated on."""
        from app.augmentation import augmented

        training = self.config.training.model_copy(update={"review_weight": review_weight})
        sets = stages.training_sets(
            self.labels(number).folder,
            self.issues().folder,
            self.tickets,
            self.schema,
            self.answers(number),
            self.gold,
            self.config.model_copy(update={"training": training}),
            rehearses=self.goes_on_from(number) is not None,
        )
        if not self.config.augmentation.enabled:
            return sets
        return augmented(*sets, self.auxiliary_texts, self.config.augmentation)


def described(found: "Tuning", settings: TrainingSettings, file: Path) -> dict[str, Any]:
    """A study as JSON: its trials, the best one, the project's own, the table to paste into `file`."""
    return {
        "study": found.study,
        "before": found.before,
        "pruned": sum(trial.loss is None for trial in found.trials),
        "own": found.own.number,
        "best": found.best.number,
        "trials": [asdict(trial) for trial in found.trials],
        "importances": found.importances,
        "space": {name: asdict(each) for name, each in found.space.items()},
        "toml": training_table(settings, found.best, len(found.trials)),
        "file": str(file),
    }


def training_table(settings: TrainingSettings, best: "Trial", trials: int) -> str:
    """The `[training]` table with the best settings, and what the project sets besides.

    It takes the place of the project's own.
    """
    default = TrainingSettings().model_dump()
    kept = {name: value for name, value in settings.model_dump().items() if value != default[name]}
    lines = [f"{name} = {_toml(value)}" for name, value in (kept | best.settings).items()]
    title = f"# validation loss {best.loss:.4f}, trial {best.number} of {trials}"
    return "\n".join(["[training]", title, *lines, ""])


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(each)}" for key, each in value.items()) + " }"
    # JSON writes 1e-05, which is TOML, too; so are its strings, numbers and booleans.
    return json.dumps(value, ensure_ascii=False)
