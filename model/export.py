"""Exports a trained classifier: ONNX, tokenizer, schema and a manifest, in a folder that needs no torch."""

import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import onnx
import torch

from data.store import file_hash, write_json
from model.card import model_card
from model.net import TicketClassifier
from model.predict import load_classifier
from model.quantize import quantize
from model.runtime import CARD, FILES, FORMAT

OPSET = 17
Precision = Literal["fp32", "int8"]


def export_classifier(
    trained: Path,
    folder: Path,
    facts: dict[str, Any],
    *,
    precision: Precision = "fp32",
    calibration: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Writes the classifier saved in `trained` into the existing folder `folder` and returns its card.

    In it: `model.onnx` (inputs input_ids and attention_mask int64 [batch, length], one output of logits
    per task), `tokenizer.json`, `classifier.json` (schema, text settings, `calibration` as
    `model.thresholds.calibrate` finds it, checksums and `facts`: what there is to say of the model, see
    `model.card.model_card`), and all that to read, as `README.md`.
    """
    classifier, tokenizer = load_classifier(trained)
    _to_onnx(classifier, folder / "model.onnx")
    if precision == "int8":
        quantize(folder / "model.onnx", folder / "model.onnx")
    shutil.copyfile(trained / "tokenizer.json", folder / "tokenizer.json")
    card: dict[str, Any] = {
        "format": FORMAT,
        "tasks": classifier.schema.to_list(),
        "schema_fingerprint": classifier.schema.fingerprint,
        "max_length": classifier.config.most_tokens,
        "pad_id": tokenizer.pad_token_id or 0,
        "precision": precision,
        "calibration": dict(calibration or {}),
        "encoder": classifier.config.encoder,
        "facts": facts,
        "files": {name: file_hash(folder / name) for name in FILES},
    }
    write_json(folder / CARD, card)
    said = model_card(classifier.schema, facts, card["calibration"], precision)
    (folder / "README.md").write_text(said, "utf-8")
    return card


class _PerTask(torch.nn.Module):
    """The classifier with one output per task, as the runtime wants it."""

    def __init__(self, classifier: TicketClassifier) -> None:
        super().__init__()
        self.classifier = classifier
        self.sizes = [len(task.labels) for task in classifier.schema]

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return torch.split(self.classifier.logits(input_ids, attention_mask), self.sizes, dim=1)


def _to_onnx(classifier: TicketClassifier, path: Path) -> None:
    ids = torch.ones((2, 8), dtype=torch.int64)
    batch, length = {0: "batch"}, {0: "batch", 1: "length"}
    names = [task.name for task in classifier.schema]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _PerTask(classifier).eval(),
            (ids, torch.ones_like(ids)),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=names,
            dynamic_axes={"input_ids": length, "attention_mask": length} | dict.fromkeys(names, batch),
            opset_version=OPSET,
            dynamo=False,
        )
    graph = onnx.load(path)
    _name_weights(graph.graph)
    onnx.save(graph, path)


def _name_weights(graph: onnx.GraphProto) -> None:
    """Names transposed weights, which the exporter numbers, after their parameters: `….weight.T`."""
    names = {}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1].startswith("onnx::"):
            scope = node.name.strip("/").rpartition("/")[0].replace("/", ".")
            names[node.input[1]] = node.input[1] = f"classifier.{scope}.weight.T"
    for weight in graph.initializer:
        weight.name = names.get(weight.name, weight.name)
