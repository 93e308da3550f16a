"""`ticketloom` and `lfs`: the two console scripts."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli import active, data, label, lfs_group, model, review, serve
from app.cli.predict import predict
from app.cli.project import (
    Json,
    RunName,
    files_of,
    open_run,
    print_error,
    project_option,
    show,
    workspace,
)
from app.cli.start import init
from app.console import console, errors
from data.errors import TicketloomError

# What Typer exits with on Ctrl-C, without a word.
INTERRUPTED = 130

app = typer.Typer(
    name="ticketloom",
    help="From raw support tweets to a trained, exported ticket classifier, with few human labels.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    callback=project_option,
)
lfs_app = lfs_group.app
app.add_typer(data.app, name="data", help="Ingest, explore and download tickets.")
app.add_typer(lfs_app, name="lfs", help="Apply and analyze labeling functions.")
app.add_typer(label.app, name="label", help="Turn votes into soft labels; find label issues.")
app.add_typer(model.app, name="model", help="Train, evaluate, compare and export the classifier.")
app.add_typer(active.app, name="active", help="Active-learning rounds.")
app.add_typer(review.app, name="review", help="Human labels: bring them in, look at the ledger.")
app.command()(init)
app.command()(predict)
app.command()(serve.serve)


@app.command()
def run(
    ctx: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(help="Files to ingest; else [data] files.")] = None,
    rounds: Annotated[int, typer.Option(min=0, help="Active-learning rounds after the first training.")] = 1,
    name: RunName = "main",
    as_json: Json = False,
) -> None:
    """The whole road: ingest, vote, label, train, evaluate, review, retrain, export, report.

    Repeat the command to resume: a stage whose inputs did not change is skipped.
    """
    from app.ingest import ingest_files
    from app.report import report_table, write_report

    made = open_run(ctx, name, quiet=as_json)
    ingest_files(made.workspace, files_of(files or [], made.workspace), made.face)
    if made.oracle is None:
        rounds = 0
    made.export(rounds)
    report = write_report(made, rounds)
    show(report.to_dict(), as_json, lambda: report_table(report))
    if not as_json:
        console.print(f"\nReport: {report.path}", soft_wrap=True)


@app.command()
def status(ctx: typer.Context, name: RunName = "main", as_json: Json = False) -> None:
    """What the project holds and which stages of the run are built."""
    from app.status import project_status, status_table

    found = project_status(workspace(ctx), name)
    show(found, as_json, lambda: status_table(found))


def main() -> None:
    """Entry point of `ticketloom`."""
    _run(app)


def lfs() -> None:
    """Entry point of `lfs`: the group of that name by itself."""
    lfs_app.callback()(project_option)
    _run(lfs_app)


def _run(group: typer.Typer) -> None:
    """Runs a command; what the user can mend becomes one line on standard error and exit code 1.

    A full disk or a folder that may not be written to is the user's to mend, too.
    """
    try:
        group()
    except (TicketloomError, OSError) as error:
        print_error(error)
        sys.exit(1)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            errors.print("interrupted; repeat the command to go on")
        raise
