"""Predictions of a trained classifier, in torch."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from data.errors import TrainingError
from model.encoder import lower_precision
from model.loss import split_tasks
from model.net import TicketClassifier

BATCH = 64
Array = np.ndarray[Any, Any]


def load_classifier(folder: Path) -> tuple[TicketClassifier, PreTrainedTokenizerBase]:
    """A saved classifier and its tokenizer; raises TrainingError where the folder holds none."""
    if not (folder / "config.json").is_file():
        raise TrainingError(f"{folder}: no trained classifier here; run `ticketloom model train` first")
    classifier: TicketClassifier = TicketClassifier.from_pretrained(folder)
    classifier.train(False)
    return classifier, AutoTokenizer.from_pretrained(folder)


def predict_proba(
    classifier: TicketClassifier,
    tokenizer: PreTrainedTokenizerBase,
    texts: Sequence[str],
    progress: Callable[[int], None] = lambda count: None,
) -> dict[str, Array]:
    """Probabilities float32 [n_texts, n_labels] by task name, in the texts' order.

    A single-label task's rows add up to 1; a multi-label task's entries stand each for itself.
    """
    order = np.argsort([len(text) for text in texts], kind="stable")
    schema = classifier.schema
    probs = {task.name: np.empty((len(texts), len(task.labels)), np.float32) for task in schema}
    for start in range(0, len(texts), BATCH):
        rows = order[start : start + BATCH]
        logits = _logits(classifier, tokenizer, [texts[i] for i in rows])
        for task, task_logits in zip(schema, split_tasks(schema, logits), strict=True):
            turned = task_logits.sigmoid() if task.multi else task_logits.softmax(dim=1)
            probs[task.name][rows] = turned.numpy()
        progress(min(start + BATCH, len(texts)))
    return probs


def _logits(
    classifier: TicketClassifier, tokenizer: PreTrainedTokenizerBase, texts: list[str]
) -> torch.Tensor:
    encoded = tokenizer(
        texts, truncation=True, max_length=classifier.config.most_tokens, padding=True, return_tensors="pt"
    )
    with torch.inference_mode(), lower_precision():
        return classifier.logits(encoded["input_ids"], encoded["attention_mask"]).float().cpu()
