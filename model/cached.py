"""Frozen lower layers run once: their outputs are kept, and only the layers above are trained on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import Dataset

from model.dataset import PaddingCollator, TokenizedSet
from model.encoder import lower_precision
from model.layers import layers_of
from model.net import TicketClassifier

BATCH = 64
# More than this is not kept: the layers run again in every epoch.
MOST_BYTES = 4 << 30


class HiddenSet(Dataset[dict[str, Any]]):
    """A tokenized set, each text as what the lowest layers make of it: float16 [length, dim]."""

    def __init__(self, items: TokenizedSet, hidden: list[Tensor]) -> None:
        self._items = items
        self._hidden = hidden

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, row: int) -> dict[str, Any]:
        return self._items[row] | {"hidden": self._hidden[row]}


class HiddenCollator(PaddingCollator):
    """Pads a batch of `HiddenSet` to its longest text."""

    def __call__(self, items: list[dict[str, Any]]) -> dict[str, Tensor]:
        batch = super().__call__(items)
        hidden = torch.zeros((*batch.pop("input_ids").shape, items[0]["hidden"].shape[1]))
        for row, item in enumerate(items):
            hidden[row, : len(item["hidden"])] = item["hidden"]
        return batch | {"hidden": hidden}


def fits_in_memory(items: TokenizedSet, dim: int) -> bool:
    """Whether what the lowest layers make of the texts may be kept."""
    return sum(items.lengths) * dim * 2 <= MOST_BYTES


def run_lower(classifier: TicketClassifier, layers: int, items: TokenizedSet) -> HiddenSet:
    """What the `layers` lowest layers make of every text, without dropout."""
    order = np.argsort(items.lengths, kind="stable")
    collate = PaddingCollator(0)
    hidden: list[Tensor] = [torch.empty(0)] * len(items)
    classifier.train(False)
    with _layers(classifier, slice(0, layers)), torch.inference_mode(), lower_precision():
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            batch = collate([items[row] for row in rows])
            inputs = {name: batch[name].to(classifier.device) for name in ("input_ids", "attention_mask")}
            made = classifier.encoder(**inputs).last_hidden_state.half().cpu()
            for row, length, of_row in zip(rows, batch["attention_mask"].sum(1).tolist(), made, strict=True):
                hidden[row] = of_row[:length].clone()
    classifier.train(True)
    return HiddenSet(items, hidden)


@contextmanager
def upper_only(classifier: TicketClassifier, layers: int) -> Iterator[None]:
    """Within it the classifier consists of the layers above, and takes `hidden` in place of tokens."""
    embeddings = classifier.encoder.embeddings
    with _layers(classifier, slice(layers, None)):
        classifier.encoder.embeddings = _Passthrough()
        try:
            yield
        finally:
            classifier.encoder.embeddings = embeddings


@contextmanager
def _layers(classifier: TicketClassifier, part: slice) -> Iterator[None]:
    """Within it the encoder has these of its layers alone."""
    layers = layers_of(classifier)
    whole = list(layers)
    layers._modules = {str(at): layer for at, layer in enumerate(whole[part])}
    try:
        yield
    finally:
        layers._modules = {str(at): layer for at, layer in enumerate(whole)}


class _Passthrough(nn.Module):
    """In the embeddings' place: what is fed as embeddings is what comes out."""

    def forward(self, *args: Any, inputs_embeds: Tensor, **kwargs: Any) -> Tensor:
        return inputs_embeds
