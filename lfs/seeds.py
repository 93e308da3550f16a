"""Zero-shot seeds: SetFit trained on nothing but the schema's label descriptions; its only importer."""

import logging
import re
import tempfile
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from setfit import SetFitModel, Trainer, TrainingArguments
from sklearn.linear_model import LogisticRegression
from transformers.trainer_callback import PrinterCallback, ProgressCallback

from data.config import EncoderSettings, SeedSettings
from data.schema import ABSTAIN, Schema, Task
from labeling.lf import BatchLF
from model.encoder import embed, load_encoder, lower_precision

NAME = "zero_shot"
TEMPLATES = ("{}", "This customer message is about {}", "The customer wants help: {}")
_CLAUSE = re.compile(r"[,;:]|\bor\b")


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


class ZeroShotSeed:
    """A SetFit classifier of one task, trained when it is first asked.

    Contrastive training of the encoder on the templated dataset (Tunstall et al., 2022), then a
    logistic regression on its embeddings.
    """

    def __init__(self, task: Task, encoder: EncoderSettings, settings: SeedSettings) -> None:
        self._task = task
        self._encoder = encoder
        self._settings = settings
        self._model: SetFitModel | None = None

    def predict_proba(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """Label probabilities float [n_texts, n_labels]."""
        if self._model is None:
            self._model = self._train()
        return np.asarray(self._model.model_head.predict_proba(embed(self._model.model_body, texts)))

    def votes(self, texts: Sequence[str]) -> list[int]:
        """The most probable label's id where it is `lift` times as likely as chance, else −1."""
        probs = self.predict_proba(texts)
        sure = probs.max(axis=1) >= min(1.0, self._settings.lift / len(self._task.labels))
        votes: list[int] = np.where(sure, probs.argmax(axis=1), ABSTAIN).tolist()
        return votes

    def _train(self) -> SetFitModel:
        model = SetFitModel(
            model_body=load_encoder(self._encoder),
            model_head=LogisticRegression(max_iter=1000, class_weight="balanced"),
            normalize_embeddings=True,
        )
        dataset = templated_dataset(self._task)
        with tempfile.TemporaryDirectory() as folder:
            trainer = Trainer(model=model, args=self._arguments(folder))
            _hush(trainer)
            with lower_precision():
                trainer.train_embeddings(list(dataset["text"]), list(dataset["label"]))
        model.model_head.fit(embed(model.model_body, list(dataset["text"])), list(dataset["label"]))
        return model

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


def _hush(trainer: Trainer) -> None:
    """SetFit logs and draws bars on standard output; below `app` nothing does."""
    logging.getLogger("setfit").setLevel(logging.WARNING)
    inner = trainer.st_trainer
    inner.args.dataloader_pin_memory = torch.cuda.is_available()
    for callback in (ProgressCallback, PrinterCallback):
        inner.remove_callback(callback)


def seed_lfs(schema: Schema, encoder: EncoderSettings, settings: SeedSettings) -> list[BatchLF]:
    """A zero-shot labeling function per task, bound to it."""
    lfs = []
    for task in schema:
        resources = {"task": task.to_dict(), "encoder": encoder.model_dump(), "seeds": settings.model_dump()}
        lf = BatchLF(NAME, ZeroShotSeed(task, encoder, settings).votes, resources=resources)
        lfs.append(lf.bind(task))
    return lfs
