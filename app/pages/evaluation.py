"""The page of an evaluation: how good a classifier is, where it is weak, and what it gets wrong."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.pages import number, percent, render, words
from app.pages.evaluation_facts import facts
from data.schema import Schema, Task

MOST_PAIRS, MOST_OF_PAIR, MOST_WRONG, MOST_DOUBTED, MOST_LFS = 8, 3, 10, 30, 4
SURE = 0.9
Found = dict[str, Any]


def evaluation_page(found: Found, schema: Schema) -> str:
    """The page as one self-contained HTML document; its JSON twin is `found`, out of `app.evaluation`."""
    tasks = [task for task in schema if task.name in found["tasks"]]
    return render(
        "evaluation.html",
        project=found["project"],
        subtitle=_subtitle(found),
        tiles=_tiles(found),
        facts=list(facts(found)),
        scores=[_score(name, of, found["annotators"]) for name, of in found["tasks"].items()],
        people=[_people(name, of) for name, of in (found["annotators"] or {}).items()],
        risk=_risk(found),
        tasks=[_task(task, found, i) for i, task in enumerate(tasks, 1)],
        slices=_slices(found["slices"]),
        left_out=_left_out(found["slices"]),
        fewest=found["slices"]["fewest"],
        doubted=[_doubted(issue) for issue in found["gold_issues"][:MOST_DOUBTED]],
        doubted_more=max(0, len(found["gold_issues"]) - MOST_DOUBTED),
        samples=found["bootstrap"]["samples"],
    )


def _subtitle(found: Found) -> str:
    on = Path(found["on"]).name if found["on"] else "the test split, labeled in review"
    return f"Run {found['run']}, round {found['round']}, on {number(found['tickets'])} tickets of {on}"


def counted(n: int, noun: str) -> str:
    """As "1 value", "2 values"."""
    return f"{number(n)} {noun}{'' if n == 1 else 's'}"


def between(interval: Sequence[float]) -> str:
    """An interval of shares, as "61% to 65%"."""
    return f"{percent(interval[0])} to {percent(interval[1])}"


def _tiles(found: Found) -> list[dict[str, str]]:
    intervals, every = found["intervals"], found["all_right"]
    f1_low, f1_high = intervals["mean_macro_f1"]
    half = found["coverages"].index(0.5)
    risks = [of["risk_coverage"]["risk"][half] for of in found["tasks"].values()]
    figures = [
        ("Accuracy", percent(found["mean_accuracy"]), f"95%: {between(intervals['mean_accuracy'])}"),
        ("Macro-F1", number(found["mean_macro_f1"]), f"95%: {f1_low:.2f} to {f1_high:.2f}"),
        ("Every task right", percent(every["share"]), f"of {number(every['n'])} tickets"),
        ("Error of the surer half", percent(sum(risks) / len(risks)), "mean over tasks"),
        ("Calibration error", percent(found["mean_ece"]), "between confidence and accuracy"),
        ("Confident errors", number(_confident(found)), f"wrong with a confidence over {percent(SURE)}"),
    ]
    return [{"label": label, "value": value, "note": note} for label, value, note in figures]


def _confident(found: Found) -> int:
    wrong = (each for errors in found["errors"].values() for each in errors["wrong"])
    return sum(each["confidence"] > SURE for each in wrong)


def _score(name: str, of: Found, annotators: Found | None) -> dict[str, Any]:
    people = (annotators or {}).get(name)
    accuracy = f"{percent(of['accuracy'])}, 95%: {between(of['intervals']['accuracy'])}"
    return {
        "task": words(name),
        "n": of["n"],
        "accuracy": of["accuracy"],
        "interval": of["intervals"]["accuracy"],
        "people": people["agreement"] if people else None,
        "tip": accuracy + (f"; two people agree on {percent(people['agreement'])}" if people else ""),
        "macro_f1": of["macro_f1"],
        "macro_f1_interval": of["intervals"]["macro_f1"],
        "micro_f1": of["micro_f1"],
        "kappa": of["kappa"],
        "roc_auc": of["roc_auc"],
        "average_precision": of["average_precision"],
    }


def _people(name: str, of: Found) -> dict[str, Any]:
    return {
        "task": words(name),
        "n": of["n"],
        "agreement": of["agreement"],
        "interval": of["agreement_interval"],
        "tip": f"{percent(of['agreement'])}, 95%: {between(of['agreement_interval'])}",
        "kappa": of["kappa"],
        "gold": of["agrees_with"]["gold"],
        "classifier": of["agrees_with"]["classifier"],
    }


def _risk(found: Found) -> dict[str, Any]:
    """Error against coverage, a line per task; where all is answered on the right."""
    x = found["coverages"]
    return {
        "x": x,
        "marks": [{"x": at, "text": percent(at)} for at in (0.05, 0.25, 0.5, 0.75, 1.0)],
        "tips": [f"the surest {percent(at)}" for at in x],
        "series": [
            {"name": words(name), "y": of["risk_coverage"]["risk"]} for name, of in found["tasks"].items()
        ],
        "rows": [
            {"task": words(name)} | of["calibration"] | of["risk_coverage"]
            for name, of in found["tasks"].items()
        ],
    }


def _task(task: Task, found: Found, at: int) -> dict[str, Any]:
    of, errors = found["tasks"][task.name], found["errors"][task.name]
    return {
        "anchor": f"task-{at}",
        "name": words(task.name).capitalize(),
        "question": task.question,
        "labels": [words(label) for label in task.labels],
        "confusion": of["confusion"],
        "rows": [_label(label, figures) for label, figures in of["labels"].items()],
        "reliability": _reliability(of["calibration"]["bins"]),
        "errors": len(errors["wrong"]),
        "n": of["n"],
        "pairs": [_pair(pair, errors["wrong"]) for pair in errors["confusions"][:MOST_PAIRS]],
        "wrong": [_wrong(each) for each in errors["wrong"][:MOST_WRONG]],
    }


def _label(label: str, figures: Found) -> dict[str, Any]:
    low, high = figures["intervals"]["f1"]
    (negatives, false_positives), (false_negatives, positives) = figures["confusion"]
    counts = f"right {positives}, false {false_positives}, missed {false_negatives}, rightly not {negatives}"
    return {
        "label": words(label),
        "f1_interval": f"{low:.2f} to {high:.2f}",
        "counts": counts,
        "curve": _curve(figures["precision_at"]) if figures["precision_at"] else None,
    } | figures


def _curve(precision_at: Sequence[float]) -> str:
    """Points of a precision–recall curve in a box of 100 × 100."""
    step = 100 / (len(precision_at) - 1)
    return " ".join(f"{i * step:.1f},{100 - 100 * value:.1f}" for i, value in enumerate(precision_at))


def _reliability(bins: Sequence[Found]) -> list[dict[str, Any]]:
    """Columns of the reliability diagram, heights of 100: what accuracy and confidence share, their gap."""
    fullest = max(each["n"] for each in bins)
    return [
        {
            "at": i,
            "shared": 100 * min(each["accuracy"], each["confidence"]) if each["n"] else 0,
            "gap": 100 * abs(each["accuracy"] - each["confidence"]) if each["n"] else 0,
            "side": "over" if each["n"] and each["confidence"] > each["accuracy"] else "under",
            "count": each["n"] / fullest,
            "tip": f"confidence {percent(each['low'])} to {percent(each['high'])}: "
            f"{number(each['n'])} tickets, {percent(each['accuracy'])} right",
        }
        for i, each in enumerate(bins)
    ]


def _pair(pair: Found, wrong: Sequence[Found]) -> dict[str, Any]:
    ids = set(pair["ticket_ids"])
    examples = [each for each in wrong if each["ticket_id"] in ids]
    share = "" if pair["share"] is None else f"{percent(pair['share'])} of {words(pair['gold'])}"
    return {
        "gold": words(pair["gold"]) if pair["gold"] else "no label",
        "said": words(pair["said"]) if pair["said"] else "no label",
        "n": pair["n"],
        "share": share,
        "examples": [_wrong(each) for each in examples[:MOST_OF_PAIR]],
    }


def _wrong(each: Found) -> dict[str, Any]:
    return {
        "ticket_id": each["ticket_id"],
        "text": each["text"],
        "gold": _names(each["gold"]),
        "said": _names(each["said"]),
        "confidence": percent(each["confidence"]),
        "gold_proba": percent(each["gold_proba"]),
        "votes": _votes(each["votes"]),
    }


def _names(labels: Sequence[str]) -> str:
    return ", ".join(words(label) for label in labels) or "no label"


def _votes(cast: Mapping[str, Sequence[str]]) -> str:
    """What the labeling functions said, the label with most votes first."""
    ranked = sorted(cast.items(), key=lambda item: (-len(item[1]), item[0]))
    said = [f"{words(vote)}: {_some(names)}" for vote, names in ranked]
    return "LFs for " + "; ".join(said) if said else "no labeling function votes"


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_LFS
    return ", ".join(names[:MOST_LFS]) + (f" and {more} more" if more > 0 else "")


def _slices(found: Found) -> list[dict[str, Any]]:
    """The slices of each column, and the scale of their gaps."""
    ends = [abs(end) for each in found["slices"] for end in each["gap_interval"]]
    widest = max([0.05, *ends])
    columns = dict.fromkeys(each["column"] for each in found["slices"])
    return [
        {
            "column": column,
            "widest": widest,
            "rows": [_slice(each) for each in found["slices"] if each["column"] == column],
        }
        for column in columns
    ]


def _slice(each: Found) -> dict[str, Any]:
    low, high = each["gap_interval"]
    return {
        "points": f"{100 * each['gap']:+.1f}",
        "tip": f"{100 * each['gap']:+.1f} points, 95%: {100 * low:+.1f} to {100 * high:+.1f}",
        "stands_out": low > 0 or high < 0,
    } | each


def _left_out(found: Found) -> str:
    """Which values are no slice."""
    return "; ".join(
        f"{counted(of['values'], 'value')} of {column} ({counted(of['tickets'], 'ticket')})"
        for column, of in found["left_out"].items()
    )


def _doubted(issue: Found) -> dict[str, Any]:
    return {
        "ticket_id": issue["ticket_id"],
        "text": issue["text"],
        "task": words(issue["task"]),
        "given": words(issue["given"]),
        "suggested": words(issue["suggested"]),
        "quality": issue["label_quality"],
        "votes": _votes(issue["votes"]),
    }
