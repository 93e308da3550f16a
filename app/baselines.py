"""Baselines beside a round's classifier, on the same trusted labels: each learns what it learned."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from app import stages
from app.baseline_predictions import PREDICT, Predict
from app.face import Progress
from app.measured import check_labels
from app.run import Run
from app.stored_predictions import predictions, save_predictions
from data.code import code_version
from data.errors import TrainingError, listed
from data.labels import LabeledTickets, read_labels
from data.store import MANIFEST, StageResult, file_hash, read_json, value_hash, write_json
from model.compare import compare

if TYPE_CHECKING:
    from model.dataset import TrainingSet

Array = np.ndarray[Any, Any]
CLASSIFIER = "classifier"
BASELINES = {
    "majority": "The most frequent label",
    "tfidf": "Logistic regression on TF-IDF",
    "embeddings": "Logistic regression on frozen embeddings",
    "setfit": "SetFit, one for each task",
    "zero_shot": "Zero-shot, from label descriptions alone",
}
TITLES = BASELINES | {CLASSIFIER: "The classifier"}


@dataclass(frozen=True)
class Asked:
    """Trusted labels with clean texts in the same order; `file` holds them, None where people reviewed."""

    labels: LabeledTickets
    texts: tuple[str, ...]
    file: Path | None

    @property
    def fingerprint(self) -> str:
        return value_hash([self.labels.ticket_ids, self.texts, self.labels.answers])


class BaselineRun(Run):
    """A run with the baselines of its rounds, each a stage in `round-N/baselines/`."""

    def asked(self, number: int, on: Path | None = None) -> Asked:
        """What is measured on: the labels of the file `on`, else gold, else reviewed test tickets.

        Raises TrainingError where there are none, IngestError for a file that cannot be measured on.
        """
        if on:
            labels = read_labels(on, self.schema)
            check_labels(labels, on)
        else:
            held_out = None if self.gold else self.answers(number)
            labels = stages.trusted_labels(self.schema, self.tickets, self.gold, held_out)
        if not len(labels):
            raise TrainingError(stages.NO_GOLD)
        gold = self.config.evaluate.gold
        file = on or (self.workspace.path(gold) if gold and self.gold else None)
        return Asked(labels, tuple(stages.texts_of(labels, self.tickets, on)), file)

    def check_round(self, number: int) -> None:
        """Raises TrainingError for a round that the run has not come to."""
        there = sorted(int(p.name[6:]) for p in self.folder.glob("round-*") if p.name[6:].isdigit())
        if number and number not in there:
            rounds = listed(map(str, dict.fromkeys([0, *there])))
            raise TrainingError(f"run '{self.folder.name}' has no round {number}; it has {rounds}")

    def training_set(self, number: int, asked: Asked) -> "TrainingSet":
        """What the round's classifier is trained on, without any text that is measured on."""
        answers = self.answers(number)
        train, _ = stages.training_sets(
            self.labels(number).folder,
            self.issues().folder,
            self.tickets,
            self.schema,
            answers,
            self.gold,
            self.config,
        )
        return train.take(np.array(self._unseen(train, asked), int)).known()

    def _unseen(self, train: "TrainingSet", asked: Asked) -> list[int]:
        groups = self.tickets.groups
        row_of = self.tickets.row_of
        texts = set(asked.texts)
        near = {int(groups[row_of[each]]) for each in asked.labels.ticket_ids if each in row_of}
        return [
            row
            for row, (ticket_id, text) in enumerate(zip(train.ticket_ids, train.texts, strict=True))
            if text not in texts and int(groups[row_of[ticket_id]]) not in near
        ]

    def baseline(self, name: str, number: int, asked: Asked) -> StageResult:
        """Builds what a baseline predicts of `asked`: `<task>.parquet`."""
        reads = self._common("model.baselines", "model.dataset") | {"trusted labels": asked.fingerprint}
        if name == "zero_shot":
            reads |= {"seeds": self._settings["seeds"], "code": code_version("lfs.zero_shot")}
        else:
            reads |= self._made(self.labels(number), self.issues())
            reads |= {
                "human labels": value_hash(self.answers(number)),
                "issue settings": self._settings["issues"],
                "training set": value_hash(
                    [self.config.training.most_tickets, self.config.training.review_weight]
                ),
            }
        if name == "embeddings":
            reads |= self._made(self.embeddings())
        if name == "setfit":
            reads["code"] = code_version("app.setfit", "model.dataset")
        if name in ("embeddings", "setfit", "zero_shot"):
            reads["encoder"] = self._settings["encoder"]
        predict = PREDICT[name]
        return self._stage(
            f"round-{number}/baselines/{name}",
            reads,
            name,
            lambda into, progress: self._build(into, asked, predict, number, progress),
            len(self.schema),
        )

    def _build(
        self, folder: Path, asked: Asked, predict: Predict, number: int, progress: Progress
    ) -> dict[str, Any]:
        started = perf_counter()
        probs, said = predict(self, asked, number, progress)
        save_predictions(folder, self.schema.tasks, asked.labels.ticket_ids, probs)
        return said | {"seconds": round(perf_counter() - started, 1)}

    def classifier(self, number: int, asked: Asked) -> StageResult | None:
        """What the round's classifier predicts of `asked`, as it was trained; None where it was not."""
        folder = self.folder / f"round-{number}" / "model"
        if not (folder / MANIFEST).is_file():
            return None
        reads = {
            "model": file_hash(folder / MANIFEST),
            "trusted labels": asked.fingerprint,
            "code": code_version("model.predict"),
        }
        return self._stage(
            f"round-{number}/baselines/{CLASSIFIER}",
            reads,
            "predictions",
            lambda into, progress: self._predicted(into, folder, asked, progress),
            len(asked.texts),
        )

    def _predicted(self, into: Path, model: Path, asked: Asked, progress: Progress) -> dict[str, Any]:
        from model.predict import load_classifier, predict_proba

        classifier, tokenizer = load_classifier(model)
        if classifier.schema.fingerprint != self.schema.fingerprint:
            raise TrainingError(f"{model}: was trained for other tasks or labels; train it again")
        probs = predict_proba(classifier, tokenizer, asked.texts, progress)
        save_predictions(into, self.schema.tasks, asked.labels.ticket_ids, probs)
        return {"tickets": read_json(model / MANIFEST)["summary"].get("tickets")}

    def is_stale(self, number: int) -> bool:
        """Whether the round's classifier was trained on other labels than there are now."""
        reads = read_json(self.folder / f"round-{number}" / "model" / MANIFEST)["reads"]
        now = self._made(self.labels(number), self.issues())
        now["human labels"] = value_hash(self.answers(number))
        return any(reads.get(name) != value for name, value in now.items())

    def baselines(self, number: int, on: Path | None = None) -> dict[str, Any]:
        """All baselines and, where it is trained, the classifier: figures, and differences from it."""
        self.check_round(number)
        asked = self.asked(number, on)
        made = {name: self.baseline(name, number, asked) for name in BASELINES}
        classifier = self.classifier(number, asked)
        made |= {CLASSIFIER: classifier} if classifier else {}
        stale = bool(classifier) and self.is_stale(number)
        reads = self._made(*made.values()) | {
            "schema": self.schema.fingerprint,
            "code": code_version("model.compare"),
            "trusted labels": asked.fingerprint,
            "stale": str(stale),
            "on": str(asked.file),
        }
        about = {
            "project": self.workspace.root.resolve().name,
            "run": self.folder.name,
            "round": number,
            "on": str(asked.file) if asked.file else None,
            "tickets": len(asked.texts),
            "classifier": {"stale": stale} if classifier else None,
            "learned": {name: result.summary for name, result in made.items()},
        }
        done = self._stage(
            f"round-{number}/baselines/figures",
            reads,
            "figures",
            lambda into, _: self._compare(into, asked, made, about),
        )
        found: dict[str, Any] = read_json(done.folder / "figures.json")
        return found

    def _compare(
        self, into: Path, asked: Asked, made: Mapping[str, StageResult], about: dict[str, Any]
    ) -> dict[str, Any]:
        """`figures.json`: the classifier last among the figures, and what differences are from."""
        probs = {name: predictions(result.folder, self.schema.tasks) for name, result in made.items()}
        first = {CLASSIFIER: probs.pop(CLASSIFIER)} if CLASSIFIER in probs else {}
        found = compare(self.schema, first | probs, asked.labels.answers)
        figures = {name: found["classifiers"][name] for name in made}
        found |= {"classifiers": figures} | ({} if first else {"baseline": None, "differences": {}})
        write_json(into / "figures.json", about | found)
        return {name: round(of["mean"]["accuracy"]["value"], 3) for name, of in figures.items()}
