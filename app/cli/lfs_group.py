"""`ticketloom lfs`, also installed as `lfs`: the workbench around labeling functions."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from app.cli import lfs_improve, lfs_inspect
from app.cli.project import Json, RunName, Tasks, chosen_tasks, show, workspace_or_defaults
from app.console import Terminal, table
from data.errors import LabelingError

if TYPE_CHECKING:
    from rich.table import Table

    from data.store import StageResult
    from data.workspace import Workspace
    from labeling.vote_files import Engine

app = typer.Typer(no_args_is_help=True)
Modules = Annotated[
    list[str] | None,
    typer.Option("--lfs", help="Functions of this module or file, not the project's; may be repeated."),
]


class EngineName(StrEnum):
    """Where votes are cast."""

    local = "local"
    dask = "dask"


@app.command()
def apply(
    ctx: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="CSV, JSONL or Parquet files, or folders of Parquet files; else the pool."),
    ] = None,
    lfs: Modules = None,
    task: Tasks = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the votes; else the run's, or FILE.votes for files.")
    ] = None,
    try_: Annotated[
        int,
        typer.Option(
            "--try", min=0, help="Only show the votes on so many tickets, and the words behind them."
        ),
    ] = 0,
    engine: Annotated[EngineName, typer.Option(help="This machine, or a Dask cluster.")] = EngineName.local,
    scheduler: Annotated[
        str | None, typer.Option(help="Dask: address of its scheduler; else a cluster on this machine.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes; by default as many as there are cores, where it pays."),
    ] = None,
    name: RunName = "main",
    as_json: Json = False,
) -> None:
    """Lets every labeling function vote on every ticket; asks again only what changed."""
    space = workspace_or_defaults(ctx, needed=not files).with_functions(lfs)
    tasks = chosen_tasks(space.config.schema_, task or [])
    if try_:
        _show_tried(space, files or [], tasks, try_, as_json)
        return
    chosen = _engine(engine, scheduler, workers or space.config.lfs.workers)
    face = Terminal(quiet=as_json)
    if files or out:
        result = _apply_to_files(space, files or [space.tickets], tasks, out, chosen, face)
    else:
        result = _apply_to_pool(space, tasks if task or lfs else [], name, chosen, face)
    show(result.summary | {"folder": str(result.folder)}, as_json, lambda: _coverage(result))


def _apply_to_pool(
    space: "Workspace", tasks: list[str], name: str, engine: "Engine", face: Terminal
) -> "StageResult":
    from app.run import Run

    run = Run(space, name, face)
    having = {lf.bound_task().name for lf in run.labeling_functions}
    return run.votes([task for task in tasks if task in having], engine)


def _apply_to_files(
    space: "Workspace",
    files: list[Path],
    tasks: list[str],
    out: Path | None,
    engine: "Engine",
    face: Terminal,
) -> "StageResult":
    from app.lf_apply import apply_to_files
    from labeling.load import load_lfs

    schema = space.config.schema_
    lfs = [
        lf for lf in load_lfs(space.config.lf_modules, schema, space.root) if lf.bound_task().name in tasks
    ]
    folder = out or Path(f"{files[0].stem}.votes")
    return apply_to_files(space, files, [schema.task(name) for name in tasks], lfs, folder, engine, face)


def _show_tried(space: "Workspace", files: list[Path], tasks: list[str], most: int, as_json: bool) -> None:
    from app.lf_apply import sample, tried
    from labeling.load import load_lfs

    lfs = load_lfs(space.config.lf_modules, space.config.schema_, space.root)
    found = tried([lf for lf in lfs if lf.bound_task().name in tasks], sample(space, files, most))
    show(found, as_json, lambda: _tried_table(found))


def _tried_table(found: list[dict[str, Any]]) -> "Table":
    rows = []
    for ticket in found:
        votes = "\n".join(line for task, said in ticket["votes"].items() for line in _ballot(task, said))
        rows.append([f"{escape(ticket['text'])}\n[dim]{ticket['ticket_id']}[/dim]", votes or "no votes"])
    made = table(f"Votes on {len(found)} tickets", ["ticket", "votes"], rows)
    made.show_lines = True
    made.columns[0].ratio, made.columns[1].ratio, made.columns[1].justify = 2, 3, "left"
    return made


def _ballot(task: str, said: list[dict[str, Any]]) -> Iterator[str]:
    """A line for each label voted for on a task, with who votes for it and because of which words."""
    labels: dict[str, list[str]] = {}
    for vote in said:
        words = f" ({escape(', '.join(vote['words']))})" if vote["words"] else ""
        labels.setdefault(vote["label"] or vote["error"], []).append(f"{vote['name']}{words}")
    for label, voters in sorted(labels.items(), key=lambda pair: -len(pair[1])):
        yield f"{task} [bold]{label}[/bold] {len(voters)}: [dim]{', '.join(voters)}[/dim]"


def _engine(name: EngineName, scheduler: str | None, workers: int | None) -> "Engine":
    """Raises LabelingError where a scheduler is named and Dask is not asked for."""
    if name is EngineName.dask:
        from labeling.dask_engine import Dask

        return Dask(scheduler, workers)
    if scheduler:
        raise LabelingError(f"--scheduler {scheduler} needs --engine dask, got --engine {name}")
    from labeling.workers import Local

    return Local(workers)


def _coverage(result: "StageResult") -> "Table":
    rows = [[task, f"{share:.3f}"] for task, share in result.summary["coverage"].items()]
    made = table("Coverage", ["task", "covered"], rows)
    faults = [f"{name} raised on {count} tickets" for name, count in result.summary["faults"].items()]
    made.caption = "\n".join([*faults, str(result.folder)])
    return made


@app.command("list")
def list_lfs(ctx: typer.Context, lfs: Modules = None, task: Tasks = None, as_json: Json = False) -> None:
    """Names the project's labeling functions."""
    from app.stages import NO_TICKETS, labeling_functions
    from labeling.explain import kind_of
    from labeling.lf import PatternLF

    space = workspace_or_defaults(ctx, needed=not lfs).with_functions(lfs)
    wanted = chosen_tasks(space.config.schema_, task or [])
    rows = [
        {
            "name": lf.name,
            "task": lf.bound_task().name,
            "kind": kind_of(lf),
            "label": lf.label if isinstance(lf, PatternLF) else "",
            "where": lf.where.strip("()"),
        }
        for lf in labeling_functions(space, NO_TICKETS)
    ]
    rows = [row for row in rows if row["task"] in wanted]
    columns = ["name", "task", "kind", "label", "where"]
    show(rows, as_json, lambda: table("Labeling functions", columns, [list(row.values()) for row in rows]))


lfs_inspect.add_to(app)
lfs_improve.add_to(app)
