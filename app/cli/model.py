"""`ticketloom model`: train, evaluate, compare, export."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group
from rich.markup import escape

from app.cli import model_compare, model_improve
from app.cli.project import Html, Json, On, Round, RunName, open_run, show, workspace
from app.console import table
from data.errors import TrainingError

if TYPE_CHECKING:
    from rich.table import Table

app = typer.Typer(no_args_is_help=True)


@app.command()
def adapt(ctx: typer.Context, name: RunName = "main", as_json: Json = False) -> None:
    """Continues the encoder's pre-training on the pool, by masked language modelling."""
    result = open_run(ctx, name, quiet=as_json).adapted()
    said = result.summary
    figures = f"{said['loss_before']:.3f} → {said['loss_after']:.3f} on {said['held_out']} tickets held out"
    show(said, as_json, lambda: f"loss of a masked token {figures}; encoder in {result.folder}")


@app.command()
def augment(ctx: typer.Context, name: RunName = "main", as_json: Json = False) -> None:
    """What [augmentation] adds to training: the public datasets that become auxiliary tasks."""
    from app.augmentation import described

    found = described(open_run(ctx, name, quiet=as_json).auxiliary_texts)
    rows = [
        [row["dataset"], str(row["texts"]), str(row["labels"]), ", ".join(row["most_frequent"])]
        for row in found
    ]
    columns = ["dataset", "texts", "labels", "most frequent"]
    show(found, as_json, lambda: table("Auxiliary tasks", columns, rows))


@app.command()
def train(ctx: typer.Context, number: Round = 0, name: RunName = "main", as_json: Json = False) -> None:
    """Trains the multi-task transformer."""
    result = open_run(ctx, name, quiet=as_json).model(number)
    rows = [[str(value) for value in epoch.values()] for epoch in result.summary["history"]]
    columns = list(result.summary["history"][0]) if rows else ["epoch"]
    show(result.summary, as_json, lambda: _training_table(result.summary, columns, rows))


def _training_table(summary: dict[str, Any], columns: list[str], rows: list[list[str]]) -> "Table":
    """Losses by epoch, and what the classifier cannot have learned."""
    made = table("Training", columns, rows)
    unseen = [f"{task}: {', '.join(labels)}" for task, labels in summary["labels_without_a_ticket"].items()]
    if unseen:
        made.caption = escape("never seen in training, so hardly ever answered: " + "; ".join(unseen))
    return made


@app.command()
def evaluate(
    ctx: typer.Context,
    number: Round = 0,
    on: On = None,
    annotators: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            metavar="FILE FILE", help="Labels of the same tickets by two people: how far do they agree?"
        ),
    ] = None,
    html: Html = None,
    name: RunName = "main",
    as_json: Json = False,
) -> None:
    """Measures the classifier on trusted labels: figures, calibration, slices, errors, doubtful gold."""
    from app.evaluation import evaluation
    from app.pages import twin_of, write_page
    from app.pages.evaluation import evaluation_page
    from app.stages import NO_GOLD

    if html:
        twin_of(html)
    run = open_run(ctx, name, quiet=as_json)
    found = evaluation(run, number, on, annotators)
    if found is None and (html or annotators):
        raise TrainingError(NO_GOLD)
    if found and html:
        write_page(html, evaluation_page(found, run.schema), found)
    show(found or {}, as_json, lambda: scores_table(found, html) if found else NO_GOLD)


