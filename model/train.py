"""Trains the multi-task transformer with Hugging Face's Trainer."""

import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from transformers import (
    AutoTokenizer,
    EarlyStoppingCallback,
    PreTrainedTokenizerBase,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)
from transformers.trainer_callback import PrinterCallback

from data.config import EncoderSettings, TrainingSettings
from data.errors import TrainingError
from model.dataset import PaddingCollator, TokenizedSet, TrainingSet
from model.encoder import encoder_path, has_bfloat16
from model.net import TicketClassifier, new_classifier

Progress = Callable[[int, int], None]
FEWEST_VALIDATION = 16


def train_classifier(
    train: TrainingSet,
    validation: TrainingSet,
    encoder: EncoderSettings,
    settings: TrainingSettings,
    folder: Path,
    progress: Progress = lambda done, total: None,
) -> dict[str, Any]:
    """Trains a classifier and saves it, with its tokenizer, into `folder`.

    The epoch with the lowest validation loss is kept; training stops when it has not improved for
    `patience` epochs. With fewer than 16 validation tickets the last epoch is kept.
    Returns figures of the training. Raises TrainingError for an empty training set or a loss that
    is not a number. The same inputs and seed give the same weights on the same CPU.
    """
    train, validation = train.known(), validation.known()
    if not len(train):
        raise TrainingError(
            "no ticket to train on: every label is missing; write labeling functions or review some"
        )
    set_seed(settings.seed)
    torch.use_deterministic_algorithms(True, warn_only=True)
    tokenizer = AutoTokenizer.from_pretrained(encoder_path(encoder.name))
    classifier = new_classifier(train.schema, encoder.name, encoder.max_length)
    if settings.freeze_embeddings:
        classifier.encoder.get_input_embeddings().weight.requires_grad_(False)
    with tempfile.TemporaryDirectory(dir=folder, prefix="checkpoints.") as checkpoints:
        history = _fit(classifier, tokenizer, train, validation, encoder, settings, checkpoints, progress)
    classifier.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return {"tickets": len(train), "validation_tickets": len(validation), "history": history}


def _fit(
    classifier: TicketClassifier,
    tokenizer: PreTrainedTokenizerBase,
    train: TrainingSet,
    validation: TrainingSet,
    encoder: EncoderSettings,
    settings: TrainingSettings,
    checkpoints: str,
    progress: Progress,
) -> list[dict[str, float]]:
    validates = len(validation) >= FEWEST_VALIDATION
    arguments = _arguments(settings, checkpoints, validates, len(train))
    trainer = Trainer(
        classifier,
        arguments,
        data_collator=PaddingCollator(tokenizer.pad_token_id or 0),
        train_dataset=TokenizedSet(train, tokenizer, encoder.max_length),
        eval_dataset=TokenizedSet(validation, tokenizer, encoder.max_length) if validates else None,
        optimizers=(_optimizer(classifier, settings), None),
        callbacks=[_Report(progress), *([EarlyStoppingCallback(settings.patience)] if validates else [])],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    return _history(trainer.state.log_history)


def _arguments(
    settings: TrainingSettings, checkpoints: str, validates: bool, tickets: int
) -> TrainingArguments:
    bf16 = settings.mixed_precision == "bf16" or (settings.mixed_precision == "auto" and has_bfloat16())
    steps = math.ceil(tickets / settings.batch_size / settings.gradient_accumulation) * settings.epochs
    return TrainingArguments(
        output_dir=checkpoints,
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
        train_sampling_strategy="group_by_length",
        eval_strategy="epoch" if validates else "no",
        save_strategy="epoch" if validates else "no",
        save_total_limit=1,
        load_best_model_at_end=validates,
        metric_for_best_model="eval_loss",
        prediction_loss_only=True,
        logging_strategy="epoch",
        logging_nan_inf_filter=False,
        remove_unused_columns=False,
        label_names=["targets"],
        disable_tqdm=True,
        report_to=[],
    )


def _optimizer(classifier: TicketClassifier, settings: TrainingSettings) -> torch.optim.Optimizer:
    """AdamW with a rate of its own for the untrained heads, and no decay on biases and norms."""
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, parameter in classifier.named_parameters():
        if parameter.requires_grad:
            rate = settings.head_learning_rate if name.startswith("heads.") else settings.learning_rate
            decay = settings.weight_decay if parameter.ndim > 1 else 0.0
            groups.setdefault((rate, decay), []).append(parameter)
    return torch.optim.AdamW(
        [{"params": params, "lr": rate, "weight_decay": decay} for (rate, decay), params in groups.items()]
    )


class _Report(TrainerCallback):
    """Tells `progress` the steps done and in all, and stops a training whose loss is not a number."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self._progress(state.global_step, state.max_steps)

    def on_log(
        self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **kwargs: Any
    ) -> None:
        loss = (logs or {}).get("loss", 0.0)
        if not math.isfinite(loss):
            raise TrainingError(
                f"the training loss became {loss} in epoch {state.epoch:.1f}; lower [training] learning_rate"
            )


def _history(log: list[dict[str, float]]) -> list[dict[str, float]]:
    """One entry per epoch: training and validation loss."""
    epochs: dict[float, dict[str, float]] = {}
    for entry in log:
        row = epochs.setdefault(round(entry["epoch"], 4), {"epoch": round(entry["epoch"], 4)})
        row |= {key: round(entry[key], 6) for key in ("loss", "eval_loss") if key in entry}
    return [row for row in epochs.values() if "loss" in row]
