"""`ticketloom label`: soft labels and label issues."""

from dataclasses import asdict
from typing import Annotated

import typer

from app.cli.project import Json, RunName, open_run, show
from app.console import table

app = typer.Typer(no_args_is_help=True)


@app.command()
def fit(ctx: typer.Context, name: RunName = "main", as_json: Json = False) -> None:
    """Fits the label model and writes soft labels for every ticket."""
    result = open_run(ctx, name, quiet=as_json).labels()
    rows = [[task, f"{share:.3f}"] for task, share in result.summary["coverage"].items()]
    title = f"Soft labels ({result.summary['label_model']})"
    show(result.summary, as_json, lambda: table(title, ["task", "covered"], rows))


@app.command()
def issues(
    ctx: typer.Context,
    task: Annotated[str | None, typer.Option(help="Only this task.")] = None,
    most: Annotated[int, typer.Option(min=1, help="How many to show.")] = 20,
    name: RunName = "main",
    as_json: Json = False,
) -> None:
    """Soft labels that cleanlab doubts, worst first."""
    from app.stages import read_issues

    run = open_run(ctx, name, quiet=as_json)
    wanted = [run.schema.task(task).name] if task else list(run.schema.names)
    found = [issue for issue in read_issues(run.issues().folder) if issue.task in wanted]
    found = sorted(found, key=lambda issue: issue.label_quality)[:most]
    rows = [
        [
            run.tickets.texts[run.tickets.row_of[i.ticket_id]],
            i.task,
            i.given,
            i.suggested,
            f"{i.label_quality:.3f}",
        ]
        for i in found
    ]
    columns = ["ticket", "task", "given", "suggested", "quality"]
    show([asdict(issue) for issue in found], as_json, lambda: table("Label issues", columns, rows))