def scores_table(found: dict[str, Any], html: Path | None = None) -> "Group":
    """Figures of each task with their intervals; how far two people agree, where that is known."""
    columns = ["task", "n", "accuracy (95 %)", "macro-F1 (95 %)", "micro-F1", "ECE"]
    rows = [
        [
            task,
            str(of["n"]),
            _with_interval(of["accuracy"], of["intervals"]["accuracy"]),
            _with_interval(of["macro_f1"], of["intervals"]["macro_f1"]),
            f"{of['micro_f1']:.3f}",
            f"{of['calibration']['ece']:.3f}",
        ]
        for task, of in found["tasks"].items()
    ]
    means = [
        _with_interval(found[figure], found["intervals"][figure])
        for figure in ("mean_accuracy", "mean_macro_f1")
    ]
    rows.append(["mean", "", *means, f"{found['mean_micro_f1']:.3f}", f"{found['mean_ece']:.3f}"])
    tables = [table("Scores", columns, rows)]
    if people := found.get("annotators"):
        tables.append(_people_table(people))
    seen = len(found.get("seen_in_training", ()))
    notes = [f"{seen} of {found['tickets']} tickets were seen in training"] if seen else []
    tables[-1].caption = "; ".join([*notes, *([f"page: {escape(str(html))}"] if html else [])]) or None
    return Group(*tables)


def _with_interval(value: float, interval: list[float]) -> str:
    return f"{value:.3f} ({interval[0]:.2f}–{interval[1]:.2f})"


def _people_table(people: dict[str, Any]) -> "Table":
    rows = [
        [
            task,
            str(of["n"]),
            _with_interval(of["agreement"], of["agreement_interval"]),
            _or_dash([of["kappa"]]),
            _or_dash(of["agrees_with"]["gold"]),
            _or_dash(of["agrees_with"]["classifier"]),
        ]
        for task, of in people.items()
    ]
    return table("Two people", ["task", "n", "agree (95 %)", "κ", "with gold", "with classifier"], rows)


def _or_dash(values: list[float | None]) -> str:
    return ", ".join("–" if value is None else f"{value:.2f}" for value in values)


@app.command()
def compare(
    ctx: typer.Context,
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Names of runs, or RUN/round-N.")],
    number: Annotated[
        int | None, typer.Option("--round", min=0, help="This round of each; else its last evaluated one.")
    ] = None,
    html: Html = None,
    as_json: Json = False,
) -> None:
    """Runs side by side on the gold tickets that all were measured on; differences are from the first."""
    from app.comparison import comparison
    from app.pages import twin_of, write_page
    from app.pages.comparison import comparison_page

    if html:
        twin_of(html)
    found = comparison(workspace(ctx), runs, number)
    if html:
        write_page(html, comparison_page(found), found)
    show(found, as_json, lambda: _compared(found, html))


def _compared(found: dict[str, Any], html: Path | None) -> "Group":
    tables = [
        _comparison_table(found, title, figure)
        for title, figure in (("Accuracy", "accuracy"), ("Macro-F1", "macro_f1"))
    ]
    tables[-1].caption = f"page: {escape(str(html))}" if html else None
    return Group(*tables)


def _comparison_table(found: dict[str, Any], title: str, figure: str) -> "Table":
    """A row per task and one of their mean: each run's figure, then what each has more than the first."""
    from app.pages.comparison import of_task

    all_runs, others = found["classifiers"].values(), found["differences"].values()
    rows = [
        [
            task or "mean",
            *(f"{of_task(each, task)[figure]['value']:.3f}" for each in all_runs),
            *(_points(of_task(each, task)[figure]) for each in others),
        ]
        for task in (*found["n"], None)
    ]
    columns = ["task", *found["classifiers"], *(f"{name} more (95 %)" for name in found["differences"])]
    return table(f"{title} on {found['tickets']} tickets", columns, rows)


def _points(figure: dict[str, Any]) -> str:
    low, high = figure["interval"]
    return f"{figure['value']:+.3f} ({low:+.3f} to {high:+.3f})"


@app.command()
def export(ctx: typer.Context, number: Round = 0, name: RunName = "main", as_json: Json = False) -> None:
    """Writes the classifier to export/, where `predict` and `serve` take it from."""
    run = open_run(ctx, name, quiet=as_json)
    result = run.export(number)
    show(result.summary, as_json, lambda: f"exported to {run.workspace.export}")


model_compare.add_to(app)
model_improve.add_to(app)
