"""A run's distilled classifier: who teaches it, what it reads, how good it is."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app import stages
from app.ablation_variants import with_settings
from app.face import Progress
from app.rounds import finished, last_round
from app.run import Run
from app.variant_runs import VariantRun
from app.workbench import ALL_ROUNDS
from data.config import DistillationSettings
from data.errors import TrainingError, listed, near
from data.store import MANIFEST, StageResult, read_json, value_hash
from data.workspace import Workspace
from labeling.votes import SoftLabels

if TYPE_CHECKING:
    from model.dataset import TrainingSet

Array = np.ndarray[Any, Any]
STAGE = "distilled"


class DistillationRun(Run):
    """A run with a student in `distilled/` and its evaluation in `distilled-evaluation/`."""

    def distilled(self, names: Sequence[str] = (), layers: int | None = None, seeds: int = 1) -> StageResult:
        """The student of these classifiers, by default of this run's last trained round.

        A name is a run's, whose last trained round counts, or RUN/round-N. Teachers count as they were
        trained: none is built, save those of this run's last round from `seeds` seeds, if there is to be
        more than one. `layers` goes before the setting.
        """
        number = last_round(self.workspace, self.folder.name, "model")
        teachers = teachers_of(self.workspace, names or [self.folder.name])
        for other in self.other_seeds(seeds):
            teachers[f"{other.folder.name}/round-{number}"] = other.model(number).folder
        labels = self.labels(number) if self.config.distillation.soft_labels else None
        changed = {"layers": layers} if layers else {}
        settings = self.config.distillation.model_copy(update=changed)
        reads = self._common("model.distill") | {
            "teachers": value_hash([read_json(path / MANIFEST)["files"] for path in teachers.values()]),
            "distillation settings": value_hash(settings.model_dump(mode="json")),
            "gold": self._hash(self.config.evaluate.gold),
            "human labels": value_hash(self.answers(ALL_ROUNDS)),
        }
        reads |= self._made(labels) if labels else {}
        return self._stage(
            STAGE,
            reads,
            "distillation",
            lambda into, progress: self._distill(
                into,
                teachers,
                labels.folder if labels else None,
                settings,
                self._checkpoints(STAGE, reads),
                progress,
            ),
            100,
        )

    def other_seeds(self, seeds: int) -> Iterator[VariantRun]:
        """This run with further seeds of its training, so that there are `seeds` with its own."""
        first = self.config.training.seed
        for seed in range(first + 1, first + seeds):
            config = with_settings(self.config, {"training": {"seed": seed}})
            yield VariantRun(self, f"{self.folder.name}-seed-{seed}", config, shown=f"seed {seed}")

    def _distill(
        self,
        folder: Path,
        teachers: Mapping[str, Path],
        labels: Path | None,
        settings: DistillationSettings,
        checkpoints: Path,
        progress: Progress,
    ) -> dict[str, Any]:
        from model.distill import distill

        train = self._texts("train", settings.most_tickets, settings.review_weight)
        validation = self._texts("validation", settings.most_tickets // 5, settings.review_weight)
        said = distill(
            list(teachers.values()),
            train,
            validation,
            settings,
            folder,
            lambda done, total: progress(100 * done // max(1, total)),
            checkpoints,
            self._soft_labels(labels, train.ticket_ids + validation.ticket_ids) if labels else None,
        )
        return said | {"teachers": list(teachers)}

    def _texts(self, split: str, most: int, review_weight: float) -> "TrainingSet":
        """A split's texts with what people said of them; gold tickets and duplicates are left out."""
        from model.dataset import training_set

        answers = self.answers(ALL_ROUNDS)
        reviewed = {ticket_id for of_task in answers.values() for ticket_id in of_task}
        rows = self.tickets.rows([split], self.gold.ticket_ids if self.gold else ())
        rows = stages.sample_rows(self.tickets, rows, reviewed, most)
        ids, texts = ([of[row] for row in rows] for of in (self.tickets.ticket_ids, self.tickets.texts))
        return training_set(self.schema, ids, texts, {}, answers, review_weight)

    def _soft_labels(self, folder: Path, ticket_ids: Sequence[str]) -> Array:
        """float32 [n, labels of all tasks]; NaN where no function voted on a ticket."""
        rows, parts = [self.tickets.row_of[each] for each in ticket_ids], []
        for task in self.schema:
            labels = SoftLabels.load(folder / f"{task.name}.parquet", task)
            parts.append(np.where(labels.covered[rows, None], labels.probs[rows], np.nan))
        return np.concatenate(parts, axis=1).astype(np.float32)

    def measured(self, student: StageResult) -> StageResult:
        """Measures the student on trusted labels."""
        return self._evaluation(f"{STAGE}-evaluation", student, ALL_ROUNDS)

    def exported(self, student: StageResult, evaluation: StageResult) -> StageResult:
        """Writes the student to `export/`, in the place of whatever is there."""
        return self._export(student, evaluation, ALL_ROUNDS)


def teachers_of(workspace: Workspace, names: Sequence[str]) -> dict[str, Path]:
    """The classifiers of these names, in their order; every problem with them in one TrainingError."""
    there, chosen, problems = finished(workspace, "model"), {}, []
    for name in names:
        fits = [key for key in there if name in (key, key.rpartition("/")[0])]
        if not fits:
            problems.append(_missing(name, there))
        elif fits[-1] in chosen:
            problems.append(f"{fits[-1]} is named twice")
        else:
            chosen[fits[-1]] = there[fits[-1]]
    if problems:
        raise TrainingError("; ".join(problems))
    return chosen


def _missing(name: str, there: Mapping[str, Path]) -> str:
    if not there:
        return f"no classifier is trained yet; `ticketloom model train --run {name}` does it"
    runs = dict.fromkeys(key.rpartition("/")[0] for key in there)
    return f"no trained classifier '{name}'; there are {listed(there)}{near(name, [*runs, *there])}"
