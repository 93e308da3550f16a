"""Benchmark folders in the format of WRENCH (Zhang et al., NeurIPS 2021): votes with gold labels."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.errors import LabelingError, listed
from data.schema import ABSTAIN, Task
from labeling.votes import Array, Votes

SPLITS = ("train", "valid", "test")
FILES = (*(f"{name}.json" for name in SPLITS), "label.json")
MOST_PROBLEMS = 5


@dataclass(frozen=True)
class WrenchSplit:
    """The votes on one split and its gold: label ids int [n_tickets], −1 where there is none."""

    votes: Votes
    gold: Array


def read_wrench(folder: Path) -> dict[str, WrenchSplit]:
    """The splits of a folder with train.json, valid.json, test.json and label.json.

    Raises LabelingError that names file and entry: a file that is missing or no JSON, a vote or a label
    that label.json does not know, entries with different numbers of votes.
    """
    labels = _labels(folder)
    task = Task(folder.resolve().name, labels, labels)
    splits = {name: _split(folder / f"{name}.json", task) for name in SPLITS}
    if not len(splits["train"].gold):
        raise LabelingError(f"{folder / 'train.json'}: no entries; label models are fitted on its votes")
    widths = {name: len(split.votes.lf_names) for name, split in splits.items() if len(split.gold)}
    if len(set(widths.values())) > 1:
        raise LabelingError(f"{folder}: the splits have different numbers of votes an entry: {widths}")
    return splits


def _labels(folder: Path) -> tuple[str, ...]:
    said = _json(folder / "label.json")
    found = {str(at): name for at, name in enumerate(said)} if isinstance(said, list) else said
    names = found if isinstance(found, dict) else {}
    if len(names) < 2 or {str(key) for key in names} != {str(at) for at in range(len(names))}:
        raise LabelingError(
            f"{folder / 'label.json'}: keys must be 0, 1, … for two labels or more, got {said}"
        )
    return tuple(str(names[str(at)]) for at in range(len(names)))


def _split(path: Path, task: Task) -> WrenchSplit:
    entries: Mapping[str, Any] = _json(path)
    if not isinstance(entries, dict):
        raise LabelingError(f"{path}: expected an object of entries, got {type(entries).__name__}")
    votes: list[Any] = [
        entry.get("weak_labels") if isinstance(entry, dict) else None for entry in entries.values()
    ]
    _check(path, entries, votes, task)
    lfs = len(votes[0]) if votes else 0
    values = np.array(votes, task.vote_dtype).reshape(len(votes), lfs)
    gold = [entry.get("label") for entry in entries.values()]
    ids, names = tuple(map(str, entries)), tuple(f"lf{j}" for j in range(lfs))
    known = [ABSTAIN if label is None else int(label) for label in gold]
    return WrenchSplit(Votes(task, ids, names, values), np.array(known, int))


def _check(path: Path, entries: Mapping[str, Any], votes: list[Any], task: Task) -> None:
    """Raises LabelingError that lists the entries whose votes or label cannot be used."""
    allowed = range(ABSTAIN, len(task.labels))
    widths = {len(row) for row in votes if isinstance(row, list)}
    usual = max(
        widths, key=lambda n: sum(isinstance(row, list) and len(row) == n for row in votes), default=0
    )
    problems = []
    for (key, entry), row in zip(entries.items(), votes, strict=True):
        if not isinstance(row, list) or len(row) != usual:
            said = (
                f"{len(row)} weak_labels, the others {usual}" if isinstance(row, list) else "no weak_labels"
            )
            problems.append(f"entry {key}: {said}")
        elif bad := [vote for vote in row if not isinstance(vote, int) or vote not in allowed]:
            problems.append(f"entry {key}: vote {bad[0]!r}; votes are -1 to {len(task.labels) - 1}")
        elif entry.get("label") is not None and entry["label"] not in allowed:
            problems.append(f"entry {key}: label {entry['label']!r}; labels are 0 to {len(task.labels) - 1}")
    if problems:
        raise LabelingError(f"{path}: {listed(problems, MOST_PROBLEMS)}")


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise LabelingError(f"{path}: no such file; a WRENCH folder has {listed(FILES)}") from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise LabelingError(f"{path}: cannot be read as JSON: {error}") from None
