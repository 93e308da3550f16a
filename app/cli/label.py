"""`ticketloom label`: soft labels, the models that make them, and label issues."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.project import Json, RunName, Tasks, chosen_tasks, open_run, show
from app.console import table

app = typer.Typer(no_args_is_help=True)


@app.command()
def fit(ctx: typer.Context, name: RunName = "main", as_json: Json = False) -> None:
    """Fits the label model and writes soft labels for every ticket."""
    result = open_run(ctx, name, quiet=as_json).labels()
    silent = result.summary["labels_without_a_vote"]
    rows = [
        [
            task,
            f"{share:.3f}",
            f"{result.summary['changed_by_texts'][task]:.3f}",
            ", ".join(silent.get(task, [])),
        ]
        for task, share in result.summary["coverage"].items()
    ]
    title = f"Soft labels ({result.summary['label_model']})"
    show(
        result.summary,
        as_json,
        lambda: table(title, ["task", "covered", "changed by texts", "labels nobody votes for"], rows),
    )


@app.command()
def inspect(ctx: typer.Context, tasks: Tasks = None, name: RunName = "main", as_json: Json = False) -> None:
    """What the label model learned of each labeling function, beside its accuracy on trusted labels."""
    from app.labels import inspected

    run = open_run(ctx, name, quiet=as_json)
    found = inspected(run, chosen_tasks(run.schema, tasks or []))
    columns = ["task", "function", "votes", "coverage", "learned", "measured", "on"]
    rows = [[_figure(value) for value in row.values()] for row in found]
    show(found, as_json, lambda: table("What the label model learned", columns, rows))


@app.command()
def explain(
    ctx: typer.Context,
    ticket: Annotated[str, typer.Argument(help="The ticket's id.")],
    tasks: Tasks = None,
    name: RunName = "main",
    as_json: Json = False,
) -> None:
    """What each vote adds to the log-odds of a ticket's labels."""
    from app.labels import explained

    run = open_run(ctx, name, quiet=as_json)
    found = explained(run, ticket, chosen_tasks(run.schema, tasks or []))
    show(found, as_json, lambda: _contributions(found))


def _contributions(found: list[dict[str, Any]]) -> Any:
    """A row per vote: what it adds to the task's answer over the runner-up."""
    rows = []
    for each in found:
        by_votes = each["by_votes"][each["answer"]]
        answer = f"{each['task']}: {each['answer']} {each['probability']:.2f} (by votes {by_votes:.2f})"
        for vote, gain in each["votes_for_answer"]:
            rows.append([answer, vote["name"], vote["vote"], f"{gain:+.2f}"])
            answer = ""
    return table("Log-odds of the answer over the next label", ["answer", "function", "vote", "adds"], rows)


@app.command()
def compare(ctx: typer.Context, tasks: Tasks = None, name: RunName = "main", as_json: Json = False) -> None:
    """Every label model on the run's votes, measured on gold tickets."""
    from app.labels import compared

    run = open_run(ctx, name, quiet=as_json)
    found = compared(run, chosen_tasks(run.schema, tasks or []))
    rows = [[task, *_score_row(score)] for task, scores in found.items() for score in scores]
    show(found, as_json, lambda: table("Label models", ["task", *_SCORES], rows))


@app.command()
def wrench(
    folder: Annotated[Path, typer.Argument(help="A folder with train, valid, test and label.json.")],
    as_json: Json = False,
) -> None:
    """Every label model fitted on the votes of a WRENCH folder's train.json, measured on its test.json."""
    from labeling.label_models.contest import contest
    from labeling.wrench import read_wrench

    splits = read_wrench(folder)
    test = splits["test"]
    gold = dict(zip(test.votes.ticket_ids, test.gold.tolist(), strict=True))
    scores = [score.to_dict() for score in contest(splits["train"].votes, test.votes, gold)]
    rows = [_score_row(score) for score in scores]
    show({"models": scores}, as_json, lambda: table(f"Label models on {folder.name}", _SCORES, rows))


_SCORES = ["model", "accuracy", "macro F1", "if covered", "fit s"]


def _score_row(score: dict[str, Any]) -> list[str]:
    name = f"{score['name']} (default)" if score["default"] else score["name"]
    if error := score.get("error"):
        return [name, error, "", "", ""]
    figures = ("accuracy", "macro_f1", "covered_accuracy", "fit_seconds")
    return [name, *(_figure(score[figure]) for figure in figures)]


def _figure(value: object) -> str:
    return "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


@app.command()
def issues(
    ctx: typer.Context,
    tasks: Tasks = None,
    html: Annotated[Path | None, typer.Option(help="Write the work-list as a page here.")] = None,
    most: Annotated[int, typer.Option(min=1, help="How many tickets to show.")] = 20,
    name: RunName = "main",
    as_json: Json = False,
) -> None:
    """The tickets whose soft labels cleanlab doubts, with the label it suggests and why."""
    from app.label_issues import run_worklist, write_page
    from labeling.worklist import Worklist

    run = open_run(ctx, name, quiet=as_json)
    found = run_worklist(run, chosen_tasks(run.schema, tasks or []))
    if html:
        write_page(run, found, html)
    texts = dict(zip(run.tickets.ticket_ids, run.tickets.texts, strict=True))
    rows = [
        [texts[item.ticket_id], doubt.task, doubt.suggested or f"not {doubt.given}", doubt.why]
        for item in found.items[:most]
        for doubt in item.doubts
    ]
    title = f"Label issues: {len(found)} tickets" + (f"; wrote {html}" if html else "")
    shown = Worklist(found.items[:most]).to_dict()
    show(shown, as_json, lambda: table(title, ["ticket", "task", "suggested", "why"], rows))


@app.command()
def odd(
    ctx: typer.Context,
    most: Annotated[int, typer.Option(min=1, help="How many to show.")] = 20,
    name: RunName = "main",
    as_json: Json = False,
) -> None:
    """Tickets unlike all others, and near duplicates that ingest did not see, by their embeddings."""
    from app.label_issues import odd_tickets

    run = open_run(ctx, name, quiet=as_json)
    found = odd_tickets(run)
    texts = dict(zip(run.tickets.ticket_ids, run.tickets.texts, strict=True))
    rows = [
        [texts[each.ticket_id], f"{each.outlier_score:.3f}", ", ".join(each.near_duplicates[:3])]
        for each in found[:most]
    ]
    columns = ["ticket", "outlier score", "near duplicates"]
    show(
        [each.to_dict() for each in found],
        as_json,
        lambda: table("Odd tickets (a low score is odd)", columns, rows),
    )


@app.command()
def reviewers(ctx: typer.Context, tasks: Tasks = None, name: RunName = "main", as_json: Json = False) -> None:
    """How good each reviewer is, and what several of them agree on (CROWDLAB)."""
    from app.label_issues import judged_reviewers

    run = open_run(ctx, name, quiet=as_json)
    found = judged_reviewers(run, chosen_tasks(run.schema, tasks or []))
    rows = [
        [each.task, who.reviewer, f"{who.quality:.3f}", f"{who.agreement:.3f}", str(who.tickets)]
        for each in found
        for who in each.reviewers
    ]
    columns = ["task", "reviewer", "quality", "agrees", "tickets"]
    show([each.to_dict() for each in found], as_json, lambda: table("Reviewers", columns, rows))
