"""`lfs analyze`, `document`, `errors`, `explain`, `diff` and `uncovered`: what labeling functions do."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from app.cli.project import (
    Json,
    RunName,
    Tasks,
    open_run,
    show,
    workspace_or_defaults,
)
from app.console import console, table

if TYPE_CHECKING:
    from rich.table import Table

    from app.lf_analysis import TaskAnalysis
    from app.lf_document import LFDocument
    from app.workbench import Bench
    from labeling.analysis import LFReport
    from labeling.changes import Changes, LFChange
    from labeling.pairs import Pair

VotesFolder = Annotated[
    Path | None,
    typer.Option("--votes", help="Votes in this folder, not the run's; `lfs apply --out` wrote them."),
]
Most = Annotated[int, typer.Option(min=1, help="How many to show.")]
PAIRS = 8
DROPPED = Path("docs/dropped-lfs.csv")


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this file to the group."""
    app.command()(analyze)
    app.command()(document)
    app.command()(errors)
    app.command()(explain)
    app.command()(diff)
    app.command()(uncovered)


def bench(ctx: typer.Context, folder: Path | None, name: str, *, quiet: bool) -> "Bench":
    """The votes that a command looks at."""
    from app.workbench import Bench, gold_of

    space = workspace_or_defaults(ctx, needed=folder is None)
    if folder is None:
        return Bench.of_run(open_run(ctx, name, quiet=quiet))
    return Bench.of_folder(folder, space, gold_of(space))


def analyze(
    ctx: typer.Context,
    task: Tasks = None,
    html: Annotated[Path | None, typer.Option(help="Write a page with a heat map of agreement here.")] = None,
    votes: VotesFolder = None,
    name: RunName = "main",
    as_json: Json = False,
) -> None:
    """Coverage, overlaps, conflicts and accuracy of each function; pairs that repeat or fight each other."""
    seen = bench(ctx, votes, name, quiet=as_json)
    found = [seen.analysis(each) for each in seen.tasks(task or [])]
    if html:
        _write_page(html, found, seen.folder)
    show({each.task: each.to_dict() for each in found}, as_json, lambda: _analyses(found, html))


def _write_page(path: Path, found: list["TaskAnalysis"], folder: Path) -> None:
    from app.pages.lfs import render_lfs
    from data.store import whole_file

    with whole_file(path) as temporary:
        temporary.write_text(render_lfs(folder.resolve().parent.name, found), "utf-8")


def _analyses(found: list["TaskAnalysis"], html: Path | None) -> "Table":
    for each in found:
        console.print(_functions_table(each))
        for title, pairs in (("Say the same", each.redundant), ("Fight", each.fighting)):
            if pairs:
                console.print(_pairs_table(f"{title}: {len(pairs)} pairs", pairs[:PAIRS]))
    rows = [[each.task, f"{each.coverage:.3f}", str(each.trusted)] for each in found]
    made = table("Tasks", ["task", "covered", "trusted labels"], rows)
    made.caption = f"Page: {html}" if html else None
    return made


def _functions_table(found: "TaskAnalysis") -> "Table":
    columns = ["function → label", "cover", "overl", "confl", "accuracy (95 %) of n"]
    columns += ["learned"] if found.learned else []
    rows = [
        _figures(report) + ([f"{found.learned.get(report.name, 0):.2f}"] if found.learned else [])
        for report in found.reports
    ]
    return table(f"Labeling functions of {found.task}", columns, rows)


def _figures(report: "LFReport") -> list[str]:
    shares = [f"{share:.3f}" for share in (report.coverage, report.overlaps, report.conflicts)]
    measured = ""
    if report.accuracy is not None and report.interval is not None:
        low, high = report.interval
        measured = f"{report.accuracy:.2f} ({low:.2f}–{high:.2f}) of {report.gold_votes}"
    return [f"{report.name}\n[dim]→ {', '.join(report.polarity) or 'never votes'}[/dim]", *shares, measured]


def _pairs_table(title: str, pairs: tuple["Pair", ...]) -> "Table":
    rows = [
        [pair.first, pair.second, str(pair.common), f"{pair.overlap:.2f}", f"{pair.agreement:.2f}"]
        for pair in pairs
    ]
    return table(title, ["first", "second", "together", "of first's votes", "alike"], rows)


def document(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option(help="Markdown file to write.")] = Path("docs/lfs.md"),
    dropped: Annotated[
        Path | None,
        typer.Option(
            help="CSV of functions tried and dropped: task, name, right_a, right_b, why; "
            f"else {DROPPED} where it is there."
        ),
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(help="Where the trusted labels come from; else language models under the guidelines."),
    ] = None,
    run: RunName = "main",
    as_json: Json = False,
) -> None:
    """Writes a document of every function: what it votes for, its coverage, how right it is."""
    from app.lf_document import SOURCE, document_of
    from app.lf_markdown import write_document

    made = open_run(ctx, run, quiet=as_json)
    found = document_of(made, dropped or (DROPPED if DROPPED.is_file() else None), labels or SOURCE)
    write_document(found, out)
    show(found.to_dict() | {"file": str(out)}, as_json, lambda: _document_table(found, out))


