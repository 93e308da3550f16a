"""What commands share: where the project is, how a run is opened, how answers are shown."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from app.console import Terminal, console, errors
from data.config import CONFIG_FILE, Config
from data.schema import Schema
from data.workspace import Workspace

if TYPE_CHECKING:
    from app.run import Run

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Tasks = Annotated[list[str] | None, typer.Option("--task", help="Only this task; may be repeated.")]
Round = Annotated[
    int, typer.Option("--round", min=0, help="With the human labels of the rounds up to this one.")
]
Html = Annotated[Path | None, typer.Option(help="Write a page here, and its JSON beside it.")]
On = Annotated[
    Path | None, typer.Option(help="Measure on the labels of this file, not on the project's gold.")
]
RunName = Annotated[str, typer.Option("--run", help="Name of the run, a folder under runs/.")]


def project_option(
    ctx: typer.Context,
    project: Annotated[Path, typer.Option(help="The project's folder, with its ticketloom.toml.")] = Path(),
) -> None:
    """Remembers the project's folder for the command that follows."""
    ctx.obj = ctx.obj or project


def workspace(ctx: typer.Context) -> Workspace:
    """The project that the command works on."""
    return Workspace.open(ctx.obj or Path())


def workspace_or_defaults(ctx: typer.Context, *, needed: bool) -> Workspace:
    """The project that the command works on; where none is needed or named, the default settings."""
    root = ctx.obj or Path()
    if needed or root != Path() or (root / CONFIG_FILE).is_file():
        return Workspace.open(root)
    return Workspace(root, Config())


def open_run(ctx: typer.Context, name: str, *, quiet: bool = False) -> "Run":
    """The run that the command works on."""
    from app.run import Run

    return Run(workspace(ctx), name, Terminal(quiet=quiet))


def show(value: Any, as_json: bool, render: Callable[[], object]) -> None:
    """Prints the value as JSON, or what `render` makes of it."""
    if as_json:
        print_json(value)
    else:
        console.print(render())


def print_json(value: Any, *, lines: bool = False) -> None:
    """Prints a value as JSON; as one line of it for a command that goes on."""
    print(json.dumps(value, indent=None if lines else 2, ensure_ascii=False, default=str), flush=True)


def print_error(error: Exception) -> None:
    """One line on standard error."""
    errors.print(f"[red]error:[/red] {escape(str(error))}", highlight=False, soft_wrap=True)


def files_of(run_files: Sequence[Path], space: Workspace) -> list[Path]:
    """The files named on the command line, else those of [data] files."""
    return list(run_files) or [space.path(name) for name in space.config.data.files]


def chosen_tasks(schema: Schema, names: Sequence[str]) -> list[str]:
    """The tasks named, all of the schema where none is; raises SchemaError for an unknown one."""
    return [schema.task(name).name for name in names] or list(schema.names)
