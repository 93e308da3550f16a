"""The validation loss without what bends it: comparable between trainings with different losses."""

import math
from collections.abc import Callable
from typing import Any

from torch import Tensor
from transformers import TrainerCallback

from model.loss import SoftLoss


class PlainLoss(TrainerCallback):
    """Measures cross-entropy against the validation labels in the pass that the Trainer makes anyway.

    Calls `seen` with the epoch, from 1, and the loss; keeps all in `of_epoch`.
    """

    def __init__(self, seen: Callable[[int, float], None] = lambda epoch, loss: None) -> None:
        self._seen = seen
        self._sum = self._weight = 0.0
        self.of_epoch: dict[int, float] = {}

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        bent: SoftLoss = kwargs["model"].loss
        plain = SoftLoss(bent.schema)

        def add(_: Any, given: tuple[Tensor, Tensor, Tensor], __: Tensor) -> None:
            if not bent.training:
                weight = float(given[2].sum())
                self._sum += float(plain(*given)) * weight
                self._weight += weight

        bent.register_forward_hook(add)

    def on_evaluate(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        epoch, loss = round(state.epoch), self._sum / max(self._weight, 1e-9)
        self._sum = self._weight = 0.0
        self.of_epoch[epoch] = loss if math.isfinite(loss) else math.inf
        self._seen(epoch, self.of_epoch[epoch])
