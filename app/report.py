"""The end of a run: its figures on the terminal and as one self-contained page."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from app.console import label_text, table
from app.run import Run
from app.stages import read_issues
from data.labels import LabeledTickets
from data.schema import Task
from data.store import read_json, whole_file
from labeling.analysis import LFReport, analyze
from labeling.issues import LabelIssue
from labeling.votes import SoftLabels, Votes
from model.runtime import prediction

EXAMPLES, ISSUES = 12, 12


@dataclass(frozen=True)
class RoundFigures:
    """A round's figures: human labels used and scores, None where there is no gold."""

    number: int
    human_labels: int
    mean_accuracy: float | None
    mean_macro_f1: float | None


@dataclass(frozen=True)
class Example:
    """A gold ticket with what was predicted of it: task → (label, confidence, right label)."""

    text: str
    answers: dict[str, tuple[str, float, str]]

    @property
    def errors(self) -> int:
        return sum(said != right for said, _, right in self.answers.values())


@dataclass(frozen=True)
class Report:
    """What a run brought."""

    path: Path
    project: str
    tickets: int
    ingest: dict[str, Any]
    coverage: dict[str, float]
    soft_labels: dict[str, dict[str, float]]
    issue_counts: dict[str, int]
    rounds: list[RoundFigures]
    scores: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"path": str(self.path)}


def write_report(run: Run, rounds: int) -> Report:
    """Writes `report.html` and `report.json` into the run's folder."""
    report = make_report(run, rounds)
    from app.pages.report import report_page

    page = report_page(report, run.schema, lf_reports(run), worst_issues(run), examples(run, rounds))
    with whole_file(report.path) as temporary:
        temporary.write_text(page, "utf-8")
    return report


def make_report(run: Run, rounds: int) -> Report:
    """Collects the figures of a run's stages."""
    ingest = run.workspace.root / "tickets.json"
    return Report(
        path=run.folder / "report.html",
        project=run.workspace.root.resolve().name,
        tickets=len(run.tickets),
        ingest=read_json(ingest)["summary"] if ingest.is_file() else {},
        coverage=run.votes().summary["coverage"],
        soft_labels=soft_label_quality(run),
        issue_counts=run.issues().summary["issues"],
        rounds=[_round_figures(run, number) for number in range(rounds + 1)],
        scores=read_json(run.evaluation(rounds).folder / "evaluation.json"),
    )


def _round_figures(run: Run, number: int) -> RoundFigures:
    summary = run.evaluation(number).summary
    labels = sum(len(of_task) for of_task in run.answers(number).values())
    return RoundFigures(number, labels, summary.get("mean_accuracy"), summary.get("mean_macro_f1"))


def soft_label_quality(run: Run) -> dict[str, dict[str, float]]:
    """Coverage and accuracy of the label model on gold tickets of the pool, for each task that has them."""
    if run.gold is None:
        return {}
    quality = {}
    for task in run.schema:
        gold = run.gold.of(task)
        soft = SoftLabels.load(run.labels().folder / f"{task.name}.parquet", task)
        known = [ticket_id for ticket_id in soft.ticket_ids if ticket_id in gold]
        if known:
            quality[task.name] = _quality(soft.rows(known), [gold[ticket_id] for ticket_id in known])
    return quality


def _quality(soft: SoftLabels, gold: list[tuple[int, ...]]) -> dict[str, float]:
    right = np.array([said == true for said, true in zip(soft.answers(), gold, strict=True)])
    covered = soft.covered
    return {
        "n": len(gold),
        "coverage": float(covered.mean()),
        "accuracy_covered": float(right[covered].mean()) if covered.any() else 0.0,
    }


def lf_reports(run: Run) -> dict[str, list[LFReport]]:
    """Analysis of the labeling functions by task, against gold where there is some."""
    found = {}
    for task in run.schema:
        votes = Votes.load(run.votes().folder / f"{task.name}.parquet", task)
        found[task.name] = analyze(votes, run.gold.of(task) if run.gold else {})
    return found


def worst_issues(run: Run) -> list[tuple[str, LabelIssue]]:
    """(ticket's text, issue) of the label issues of lowest quality."""
    issues = sorted(
        read_issues(run.issues().folder), key=lambda issue: (issue.label_quality, issue.ticket_id)
    )
    return [(run.tickets.texts[run.tickets.row_of[i.ticket_id]], i) for i in issues[:ISSUES]]


def examples(run: Run, round_number: int) -> list[Example]:
    """Gold tickets with their predictions, those with most errors first, then those without."""
    if run.gold is None:
        return []
    folder = run.evaluation(round_number).folder
    predicted = {task: SoftLabels.load(folder / f"{task.name}.parquet", task) for task in run.schema}
    texts = dict(zip(run.gold.ticket_ids, run.gold.texts, strict=True))
    found = [
        Example(texts[ticket_id] or _pool_text(run, ticket_id), _answers(run.gold, predicted, row))
        for row, ticket_id in enumerate(run.gold.ticket_ids)
    ]
    by_errors = sorted(found, key=lambda example: -example.errors)
    return by_errors[: EXAMPLES // 2] + by_errors[::-1][: EXAMPLES // 2]


def _pool_text(run: Run, ticket_id: str) -> str:
    return run.tickets.texts[run.tickets.row_of[ticket_id]]


def _answers(
    gold: LabeledTickets, predicted: dict[Task, SoftLabels], row: int
) -> dict[str, tuple[str, float, str]]:
    answers = {}
    for task, soft in predicted.items():
        right = gold.answers[task.name][row]
        if right is not None:
            said = prediction(task, soft.probs[row])
            answers[task.name] = (label_text(said.label), said.confidence, label_text(task.decode(right)))
    return answers


def report_table(report: Report) -> Table:
    """Votes, soft labels and the final scores, a row per task."""
    columns = ["task", "covered", "soft labels", "issues", "accuracy", "macro-F1"]
    tasks = report.scores.get("tasks", {})
    rows = [
        [
            name,
            f"{report.coverage[name]:.3f}",
            _figure(report.soft_labels.get(name, {}).get("accuracy_covered")),
            str(report.issue_counts[name]),
            _figure(tasks.get(name, {}).get("accuracy")),
            _figure(tasks.get(name, {}).get("macro_f1")),
        ]
        for name in report.coverage
    ]
    last = report.rounds[-1]
    rows.append(["mean", "", "", "", _figure(last.mean_accuracy), _figure(last.mean_macro_f1)])
    return table(
        f"{report.project}: {report.tickets} tickets, {last.human_labels} human labels", columns, rows
    )


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
