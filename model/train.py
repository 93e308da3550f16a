"""Trains the multi-task transformer with Hugging Face's Trainer."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.data import Dataset
from transformers import (
    AutoTokenizer,
    EarlyStoppingCallback,
    PreTrainedTokenizerBase,
    TrainerCallback,
    TrainingArguments,
)
from transformers.trainer_callback import PrinterCallback

from data.config import EncoderSettings, TrainingSettings
from data.errors import TrainingError, listed, near
from data.schema import Schema
from model.cached import HiddenCollator, fits_in_memory, run_lower, upper_only
from model.checkpoints import SaveEvery, kept, last_whole
from model.dataset import PaddingCollator, TokenizedSet, TrainingSet
from model.encoder import encoder_path, has_bfloat16, plain_attention
from model.layers import depth, freeze, layers_of
from model.loss import SoftLoss, balanced_weights
from model.net import TicketClassifier, new_classifier, take_over
from model.progress import Progress, Report
from model.repeatable import repeatable
from model.sampling import BucketTrainer, LengthBuckets, balanced_chances

Array = np.ndarray[Any, Any]
FEWEST_VALIDATION = 16


def train_classifier(
    train: TrainingSet,
    validation: TrainingSet,
    encoder: EncoderSettings,
    settings: TrainingSettings,
    folder: Path,
    progress: Progress = lambda done, total: None,
    checkpoints: Path | None = None,
    tasks: Schema | None = None,
    callbacks: Sequence[TrainerCallback] = (),
    start: TicketClassifier | None = None,
) -> dict[str, Any]:
    """Trains a classifier and saves it, with its tokenizer, into `folder`.

    It starts from the encoder, or from the classifier `start`: its encoder, and its heads for the same
    tasks. `tasks` are the ones that it keeps of those that are trained, the first; by default all.

    The epoch with the lowest validation loss is kept; training stops when it has not improved for
    `patience` epochs. With fewer than 16 validation tickets the last epoch is kept. In `checkpoints` lies
    what an interrupted training goes on from, if it was the same one; it is gone at the end.
    Returns figures of the training. Raises TrainingError for an empty training set, a task of one label, a
    loss that is not a number, or settings that name no task or more layers than there are. The same inputs
    and seed give the same weights on the same CPU, interrupted or not.
    """
    train, validation = train.known(), validation.known()
    if not len(train):
        raise TrainingError(
            "no ticket to train on: every label is missing; write labeling functions or review some"
        )
    if pointless := [task.name for task in train.schema if not task.multi and len(task.labels) < 2]:
        raise TrainingError(
            f"task '{pointless[0]}' has one label alone: there is nothing to learn; add another"
        )
    repeatable(settings.seed)
    tokenizer = AutoTokenizer.from_pretrained(encoder_path(encoder.name))
    classifier = new_classifier(train.schema, encoder.name, encoder.max_length)
    if start is not None:
        take_over(classifier, start)
    classifier.loss = _loss(train, settings)
    freeze(classifier, settings.freeze_layers, settings.freeze_embeddings)
    with kept(checkpoints) as place:
        history = fit(classifier, tokenizer, train, validation, encoder, settings, place, progress, callbacks)
        classifier.keep_tasks(tasks or train.schema)
        classifier.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    kept_tasks = (tasks or train.schema).names
    return {
        "tickets": len(train),
        "validation_tickets": len(validation),
        "labels_without_a_ticket": {name: of for name, of in train.unseen().items() if name in kept_tasks},
        "history": history,
    }


def _loss(train: TrainingSet, settings: TrainingSettings) -> SoftLoss:
    if isinstance(settings.task_weights, dict):
        for name in settings.task_weights:
            if name not in train.schema.names:
                raise TrainingError(
                    f"[training] task_weights names '{name}'; tasks are {listed(train.schema.names)}"
                    f"{near(name, train.schema.names)}"
                )
    targets, weights = torch.from_numpy(train.targets), torch.from_numpy(train.weights)
    balanced = settings.label_weights == "balanced"
    return SoftLoss(
        train.schema,
        label_weights=balanced_weights(train.schema, targets, weights) if balanced else None,
        smoothing=settings.label_smoothing,
        focal=settings.focal,
        robust=settings.robust,
        task_weights=settings.task_weights,
    )


def fit(
    classifier: TicketClassifier,
    tokenizer: PreTrainedTokenizerBase,
    train: TrainingSet,
    validation: TrainingSet,
    encoder: EncoderSettings,
    settings: TrainingSettings,
    checkpoints: Path,
    progress: Progress = lambda done, total: None,
    callbacks: Sequence[TrainerCallback] = (),
) -> list[dict[str, float]]:
    """Trains a classifier as it stands, with the loss that it has; an entry per epoch.

    It ends as the epoch with the lowest validation loss left it, or as the last one did. Of `encoder` the
    length of texts alone counts.
    """
    validates = len(validation) >= FEWEST_VALIDATION
    used = (train, validation) if validates else (train,)
    sets = [TokenizedSet(each, tokenizer, encoder.max_length) for each in used]
    sampler = LengthBuckets(sets[0].lengths, settings.batch_size, settings.seed, _chances(train, settings))
    optimizer = _optimizer(classifier, settings)
    with (
        plain_attention(classifier.encoder),
        _lower_layers_run(classifier, sets, settings.freeze_layers) as (rows, collator),
    ):
        trainer = BucketTrainer(
            classifier,
            _arguments(settings, checkpoints, validates, len(train)),
            data_collator=collator(tokenizer.pad_token_id or 0),
            train_dataset=rows[0],
            eval_dataset=rows[1] if validates else None,
            optimizers=(optimizer, None),
            callbacks=[
                Report(progress, len(train)),
                SaveEvery(settings.checkpoint_minutes * 60),
                *([EarlyStoppingCallback(settings.patience)] if validates else []),
                *callbacks,
            ],
        )
        trainer.sampler = sampler
        trainer.remove_callback(PrinterCallback)
        trainer.train(resume_from_checkpoint=last_whole(checkpoints))
    return _history(trainer.state.log_history)


@contextmanager
def _lower_layers_run(
    classifier: TicketClassifier, sets: Sequence[TokenizedSet], layers: int
) -> Iterator[tuple[Sequence[Dataset[dict[str, Any]]], type[PaddingCollator]]]:
    """The sets as they are to be trained on: what frozen layers make of them, where that can be kept."""
    dim = classifier.encoder.config.hidden_size
    if not layers or not all(fits_in_memory(each, dim) for each in sets):
        yield sets, PaddingCollator
        return
    hidden = [run_lower(classifier, layers, each) for each in sets]
    with upper_only(classifier, layers):
        yield hidden, HiddenCollator


def _chances(train: TrainingSet, settings: TrainingSettings) -> Array | None:
    if settings.sampling == "plain":
        return None
    return balanced_chances(train.schema, train.targets, train.weights)


def _arguments(
    settings: TrainingSettings, checkpoints: Path, validates: bool, tickets: int
) -> TrainingArguments:
    bf16 = settings.mixed_precision == "bf16" or (settings.mixed_precision == "auto" and has_bfloat16())
    steps = math.ceil(tickets / settings.batch_size / settings.gradient_accumulation) * settings.epochs
    return TrainingArguments(
        output_dir=str(checkpoints),
        num_train_epochs=settings.epochs,
        per_device_train_batch_size=settings.batch_size,
        per_device_eval_batch_size=64,
        gradient_accumulation_steps=settings.gradient_accumulation,
        lr_scheduler_type=settings.schedule,
        warmup_steps=int(steps * settings.warmup),
        weight_decay=settings.weight_decay,
        bf16=bf16,
        use_cpu=not torch.cuda.is_available(),
        seed=settings.seed,
        eval_strategy="epoch" if validates else "no",
        save_strategy="epoch",
        save_total_limit=1,
        load_best_model_at_end=validates,
        metric_for_best_model="eval_loss",
        prediction_loss_only=True,
        logging_strategy="steps",
        logging_steps=1,
        logging_nan_inf_filter=False,
        remove_unused_columns=False,
        label_names=["targets"],
        disable_tqdm=True,
        report_to=[],
    )


def _optimizer(classifier: TicketClassifier, settings: TrainingSettings) -> torch.optim.Optimizer:
    """AdamW with a rate of its own for the untrained heads, lower ones for lower layers where they decay,

    and no weight decay on biases and norms.
    """
    top = len(layers_of(classifier)) + 1
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, parameter in classifier.named_parameters():
        if parameter.requires_grad:
            inside = name.startswith("encoder.")
            below = settings.layer_decay ** (top - depth(name)) if inside else 1.0
            rate = settings.learning_rate * below if inside else settings.head_learning_rate
            decay = settings.weight_decay if parameter.ndim > 1 else 0.0
            groups.setdefault((rate, decay), []).append(parameter)
    return torch.optim.AdamW(
        [{"params": params, "lr": rate, "weight_decay": decay} for (rate, decay), params in groups.items()],
        fused=True,
    )


def _history(log: list[dict[str, float]]) -> list[dict[str, float]]:
    """One entry per epoch: the mean of the steps' training losses, and the validation loss."""
    losses: dict[int, list[float]] = {}
    validation: dict[int, float] = {}
    for entry in log:
        epoch = math.ceil(entry["epoch"] - 1e-6)
        if "loss" in entry:
            losses.setdefault(epoch, []).append(entry["loss"])
        if "eval_loss" in entry:
            validation[epoch] = round(entry["eval_loss"], 6)
    return [
        {"epoch": float(epoch), "loss": round(sum(of_epoch) / len(of_epoch), 6)}
        | ({"eval_loss": validation[epoch]} if epoch in validation else {})
        for epoch, of_epoch in losses.items()
    ]
