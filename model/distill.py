"""Distillation: a classifier of fewer layers learns what trained ones say of unlabeled tickets."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import AutoConfig, PreTrainedTokenizerBase

from data.config import DistillationSettings, EncoderSettings, TrainingSettings
from data.errors import TrainingError, listed
from data.schema import Schema
from data.store import whole_file
from model.checkpoints import kept
from model.dataset import TrainingSet
from model.layers import depth, layers_of
from model.loss import SoftLoss, split_tasks
from model.net import TicketClassifier, TicketClassifierConfig
from model.predict import load_classifier, predict_proba
from model.progress import Progress
from model.repeatable import repeatable
from model.train import fit

Array = np.ndarray[Any, Any]
Teacher = tuple[TicketClassifier, PreTrainedTokenizerBase]
# The teachers' share of the progress, in per cent.
TAUGHT = 30


def distill(
    teachers: Sequence[Path],
    train: TrainingSet,
    validation: TrainingSet,
    settings: DistillationSettings,
    folder: Path,
    progress: Progress = lambda done, total: None,
    checkpoints: Path | None = None,
    soft: Array | None = None,
) -> dict[str, Any]:
    """Trains a student and saves it, with its tokenizer, into `folder`, in the form of its teachers.

    Of the sets, texts and reviewed labels count: a weight of 0 leaves a label to the teachers, the mean
    of whose probabilities stands for them, multiplied with `soft` to the power of the setting: soft labels
    float [n, labels of all tasks] of the texts of both sets, NaN where they say nothing. Epochs are kept, and
    an interrupted training goes on from `checkpoints`, as with `train_classifier`. Returns figures: sizes,
    history, and for each task the share of answers to the validation texts in which student and teachers
    agree. Raises TrainingError for an empty pool, other tasks than the teachers', or more layers than the
    first of them has.
    """
    if not len(train):
        raise TrainingError("no ticket to distill on: the pool's train split is empty; ingest more tickets")
    loaded = [load_classifier(path) for path in teachers]
    _check_tasks(teachers, loaded, train.schema)
    repeatable(settings.seed)
    first, tokenizer = loaded[0]
    student = student_of(first, settings.layers)
    student.loss = DistillationLoss(train.schema, settings.temperature)
    with kept(checkpoints) as place:
        said = _said(place / "teachers.npy", loaded, train.texts + validation.texts, progress)
        taught = said if soft is None else times(train.schema, said, soft, settings.soft_labels)
        history = fit(
            student,
            tokenizer,
            distillation_set(train, taught[: len(train)], settings.temperature),
            distillation_set(validation, taught[len(train) :], settings.temperature),
            EncoderSettings(max_length=first.config.most_tokens),
            _training(settings),
            place,
            lambda done, total: progress(TAUGHT + (100 - TAUGHT) * done // max(1, total), 100),
        )
        student.keep_tasks(train.schema)
        student.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    return {
        "teachers": len(teachers),
        "layers": settings.layers,
        "teacher_layers": len(layers_of(first)),
        "parameters": student.num_parameters(),
        "teacher_parameters": first.num_parameters(),
        "tickets": len(train),
        "reviewed": int((train.weights.sum(axis=1) > 0).sum()),
        "agreement": _agreement(train.schema, said[len(train) :], folder, validation.texts),
        "history": history,
    }


def _check_tasks(paths: Sequence[Path], loaded: Sequence[Teacher], schema: Schema) -> None:
    """Raises TrainingError for teachers of other tasks or labels."""
    wrong = [
        f"{path} ({listed(each.schema.names)})"
        for path, (each, _) in zip(paths, loaded, strict=True)
        if each.schema.fingerprint != schema.fingerprint
    ]
    if wrong:
        raise TrainingError(
            f"teachers answer other tasks or labels than the project's ({listed(schema.names)}): "
            f"{'; '.join(wrong)}; train them anew"
        )


def student_of(teacher: TicketClassifier, layers: int) -> TicketClassifier:
    """A classifier with the teacher's embeddings, its `layers` lowest layers and its heads.

    The lowest, because each then sees what it was trained on; what is lost is what lies nearest to the
    heads and is learned again soonest (Sajjad et al., 2023, drop top layers at the least loss).
    """
    there = len(layers_of(teacher))
    if layers > there:
        raise TrainingError(f"[distillation] layers is {layers}; the teacher's encoder has {there} layers")
    encoder = AutoConfig.for_model(**teacher.config.encoder)
    encoder.num_hidden_layers = layers
    config = TicketClassifierConfig(
        **teacher.config.to_dict() | {"encoder": encoder.to_dict(), "tasks": teacher.schema.to_list()}
    )
    student = TicketClassifier(config)
    weights = teacher.state_dict()
    student.load_state_dict({name: each for name, each in weights.items() if depth(name) <= layers})
    return student


class DistillationLoss(SoftLoss):
    """Cross-entropy against softened probabilities at a temperature, and against reviewed labels without.

    What the first loses by softening its square makes good (Hinton et al., 2015).
    """

    def __init__(self, schema: Schema, temperature: float) -> None:
        super().__init__(schema)
        self.temperature = temperature

    def forward(self, logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
        """`targets` float [batch, 2 × labels of all tasks], `weights` [batch, 2 × tasks]: see
        `distillation_set`.
        """
        softened, known = targets.chunk(2, dim=1)
        taught, reviewed = weights.chunk(2, dim=1)
        soft = super().forward(logits / self.temperature, softened, taught) * self.temperature**2
        hard = super().forward(logits, known, reviewed)
        return (soft * taught.sum() + hard * reviewed.sum()) / weights.sum().clamp(min=1e-9)


def distillation_set(items: TrainingSet, probs: Array, temperature: float) -> TrainingSet:
    """Two halves of columns: the teachers' softened probabilities, each of weight 1, then reviewed labels."""
    targets = np.concatenate([softened(items.schema, probs, temperature), items.targets], axis=1)
    weights = np.concatenate([np.ones_like(items.weights), items.weights], axis=1)
    return TrainingSet(items.schema, items.ticket_ids, items.texts, targets, weights)


