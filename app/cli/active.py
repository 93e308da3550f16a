"""`ticketloom active`: open and close active-learning rounds."""

from typing import Annotated

import typer

from app.cli.model import scores_table
from app.cli.project import Json, RunName, open_run, show
from app.console import table
from data.store import read_json

app = typer.Typer(no_args_is_help=True)
Round = Annotated[int, typer.Option("--round", min=1, help="Number of the round.")]


@app.command("next")
def next_round(ctx: typer.Context, number: Round = 1, name: RunName = "main", as_json: Json = False) -> None:
    """Picks the tickets that a person should look at next."""
    run = open_run(ctx, name, quiet=as_json)
    selection = read_json(run.selection(number).folder / "selection.json")
    rows = [
        [ticket_id, f"{score:.3f}", run.tickets.texts[run.tickets.row_of[ticket_id]]]
        for ticket_id, score in zip(selection["ticket_ids"], selection["scores"], strict=True)
    ]
    show(selection, as_json, lambda: table(f"Round {number}", ["ticket", "score", "text"], rows))


@app.command()
def close(ctx: typer.Context, number: Round = 1, name: RunName = "main", as_json: Json = False) -> None:
    """Takes the reviews of a round in, retrains and measures."""
    run = open_run(ctx, name, quiet=as_json)
    result = run.evaluation(number)
    figures = read_json(result.folder / "evaluation.json")
    show(figures, as_json, lambda: scores_table(figures) if figures else result.summary["note"])
