"""`ticketloom model`: train, evaluate, export."""

from typing import Annotated, Any

import typer

from app.cli.project import Json, RunName, open_run, show
from app.console import table
from data.store import read_json

app = typer.Typer(no_args_is_help=True)
Round = Annotated[
    int, typer.Option("--round", min=0, help="With the human labels of the rounds up to this one.")
]


@app.command()
def train(ctx: typer.Context, number: Round = 0, name: RunName = "main", as_json: Json = False) -> None:
    """Trains the multi-task transformer."""
    result = open_run(ctx, name, quiet=as_json).model(number)
    rows = [[str(value) for value in epoch.values()] for epoch in result.summary["history"]]
    columns = list(result.summary["history"][0]) if rows else ["epoch"]
    show(result.summary, as_json, lambda: table("Training", columns, rows))


@app.command()
def evaluate(ctx: typer.Context, number: Round = 0, name: RunName = "main", as_json: Json = False) -> None:
    """Measures the classifier on trusted labels."""
    result = open_run(ctx, name, quiet=as_json).evaluation(number)
    figures = read_json(result.folder / "evaluation.json")
    show(figures, as_json, lambda: scores_table(figures) if figures else result.summary["note"])


def scores_table(figures: dict[str, Any]) -> Any:
    """Accuracy and F1 of each task."""
    rows = [
        [
            task,
            str(found["n"]),
            f"{found['accuracy']:.3f}",
            f"{found['macro_f1']:.3f}",
            f"{found['micro_f1']:.3f}",
        ]
        for task, found in figures["tasks"].items()
    ]
    rows.append(["mean", "", f"{figures['mean_accuracy']:.3f}", f"{figures['mean_macro_f1']:.3f}", ""])
    return table("Scores", ["task", "n", "accuracy", "macro-F1", "micro-F1"], rows)


@app.command()
def export(ctx: typer.Context, number: Round = 0, name: RunName = "main", as_json: Json = False) -> None:
    """Writes the classifier to export/, where `predict` and `serve` take it from."""
    run = open_run(ctx, name, quiet=as_json)
    result = run.export(number)
    show(result.summary, as_json, lambda: f"exported to {run.workspace.export}")
