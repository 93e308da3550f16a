"""Runs that differ from another in one thing, and take from it every stage that comes out the same."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.face import Face, Progress
from app.run import Run
from data.config import Config
from data.errors import TrainingError
from data.schema import Schema, Task
from data.store import MANIFEST, StageResult, read_json
from labeling.lf import BoundLF


class _Named:
    """A face that tells which run a stage is of."""

    def __init__(self, face: Face, name: str) -> None:
        self._face = face
        self._name = name

    def working(self, what: str, total: int | None, unit: str = "") -> AbstractContextManager[Progress]:
        return self._face.working(f"{self._name}: {what}", total, unit)

    def done(self, stage: str, result: StageResult) -> None:
        self._face.done(f"{self._name}: {stage}", result)


class VariantRun(Run):
    """A run with other settings or fewer labeling functions than `base`, in a folder of its own.

    A stage that reads what that of `base` has read is that one. Functions are not asked again, nor are
    people: votes, embeddings and reviews are those of `base`.
    """

    def __init__(
        self,
        base: Run,
        name: str,
        config: Config,
        keeps: Callable[[BoundLF], bool] = lambda lf: True,
        shown: str | None = None,
    ) -> None:
        face = _Named(base.face, shown) if shown else base.face
        super().__init__(replace(base.workspace, config=config), name, face)
        self.base = base
        self.schema = base.schema
        self.gold, self.oracle, self.tickets = base.gold, base.oracle, base.tickets
        self._keeps = keeps

    @property
    def _bases(self) -> Iterator[Run]:
        run: Run = self
        while isinstance(run, VariantRun):
            run = run.base
            yield run

    @property
    def labeling_functions(self) -> list[BoundLF]:
        return [lf for lf in self.base.labeling_functions if self._keeps(lf)]

    def _latest_votes(self) -> Path:
        return self.base.votes().folder

    def reviews(self, round_number: int) -> StageResult:
        """The reviews of `base`: nobody is asked again."""
        return self.base.reviews(round_number)

    def _stage(
        self,
        name: str,
        reads: Mapping[str, str],
        what: str,
        build: Callable[[Path, Progress], dict[str, Any]],
        total: int | None = None,
        folder: Path | None = None,
        unit: str = "",
    ) -> StageResult:
        for base in self._bases:
            if (same := _finished(base.folder / name, reads)) is not None:
                return same
        return super()._stage(name, reads, what, build, total, folder, unit)

    def export(self, round_number: int) -> StageResult:
        raise TrainingError(f"run '{self.folder.name}' is a variant of another; export that one")


def _finished(folder: Path, reads: Mapping[str, str]) -> StageResult | None:
    """A stage's folder, if it was built of just these things and is whole."""
    path = folder / MANIFEST
    if not path.is_file():
        return None
    manifest = read_json(path)
    whole = all((folder / name).is_file() for name in manifest["files"])
    same = whole and manifest["reads"] == dict(reads)
    return StageResult(folder, manifest["summary"], True, "as in the full run") if same else None


class SingleTaskRun(VariantRun):
    """A classifier of one task, on the labels that `base` has for it."""

    def __init__(self, base: Run, name: str, config: Config, task: Task, shown: str | None = None) -> None:
        super().__init__(base, name, config, shown=shown)
        self.schema = Schema((task,))

    def labels(self, round_number: int = 0) -> StageResult:
        return self.base.labels(round_number)

    def issues(self) -> StageResult:
        return self.base.issues()

    def adapted(self) -> StageResult:
        return self.base.adapted()

    def answers(self, round_number: int) -> dict[str, dict[str, tuple[int, ...]]]:
        """Those of all tasks: who is trained and measured on does not change."""
        return self.base.answers(round_number)
