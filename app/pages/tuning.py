"""The page of a study of training settings."""

from itertools import accumulate
from typing import Any

from app.pages import render, words

Found = dict[str, Any]


def tuning_page(found: Found) -> str:
    """The page as one self-contained HTML document; its JSON twin is `found`, out of `app.tuning`."""
    trials = found["trials"]
    return render(
        "tuning.html",
        project=found["project"],
        subtitle=f"run {found['run']}, round {found['round']}: {len(trials)} trials on the validation split",
        tiles=_tiles(found),
        importances=importances(found),
        progress=_progress(trials),
        rows=[_row(found, trial) for trial in by_loss(trials)],
        toml=found["toml"],
        file=found["file"],
    )


def by_loss(trials: list[Found]) -> list[Found]:
    """Trials with the lowest loss first, those without one last."""
    return sorted(trials, key=lambda trial: (trial["loss"] is None, trial["loss"] or 0.0))


def changed(found: Found, trial: Found) -> dict[str, Any]:
    """The settings in which a trial differs from the project's own."""
    own = found["trials"][found["own"]]["settings"]
    return {name: value for name, value in trial["settings"].items() if value != own[name]}


def importances(found: Found) -> list[Found]:
    """A bar per setting: its share of the variance, and of the largest one."""
    widest = max(found["importances"].values(), default=0.0) or 1.0
    return [
        {"name": words(name), "share": share, "width": round(100 * share / widest, 2)}
        for name, share in found["importances"].items()
    ]


def _tiles(found: Found) -> list[dict[str, str]]:
    best, own = found["trials"][found["best"]], found["trials"][found["own"]]
    return [
        {
            "label": "Best validation loss",
            "value": loss_text(best["loss"]),
            "note": f"trial {best['number']}",
        },
        {"label": "With the settings as they are", "value": loss_text(own["loss"])},
        {"label": "Trials", "value": str(len(found["trials"])), "note": f"{found['pruned']} without an end"},
        {"label": "Minutes", "value": f"{sum(each['seconds'] for each in found['trials']) / 60:.1f}"},
    ]


def loss_text(loss: float | None) -> str:
    """A loss with four decimals; a dash for a trial that has none.

    >>> loss_text(0.51239), loss_text(None)
    ('0.5124', '–')
    """
    return "–" if loss is None else f"{loss:.4f}"


def _progress(trials: list[Found]) -> Found:
    """Losses of the trials that came to their end, and the lowest so far, for a line chart."""
    ended = [trial for trial in trials if trial["loss"] is not None]
    losses = [trial["loss"] for trial in ended]
    numbers = [trial["number"] for trial in ended]
    return {
        "x": numbers,
        "series": [{"name": "lowest", "y": list(accumulate(losses, min))}, {"name": "trial", "y": losses}],
        "marks": [{"x": number, "text": str(number)} for number in numbers[:: max(1, len(ended) // 8)]],
        "tips": [f"trial {trial['number']}: {loss_text(trial['loss'])}" for trial in ended],
    }


def _row(found: Found, trial: Found) -> Found:
    differs = changed(found, trial)
    return {
        "number": trial["number"],
        "loss": loss_text(trial["loss"]),
        "epochs": len(trial["losses"]),
        "seconds": f"{trial['seconds']:.0f}",
        "changed": [f"{words(name)} {value}" for name, value in differs.items()],
        "own": trial["number"] == found["own"],
    }
