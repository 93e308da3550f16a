"""`model baselines` and `model ablate`: what the classifier is worth, and what each part adds to it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from app.cli.project import Html, Json, On, Round, RunName, show, workspace
from app.console import Terminal, table

if TYPE_CHECKING:
    from rich.table import Table


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this file to the group."""
    app.command()(baselines)
    app.command()(ablate)


def baselines(
    ctx: typer.Context,
    number: Round = 0,
    on: On = None,
    html: Html = None,
    name: RunName = "main",
    as_json: Json = False,
) -> None:
    """Simple models, trained on the labels that the classifier learns from, and the classifier."""
    from app.baselines import TITLES, BaselineRun
    from app.pages import twin_of, write_page
    from app.pages.standings import baselines_page, learned_from

    if html:
        twin_of(html)
    run = BaselineRun(workspace(ctx), name, Terminal(quiet=as_json))
    found = run.baselines(number, on)
    titles = {each: TITLES[each] for each in found["classifiers"]}
    if html:
        write_page(html, baselines_page(found, titles), found)
    learned = {each: learned_from(said) for each, said in found["learned"].items()}
    show(found, as_json, lambda: _table("Baselines", found, titles, learned, html))


def ablate(
    ctx: typer.Context,
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Leave out only this; may be repeated.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Train each so many times; figures are means.")] = 1,
    number: Annotated[
        int | None, typer.Option("--round", min=0, help="This round; else the last one that was trained.")
    ] = None,
    html: Html = None,
    name: RunName = "main",
    as_json: Json = False,
) -> None:
    """Trains the classifier again without one thing at a time, and measures what is lost."""
    from app.ablation import FULL, ablation
    from app.ablation_variants import VARIANTS
    from app.pages import twin_of, write_page
    from app.pages.standings import ablation_page
    from app.run import Run

    if html:
        twin_of(html)
    run = Run(workspace(ctx), name, Terminal(quiet=as_json))
    found = ablation(run, number, only or (), seeds)
    known = {FULL: "Full run"} | {each: of.title for each, of in VARIANTS.items()}
    titles = {each: known[each] for each in found["classifiers"]}
    if html:
        write_page(html, ablation_page(found, titles), found)
    show(found, as_json, lambda: _table("Ablation", found, titles, {}, html))


def _table(
    title: str,
    found: dict[str, Any],
    titles: Mapping[str, str],
    learned: Mapping[str, str],
    html: Path | None,
) -> "Table":
    """A row per classifier: means over tasks, and how far they lie from the reference."""
    rows = [
        [
            shown + (f"\n[dim]{learned[name]}[/dim]" if learned.get(name) else ""),
            *(_cells(found, name, figure) for figure in ("accuracy", "macro_f1")),
        ]
        for name, shown in titles.items()
    ]
    columns = ["trained", "accuracy (95 %)", "macro-F1 (95 %)"]
    made = table(f"{title} on {found['tickets']} tickets, means over tasks", columns, rows)
    notes = [f"second lines: less the {found['baseline']}"] if found["differences"] else []
    notes += [f"{name}: {why}" for name, why in found.get("not_run", {}).items()]
    if (found.get("classifier") or {}).get("stale"):
        notes.append("the classifier was trained on other labels than there are now")
    made.caption = "\n".join([*map(escape, notes), *([f"page: {escape(str(html))}"] if html else [])]) or None
    return made


def _cells(found: dict[str, Any], name: str, figure: str) -> str:
    of = found["classifiers"][name]["mean"][figure]
    low, high = of["interval"]
    lines = [f"{of['value']:.3f} ({low:.2f}–{high:.2f})"]
    if gap := found["differences"].get(name):
        of = gap["mean"][figure]
        low, high = of["interval"]
        lines.append(f"{of['value']:+.3f} ({low:+.3f} to {high:+.3f})")
    return "\n".join(lines)
