"""`lfs suggest` and `lfs watch`: better labeling functions."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from app.cli.lfs_inspect import Most, VotesFolder, bench, changes_table
from app.cli.project import Json, RunName, print_error, print_json, workspace
from app.console import Terminal, console, table
from data.errors import LabelingError, TicketloomError, listed

if TYPE_CHECKING:
    from rich.table import Table

    from labeling.suggest import Suggestion


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this file to the group."""
    app.command()(suggest)
    app.command()(watch)


def suggest(
    ctx: typer.Context,
    task: Annotated[str, typer.Option(help="The task to find phrases for.")],
    most: Most = 20,
    labels: Annotated[
        Path | None, typer.Option(help="Learn from the labels in this file, not from the reviewed tickets.")
    ] = None,
    predictions: Annotated[
        bool, typer.Option(help="Learn from what the exported classifier is sure of, too.")
    ] = True,
    write: Annotated[
        Path | None, typer.Option(help="Write the accepted ones as source into this file of functions.")
    ] = None,
    accept: Annotated[
        str | None,
        typer.Option(help='Which to write: their numbers, as in "1,3,4", or "all"; else you are asked.'),
    ] = None,
    votes: VotesFolder = None,
    run: RunName = "main",
    as_json: Json = False,
) -> None:
    """New phrases for a task, ranked by how surely they are right and how much new they cover."""
    from app.lf_suggest import Evidence, suggestions
    from labeling.lf_source import add_to_lf_file

    if accept and not write:
        raise LabelingError(f"--accept {accept} needs --write FILE, the file of functions to write into")
    space = workspace(ctx)
    seen = bench(ctx, votes, run, quiet=as_json)
    of_task = seen.schema.task(task)
    with Terminal(quiet=as_json).working("suggestions", None) as progress:
        found = suggestions(seen, space, of_task, Evidence(labels, predictions), most, progress)
    if not as_json:
        console.print(_suggestions_table(task, found))
    accepted = _accepted(found, accept, ask=write is not None and not as_json)
    taken = [lf.name for lf in seen.lfs if lf.bound_task() == of_task]
    names = add_to_lf_file(write, of_task, accepted, taken=taken) if write else []
    if as_json:
        print_json({"suggestions": [asdict(each) for each in found], "written": names})
    elif names:
        console.print(f"{write}: {listed(names)} with {len(accepted)} phrases", soft_wrap=True)


def _suggestions_table(task: str, found: list["Suggestion"]) -> "Table":
    rows = [
        [f"{number} [bold]{each.phrase}[/bold]\n→ {each.label}", _figures(each), "\n".join(_shown(each))]
        for number, each in enumerate(found, 1)
    ]
    made = table(f"Suggestions for {task}", ["phrase", "evidence", "right + and wrong −"], rows)
    made.show_lines = True
    made.columns[2].justify, made.columns[2].ratio = "left", 1
    return made


def _figures(found: "Suggestion") -> str:
    lines = [
        f"{found.right} of {found.n} right",
        f"at least {found.low:.0%}",
        f"{found.new_coverage:.2%} new",
    ]
    return "\n".join(lines)


def _shown(found: "Suggestion") -> Iterator[str]:
    yield from (f"+ {escape(text)}" for _, text in found.examples[:2])
    yield from (f"− {escape(text)}" for _, text in found.counterexamples[:2])


def _accepted(found: list["Suggestion"], accept: str | None, *, ask: bool) -> list["Suggestion"]:
    """Those that the user wants; raises LabelingError for a number that is none."""
    if accept is None:
        return [each for each in found if typer.confirm(f"{each.phrase} → {each.label}?")] if ask else []
    if accept.strip() == "all":
        return found
    numbers = [part.strip() for part in accept.split(",") if part.strip()]
    wrong = [part for part in numbers if not part.isdecimal() or not 1 <= int(part) <= len(found)]
    if wrong:
        raise LabelingError(f'--accept takes "all" or numbers from 1 to {len(found)}, got {listed(wrong)}')
    return [found[int(part) - 1] for part in numbers]


def watch(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file of labeling functions, such as my_lfs.py.")],
    as_json: Json = False,
) -> None:
    """Applies a file of functions to the whole pool each time it is saved, and prints what changed."""
    from app.lf_watch import Watched, saves
    from app.stages import check_tickets
    from app.workbench import trusted_of
    from labeling.parts import parts_of

    space = workspace(ctx)
    check_tickets(space.tickets)
    batches = [part.read() for part in parts_of([space.tickets])]
    allowed = space.config.lfs.faults_allowed
    watched = Watched(file, space.config.schema_, batches, trusted_of(space), allowed)
    for _ in saves(file):
        started = perf_counter()
        try:
            changes = watched.look()
        except TicketloomError as error:
            print_error(error)
            continue
        seconds = perf_counter() - started
        said = {"seconds": round(seconds, 3), "changes": {each.task: asdict(each) for each in changes}}
        covered = {name: float(votes.covered.mean()) for name, votes in watched.votes.items()}
        if as_json:
            print_json(said | {"coverage": covered}, lines=True)
            continue
        if changes:
            console.print(changes_table(changes))
        figures = ", ".join(f"{name} covered {share:.3f}" for name, share in covered.items())
        console.print(f"[dim]{figures}; {seconds:.2f} s; watching {file}, Ctrl-C ends[/dim]", soft_wrap=True)
