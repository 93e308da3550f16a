"""`ticketloom data`: ingest, explore, download."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.project import Json, files_of, show, workspace
from app.console import Terminal, table
from data.labels import Answer, read_labels

app = typer.Typer(no_args_is_help=True)


@app.command()
def ingest(
    ctx: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(help="CSV, JSONL or Parquet; else [data] files.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Makes the pool out of files of tweets; rows that cannot be used go to quarantine.jsonl."""
    from app.ingest import ingest_files

    space = workspace(ctx)
    result = ingest_files(space, files_of(files or [], space), Terminal(quiet=as_json))
    rows = [[name.replace("_", " "), _text(value)] for name, value in result.summary.items()]
    show(result.summary, as_json, lambda: table("Ingested", ["", ""], rows))


def _text(value: object) -> str:
    return (
        "\n".join(f"{key}: {item}" for key, item in value.items()) if isinstance(value, dict) else str(value)
    )


@app.command()
def explore(
    ctx: typer.Context,
    out: Annotated[
        Path | None, typer.Option(help="Where to write the page; explore.html by default.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Writes a page about the pool: volumes, lengths, languages, duplicates, terms, label balance."""
    from app.pages.explore import explore_page
    from data.explore import explore as explore_tickets
    from data.store import whole_file

    space = workspace(ctx)
    labels = _known_labels(ctx)
    found = explore_tickets(space.tickets, space.config.schema_, labels)
    path = out or space.root / "explore.html"
    with whole_file(path) as temporary:
        temporary.write_text(explore_page(found, space.root.resolve().name), "utf-8")
    show(found.to_dict(), as_json, lambda: f"wrote {path}")


def _known_labels(ctx: typer.Context) -> dict[str, dict[str, Answer]]:
    """Every trusted label that the project knows: oracle, gold, and the ledger, which has the last word."""
    from app.stages import ledger

    space = workspace(ctx)
    schema = space.config.schema_
    labels: dict[str, dict[str, Answer]] = {task.name: {} for task in schema}
    for name in (space.config.review.oracle, space.config.evaluate.gold):
        if name:
            read = read_labels(space.path(name), schema)
            for task in schema:
                labels[task.name] |= read.of(task)
    for task_name, answers in ledger(space).answers(schema, up_to_round=2**31).items():
        labels[task_name] |= answers
    return labels


@app.command()
def download(
    name: Annotated[str, typer.Argument(help="Its name: twcs, banking77, …; a wrong one lists all.")],
    target: Annotated[Path, typer.Option("--to", help="Folder to write into.")] = Path(),
    source: Annotated[Path | None, typer.Option("--from", help="A local folder instead of the hub.")] = None,
    as_json: Json = False,
) -> None:
    """Fetches one of the public datasets and maps it to one table format with a schema file."""
    from dataclasses import asdict

    from data.download import download as fetch

    with Terminal(quiet=as_json).working(f"download {name}", None):
        summary = fetch(name, target, source)
    show(asdict(summary), as_json, lambda: "wrote " + ", ".join(str(path) for path in summary.files))