def _document_table(found: "LFDocument", out: Path) -> "Table":
    rows = []
    for each in found.tasks:
        hurt = sum(function.hurts for function in each.functions)
        rows.append([each.task, str(len(each.functions)), f"{each.coverage:.3f}", str(hurt)])
    made = table("Labeling functions", ["task", "functions", "covered", "hurt"], rows)
    made.caption = f"{len(found.dropped)} dropped; document: {escape(str(out))}"
    return made


def errors(
    ctx: typer.Context,
    function: Annotated[str, typer.Argument(metavar="NAME", help="A function's name, or task.name.")],
    most: Most = 20,
    votes: VotesFolder = None,
    run: RunName = "main",
    as_json: Json = False,
) -> None:
    """Tickets on which a function is wrong, by gold and reviewed labels, with the words that misled it."""
    seen = bench(ctx, votes, run, quiet=as_json)
    found = seen.errors(function)
    rows = [
        [
            f"{escape(each['text'])}\n[dim]{each['ticket_id']}[/dim]",
            each["voted"],
            ", ".join(each["right"]),
            _joined(each),
        ]
        for each in found["mistakes"][:most]
    ]
    title = f"{found['task']}.{found['name']}: {len(found['mistakes'])} wrong of {found['n']} trusted votes"
    show(found, as_json, lambda: table(title, ["ticket", "voted", "right", "words"], rows))


def _joined(row: dict[str, Any]) -> str:
    return escape(", ".join(row["words"]))


def explain(
    ctx: typer.Context,
    ticket_id: Annotated[str, typer.Argument(help="A ticket's id.")],
    task: Tasks = None,
    votes: VotesFolder = None,
    run: RunName = "main",
    as_json: Json = False,
) -> None:
    """Which functions vote what on one ticket, and the words that make them."""
    seen = bench(ctx, votes, run, quiet=as_json)
    found = seen.explain(ticket_id, seen.tasks(task or []))
    rows = [
        [each["task"], each["label"] or each["error"], each["name"], each["kind"], _joined(each)]
        for each in found["votes"]
    ]
    made = table(
        f"{ticket_id}: {escape(found['text'])}", ["task", "label", "function", "kind", "words"], rows
    )
    show(found, as_json, lambda: made)


def diff(
    ctx: typer.Context,
    before: Annotated[str, typer.Argument(help="A run's name, or a folder of votes.")],
    after: Annotated[str, typer.Argument(help="A run's name, or a folder of votes.")],
    task: Tasks = None,
    as_json: Json = False,
) -> None:
    """What an edit changed: functions, tickets, votes and accuracy."""
    from app.workbench import Bench, gold_of, votes_folder

    space = workspace_or_defaults(ctx, needed=False)
    gold = gold_of(space)
    old, new = (Bench.of_folder(votes_folder(space, each), space, gold) for each in (before, after))
    found = [new.changes_since(old, each) for each in new.tasks(task or [])]
    show({each.task: asdict(each) for each in found}, as_json, lambda: changes_table(found))


def changes_table(found: list["Changes"]) -> "Table":
    """The functions whose votes differ, and each task's coverage before and after."""
    rows = []
    for each in found:
        rows += [[f"{each.task}.{change.name}", *_change(change)] for change in each.functions]
        coverage = _arrow(each.coverage_before, each.coverage_after, 3)
        rows.append([f"[dim]{each.task}, all[/dim]", "", "", coverage, ""])
    made = table("Changes", ["function", "was", "tickets", "coverage", "accuracy"], rows)
    added = max((each.added for each in found), default=0)
    removed = max((each.removed for each in found), default=0)
    made.caption = f"{added} tickets are new, {removed} are gone" if added or removed else None
    return made


def _change(change: "LFChange") -> list[str]:
    before, after = change.before, change.after
    coverage = _arrow(before.coverage if before else None, after.coverage if after else None, 3)
    accuracy = _arrow(before.accuracy if before else None, after.accuracy if after else None, 2)
    measured = f"{accuracy} of {after.gold_votes}" if after and after.gold_votes else accuracy
    return [change.kind, str(change.tickets), coverage, measured]


def _arrow(before: float | None, after: float | None, digits: int) -> str:
    said = ["–" if value is None else f"{value:.{digits}f}" for value in (before, after)]
    return said[0] if said[0] == said[1] else " → ".join(said)


def uncovered(
    ctx: typer.Context,
    task: Tasks = None,
    clusters: Annotated[int, typer.Option(min=1, help="How many heaps at most.")] = 8,
    votes: VotesFolder = None,
    run: RunName = "main",
    as_json: Json = False,
) -> None:
    """What no function of a task sees, in heaps of like tickets, each with its typical words."""
    seen = bench(ctx, votes, run, quiet=as_json)
    found = {each.name: seen.uncovered(each, clusters) for each in seen.tasks(task or [])}
    rows = [
        [
            each,
            str(heap["size"]),
            ", ".join(heap["words"]),
            escape(heap["examples"][0][1]) if heap["examples"] else "",
        ]
        for each, said in found.items()
        for heap in said["clusters"]
    ]
    made = table("Uncovered tickets", ["task", "tickets", "typical words", "for example"], rows)
    made.columns[2].justify = made.columns[3].justify = "left"
    made.caption = ", ".join(
        f"{each}: {said['uncovered']} of {said['tickets']}" for each, said in found.items()
    )
    show(found, as_json, lambda: made)
