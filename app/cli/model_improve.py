"""`model tune` and `model distill`: better settings, and a smaller classifier."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group
from rich.markup import escape
from rich.syntax import Syntax

from app.cli.project import Json, Round, RunName, show, workspace
from app.console import Terminal, table

if TYPE_CHECKING:
    from rich.table import Table

MOST_SHOWN = 5


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this file to the group."""
    app.command()(tune)
    app.command()(distill)


def tune(
    ctx: typer.Context,
    trials: Annotated[int, typer.Option(min=1, help="Trials in all, those of earlier calls included.")] = 20,
    minutes: Annotated[
        float | None, typer.Option(min=0, help="Start no trial after so many minutes.")
    ] = None,
    number: Round = 0,
    html: Annotated[Path | None, typer.Option(help="Write a page here, and its JSON beside it.")] = None,
    name: RunName = "main",
    as_json: Json = False,
) -> None:
    """Looks for better settings of [training] on the validation split; repeat it to go on.

    Prints the table to paste; ticketloom.toml stays as it is.
    """
    from app.pages import twin_of, write_page
    from app.pages.tuning import tuning_page
    from app.tuning import TuningRun

    if html:
        twin_of(html)
    found = TuningRun(workspace(ctx), name, Terminal(quiet=as_json)).tuned(number, trials, minutes)
    if html:
        write_page(html, tuning_page(found), found)
    show(found, as_json, lambda: _tuned(found, html))


def _tuned(found: dict[str, Any], html: Path | None) -> Group:
    parts: list[Any] = [_trials_table(found)]
    if found["importances"]:
        rows = [[setting, f"{share:.0%}"] for setting, share in found["importances"].items()]
        parts.append(table("Importance", ["setting", "share of variance"], rows))
    said = f"written to {found['file']}" + (f"; page: {html}" if html else "")
    return Group(*parts, Syntax(found["toml"], "toml", background_color="default"), escape(said))


def _trials_table(found: dict[str, Any]) -> "Table":
    """The best trials, and the one with the settings as they are."""
    from app.pages.tuning import by_loss, changed, loss_text

    trials = by_loss(found["trials"])
    shown = trials[:MOST_SHOWN] + [each for each in trials[MOST_SHOWN:] if each["number"] == found["own"]]
    rows = [
        [
            ", ".join(f"{setting} {value}" for setting, value in changed(found, each).items())
            or "as they are",
            str(each["number"]),
            loss_text(each["loss"]),
        ]
        for each in shown
    ]
    made = table("Trials", ["settings", "trial", "validation loss"], rows)
    made.caption = (
        f"{len(trials)} trials, {found['pruned']} of them without an end; {found['before']} were there"
    )
    return made


def distill(
    ctx: typer.Context,
    layers: Annotated[
        int | None, typer.Option(min=1, help="Layers to keep; else [distillation] layers.")
    ] = None,
    teachers: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="RUN",
            help="Learn from this run's last trained round, or from RUN/round-N; may be repeated.",
        ),
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=1, help="Train this run's last round from so many seeds first; all teach.")
    ] = 1,
    export: Annotated[
        bool, typer.Option("--export", help="Write it to export/, where predict and serve take it from.")
    ] = False,
    name: RunName = "main",
    as_json: Json = False,
) -> None:
    """Trains a smaller classifier on what trained ones say of the pool; repeat it to go on."""
    from app.distillation import DistillationRun

    run = DistillationRun(workspace(ctx), name, Terminal(quiet=as_json))
    student = run.distilled(teachers or [], layers, seeds)
    evaluation = run.measured(student)
    if export:
        run.exported(student, evaluation)
    found = student.summary | {"evaluation": evaluation.summary, "folder": str(student.folder)}
    show(found, as_json, lambda: _distilled(found, run.workspace.export if export else None))


def _distilled(found: dict[str, Any], exported: Path | None) -> "Table":
    rows = [[task, f"{share:.3f}"] for task, share in found["agreement"].items()]
    teachers = "teacher" if len(found["teachers"]) == 1 else f"{len(found['teachers'])} teachers"
    made = table("Distilled", ["task", f"agrees with the {teachers}"], rows)
    sizes = [found[of] / 1e6 for of in ("parameters", "teacher_parameters")]
    made.caption = escape(
        f"{found['layers']} of {found['teacher_layers']} layers, "
        f"{sizes[0]:.1f} of {sizes[1]:.1f} million parameters; "
        + (f"exported to {exported}" if exported else f"in {found['folder']}")
    )
    return made
