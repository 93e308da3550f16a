"""Zero-shot seeds: SetFit trained on nothing but the schema's label descriptions; its only importer."""

import logging
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from sentence_transformers import SentenceTransformer
from setfit import SetFitModel, Trainer, TrainingArguments
from sklearn.linear_model import LogisticRegression
from transformers.trainer_callback import PrinterCallback, ProgressCallback

from data.config import EncoderSettings, SeedSettings
from data.schema import ABSTAIN, Schema, Task
from model.encoder import embed, load_encoder, lower_precision

TEMPLATES = ("{}", "This customer message is about {}", "The customer wants help: {}")
_CLAUSE = re.compile(r"[,;:]|\bor\b")
Array = np.ndarray[Any, Any]


def templated_dataset(task: Task) -> Dataset:
    """Sentences made of the task's label descriptions, clause by clause, with their label ids.

    >>> task = Task("tone", ("good", "bad"), ("pleased, grateful", "angry"))
    >>> templated_dataset(task)["text"][:2]
    ['pleased, grateful', 'This customer message is about pleased, grateful']
    """
    rows: dict[str, list[Any]] = {"text": [], "label": []}
    for label_id, description in enumerate(task.descriptions):
        for clause in dict.fromkeys([description, *clauses(description)]):
            for template in TEMPLATES:
                rows["text"].append(template.format(clause))
                rows["label"].append(label_id)
    return Dataset.from_dict(rows)


def clauses(description: str) -> list[str]:
    """The parts of a description that stand for themselves.

    >>> clauses("a refund, a credit or a voucher")
    ['a refund', 'a credit', 'a voucher']
    """
    return [clause for part in _CLAUSE.split(description) if (clause := part.strip())]


Shot = tuple[str, int]


@dataclass(frozen=True)
class _Head:
    """What answers a task: a logistic regression, its leaning, and the least probability of a vote.

    `leaning` [n_labels]: the mean probability of each label over texts of the pool.
    """

    model: LogisticRegression
    leaning: Array
    threshold: float = 0.0

    def predict_proba(self, embeddings: Array) -> Array:
        """Calibrated label probabilities [n, n_labels]."""
        return levelled(self.model.predict_proba(embeddings), self.leaning)


@dataclass(frozen=True)
class _Trained:
    """The encoder that all tasks share, and each task's head."""

    body: SentenceTransformer
    heads: dict[str, _Head]


class ZeroShotSeeds:
    """SetFit classifiers of all tasks of a schema on one encoder, trained when they are first asked.

    Contrastive training on each task's templated dataset in turn (Tunstall et al., 2022), then a
    logistic regression a task; so texts are encoded once for all tasks. Probabilities are calibrated on
    `sample`, texts of the pool, without labels: a label that wins there by its wording alone is levelled
    with the others (batch calibration: Zhou et al., 2024). A seed votes on the surest `share` of tickets:
    the probability needed is read off the sample, too. `shots` (task → (text, label id)) are labeled
    examples that are learned, too.
    """

    def __init__(
        self,
        schema: Schema,
        encoder: EncoderSettings,
        settings: SeedSettings,
        sample: Sequence[str],
        shots: Mapping[str, Sequence[Shot]] | None = None,
    ) -> None:
        self._schema = schema
        self._encoder = encoder
        self._settings = settings
        self._sample = list(sample)
        self._shots = shots or {}
        self._trained: _Trained | None = None
        self._last: tuple[list[str], Array] = ([], np.empty((0, 0)))

    def predict_proba(self, task: Task, texts: Sequence[str]) -> Array:
        """Label probabilities float [n_texts, n_labels]."""
        return self._ready().heads[task.name].predict_proba(self._embed(list(texts)))

    def votes(self, task: Task, texts: Sequence[str]) -> list[int]:
        """The most probable label's id where it is sure enough, else −1."""
        probs = self.predict_proba(task, texts)
        sure = probs.max(axis=1) >= self._ready().heads[task.name].threshold
        votes: list[int] = np.where(sure, probs.argmax(axis=1), ABSTAIN).tolist()
        return votes

    def _embed(self, texts: list[str]) -> Array:
        """Embeddings of the texts, remembered until others are asked: every task asks for the same."""
        if self._last[0] != texts:
            self._last = texts, embed(self._ready().body, texts)
        return self._last[1]

    def _ready(self) -> _Trained:
        if self._trained is None:
            self._trained = self._train()
        return self._trained

    def _train(self) -> _Trained:
        model = SetFitModel(model_body=load_encoder(self._encoder), model_head=LogisticRegression())
        datasets = {task.name: self._dataset(task) for task in self._schema}
        for dataset in datasets.values():
            self._train_body(model, dataset)
        body = model.model_body
        sample = embed(body, self._sample)
        heads = {}
        for name, dataset in datasets.items():
            regression = LogisticRegression(max_iter=1000, class_weight="balanced")
            regression.fit(embed(body, list(dataset["text"])), np.array(dataset["label"]))
            heads[name] = _calibrated(regression, sample, self._settings.share)
        return _Trained(body, heads)

    def _dataset(self, task: Task) -> Dataset:
        """The templated sentences of a task and its labeled examples, if there are any."""
        templated = templated_dataset(task)
        texts, labels = list(templated["text"]), list(templated["label"])
        for text, label_id in self._shots.get(task.name, ()):
            texts.append(text)
            labels.append(label_id)
        return Dataset.from_dict({"text": texts, "label": labels})

    def _train_body(self, model: SetFitModel, dataset: Dataset) -> None:
        with tempfile.TemporaryDirectory() as folder:
            trainer = Trainer(model=model, args=self._arguments(folder))
            _hush(trainer)
            with lower_precision():
                trainer.train_embeddings(list(dataset["text"]), list(dataset["label"]))

    def _arguments(self, folder: str) -> TrainingArguments:
        return TrainingArguments(
            output_dir=folder,
            batch_size=self._settings.batch_size,
            max_steps=self._settings.steps,
            num_epochs=1,
            seed=self._settings.seed,
            report_to="none",
            save_strategy="no",
            logging_strategy="no",
        )


def levelled(probs: Array, leaning: Array) -> Array:
    """Probabilities [n, n_labels] as they would be if they leaned to no label; `leaning` [n_labels] > 0.

    >>> levelled(np.array([[0.6, 0.4]]), np.array([0.75, 0.25])).round(2)
    array([[0.33, 0.67]])
    """
    level = probs / leaning
    return np.asarray(level / level.sum(axis=1, keepdims=True))


def _calibrated(regression: LogisticRegression, sample: Array, share: float) -> _Head:
    """A head that leans to no label on the sample's embeddings, and votes on the surest `share` of them.

    Without a sample it stays as it is and votes on everything.
    """
    if not len(sample):
        return _Head(regression, np.ones(len(regression.classes_)))
    head = _Head(regression, regression.predict_proba(sample).mean(axis=0))
    threshold = np.quantile(head.predict_proba(sample).max(axis=1), 1 - share)
    return replace(head, threshold=float(threshold))


def _hush(trainer: Trainer) -> None:
    """SetFit logs and draws bars on standard output; below `app` nothing does."""
    logging.getLogger("setfit").setLevel(logging.WARNING)
    inner = trainer.st_trainer
    inner.args.dataloader_pin_memory = torch.cuda.is_available()
    for callback in (ProgressCallback, PrinterCallback):
        inner.remove_callback(callback)
