"""Predictions on disk: `<task>.parquet` in a stage's folder."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from data.schema import Task
from labeling.votes import SoftLabels

Array = np.ndarray[Any, Any]


def save_predictions(
    folder: Path, tasks: Iterable[Task], ticket_ids: Sequence[str], probs: Mapping[str, Array]
) -> None:
    """Writes `probs[task]` float [n, n_labels] of these tickets."""
    covered = np.ones(len(ticket_ids), bool)
    for task in tasks:
        found = np.asarray(probs[task.name], np.float32)
        SoftLabels(task, tuple(ticket_ids), found, covered).save(folder / f"{task.name}.parquet")


def predictions(folder: Path, tasks: Iterable[Task]) -> dict[str, Array]:
    """Task → probs float32 [n, n_labels], in the order in which they were saved."""
    return {task.name: SoftLabels.load(folder / f"{task.name}.parquet", task).probs for task in tasks}
