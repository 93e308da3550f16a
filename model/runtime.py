"""The served classifier: ONNX Runtime and tokenizers alone, no torch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from data.cleaning import clean_text
from data.errors import TrainingError
from data.schema import Schema, Task
from data.store import file_hash, read_json

Array = np.ndarray[Any, Any]
# The classifier of the support schema that comes with the package.
PRETRAINED = Path(__file__).parent / "pretrained"
BATCH = 32
FORMAT = 1
CARD = "classifier.json"
FILES = ("model.onnx", "tokenizer.json")
_FACTS = {"format", "tasks", "max_length", "pad_id", "calibration", "encoder", "files"}


@dataclass(frozen=True)
class Prediction:
    """One task's answer on one text: a label (labels, for a multi-label task) and its confidence.

    `confidence` in [0, 1] is the label's probability; on a multi-label task it is that of the
    least certain of the yes-or-no decisions. `probs` maps each label to its probability.
    """

    label: str | list[str]
    confidence: float
    probs: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        return {"label": self.label, "confidence": round(self.confidence, 4)}


class Classifier:
    """A classifier as `ticketloom model export` writes it."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
        schema: Schema,
        temperatures: Mapping[str, float],
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._temperatures = temperatures
        self.schema = schema

    @classmethod
    def load(cls, folder: str | Path, *, threads: int = 0) -> "Classifier":
        """Loads an export; `threads` 0 lets ONNX Runtime choose.

        Raises TrainingError where the folder holds no export, one of another format, or a file whose
        checksum differs.
        """
        folder = Path(folder)
        card = read_card(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_truncation(card["max_length"])
        tokenizer.enable_padding(pad_id=card["pad_id"])
        temperatures = {task: found["temperature"] for task, found in card["calibration"].items()}
        return cls(session, tokenizer, Schema.from_list(card["tasks"]), temperatures)

    def predict(self, texts: Sequence[str]) -> list[dict[str, Prediction]]:
        """Predictions by task name for each raw text, in order; texts are cleaned first."""
        probs = self.predict_proba(texts)
        return [
            {task.name: prediction(task, probs[task.name][row]) for task in self.schema}
            for row in range(len(texts))
        ]

    def predict_proba(
        self, texts: Sequence[str], progress: Callable[[int], None] = lambda count: None
    ) -> dict[str, Array]:
        """Calibrated probabilities float32 [n_texts, n_labels] by task name, in the texts' order."""
        clean = [clean_text(text) for text in texts]
        order = np.argsort([len(text) for text in clean], kind="stable")
        probs = {task.name: np.empty((len(texts), len(task.labels)), np.float32) for task in self.schema}
        for start in range(0, len(clean), BATCH):
            rows = order[start : start + BATCH]
            for task, logits in zip(self.schema, self._logits([clean[i] for i in rows]), strict=True):
                scores = logits / self._temperatures.get(task.name, 1.0)
                probs[task.name][rows] = _sigmoid(scores) if task.multi else _softmax(scores)
            progress(min(start + BATCH, len(clean)))
        return probs

    def _logits(self, texts: list[str]) -> list[Array]:
        encoded = self._tokenizer.encode_batch(texts)
        inputs = {
            "input_ids": np.array([e.ids for e in encoded], np.int64),
            "attention_mask": np.array([e.attention_mask for e in encoded], np.int64),
        }
        logits: list[Array] = self._session.run(list(self.schema.names), inputs)
        return logits


def read_card(folder: Path) -> dict[str, Any]:
    """The export's card, once it is known that every file is as the card says."""
    path = folder / CARD
    if not path.is_file():
        raise TrainingError(
            f"{folder}: no exported classifier here; run `ticketloom run`, or `ticketloom model export`"
        )
    try:
        card: dict[str, Any] = read_json(path)
    except ValueError as error:
        raise TrainingError(f"{path}: not JSON: {error}; export again") from None
    if not isinstance(card, dict) or not card.keys() >= _FACTS:
        raise TrainingError(f"{path}: not the card of an exported classifier; export again")
    if card["format"] != FORMAT:
        raise TrainingError(
            f"{path}: an export of format {card['format']}; this version reads format {FORMAT}; export again"
        )
    for name in FILES:
        if not (folder / name).is_file() or file_hash(folder / name) != card["files"].get(name):
            raise TrainingError(f"{folder / name}: absent or changed since the export; export again")
    return card


def prediction(task: Task, probs: Array) -> Prediction:
    """What the probabilities float [n_labels] of one text say of one task."""
    by_label = dict(zip(task.labels, map(float, probs), strict=True))
    if not task.multi:
        best = int(probs.argmax())
        return Prediction(task.labels[best], float(probs[best]), by_label)
    names = [label for label, prob in by_label.items() if prob > 0.5]
    return Prediction(names, float(np.maximum(probs, 1 - probs).min()), by_label)


def _softmax(logits: Array) -> Array:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _sigmoid(logits: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-logits)))
