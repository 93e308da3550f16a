"""`ticketloom review`: human labels."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from app.cli.project import Json, show, workspace
from app.console import table
from data.labels import read_labels

app = typer.Typer(no_args_is_help=True)


@app.command()
def pull(
    ctx: typer.Context,
    source: Annotated[
        Path, typer.Option("--from", help="CSV, JSONL or Parquet with an id and a column per task.")
    ],
    reviewer: Annotated[str, typer.Option(help="Who labeled.")] = "file",
    as_json: Json = False,
) -> None:
    """Brings human labels into the ledger; the same labels again change nothing."""
    from active.review.oracle import Oracle
    from app.stages import ledger

    space = workspace(ctx)
    schema = space.config.schema_
    labels = read_labels(source, schema)
    reviews = Oracle(labels, schema, reviewer).review(labels.ticket_ids, round_number=0)
    added = ledger(space).append(reviews)
    show({"read": len(reviews), "new": added}, as_json, lambda: f"{added} of {len(reviews)} labels are new")


@app.command()
def status(ctx: typer.Context, as_json: Json = False) -> None:
    """How many decisions the ledger holds, by task and reviewer."""
    from app.stages import ledger

    events = ledger(workspace(ctx)).events()
    counts = Counter((event.task, event.reviewer, event.round) for event in events)
    rows = [
        {"task": task, "reviewer": reviewer, "round": number, "decisions": n}
        for (task, reviewer, number), n in sorted(counts.items())
    ]
    columns = ["task", "reviewer", "round", "decisions"]
    show(rows, as_json, lambda: table("Reviews", columns, [[str(v) for v in row.values()] for row in rows]))
