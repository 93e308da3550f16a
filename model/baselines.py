"""Baselines: what simple models make of the labels that the classifier learns from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from data.schema import Task
from model.answers import said
from model.dataset import TrainingSet

Array = np.ndarray[Any, Any]
WORDS, MOST_WORDS = (1, 2), 50_000
# A word, or a sign such as "!" or an emoji: so every text has one.
TOKEN = r"\w+|[^\w\s]"
MOST_STEPS = 1000


@dataclass(frozen=True)
class Taught:
    """What is taught of one task, one row for each ticket that anything is known of.

    `rows` int [m] are positions in the training set, `holds` bool [m, n_labels] the most probable label
    (on a multi-label task every label above one half), `weights` float32 [m] what each ticket counts.
    """

    task: Task
    rows: Array
    holds: Array
    weights: Array

    @classmethod
    def of(cls, train: TrainingSet, task: Task) -> "Taught":
        """Soft labels hardened; what was pruned or never known is left out."""
        targets, weights = train.of_task(task.name)
        rows = np.flatnonzero(weights > 0)
        return cls(task, rows, said(task, targets[rows]), weights[rows])

    def answers(self) -> list[tuple[int, ...]]:
        """The label ids of each ticket [m]."""
        return [tuple(np.flatnonzero(row).tolist()) for row in self.holds]


def majority(taught: Taught, n: int) -> Array:
    """float32 [n, n_labels]: each label's share of what is taught, whatever the ticket."""
    total = float(taught.weights.sum())
    share = taught.weights @ taught.holds / total if total else np.zeros(taught.holds.shape[1])
    return np.tile(np.asarray(share, np.float32), (n, 1))


def word_features(texts: Sequence[str], asked: Sequence[str]) -> tuple[csr_matrix, csr_matrix]:
    """TF-IDF of words and pairs of words, the 50,000 most frequent in `texts`: of `texts` and of `asked`."""
    learner = TfidfVectorizer(
        ngram_range=WORDS, max_features=MOST_WORDS, token_pattern=TOKEN, sublinear_tf=True, dtype=np.float32
    )
    return csr_matrix(learner.fit_transform(texts)), csr_matrix(learner.transform(asked))


def regression(taught: Taught, features: Any, asked: Any) -> Array:
    """Probabilities float32 [n, n_labels] of logistic regression; `features` [m', d] of the training set.

    scikit-learn's with its own settings: one for a single-label task, one for each label of a multi-label
    task. A label that is never taught gets 0; where nothing else is taught, 1.
    """
    learned = features[taught.rows]
    if not taught.task.multi:
        return _logistic(learned, taught.holds.argmax(axis=1), taught.weights, asked, len(taught.task.labels))
    each = [_logistic(learned, held.astype(int), taught.weights, asked, 2)[:, 1] for held in taught.holds.T]
    return np.stack(each, axis=1)


def _logistic(features: Any, classes: Array, weights: Array, asked: Any, n_classes: int) -> Array:
    probs = np.zeros((asked.shape[0], n_classes), np.float32)
    seen = np.unique(classes)
    if len(seen) < 2:
        probs[:, seen] = 1
        return probs
    learner = LogisticRegression(max_iter=MOST_STEPS).fit(features, classes, sample_weight=weights)
    probs[:, learner.classes_] = learner.predict_proba(asked)
    return probs


def balanced_rows(taught: Taught, most: int, seed: int) -> Array:
    """Positions in `taught`, ascending: of each answer at most `most` tickets, drawn at random.

    An answer is a label; on a multi-label task a set of labels.
    """
    generator = np.random.default_rng(seed)
    rows_of: dict[tuple[int, ...], list[int]] = {}
    for row, answer in enumerate(taught.answers()):
        rows_of.setdefault(answer, []).append(row)
    drawn = [generator.permutation(rows_of[answer])[:most] for answer in sorted(rows_of)]
    return np.sort(np.concatenate([np.empty(0, int), *drawn]).astype(int))