def softened(schema: Schema, probs: Array, temperature: float) -> Array:
    """Probabilities [n, labels of all tasks], as if their logits were divided by the temperature."""
    found = []
    for task, of_task in zip(schema, split_tasks(schema, torch.from_numpy(probs)), strict=True):
        if task.multi:
            found.append(torch.sigmoid(torch.logit(of_task, eps=1e-6) / temperature))
        else:
            found.append(torch.softmax(of_task.clamp(min=1e-9).log() / temperature, dim=1))
    return torch.cat(found, dim=1).numpy()


def times(schema: Schema, probs: Array, others: Array, power: float) -> Array:
    """Probabilities [n, labels of all tasks], each task's in proportion to `probs` · `others` ** `power`.

    Where `others` is NaN, `probs` alone.
    """
    found = []
    both = (split_tasks(schema, torch.from_numpy(each)) for each in (probs, others))
    for task, own, other in zip(schema, *both, strict=True):
        if task.multi:
            product = torch.sigmoid(torch.logit(own, eps=1e-6) + power * torch.logit(other, eps=1e-6))
        else:
            product = torch.softmax(own.clamp(min=1e-9).log() + power * other.clamp(min=1e-6).log(), dim=1)
        found.append(torch.where(product.isnan(), own, product))
    return torch.cat(found, dim=1).numpy()


def _said(file: Path, teachers: Sequence[Teacher], texts: Sequence[str], progress: Progress) -> Array:
    """What the teachers say on average, float32 [n, labels of all tasks]; kept in `file`."""
    if not file.is_file():
        total = np.zeros((len(texts), sum(len(t.labels) for t in teachers[0][0].schema)), np.float32)
        for at, teacher in enumerate(teachers):

            def tell(done: int, at: int = at) -> None:
                progress(int(TAUGHT * (at + done / len(texts)) / len(teachers)), 100)

            total += np.concatenate(list(predict_proba(*teacher, texts, tell).values()), axis=1)
        with whole_file(file) as temporary, temporary.open("wb") as into:
            np.save(into, total / len(teachers))
    return np.asarray(np.load(file))


def _training(settings: DistillationSettings) -> TrainingSettings:
    """The part of the settings that any training has."""
    shared = settings.model_dump().keys() & TrainingSettings.model_fields.keys() - {"review_weight"}
    return TrainingSettings(**{name: getattr(settings, name) for name in shared})


def _agreement(schema: Schema, taught: Array, folder: Path, texts: Sequence[str]) -> dict[str, float]:
    """Task → share of texts with the teachers' answer; of all labels, on a multi-label task."""
    if not texts:
        return {}
    probs, found = predict_proba(*load_classifier(folder), texts), {}
    for task, said in zip(schema, split_tasks(schema, torch.from_numpy(taught)), strict=True):
        own, theirs = probs[task.name], said.numpy()
        same = (own > 0.5) == (theirs > 0.5) if task.multi else own.argmax(1) == theirs.argmax(1)
        found[task.name] = round(float(np.mean(same)), 4)
    return found
