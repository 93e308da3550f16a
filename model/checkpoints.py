"""Checkpoints of a training: how often they are written, and which one it goes on from."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from data.store import read_json


@contextmanager
def kept(checkpoints: Path | None) -> Iterator[Path]:
    """A folder for checkpoints, removed when all went well; without a place for it, in any case."""
    if checkpoints is None:
        with tempfile.TemporaryDirectory(prefix="checkpoints.") as temporary:
            yield Path(temporary)
        return
    checkpoints.mkdir(parents=True, exist_ok=True)
    yield checkpoints
    shutil.rmtree(checkpoints)


def last_whole(checkpoints: Path) -> str | None:
    """The newest checkpoint that was written to its end; others are removed."""
    found = sorted(checkpoints.glob("checkpoint-*"), key=lambda path: -int(path.name.split("-")[1]))
    for path in found:
        # Trainer writes its state last.
        with suppress(OSError, ValueError):
            read_json(path / "trainer_state.json")
            return str(path)
        shutil.rmtree(path)
    return None


class SaveEvery(TrainerCallback):
    """Asks for a checkpoint when the last one is so many seconds old."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last = time.monotonic()

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self._last = time.monotonic()

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        if time.monotonic() - self._last > self._seconds:
            control.should_save = True
