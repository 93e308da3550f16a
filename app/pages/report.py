"""The report page: what a run brought, for those who will use the classifier."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.pages import number, percent, render, words
from data.schema import Schema, Task
from labeling.analysis import LFReport
from labeling.issues import LabelIssue

if TYPE_CHECKING:
    from app.report import Example, Report

MOST_LFS = 12


def report_page(
    report: "Report",
    schema: Schema,
    lfs: Mapping[str, Sequence[LFReport]],
    issues: Sequence[tuple[str, LabelIssue]],
    examples: Sequence["Example"],
) -> str:
    """The page as one self-contained HTML document; texts of tickets are escaped."""
    return render(
        "report.html",
        project=report.project,
        subtitle=_subtitle(report, schema),
        tiles=_tiles(report),
        coverage=[_bar(name, share, percent(share)) for name, share in report.coverage.items()],
        soft=[_soft_bar(name, figures) for name, figures in report.soft_labels.items()],
        issue_counts=[_bar(name, n, number(n)) for name, n in report.issue_counts.items()],
        curve=_curve(report),
        lfs=[
            {"task": words(name), "rows": _lf_rows(found), "count": len(found)} for name, found in lfs.items()
        ],
        issues=[{"text": text, "issue": issue} for text, issue in issues],
        scores=_scores(report.scores),
        tasks=[_task(task, report.scores["tasks"][task.name]) for task in schema if _has(report, task)],
        examples=[{"text": example.text, "answers": _answers(example)} for example in examples],
        quarantine=report.ingest.get("reasons", {}),
    )


def _subtitle(report: "Report", schema: Schema) -> str:
    labels = number(report.rounds[-1].human_labels)
    return f"{number(report.tickets)} tickets, {len(schema)} tasks, {labels} human labels"


def _has(report: "Report", task: Task) -> bool:
    return task.name in report.scores.get("tasks", {})


def _tiles(report: "Report") -> list[dict[str, str]]:
    first, last = report.rounds[0], report.rounds[-1]
    mean_coverage = sum(report.coverage.values()) / max(1, len(report.coverage))
    return [
        {
            "label": "Accuracy",
            "value": percent(last.mean_accuracy),
            "note": _gain(first.mean_accuracy, last.mean_accuracy),
        },
        {"label": "Macro-F1", "value": number(last.mean_macro_f1), "note": "mean over tasks"},
        {
            "label": "Tickets",
            "value": number(report.tickets),
            "note": f"{number(report.ingest.get('quarantined', 0))} rows set aside",
        },
        {
            "label": "Coverage",
            "value": percent(mean_coverage),
            "note": "tickets with a vote, mean over tasks",
        },
        {
            "label": "Label issues",
            "value": number(sum(report.issue_counts.values())),
            "note": "soft labels in doubt",
        },
        {
            "label": "Human labels",
            "value": number(last.human_labels),
            "note": f"in {len(report.rounds) - 1} rounds",
        },
    ]


def _gain(first: float | None, last: float | None) -> str:
    if first is None or last is None:
        return "no trusted labels to measure against"
    return f"{100 * (last - first):+.1f} points since the first training"


def _bar(name: str, value: float, text: str) -> dict[str, Any]:
    return {"label": words(name), "value": value, "text": text}


def _soft_bar(name: str, figures: Mapping[str, float]) -> dict[str, Any]:
    share = figures["accuracy_covered"]
    return _bar(name, share, percent(share)) | {"note": f"{percent(figures['coverage'])} covered"}


def _curve(report: "Report") -> dict[str, Any] | None:
    """Scores against human labels, where there is more than one measured round."""
    measured = [found for found in report.rounds if found.mean_accuracy is not None]
    if len(measured) < 2:
        return None
    labels = [found.human_labels for found in measured]
    return {
        "x": labels,
        "x_labels": [{"x": n, "text": number(n)} for n in labels],
        "series": [
            {"name": "accuracy", "y": [found.mean_accuracy for found in measured]},
            {"name": "macro-F1", "y": [found.mean_macro_f1 for found in measured]},
        ],
    }


def _lf_rows(found: Sequence[LFReport]) -> list[dict[str, Any]]:
    """The functions that vote most, by coverage."""
    ranked = sorted(found, key=lambda lf: -lf.coverage)[:MOST_LFS]
    return [
        {
            "name": lf.name,
            "polarity": ", ".join(words(label) for label in lf.polarity[:3])
            + (", …" if len(lf.polarity) > 3 else ""),
            "coverage": percent(lf.coverage),
            "conflicts": percent(lf.conflicts),
            "accuracy": percent(lf.accuracy),
            "n": lf.gold_votes,
        }
        for lf in ranked
    ]


def _scores(scores: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"task": words(name), "n": found["n"], "accuracy": found["accuracy"], "macro_f1": found["macro_f1"]}
        for name, found in scores.get("tasks", {}).items()
    ]


def _task(task: Task, found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": words(task.name).capitalize(),
        "question": task.question,
        "labels": [words(label) for label in task.labels],
        "confusion": found["confusion"],
        "rows": [{"label": words(label)} | figures for label, figures in found["labels"].items()],
    }


def _answers(example: "Example") -> list[dict[str, Any]]:
    return [
        {
            "task": words(task),
            "said": words(said),
            "confidence": percent(confidence),
            "right": words(right),
            "ok": said == right,
        }
        for task, (said, confidence, right) in example.answers.items()
    ]
