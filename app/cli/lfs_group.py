"""`ticketloom lfs`, also installed as `lfs`: apply, list, analyze labeling functions."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.project import Json, RunName, chosen_tasks, open_run, show, workspace
from app.console import table

if TYPE_CHECKING:
    from app.stages import TicketColumns
    from data.workspace import Workspace
    from labeling.analysis import LFReport
    from labeling.lf import BoundLF

app = typer.Typer(no_args_is_help=True)
Tasks = Annotated[list[str] | None, typer.Option("--task", help="Only this task; may be repeated.")]


@app.command()
def apply(ctx: typer.Context, name: RunName = "main", as_json: Json = False) -> None:
    """Lets every labeling function vote on every ticket of the pool."""
    run = open_run(ctx, name, quiet=as_json)
    result = run.votes()
    rows = [[task, f"{share:.3f}"] for task, share in result.summary["coverage"].items()]
    show(result.summary, as_json, lambda: table("Coverage", ["task", "covered"], rows))


@app.command("list")
def list_lfs(ctx: typer.Context, task: Tasks = None, as_json: Json = False) -> None:
    """Names the project's labeling functions."""
    from app.stages import labeling_functions

    space = workspace(ctx)
    wanted = chosen_tasks(space, task or [])
    lfs = labeling_functions(space.config, space.config.schema_, space.root, _tickets(space))
    rows = [_describe(lf) for lf in lfs if lf.task and lf.task.name in wanted]
    show(
        rows,
        as_json,
        lambda: table(
            "Labeling functions", ["name", "task", "kind", "label"], [list(r.values()) for r in rows]
        ),
    )


def _tickets(space: "Workspace") -> "TicketColumns | None":
    """The pool, where there is one: zero-shot seeds read a sample of it."""
    from app.stages import ticket_columns

    return ticket_columns(space.tickets) if space.tickets.is_file() else None


def _describe(lf: "BoundLF") -> dict[str, str]:
    from labeling.lf import BatchLF, PatternLF

    kind = "pattern" if isinstance(lf, PatternLF) else "batch" if isinstance(lf, BatchLF) else "row"
    return {
        "name": lf.name,
        "task": lf.task.name if lf.task else "",
        "kind": kind,
        "label": lf.label if isinstance(lf, PatternLF) else "",
    }


@app.command("analyze")
def analyze_lfs(
    ctx: typer.Context, task: Tasks = None, name: RunName = "main", as_json: Json = False
) -> None:
    """Polarity, coverage, overlaps and conflicts of each function, and accuracy where gold exists."""
    from labeling.analysis import analyze
    from labeling.votes import Votes

    run = open_run(ctx, name, quiet=as_json)
    folder = run.votes().folder
    reports: dict[str, list[dict[str, Any]]] = {}
    rows = []
    for task_name in chosen_tasks(run.workspace, task or []):
        of_task = run.schema.task(task_name)
        gold = run.gold.of(of_task) if run.gold else {}
        found = analyze(Votes.load(folder / f"{task_name}.parquet", of_task), gold)
        reports[task_name] = [asdict(report) for report in found]
        rows += [[f"{task_name}/{report.name}", *_figures(report)] for report in found]
    columns = ["labeling function", "polarity", "coverage", "overlaps", "conflicts", "accuracy", "95 %", "n"]
    show(reports, as_json, lambda: table("Labeling functions", columns, rows))


def _figures(report: "LFReport") -> list[str]:
    shares = [f"{share:.3f}" for share in (report.coverage, report.overlaps, report.conflicts)]
    if report.accuracy is None or report.interval is None:
        return ["\n".join(report.polarity), *shares, "", "", "0"]
    low, high = report.interval
    return [
        "\n".join(report.polarity),
        *shares,
        f"{report.accuracy:.2f}",
        f"{low:.2f}–{high:.2f}",
        str(report.gold_votes),
    ]
