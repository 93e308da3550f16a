"""The page of label issues: what to look at first, what is doubted of it, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.pages import number, percent, render, words
from labeling.worklist import Doubt, WorkItem, Worklist

MOST_ITEMS = 500
KINDS = {"label": "another label", "missing": "missing label", "surplus": "surplus label"}


def issues_page(
    project: str,
    found: Worklist,
    texts: Mapping[str, str],
    *,
    tasks: Sequence[str] | None = None,
    most: int = MOST_ITEMS,
) -> str:
    """The page as one self-contained HTML document, the `most` most rewarding tickets; texts are escaped.

    `texts` by ticket id; a ticket without one shows its id alone. `tasks` is the order of the tasks, by
    default that in which they occur. Its JSON twin is `found.to_dict()`.
    """
    shown = found.items[:most]
    doubts = [doubt for item in found.items for doubt in item.doubts]
    named = list(tasks) if tasks is not None else list(dict.fromkeys(doubt.task for doubt in doubts))
    here = {(doubt.task, doubt.kind) for item in shown for doubt in item.doubts}
    return render(
        "issues.html",
        project=project,
        subtitle=f"{_counted(len(doubts), 'doubted label')} on {_counted(len(found), 'ticket')}",
        tiles=_tiles(found, doubts),
        bars=_bars(doubts, named),
        items=[_item(item, rank, texts) for rank, item in enumerate(shown, 1)],
        left_out=len(found) - len(shown),
        tasks=[
            {"name": name, "text": words(name)} for name in named if any(task == name for task, _ in here)
        ],
        kinds=[
            {"name": kind, "text": text}
            for kind, text in KINDS.items()
            if any(kind == each for _, each in here)
        ],
    )


def _counted(n: int, noun: str) -> str:
    return f"{number(n)} {noun}{'' if n == 1 else 's'}"


def _tiles(found: Worklist, doubts: Sequence[Doubt]) -> list[dict[str, str]]:
    several = sum(len(item.doubts) > 1 for item in found.items)
    copies = sum(len(item.copies) for item in found.items)
    wrong = sum(item.expected_errors for item in found.items)
    sure = sum(doubt.label_quality < 0.1 for doubt in doubts)
    figures = [
        ("Tickets to look at", number(len(found)), f"{number(copies)} near duplicates stand with them"),
        ("Doubted labels", number(len(doubts)), f"{_counted(several, 'ticket')} with several"),
        ("Probably wrong", number(round(wrong)), "labels, by the sum of the doubts"),
        ("Almost surely wrong", number(sure), "labels with a quality under 10%"),
    ]
    return [{"label": label, "value": value, "note": note} for label, value, note in figures]


def _bars(doubts: Sequence[Doubt], tasks: Sequence[str]) -> list[dict[str, Any]]:
    counts = {name: [doubt for doubt in doubts if doubt.task == name] for name in tasks}
    return [
        {
            "label": words(name),
            "value": len(of_task),
            "note": f"{number(round(sum(1 - doubt.label_quality for doubt in of_task)))} wrong",
        }
        for name, of_task in counts.items()
    ]


def _item(item: WorkItem, rank: int, texts: Mapping[str, str]) -> dict[str, Any]:
    return {
        "rank": rank,
        "ticket_id": item.ticket_id,
        "text": texts.get(item.ticket_id, ""),
        "errors": number(item.expected_errors),
        "copies": ", ".join(item.copies),
        "copied": _counted(len(item.copies), "near duplicate"),
        "doubts": [_doubt(doubt) for doubt in item.doubts],
    }


def _doubt(doubt: Doubt) -> dict[str, Any]:
    return {
        "task": doubt.task,
        "task_text": words(doubt.task),
        "kind": doubt.kind,
        "kind_text": KINDS[doubt.kind],
        "given": words(doubt.given),
        "suggested": words(doubt.suggested),
        "quality": doubt.label_quality,
        "quality_text": percent(doubt.label_quality),
        "why": doubt.why[:1].upper() + doubt.why[1:] + ".",
    }
