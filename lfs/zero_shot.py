"""Zero-shot seeds: SetFit trained on nothing but the schema's label descriptions; its only importer."""

import logging
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class _Trained:
    """The encoder that all tasks share, and for each task a head and the least probability of a vote."""

    body: SentenceTransformer
    heads: dict[str, LogisticRegression]
    thresholds: dict[str, float]


class ZeroShotSeeds:
    """SetFit classifiers of all tasks of a schema on one encoder, trained when they are first asked.

    Contrastive training on each task's templated dataset in turn (Tunstall et al., 2022), then a
    logistic regression a task; so texts are encoded once for all tasks. A seed votes on the surest
    `share` of tickets: the probability needed is read off `sample`, texts of the pool, without labels.
    """

    def __init__(
        self, schema: Schema, encoder: EncoderSettings, settings: SeedSettings, sample: Sequence[str]
    ) -> None:
        self._schema = schema
        self._encoder = encoder
        self._settings = settings
        self._sample = list(sample)
        self._trained: _Trained | None = None
        self._last: tuple[list[str], Array] = ([], np.empty((0, 0)))

    def predict_proba(self, task: Task, texts: Sequence[str]) -> Array:
        """Label probabilities float [n_texts, n_labels]."""
        return np.asarray(self._ready().heads[task.name].predict_proba(self._embed(list(texts))))

    def votes(self, task: Task, texts: Sequence[str]) -> list[int]:
        """The most probable label's id where it is sure enough, else −1."""
        probs = self.predict_proba(task, texts)
        sure = probs.max(axis=1) >= self._ready().thresholds[task.name]
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
        datasets = {task.name: templated_dataset(task) for task in self._schema}
        for dataset in datasets.values():
            self._train_body(model, dataset)
        body = model.model_body
        sample = embed(body, self._sample)
        heads, thresholds = {}, {}
        for name, dataset in datasets.items():
            head = LogisticRegression(max_iter=1000, class_weight="balanced")
            heads[name] = head.fit(embed(body, list(dataset["text"])), list(dataset["label"]))
            thresholds[name] = _threshold(head, sample, self._settings.share)
        return _Trained(body, heads, thresholds)

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


def _threshold(head: LogisticRegression, sample: Array, share: float) -> float:
    """The probability that the surest `share` of the sample reaches; 0 without a sample."""
    if not len(sample):
        return 0.0
    return float(np.quantile(head.predict_proba(sample).max(axis=1), 1 - share))


def _hush(trainer: Trainer) -> None:
    """SetFit logs and draws bars on standard output; below `app` nothing does."""
    logging.getLogger("setfit").setLevel(logging.WARNING)
    inner = trainer.st_trainer
    inner.args.dataloader_pin_memory = torch.cuda.is_available()
    for callback in (ProgressCallback, PrinterCallback):
        inner.remove_callback(callback)
