"""What commands share: where the project is, how a run is opened, how answers are shown."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.console import Terminal, console
from data.workspace import Workspace

if TYPE_CHECKING:
    from app.run import Run

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
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


def open_run(ctx: typer.Context, name: str, *, quiet: bool = False) -> "Run":
    """The run that the command works on."""
    from app.run import Run

    return Run(workspace(ctx), name, Terminal(quiet=quiet))


def show(value: Any, as_json: bool, render: Callable[[], object]) -> None:
    """Prints the value as JSON, or what `render` makes of it."""
    if as_json:
        print(json.dumps(value, indent=2, ensure_ascii=False, default=str))
    else:
        console.print(render())


def files_of(run_files: Sequence[Path], space: Workspace) -> list[Path]:
    """The files named on the command line, else those of [data] files."""
    return list(run_files) or [space.path(name) for name in space.config.data.files]


def chosen_tasks(space: Workspace, names: Sequence[str]) -> list[str]:
    """The tasks named, all of the schema where none is; raises SchemaError for an unknown one."""
    schema = space.config.schema_
    return [schema.task(name).name for name in names] or list(schema.names)
