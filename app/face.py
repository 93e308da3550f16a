"""How a run speaks to whoever started it."""

from contextlib import AbstractContextManager
from typing import Protocol

from data.store import StageResult


class Progress(Protocol):
    """Takes how much is done, and of how much where only the work itself knows."""

    def __call__(self, done: int, total: int | None = None) -> None: ...


class Face(Protocol):
    """A terminal, a log, or nobody."""

    def working(self, what: str, total: int | None, unit: str = "") -> AbstractContextManager[Progress]:
        """Shows that `what` is under way; the value takes how much of `total` is done.

        Where what is counted has a name, `unit`, it shows how many a second, too.
        """

    def done(self, stage: str, result: StageResult) -> None:
        """Tells how a stage ended."""
