"""The SetFit baseline: each task's own SetFit, on few labeled tickets of each label."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from datasets import Dataset

from data.config import EncoderSettings, SeedSettings
from data.schema import Schema, Task
from lfs.zero_shot import ZeroShotSeeds
from model.baselines import Taught, balanced_rows

Array = np.ndarray[Any, Any]
# SetFit's authors report 8 and 64 tickets a label (Tunstall et al., 2022).
PER_LABEL = 16
# Batches of 16 pairs: two seconds each on one core, so five tasks stay within five minutes.
STEPS = 30


class _FewShot(ZeroShotSeeds):
    """SetFit on labeled tickets alone, without the labels' descriptions."""

    def _dataset(self, task: Task) -> Dataset:
        texts, labels = zip(*self._shots[task.name], strict=True)
        return Dataset.from_dict({"text": list(texts), "label": list(labels)})


def setfit(
    taught: Taught,
    texts: Sequence[str],
    asked: Sequence[str],
    encoder: EncoderSettings,
    *,
    per_label: int = PER_LABEL,
    steps: int = STEPS,
    seed: int = 0,
) -> tuple[Array, int]:
    """Probabilities float32 [n_asked, n_labels], and how many tickets were learned from.

    `texts` are those of the training set. At most `per_label` tickets of each label are learned, of a
    multi-label task of each set of labels; a label's probability is then that of all sets that have it.
    Where one answer alone is taught, it is the answer; where none is, every label has 0.
    """
    chosen, answers = balanced_rows(taught, per_label, seed), taught.answers()
    known = sorted({answers[row] for row in chosen})
    holds = np.zeros((len(known), len(taught.task.labels)), np.float32)
    for row, answer in enumerate(known):
        holds[row, list(answer)] = 1
    if len(known) < 2:
        return np.tile(holds.sum(axis=0), (len(asked), 1)), len(chosen)
    names = tuple(str(row) for row in range(len(known)))
    task = Task(taught.task.name, names, names)
    shots = [(texts[taught.rows[row]], known.index(answers[row])) for row in chosen]
    settings = SeedSettings(steps=steps, seed=seed)
    trained = _FewShot(Schema((task,)), encoder, settings, (), {task.name: shots})
    return np.asarray(trained.predict_proba(task, asked) @ holds, np.float32), len(chosen)
