"""What an evaluation shows, in sentences: what to mend first, and how far its figures can be trusted."""

from collections.abc import Iterator
from typing import Any

from app.pages import number, percent, words

Found = dict[str, Any]
# A label's figures jump by 10 points and more when one such ticket turns.
FEW_TICKETS = 10
MUCH = 0.05
MOST_NAMES = 6


def facts(found: Found) -> Iterator[dict[str, Any]]:
    """Findings for the page's top: `text`, and `warn` where something is to be mended."""
    yield from _seen(found)
    name, worst = min(found["tasks"].items(), key=lambda item: item[1]["accuracy"])
    yield _fact(f"The weakest task is {words(name)}: {percent(worst['accuracy'])} right.")
    yield from _ceiling(found)
    yield from _calibration(found)
    yield from _slices(found)
    yield from _rare(found)


def _fact(text: str) -> dict[str, Any]:
    return {"text": text, "warn": False}


def _warning(text: str) -> dict[str, Any]:
    return {"text": text, "warn": True}


def _seen(found: Found) -> Iterator[dict[str, Any]]:
    if seen := found["seen_in_training"]:
        yield _warning(
            f"{number(len(seen))} of {number(found['tickets'])} tickets, or near duplicates of them, are "
            "among those that the classifier was trained on: the figures flatter it."
        )


def _ceiling(found: Found) -> Iterator[dict[str, Any]]:
    """Where the classifier is below what people agree on, beyond chance, and where it is not."""
    both = {name: of for name, of in (found["annotators"] or {}).items() if name in found["tasks"]}
    accuracy = {name: found["tasks"][name]["accuracy"] for name in both}
    below = [name for name, of in both.items() if accuracy[name] < of["agreement_interval"][0]]
    for said, names in (("less", below), ("no less", [name for name in both if name not in below])):
        if names:
            pairs = (
                f"{words(name)} ({percent(accuracy[name])} to {percent(both[name]['agreement'])})"
                for name in names
            )
            yield _fact(f"The classifier is right {said} often than two people agree in {', '.join(pairs)}.")


def _calibration(found: Found) -> Iterator[dict[str, Any]]:
    for name, of in found["tasks"].items():
        over = of["calibration"]["overconfidence"]
        if abs(over) > MUCH:
            points = f"{100 * abs(over):.0f} points {'higher' if over > 0 else 'lower'}"
            yield _warning(f"Confidence in {words(name)} is {points} than accuracy, on average.")


def _slices(found: Found) -> Iterator[dict[str, Any]]:
    weak = [each for each in found["slices"]["slices"] if each["gap_interval"][1] < 0]
    for each in sorted(weak, key=lambda each: each["gap"])[:MOST_NAMES]:
        yield _warning(
            f"Answers are {-100 * each['gap']:.1f} points less often right where {each['column']} is "
            f"{each['value']} ({number(each['n'])} tickets)."
        )


def _rare(found: Found) -> Iterator[dict[str, Any]]:
    rare = [
        f"{words(name)} {words(label)}"
        for name, of in found["tasks"].items()
        for label, figures in of["labels"].items()
        if figures["support"] < FEW_TICKETS
    ]
    if rare:
        more = f" and {len(rare) - MOST_NAMES} more" if len(rare) > MOST_NAMES else ""
        yield _warning(
            f"Fewer than {FEW_TICKETS} tickets each have {', '.join(rare[:MOST_NAMES])}{more}: their figures "
            "say little, and macro-F1 hangs on them."
        )
