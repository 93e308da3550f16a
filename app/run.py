"""A run: the stages from tickets to an exported classifier, each skipped when nothing it reads changed."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import stages
from app.face import Face, Progress
from data.code import code_version
from data.config import EncoderSettings
from data.errors import ReviewError
from data.labels import LabeledTickets, read_labels
from data.schema import Schema
from data.store import MANIFEST, StageResult, file_hash, read_json, run_stage, value_hash
from data.workspace import Workspace
from labeling.lf import BoundLF
from labeling.vote_files import Engine, Source
from labeling.workers import Local

if TYPE_CHECKING:
    from model.augment import LabeledTexts


class Run:
    """The stages of one run of a project, in `runs/<name>/`.

    Every method builds one stage and first whatever it reads; repeating it is free when nothing
    changed.
    """

    def __init__(self, workspace: Workspace, name: str, face: Face) -> None:
        self.workspace = workspace
        self.config = workspace.config
        self.schema: Schema = workspace.config.schema_
        self.folder = workspace.run(name)
        self.face = face
        self._done: dict[str, StageResult] = {}

    # What stages read

    @cached_property
    def gold(self) -> LabeledTickets | None:
        """Trusted labels to measure against, never trained on; None where there are none."""
        return self._labels(self.config.evaluate.gold)

    @cached_property
    def oracle(self) -> LabeledTickets | None:
        """The labels that answer in a reviewer's place; None where people review."""
        return self._labels(self.config.review.oracle)

    def _labels(self, name: str | None) -> LabeledTickets | None:
        return read_labels(self.workspace.path(name), self.schema) if name else None

    @cached_property
    def tickets(self) -> stages.TicketColumns:
        """The columns of the pool that stages need, in memory."""
        return stages.ticket_columns(self.workspace.tickets)

    def _hash(self, name: str | None) -> str:
        return file_hash(self.workspace.path(name)) if name else "none"

    def _common(self, *modules: str) -> dict[str, str]:
        return {
            "tickets": self._tickets_hash,
            "schema": self.schema.fingerprint,
            "code": code_version(*modules),
        }

    @cached_property
    def _tickets_hash(self) -> str:
        stages.check_tickets(self.workspace.tickets)
        return file_hash(self.workspace.tickets)

    @property
    def _settings(self) -> dict[str, str]:
        """Hash of each table of the configuration."""
        return {name: value_hash(table) for name, table in self.config.model_dump(mode="json").items()}

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
        """Runs a stage once per process and tells the face how it went."""
        if name not in self._done:

            def build_and_show(into: Path) -> dict[str, Any]:
                with self.face.working(what, total, unit) as progress:
                    return build(into, progress)

            self._done[name] = run_stage(folder or self.folder / name, reads, build_and_show)
            self.face.done(name, self._done[name])
        return self._done[name]

    def _made(self, *results: StageResult) -> dict[str, str]:
        """What a stage reads of earlier stages: the hashes of their files."""
        return {
            result.folder.relative_to(self.workspace.root).as_posix(): value_hash(
                read_json(result.folder / MANIFEST)["files"]
            )
            for result in results
        }

    # Stages

    def votes(self, only: Sequence[str] = (), engine: Engine | None = None) -> StageResult:
        """Labeling functions and zero-shot seeds vote on every ticket; `only` some tasks, if asked."""
        tasks = [self.schema.task(name) for name in only] or list(self.schema)
        lfs = [lf for lf in self.labeling_functions if lf.bound_task() in tasks]
        reads = self._common("labeling.vote_files") | {
            "labeling functions": value_hash([[lf.bound_task().name, lf.fingerprint()] for lf in lfs]),
            "tasks": value_hash([task.name for task in tasks]),
        }
        old = self._latest_votes()
        source = Source((self.workspace.tickets,), self._tickets_hash, code_version("labeling.vote_files"))
        return self._stage(
            "votes",
            reads,
            f"{len(lfs)} labeling functions vote",
            lambda into, progress: stages.build_votes(
                into,
                source,
                tasks,
                lfs,
                engine or Local(self.config.lfs.workers),
                old,
                old == self.folder / "votes",
                self.workspace,
                progress,
            ),
            len(self.tickets),
            unit="tickets",
        )

    @cached_property
    def labeling_functions(self) -> list[BoundLF]:
        return stages.labeling_functions(self.workspace, self.tickets)

    def _latest_votes(self) -> Path:
        """This run's votes, else those that another run made last."""
        own = self.folder / "votes"
        others = self.folder.parent.glob(f"*/votes/{MANIFEST}")
        made = sorted(others, key=lambda path: path.stat().st_mtime)
        return own if own.is_dir() or not made else made[-1].parent

    def labels(self, round_number: int = 0) -> StageResult:
        """The label model turns votes into soft labels, with the human labels of all rounds so far."""
        votes = self.votes()
        embeddings = self.embeddings() if self.config.label_model.refine != "none" else None
        previous = self.labels(round_number - 1) if round_number else None
        answers = self.answers(round_number) if round_number else {}
        reads = self._common("labeling.label_models", "app.soft_labels")
        reads |= self._made(votes, *filter(None, [previous, embeddings]))
        reads |= {"label model": self._settings["label_model"], "human labels": value_hash(answers)}
        slow = self.config.label_model.refine == "transformer"
        if slow:
            reads |= {"training": self._settings["training"], "encoder": self._settings["encoder"]}
        return self._stage(
            f"round-{round_number}/labels" if round_number else "labels",
            reads,
            "label model",
            lambda into, progress: stages.build_labels(
                into,
                votes.folder,
                embeddings.folder if embeddings else None,
                self.tickets,
                self.config,
                answers,
                previous.folder if previous else None,
                progress,
            ),
            100 if slow else None,
        )

    def embeddings(self) -> StageResult:
        """The frozen encoder's embedding of every ticket."""
        reads = {
            "tickets": self._tickets_hash,
            "encoder": self._settings["encoder"],
            "code": code_version("model"),
        }
        return self._stage(
            "embeddings",
            reads,
            "embeddings",
            lambda into, progress: stages.build_embeddings(into, self.tickets, self.config.encoder, progress),
            len(self.tickets),
            unit="tickets",
        )

    def issues(self) -> StageResult:
        """cleanlab looks for soft labels that out-of-sample predictions contradict."""
        labels, embeddings = self.labels(), self.embeddings()
        reads = self._common("labeling.issues", "model.probe") | self._made(labels, embeddings)
        reads |= {"folds": str(self.config.issues.folds)}
        return self._stage(
            "issues",
            reads,
            "label issues",
            lambda into, _: stages.build_issues(
                into, labels.folder, embeddings.folder, self.tickets, self.schema, self.config.issues
            ),
        )

    def adapted(self) -> StageResult:
        """The encoder after more pre-training on the pool."""
        reads = self._common("model.adapt") | {
            "adaptation settings": self._settings["adaptation"],
            "encoder": self._settings["encoder"],
            "gold": self._hash(self.config.evaluate.gold),
        }
        return self._stage(
            "adapted",
            reads,
            "adaptation",
            lambda into, progress: stages.build_adapted(
                into,
                self.tickets,
                self.gold,
                self.config,
                self._checkpoints("adapted", reads),
                progress,
            ),
            unit="tickets",
        )

    def _checkpoints(self, stage: str, reads: Mapping[str, str]) -> Path:
        """Where an interrupted training finds what it goes on from, if it reads the same.

        What a training of other things left there is removed.
        """
        path = self.folder / stage
        own = path.with_name(f".{path.name}.{value_hash(reads)[:12]}.checkpoints")
        for other in path.parent.glob(f".{path.name}.*.checkpoints"):
            if other != own:
                shutil.rmtree(other)
        return own

    def model(self, round_number: int) -> StageResult:
        """Trains the transformer on soft labels and on the human labels of all rounds so far."""
        name = f"round-{round_number}/model"
        if name in self._done:  # Each round asks for the one before it more than once.
            return self._done[name]
        last = self.goes_on_from(round_number)
        reads = self.trains_on(round_number) | {"training settings": self._settings["training"]}
        return self._stage(
            name,
            reads,
            "training",
            lambda into, progress: stages.build_model(
                into,
                self.labels(round_number).folder,
                self.issues().folder,
                self.tickets,
                self.schema,
                self.answers(round_number),
                self.gold,
                self.first_encoder,
                self.auxiliary_texts if self.config.augmentation.enabled else [],
                self.config,
                last.folder if last else None,
                self._checkpoints(name, reads),
                progress,
            ),
            unit="tickets",
        )

    def goes_on_from(self, round_number: int) -> StageResult | None:
        """The last round's classifier, where training is to start from it."""
        warm = round_number > 0 and self.config.training.start == "round"
        return self.model(round_number - 1) if warm else None

    def trains_on(self, round_number: int) -> dict[str, str]:
        """Builds what a round's classifier is trained on; each part with its hash, settings left out."""
        if round_number:
            self.reviews(round_number)
        labels, issues = self.labels(round_number), self.issues()
        adapted = self.adapted() if self.config.adaptation.enabled else None
        first = filter(None, [adapted, self.goes_on_from(round_number)])
        reads = self._common("model.train") | self._made(labels, issues, *first)
        reads |= {
            "encoder": self._settings["encoder"],
            "issue settings": self._settings["issues"],
            "gold": self._hash(self.config.evaluate.gold),
            "human labels": value_hash(self.answers(round_number)),
        }
        if self.config.augmentation.enabled:
            texts = [[each.name, each.texts, each.labels] for each in self.auxiliary_texts]
            reads |= {"augmentation": self._settings["augmentation"], "datasets": value_hash(texts)}
        return reads

    @property
    def first_encoder(self) -> EncoderSettings:
        """The encoder that training starts from: the adapted one where there is to be one."""
        if not self.config.adaptation.enabled:
            return self.config.encoder
        return self.config.encoder.model_copy(update={"name": str(self.adapted().folder)})

    @cached_property
    def auxiliary_texts(self) -> list["LabeledTexts"]:
        """The public datasets that the project names for augmentation."""
        from app.augmentation import auxiliary_texts

        return auxiliary_texts(self.workspace)

    def answers(self, round_number: int) -> dict[str, dict[str, tuple[int, ...]]]:
        """Human labels of rounds up to this one, gold tickets left out."""
        gold = set(self.gold.ticket_ids) if self.gold else set()
        answers = stages.ledger(self.workspace).answers(self.schema, round_number)
        return {
            task: {
                ticket_id: labels for ticket_id, labels in sorted(of_task.items()) if ticket_id not in gold
            }
            for task, of_task in answers.items()
        }

    def evaluation(self, round_number: int) -> StageResult:
        """Measures a round's classifier on trusted labels."""
        return self._evaluation(f"round-{round_number}/evaluation", self.model(round_number), round_number)

    def _evaluation(self, stage: str, model: StageResult, round_number: int) -> StageResult:
        """Measures a classifier; without gold on what people said up to a round."""
        held_out = None if self.gold else self.answers(round_number)
        reads = self._common("model.evaluate", "model.predict") | self._made(model)
        reads |= {"gold": self._hash(self.config.evaluate.gold), "human labels": value_hash(held_out)}
        return self._stage(
            stage,
            reads,
            "evaluation",
            lambda into, _: stages.build_evaluation(
                into, model.folder, self.schema, self.tickets, self.gold, held_out
            ),
        )

    def selection(self, round_number: int) -> StageResult:
        """The query strategy picks the tickets that a person should see in this round."""
        model, issues = self.model(round_number - 1), self.issues()
        answers = self.answers(round_number - 1)
        labeled = {ticket_id for of_task in answers.values() for ticket_id in of_task}
        reads = (
            self._common("active.query", "model.predict")
            | self._made(model, issues)
            | {
                "active settings": self._settings["active"],
                "gold": self._hash(self.config.evaluate.gold),
                "oracle": self._hash(self.config.review.oracle),
                "labeled": value_hash(sorted(labeled)),
            }
        )
        return self._stage(
            f"round-{round_number}/selection",
            reads,
            "query",
            lambda into, progress: stages.build_selection(
                into,
                model.folder,
                self.schema,
                self.tickets,
                labeled,
                self.gold,
                self.oracle,
                self.config.active,
                round_number,
                issues.folder,
                progress,
            ),
            100,
        )

    def reviews(self, round_number: int) -> StageResult:
        """Asks the oracle about the selected tickets; its answers go into the ledger first."""
        selection = self.selection(round_number)
        if self.oracle is None:
            raise ReviewError(
                'nobody to ask: name a file of trusted labels in ticketloom.toml, [review] oracle = "…", '
                "or review with `ticketloom review pull --from FILE`"
            )
        reads = self._common("active.review") | self._made(selection)
        reads |= {"oracle": self._hash(self.config.review.oracle)}
        oracle = self.oracle
        return self._stage(
            f"round-{round_number}/reviews",
            reads,
            "review",
            lambda into, _: stages.build_reviews(
                into,
                selection.folder,
                self.schema,
                oracle,
                self.config.review.reviewer,
                stages.ledger(self.workspace),
                round_number,
            ),
        )

    def export(self, round_number: int) -> StageResult:
        """Writes a round's classifier to `export/`."""
        return self._export(self.model(round_number), self.evaluation(round_number), round_number)

    def _export(self, model: StageResult, evaluation: StageResult, round_number: int) -> StageResult:
        """Exports a classifier, calibrated on what people said up to a round."""
        answers = self.answers(round_number)
        reads = self._common("model.export", "model.thresholds") | self._made(model, evaluation)
        reads |= {"export settings": self._settings["export"], "human labels": value_hash(answers)}
        return self._stage(
            "export",
            reads,
            "export",
            lambda into, _: stages.build_export(
                into, model, self.schema, self.tickets, answers, self.config.export, evaluation
            ),
            folder=self.workspace.export,
        )

    def results(self, rounds: Sequence[int]) -> list[StageResult]:
        """The evaluations of these rounds."""
        return [self.evaluation(number) for number in rounds]
