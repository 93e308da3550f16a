"""A classifier for training, made from an export: what int8 has kept of its weights."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from data.schema import Schema
from model.net import TicketClassifier, TicketClassifierConfig
from model.runtime import read_card

Array = np.ndarray[Any, Any]
PREFIX = "classifier."


def restore(export: Path) -> TicketClassifier:
    """The classifier of an export, fp32 or int8, as torch trains it on.

    A weight that the graph does without, such as that of an unused pooler, is untrained. Raises TrainingError
    where the folder holds no export.
    """
    card = read_card(export)
    config = TicketClassifierConfig(
        encoder=card["encoder"],
        tasks=Schema.from_list(card["tasks"]).to_list(),
        most_tokens=card["max_length"],
    )
    classifier = TicketClassifier(config)
    graph = onnx.load(export / "model.onnx").graph
    stored = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    weights = {name: _weight(stored, PREFIX + name) for name in classifier.state_dict()}
    used = {name: torch.tensor(weight) for name, weight in weights.items() if weight is not None}
    classifier.load_state_dict(used, strict=False)
    classifier.train(False)
    return classifier


def _weight(stored: dict[str, Array], name: str) -> Array | None:
    """A parameter out of the graph: as it is, transposed, or times its scales."""
    if name in stored:
        return stored[name]
    if f"{name}.int8" in stored:
        return np.asarray(stored[f"{name}.int8"] * stored[f"{name}.scales"])
    for transposed in (f"{name}.T", f"{name}_Transposed"):
        if transposed in stored:
            return stored[transposed].T
        if f"{transposed}_quantized" in stored:
            return np.asarray((stored[f"{transposed}_quantized"] * stored[f"{transposed}_scale"]).T)
    return None
