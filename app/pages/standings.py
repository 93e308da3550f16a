"""The pages of baselines and of an ablation: a chart, and tables of figures and differences."""

from collections.abc import Mapping
from typing import Any

from app.pages import number, render, ticks, words

Found = dict[str, Any]
# The least that a chart of differences spans on either side of 0.
LEAST_SPAN = 0.02


def baselines_page(found: Found, titles: Mapping[str, str]) -> str:
    """Baselines beside a classifier, as one HTML document; its JSON twin is `found`, of `app.baselines`."""
    notes = [{"text": "The classifier was trained on other labels than there are now.", "warn": True}]
    return render(
        "standings.html",
        **_common(found, titles),
        heading="Baselines",
        subtitle=f"{found['run']}, round {found['round']}, on {number(found['tickets'])} tickets",
        first_column="Trained",
        reference="the classifier" if found["baseline"] else None,
        notes=notes if (found["classifier"] or {}).get("stale") else [],
        chart=_figures_chart(found, titles),
        rows=[_row(found, name, titles, learned_from(found["learned"][name])) for name in titles],
    )


def ablation_page(found: Found, titles: Mapping[str, str]) -> str:
    """The full run and what it is without one thing; its JSON twin is `found`, of `app.ablation`."""
    notes = [{"text": f"{words(name)}: {why}"} for name, why in found["not_run"].items()]
    trained = len(found["seeds"])
    subtitle = f"{found['run']}, round {found['round']}, on {number(found['tickets'])} tickets"
    return render(
        "standings.html",
        **_common(found, titles),
        heading="Ablation",
        subtitle=subtitle + (f"; means of {trained} trainings each" if trained > 1 else ""),
        first_column="Trained",
        reference="the full run",
        notes=notes,
        chart=_differences_chart(found, titles),
        rows=[_row(found, name, titles, "") for name in titles],
    )


def learned_from(learned: Mapping[str, Any]) -> str:
    """How much a baseline was trained on.

    >>> learned_from({"tickets": {"tone": 32, "topic": 48}, "per_label": 16})
    '80 tickets, at most 16 a label'
    >>> learned_from({"seconds": 3})
    ''
    """
    tickets = learned.get("tickets")
    if tickets is None:
        return ""
    total = sum(tickets.values()) if isinstance(tickets, Mapping) else tickets
    few = f", at most {learned['per_label']} a label" if "per_label" in learned else ""
    return f"{number(total)} tickets{few}"


def _common(found: Found, titles: Mapping[str, str]) -> Found:
    return {
        "project": found["project"],
        "samples": found["bootstrap"]["samples"],
        "tables": [
            _table(found, titles, "accuracy", "Accuracy"),
            _table(found, titles, "macro_f1", "Macro-F1"),
        ],
    }


def _table(found: Found, titles: Mapping[str, str], figure: str, title: str) -> Found:
    """A row per classifier, a cell per task."""
    return {
        "title": title,
        "tasks": [{"name": words(name), "n": n} for name, n in found["n"].items()],
        "rows": [
            {
                "title": shown,
                "cells": [_figure(found["classifiers"][name]["tasks"][task][figure]) for task in found["n"]],
            }
            for name, shown in titles.items()
        ],
    }


def _row(found: Found, name: str, titles: Mapping[str, str], why: str) -> Found:
    mean, gaps = found["classifiers"][name]["mean"], found["differences"].get(name)
    return {
        "title": titles[name],
        "why": why,
        **{figure: _figure(mean[figure]) for figure in ("accuracy", "macro_f1")},
        **{
            f"{figure}_gap": _gap(gaps["mean"][figure]) if gaps else None
            for figure in ("accuracy", "macro_f1")
        },
    }


def _figure(of: Found) -> Found:
    low, high = of["interval"]
    return {"value": f"{of['value']:.3f}", "interval": f"{low:.2f}–{high:.2f}"}


def _gap(of: Found) -> Found:
    low, high = of["interval"]
    return {
        "points": f"{100 * of['value']:+.1f}",
        "span": f"{100 * low:+.1f} to {100 * high:+.1f}",
        "worse": high < 0,
        "sure": low > 0 or high < 0,
    }


def _figures_chart(found: Found, titles: Mapping[str, str]) -> Found:
    rows = []
    for name, title in titles.items():
        of = found["classifiers"][name]["mean"]["accuracy"]
        tip = f"{of['value']:.3f}, 95%: {of['interval'][0]:.3f} to {of['interval'][1]:.3f}"
        rows.append({"name": title, "tip": tip, "sure": name == found["baseline"], **of})
    ends = [end for row in rows for end in row["interval"]]
    return {
        "title": "Mean accuracy",
        "rows": rows,
        "marks": ticks(min(ends), max(ends)),
        "x_title": "mean accuracy over tasks",
        "zero": False,
    }


def _differences_chart(found: Found, titles: Mapping[str, str]) -> Found:
    rows = []
    for name, each in found["differences"].items():
        of, gap = each["mean"]["accuracy"], _gap(each["mean"]["accuracy"])
        tip = f"{gap['points']} points, 95%: {gap['span']}"
        rows.append({"name": titles[name], "tip": tip, "sure": gap["sure"], **of})
    ends = [LEAST_SPAN, -LEAST_SPAN, *(end for row in rows for end in row["interval"])]
    return {
        "title": "Mean accuracy, less the full run's",
        "rows": rows,
        "marks": ticks(min(ends), max(ends)),
        "x_title": "points of mean accuracy",
        "zero": True,
    }
