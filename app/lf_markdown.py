"""The document of all labeling functions as Markdown."""

from collections.abc import Sequence
from pathlib import Path

from app.lf_document import Dropped, FunctionEntry, LFDocument, Measured, TaskEntry
from data.store import whole_file


def write_document(document: LFDocument, path: Path) -> None:
    """Writes the document as Markdown."""
    with whole_file(path) as temporary:
        temporary.write_text(markdown(document), "utf-8")


def markdown(document: LFDocument) -> str:
    """The document: an introduction, a section for each task, and what was dropped."""
    functions = sum(len(entry.functions) for entry in document.tasks)
    tickets = max((entry.tickets for entry in document.tasks), default=0)
    parts = [
        "# Labeling functions\n",
        f"{functions} labeling functions vote on {len(document.tasks)} tasks of {tickets:,} tickets. "
        "`lfs document` writes this file from the project's votes.\n",
        f"Trusted are {_cell(document.labels)}: gold, and apart from it the oracle's, reviewed tickets among "
        "them. Coverage is the share of the pool on which a function votes. Accuracy is the share of right "
        "votes, with Wilson's 95 % interval and the number n of votes on such tickets. **hurts** marks a "
        "function whose interval ends below the share of the most frequent label (if it only votes against "
        "labels: below the share of tickets without the most frequent of these), on gold, or on the oracle's "
        "tickets where it votes on no gold one.\n",
        *(part for entry in document.tasks for part in _section(entry)),
    ]
    return "\n".join([*parts, *_dropped_section(document.dropped, document.labels)])


def _section(entry: TaskEntry) -> list[str]:
    figures = [
        ["labeling functions", str(len(entry.functions))],
        *([f"of kind {kind}", str(count)] for kind, count in entry.kinds.items()),
        ["coverage", f"{entry.coverage:.3f}"],
        ["gold tickets", _tickets(entry.gold, entry.gold_majority)],
        ["the oracle's tickets", _tickets(entry.oracle, entry.oracle_majority)],
    ]
    if seeds := entry.seeds:
        figures += [
            ["seeds alone: coverage", f"{seeds.coverage:.3f}"],
            ["seeds alone: accuracy on gold", _measured(seeds.gold)],
        ]
    columns = ["name", "kind", "votes for", "coverage", "accuracy on gold", "on the oracle's", ""]
    return [
        f"## {_cell(entry.task)}\n",
        _table(["figure", "value"], figures),
        _table(columns, [_row(each) for each in entry.functions]),
    ]


def _tickets(count: int, majority: float) -> str:
    return f"{count:,}, the most frequent label on {majority:.3f}" if count else "none"


def _row(each: FunctionEntry) -> list[str]:
    return [
        _cell(each.name),
        each.kind,
        ", ".join(map(_cell, each.votes_for)) or "never votes",
        f"{each.coverage:.4f}",
        _measured(each.gold),
        _measured(each.oracle),
        "**hurts**" if each.hurts else "",
    ]


def _measured(found: Measured) -> str:
    """Accuracy with its interval and n; a dash where there is none."""
    if found.accuracy is None or found.interval is None:
        return "–"
    low, high = found.interval
    return f"{found.accuracy:.2f} ({low:.2f}–{high:.2f}), n = {found.n:,}"


def _dropped_section(dropped: Sequence[Dropped], labels: str) -> list[str]:
    if not dropped:
        return []
    rows = [
        [_cell(each.task), _cell(each.name), f"{each.right_a:.2f}", f"{each.right_b:.2f}", _cell(each.why)]
        for each in dropped
    ]
    return [
        "## Tried and dropped\n",
        f"{len(dropped)} functions that were tried. Precision on half A and half B of the reviewed tickets; "
        f"{_cell(labels)}.\n",
        _table(["task", "name", "half A", "half B", "why"], rows),
    ]


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(text: str) -> str:
    """Text as Markdown shows it in a table: no character of it means anything.

    >>> print(_cell("not a|b, <i>"))
    not a\\|b, &lt;i>
    """
    escaped = "".join("\\" + letter if letter in "\\`*[]|" else letter for letter in text)
    return " ".join(escaped.replace("&", "&amp;").replace("<", "&lt;").split())
