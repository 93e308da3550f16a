"""A linear probe on frozen embeddings: cheap out-of-sample probabilities by cross-validation."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GroupKFold

from data.errors import TrainingError
from data.schema import ABSTAIN, Task
from model.softmax import Features, Link, features_of, fit

Array = np.ndarray[Any, Any]
# Words and pairs of words; a word that stands in one text alone teaches nothing.
WORDS, LEAST_TEXTS, MOST_WORDS = (1, 2), 2, 20_000
VOTE = np.float32(0.5)


def cross_val_proba(
    task: Task,
    embeddings: Array,
    given: Array,
    known: Array,
    groups: Array,
    folds: int,
    *,
    features: csr_matrix | None = None,
    weights: Array | None = None,
    soft: bool = False,
) -> Array:
    """Out-of-sample label probabilities float32 [n, n_labels].

    `embeddings` float [n, dim]; `given` float [n, n_labels] are (soft) labels; `known` bool [n]
    marks rows to learn from; rows of one of `groups` [n] (near duplicates, say) never stand on both
    sides of a fold. Unknown rows are predicted like all others. `features` is a sparse matrix [n, m]
    beside the embeddings: `text_features`, `answer_features`, `vote_features` joined by `joined`.

    Of a soft label the most probable label is learned (of a multi-label task: whether the probability
    exceeds one half), with its probability as its weight; with `soft` the whole distribution.
    `weights` float [n] ≥ 0 weigh the rows besides. A label that no known row of the other folds has
    gets probability 0. Rows of a single-label task add up to 1 where anything is known.

    Raises TrainingError where arrays differ in length, hold NaN or infinity, or groups are fewer
    than folds.
    """
    weights = np.ones(len(known)) if weights is None else np.asarray(weights)
    _check(task, embeddings, given, known, groups, weights, features, folds)
    targets, trust = _targets(task, given, soft)
    trust = np.where(known, trust * weights, 0)
    whole = features_of(embeddings, features)
    probs = np.zeros(given.shape, np.float32)
    for train, held_out in GroupKFold(folds, shuffle=True, random_state=0).split(embeddings, groups=groups):
        train = train[trust[train] > 0]
        probs[held_out] = _fold(task, whole.take(train), targets[train], trust[train], whole.take(held_out))
    return probs


def _targets(task: Task, given: Array, soft: bool) -> tuple[Array, Array]:
    """What to learn float32 [n, n_labels] and how much to trust each row float [n]."""
    if soft:
        return np.asarray(given, np.float32), np.ones(len(given))
    if task.multi:
        return (given > 0.5).astype(np.float32), np.maximum(given, 1 - given).mean(axis=1)
    return np.eye(given.shape[1], dtype=np.float32)[given.argmax(axis=1)], given.max(axis=1)


def _fold(task: Task, train: Features, targets: Array, trust: Array, held_out: Features) -> Array:
    """Probabilities of the rows held out: exactly 0 or 1 where the other rows know but one answer."""
    probs = np.zeros((len(held_out.dense), targets.shape[1]), np.float32)
    if len(targets) == 0:
        return probs
    seen = targets.any(axis=0)
    open_ = seen & (targets != 1).any(axis=0)
    probs[:, seen & ~open_] = 1
    if open_.any():
        link: Link = "sigmoid" if task.multi else "softmax"
        probs[:, open_] = fit(train, targets[:, open_], trust, link).predict_proba(held_out)
    return probs


def _check(
    task: Task,
    embeddings: Array,
    given: Array,
    known: Array,
    groups: Array,
    weights: Array,
    features: csr_matrix | None,
    folds: int,
) -> None:
    n = len(known)
    sizes = {"embeddings": embeddings, "given labels": given, "groups": groups, "weights": weights}
    wrong = [f"{len(array)} {name}" for name, array in sizes.items() if len(array) != n]
    wrong += [f"{features.shape[0]} features"] if features is not None and features.shape[0] != n else []
    if wrong:
        raise TrainingError(f"task '{task.name}': {', '.join(wrong)} for {n} tickets; give one row for each")
    numbers = {"embeddings": embeddings, "given labels": given[np.asarray(known, bool)], "weights": weights}
    if features is not None:
        numbers["features"] = features.data
    for name, array in numbers.items():
        if not np.isfinite(array).all():
            raise TrainingError(f"task '{task.name}': {name} hold NaN or infinity; leave such tickets out")
    if (weights < 0).any():
        raise TrainingError(f"task '{task.name}': weights must not be negative, got {weights.min():g}")
    if not 1 < folds <= len(np.unique(groups)):
        raise TrainingError(
            f"task '{task.name}': {folds} folds of {len(np.unique(groups))} groups of tickets; "
            "give two folds or more, and no more than there are groups"
        )


def text_features(texts: Sequence[str]) -> csr_matrix:
    """TF-IDF of words and pairs of words, csr float32 [n, m], rows of unit length; no labels are read.

    Those that stand in two texts or more, the 20,000 most frequent; m is 0 where there is none.
    """
    learner = TfidfVectorizer(
        ngram_range=WORDS, min_df=LEAST_TEXTS, max_features=MOST_WORDS, sublinear_tf=True, dtype=np.float32
    )
    try:
        return csr_matrix(learner.fit_transform(texts))
    except ValueError:
        # How scikit-learn says that no word is left.
        return csr_matrix((len(texts), 0), dtype=np.float32)


def answer_features(given: Mapping[str, tuple[Array, Array]], without: str) -> csr_matrix:
    """What is said of the tickets in the tasks other than `without`, csr float32 [n, all their labels].

    `given[task]` is (probs float [n, n_labels], known bool [n]); a row that is not known is empty.
    """
    others = [np.where(known[:, None], probs, 0) for name, (probs, known) in given.items() if name != without]
    rows = len(next(iter(given.values()))[1])
    return csr_matrix(np.concatenate([np.empty((rows, 0)), *others], axis=1), dtype=np.float32)


def vote_features(votes: Sequence[Array]) -> csr_matrix:
    """Votes one-hot, a column for each thing that a function says, csr float32 [n, m]; −1 says nothing.

    `votes` are matrices int [n, n_lfs], those of all tasks. Each entry is a half: many functions say
    the same, and a vote should not outweigh what was said by a person.
    """
    columns = [column for matrix in votes for column in matrix.T]
    said = [(column, vote) for column in columns for vote in np.unique(column) if vote != ABSTAIN]
    hot = [(column == vote) * VOTE for column, vote in said]
    rows = len(votes[0])
    return csr_matrix(np.stack(hot, axis=1)) if hot else csr_matrix((rows, 0), dtype=np.float32)


def joined(*blocks: csr_matrix) -> csr_matrix:
    """Sparse features side by side, csr float32."""
    return hstack(blocks, format="csr", dtype=np.float32)
