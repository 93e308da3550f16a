"""The page of labeling functions: how each does, which say the same thing and which fight."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from app.lf_analysis import TaskAnalysis
from app.pages import number, percent, render, words
from labeling.analysis import LFReport
from labeling.pairs import LEAST_COMMON, LEAST_OVERLAP, Agreement, Pair

Array = np.ndarray[Any, Any]
MOST_PAIRS, MOST_LABELS, MOST_NAMES, MOST_FACTS = 15, 2, 4, 5
COIN = 0.5
NEVER, WORSE = "never votes", "worse than a coin"
STEPS = 10  # colors between "always differ" and "always alike"
MUCH_OVERLAP = 0.5
MAP_WIDTH, LEAST_CELL, MOST_CELL, GAP = 780, 12, 24, 1  # pixels; 65 functions fit a page of 1,180


def render_lfs(project: str, analyses: Sequence[TaskAnalysis]) -> str:
    """The page as one self-contained HTML document, a section per task; every name is escaped."""
    return render(
        "lfs.html",
        project=project,
        subtitle=_subtitle(analyses),
        tiles=_tiles(analyses),
        tasks=[_task(found, i) for i, found in enumerate(analyses, 1)],
        steps=STEPS,
        least={"common": LEAST_COMMON, "overlap": LEAST_OVERLAP},
    )


def _subtitle(analyses: Sequence[TaskAnalysis]) -> str:
    functions = sum(len(found.reports) for found in analyses)
    return f"{_counted(functions, 'labeling function')} in {_counted(len(analyses), 'task')}"


def _counted(n: int, noun: str) -> str:
    return f"{number(n)} {noun}{'' if n == 1 else 's'}"


def _tiles(analyses: Sequence[TaskAnalysis]) -> list[dict[str, str]]:
    redundant = sum(len(found.redundant) for found in analyses)
    fighting = sum(len(found.fighting) for found in analyses)
    trusted = sum(found.trusted for found in analyses)
    coverage = sum(found.coverage for found in analyses) / len(analyses) if analyses else None
    reports = [report for found in analyses for report in found.reports]
    figures = [
        ("Labeling functions", number(len(reports)), f"in {_counted(len(analyses), 'task')}"),
        ("To mend", number(sum(bool(_fault(report)) for report in reports)), f"{NEVER} or {WORSE}"),
        ("Tickets", number(max((found.tickets for found in analyses), default=0)), "voted on"),
        ("Mean coverage", percent(coverage), "of tickets have a vote"),
        ("Trusted labels", number(trusted), "over all tasks" if trusted else "none: no accuracies yet"),
        (
            "Pairs to look at",
            number(redundant + fighting),
            f"{number(redundant)} alike, {number(fighting)} fight",
        ),
    ]
    return [{"label": label, "value": value, "note": note} for label, value, note in figures]


def _task(found: TaskAnalysis, at: int) -> dict[str, Any]:
    labels = {report.name: _said(report) for report in found.reports}
    return {
        "anchor": f"task-{at}",
        "name": words(found.task).capitalize(),
        "lead": _lead(found),
        "facts": list(_facts(found)),
        "trusted": bool(found.trusted),
        "learned": bool(found.learned),
        "rows": [_row(report, found.learned.get(report.name)) for report in _by_coverage(found.reports)],
        "map": _map(found),
        "silent": sum(not report.polarity for report in found.reports),
        "redundant": _pairs(found.redundant, labels),
        "fighting": _pairs(found.fighting, labels),
    }


def _lead(found: TaskAnalysis) -> str:
    return (
        f"{_counted(len(found.reports), 'function')} for {_counted(len(found.labels), 'label')}. "
        f"{percent(found.coverage)} of {_counted(found.tickets, 'ticket')} have a vote, "
        f"{number(found.trusted) if found.trusted else 'none'} a trusted label."
    )


def _fault(report: LFReport) -> str:
    """What is wrong with a function beyond doubt, in words; empty where nothing is."""
    if not report.polarity:
        return NEVER
    return WORSE if report.interval and report.interval[1] < COIN else ""


def _facts(found: TaskAnalysis) -> Iterator[dict[str, Any]]:
    """What to mend in a task."""
    faults = {report.name: _fault(report) for report in found.reports}
    if silent := [name for name, fault in faults.items() if fault == NEVER]:
        verb = "never votes" if len(silent) == 1 else "never vote"
        yield _warning(f"{_listed(silent)} {verb} on these tickets: widen what it looks for, or drop it.")
    yield from _worse([report for report in found.reports if faults[report.name] == WORSE])
    said = {label for report in found.reports for label in report.polarity}
    if found.reports and (unsaid := [words(label) for label in found.labels if label not in said]):
        yield _warning(f"No function votes for {_listed(unsaid)}: write one.")


def _worse(reports: Sequence[LFReport]) -> Iterator[dict[str, Any]]:
    """The functions that are surely worse than a coin, the worst first."""
    ranked = sorted(reports, key=lambda report: report.interval or (0.0, 0.0))
    for report in ranked[:MOST_FACTS]:
        best = report.interval[1] if report.interval else 0.0
        yield _warning(
            f"{report.name} is right on {percent(report.accuracy)} of {number(report.gold_votes)} "
            f"trusted tickets, at best {percent(best)}: {WORSE}. "
            "Add exceptions, vote for another label, or drop it."
        )
    if rest := ranked[MOST_FACTS:]:
        yield _warning(
            f"{number(len(rest))} more {'is' if len(rest) == 1 else 'are'} {WORSE}: sort by accuracy."
        )


def _warning(text: str) -> dict[str, Any]:
    return {"text": text, "warn": True}


def _listed(names: Sequence[str]) -> str:
    """The first few names in a sentence."""
    rest = len(names) - MOST_NAMES
    shown = [*names[:MOST_NAMES], f"{rest} more"] if rest > 0 else list(names)
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def _by_coverage(reports: Sequence[LFReport]) -> list[LFReport]:
    return sorted(reports, key=lambda report: -report.coverage)


def _row(report: LFReport, learned: float | None) -> dict[str, Any]:
    return {
        "name": report.name,
        "fault": _fault(report),
        "labels": _labels(report),
        "shares": [report.coverage, report.overlaps, report.conflicts],
        "accuracy": report.accuracy,
        "interval": report.interval,
        "n": report.gold_votes,
        "learned": learned,
    }


def _labels(report: LFReport) -> dict[str, str]:
    """What a function votes for: the first labels as text, all of them where those are not all."""
    names = [words(label) for label in report.polarity]
    rest = len(names) - MOST_LABELS
    if rest <= 0:
        return {"text": ", ".join(names) or "–", "all": ""}
    return {"text": f"{', '.join(names[:MOST_LABELS])} and {rest} more", "all": ", ".join(names)}


def _said(report: LFReport) -> str:
    """What a function votes for, in a word or two."""
    return words(report.polarity[0]) if len(report.polarity) == 1 else f"{len(report.polarity)} labels"


def _pairs(pairs: Sequence[Pair], labels: dict[str, str]) -> dict[str, Any]:
    shown = [
        {"pair": pair, "first": labels[pair.first], "second": labels[pair.second]}
        for pair in pairs[:MOST_PAIRS]
    ]
    return {"rows": shown, "all": len(pairs)}


@dataclass(frozen=True)
class _Group:
    """Functions that stand together on the map; `start` and `size` count rows."""

    name: str
    start: int
    size: int


def _map(found: TaskAnalysis) -> dict[str, Any] | None:
    """The heat map of agreement as one drawing: a path per color, a cell per pair that meets.

    Functions of one label stand together, those of several labels come last, those that never vote
    are left out. None where fewer than two vote.
    """
    voting = [report for report in _by_coverage(found.reports) if report.polarity]
    if len(voting) < 2:
        return None
    place = {label: i for i, label in enumerate(found.labels)}
    voting.sort(key=lambda report: _group_of(report, place))
    names = tuple(report.name for report in voting)
    column = {name: i for i, name in enumerate(found.agreement.lf_names)}
    columns = [column[name] for name in names]
    square = np.ix_(columns, columns)
    shown = Agreement(names, found.agreement.both[square], found.agreement.same[square])
    cell = min(MOST_CELL, max(LEAST_CELL, MAP_WIDTH // len(names)))
    groups = _groups(voting, place, found.labels)
    return {
        "names": names,
        "cell": cell,
        "size": cell * len(names),
        "groups": groups,
        "edges": [group.start * cell for group in groups[1:]],
        "paths": _paths(shown, cell),
        "both": _lower(shown.both),
        "same": _lower(shown.same),
    }


def _group_of(report: LFReport, place: dict[str, int]) -> int:
    return place[report.polarity[0]] if len(report.polarity) == 1 else len(place)


def _groups(voting: Sequence[LFReport], place: dict[str, int], labels: Sequence[str]) -> list[_Group]:
    groups: list[_Group] = []
    for at, members in groupby(voting, key=lambda report: _group_of(report, place)):
        start = groups[-1].start + groups[-1].size if groups else 0
        name = words(labels[at]) if at < len(labels) else "several labels"
        groups.append(_Group(name, start, len(list(members))))
    return groups


def _paths(shown: Agreement, cell: int) -> list[dict[str, Any]]:
    """Strokes by size and color: `step` runs from 0 (they differ) to STEPS (they vote alike)."""
    steps = np.round(np.nan_to_num(shown.shares) * STEPS).astype(int)
    sides = _sides(shown, cell)
    paths = []
    for side, step in sorted({*zip(sides[sides > 0].tolist(), steps[sides > 0].tolist())}):
        cells = np.argwhere((sides == side) & (steps == step)).tolist()
        paths.append({"step": step, "width": side, "d": _strokes(cells, cell, side)})
    return paths


def _sides(shown: Agreement, cell: int) -> Array:
    """int [n_lfs, n_lfs]: how large a pair's square is, by how much of the rarer one's votes they share.

    Small where they hardly meet, so that a large square of the color of fights is a pair that fights;
    0 where they never meet, and on the diagonal.
    """
    votes = np.diag(shown.both)
    overlap = shown.both / np.minimum.outer(votes, votes)
    rare = (shown.both < LEAST_COMMON) | (overlap < LEAST_OVERLAP)
    few, some, full = max(3, cell // 4), round(cell * 0.6), cell - GAP
    sides = np.where(rare, few, np.where(overlap < MUCH_OVERLAP, some, full))
    return np.where((shown.both > 0) & ~np.eye(len(votes), dtype=bool), sides, 0)


def _strokes(cells: list[list[int]], cell: int, side: int) -> str:
    """Squares of a side, centered in their cells, as horizontal strokes as wide as they are long."""
    margin = (cell - GAP - side) / 2
    middle = margin + side / 2
    return "".join(f"M{c * cell + margin:g} {r * cell + middle:g}h{side}" for r, c in cells)


def _lower(counts: Array) -> str:
    """Row by row up to the diagonal, for the page's script: entry r (r + 1) / 2 + c."""
    return " ".join(str(n) for n in counts[np.tril_indices(len(counts))].tolist())
