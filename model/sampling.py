"""The order in which training tickets are drawn: alike in length within a batch, rare labels more often."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from torch.utils.data import Sampler
from transformers import Trainer

from data.schema import Schema

Array = np.ndarray[Any, Any]
# Batches whose tickets are sorted by length together: little is padded, and each epoch mixes anew.
BUCKET_BATCHES = 50
LEAST_SHARE = 1e-3


class LengthBuckets(Sampler[int]):
    """Rows 0 to n − 1 in an order of its own in every epoch, tickets of like length beside each other.

    The order depends on `seed` and epoch alone, so that a training that is resumed goes on as it would
    have. The longest batch comes first: what does not fit into memory shows at once. With `chances` [n]
    that add up to 1 each epoch draws n rows with replacement instead.
    """

    def __init__(
        self, lengths: Sequence[int], batch_size: int, seed: int, chances: Array | None = None
    ) -> None:
        self._lengths = np.asarray(lengths, int)
        self._batch_size = batch_size
        self._seed = seed
        self._chances = chances
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        rng = np.random.default_rng((self._seed, self._epoch))
        n = len(self._lengths)
        rows = rng.permutation(n) if self._chances is None else rng.choice(n, n, p=self._chances)
        bucket = self._batch_size * BUCKET_BATCHES
        buckets = (rows[start : start + bucket] for start in range(0, len(rows), bucket))
        ordered = [each[np.argsort(-self._lengths[each], kind="stable")] for each in buckets]
        batches = [
            each[start : start + self._batch_size]
            for each in ordered
            for start in range(0, len(each), self._batch_size)
        ]
        # A short batch stays last: the loader cuts rows by their number alone.
        full = [batch for batch in batches if len(batch) == self._batch_size]
        rest = [batch for batch in batches if len(batch) < self._batch_size]
        order = rng.permutation(len(full)).tolist()
        longest = max(order, key=lambda at: self._lengths[full[at]].max(), default=None)
        first = [] if longest is None else [longest]
        for at in first + [at for at in order if at != longest]:
            yield from full[at].tolist()
        for batch in rest:
            yield from batch.tolist()


class BucketTrainer(Trainer):
    """A Trainer that draws its tickets from a `LengthBuckets`."""

    sampler: LengthBuckets

    def _get_train_sampler(self, train_dataset: Any = None) -> LengthBuckets:
        return self.sampler


def balanced_chances(schema: Schema, targets: Array, weights: Array) -> Array:
    """How probably a row is drawn so that labels occur more alike: float [n], adds up to 1.

    In proportion to the mean over a ticket's known tasks of 1 / √(share of its label). `targets`
    [n, labels of all tasks], `weights` [n, n_tasks], of which one is above 0 in each row.
    """
    found, start = np.zeros(len(weights)), 0
    for at, task in enumerate(schema):
        of_task = targets[:, start : start + len(task.labels)]
        start += len(task.labels)
        known = weights[:, at] > 0
        share = of_task[known].sum(axis=0) / max(1, known.sum())
        rarity = 1 / np.sqrt(np.maximum(share, LEAST_SHARE))
        held = np.maximum(of_task.sum(axis=1), 1e-9)
        # A multi-label ticket without any label is as common as they come.
        found += np.where(known, np.maximum((of_task * rarity).sum(axis=1) / held, 1), 0)
    found /= np.maximum((weights > 0).sum(axis=1), 1)
    return np.asarray(found / found.sum())
