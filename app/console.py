"""What a person sees on the terminal: progress, stage by stage, tables and one-line errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import rich.progress
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from app.face import Progress
from data.store import StageResult

LONGEST_FIGURE = 22
console = Console()
errors = Console(stderr=True)


class Terminal:
    """Shows a run's stages on the terminal; `quiet` shows nothing, for `--json`."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._started = monotonic()

    @contextmanager
    def working(self, what: str, total: int | None, unit: str = "") -> Iterator[Progress]:
        """A progress bar on standard error while `what` is under way."""
        self._started = monotonic()
        columns = [SpinnerColumn(), TextColumn("{task.description}")]
        if total is not None or unit:
            columns += [
                BarColumn(),
                MofNCompleteColumn(),
                *([_Speed(unit)] if unit else []),
                TimeRemainingColumn(),
            ]
        with rich.progress.Progress(
            *columns, console=errors, transient=True, disable=self._quiet or not errors.is_terminal
        ) as bar:
            task = bar.add_task(what, total=total)

            def show(done: int, total: int | None = None) -> None:
                bar.update(task, completed=done, total=total)  # None leaves the total that there is.

            yield show

    def done(self, stage: str, result: StageResult) -> None:
        """One line for a stage: what it found, or why it was skipped."""
        if self._quiet:
            return
        if result.skipped:
            console.print(
                f"[dim]-  {stage:22s} skipped: {result.reason}[/dim]", highlight=False, soft_wrap=True
            )
            return
        seconds = monotonic() - self._started
        line = f"[green]ok[/green] {stage:22s} {seconds:6.1f} s  {_said(result.summary)}"
        console.print(line, highlight=False, soft_wrap=True)


class _Speed(ProgressColumn):
    """How many of what is counted are done in a second."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self._unit = unit

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.0f} {self._unit}/s" if task.speed else f"– {self._unit}/s")


def _said(summary: dict[str, Any]) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {_value(value)}" for name, value in summary.items() if _short(value)
    )


def _short(value: object) -> bool:
    return not isinstance(value, list | dict) or (isinstance(value, dict) and 0 < len(value) <= 6)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "(" + ", ".join(f"{key} {_value(item)}" for key, item in value.items()) + ")"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def label_text(label: str | list[str]) -> str:
    """A prediction's label as people read it; the labels of a multi-label task side by side."""
    return label if isinstance(label, str) else ", ".join(label) or "none"


def table(title: str, columns: list[str], rows: list[list[str]]) -> Table:
    """A table whose first column is text and whose other columns are figures.

    On a narrow terminal text is folded and figures stay whole.
    """
    made = Table(title=title, title_justify="left", title_style="bold", caption_justify="left")
    for at, column in enumerate(columns):
        longest = max((len(row[at]) for row in rows), default=0)
        made.add_column(
            column,
            justify="right" if at else "left",
            overflow="fold",
            no_wrap=bool(at) and longest <= LONGEST_FIGURE,
        )
    for row in rows:
        made.add_row(*row)
    return made
