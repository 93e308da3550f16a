"""The page that sets classifiers side by side."""

from typing import Any

from app.pages import number, percent, render, words

Found = dict[str, Any]


def comparison_page(found: Found) -> str:
    """The page as one self-contained HTML document; its JSON twin is `found`, out of `app.comparison`."""
    names = list(found["classifiers"])
    return render(
        "comparison.html",
        project=found["project"],
        subtitle=f"{', '.join(names)}, on {number(found['tickets'])} tickets that all were measured on",
        baseline=found["baseline"],
        names=names,
        tables=[_table(found, "accuracy", "Accuracy"), _table(found, "macro_f1", "Macro-F1")],
        differences=[_differences(found, name) for name in found["differences"]],
        left_out=[{"name": name, "n": n} for name, n in found["left_out"].items() if n],
        samples=found["bootstrap"]["samples"],
    )


def _table(found: Found, figure: str, title: str) -> dict[str, Any]:
    """A row per task, and their mean; a cell per classifier."""
    return {
        "title": title,
        "rows": [
            {
                "task": _name(task),
                "n": found["n"].get(task),
                "cells": [_cell(of_task(each, task)[figure]) for each in found["classifiers"].values()],
            }
            for task in [*found["n"], None]
        ],
    }


def of_task(each: Found, task: str | None) -> Found:
    """A classifier's figures, or its differences, in a task; None: their mean over tasks."""
    return dict(each["mean"] if task is None else each["tasks"][task])


def _name(task: str | None) -> str:
    return "mean" if task is None else words(task)


def _cell(figure: Found) -> dict[str, Any]:
    low, high = figure["interval"]
    return {"value": f"{figure['value']:.3f}", "interval": f"{low:.2f}–{high:.2f}"}


def _differences(found: Found, name: str) -> dict[str, Any]:
    """One classifier against the first: rows of tasks, each with both figures' differences."""
    each = found["differences"][name]
    tasks = [*found["n"], None]
    figures = [of_task(each, task)[figure] for task in tasks for figure in ("accuracy", "macro_f1")]
    return {
        "name": name,
        "widest": max([0.02, *(abs(end) for of in figures for end in of["interval"])]),
        "verdict": _verdict(each["mean"]["accuracy"]),
        "rows": [
            {
                "task": _name(task),
                "accuracy": _difference(of_task(each, task)["accuracy"]),
                "macro_f1": _difference(of_task(each, task)["macro_f1"]),
            }
            for task in tasks
        ],
    }


def _difference(figure: Found) -> Found:
    low, high = figure["interval"]
    return figure | {
        "points": f"{100 * figure['value']:+.1f}",
        "tip": f"{100 * figure['value']:+.1f} points, 95%: {100 * low:+.1f} to {100 * high:+.1f}",
        "worse": high < 0,
        "sure": low > 0 or high < 0,
    }


def _verdict(figure: Found) -> str:
    """Mean accuracy's difference in a sentence."""
    low, high = figure["interval"]
    if low > 0 or high < 0:
        side = "more" if low > 0 else "less"
        return f"{percent(abs(figure['value']))} {side} of the answers are right, more than chance explains."
    return "Chance alone may explain the difference in mean accuracy."
