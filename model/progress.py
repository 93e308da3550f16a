"""How a training tells how far it is, and that its loss is not a number."""

import math
from collections.abc import Callable
from typing import Any

from transformers import TrainerCallback

from data.errors import TrainingError

# Texts read, and texts to be read in all epochs together.
Progress = Callable[[int, int], None]


class DivergedError(TrainingError):
    """The loss is not a number."""


class Report(TrainerCallback):
    """Tells `progress` how many of the `texts` of every epoch are read, and stops a training whose loss is

    not a number.
    """

    def __init__(self, progress: Progress, texts: int) -> None:
        self._progress = progress
        self._texts = texts

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self._progress(round(state.epoch * self._texts), round(args.num_train_epochs * self._texts))

    def on_log(
        self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **kwargs: Any
    ) -> None:
        loss = (logs or {}).get("loss", 0.0)
        if not math.isfinite(loss):
            raise DivergedError(
                f"the training loss became {loss} in epoch {state.epoch:.1f}; lower [training] learning_rate"
            )
