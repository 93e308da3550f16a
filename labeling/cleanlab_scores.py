"""What cleanlab computes, arrays in and arrays out (its only importer): issues, outliers, reviewers.

cleanlab prints here and there; nothing of that reaches standard output.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, Literal

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.multiannotator import get_active_learning_scores, get_label_quality_multiannotator
from cleanlab.multilabel_classification.filter import find_multilabel_issues_per_class
from cleanlab.multilabel_classification.rank import get_label_quality_scores_per_class
from cleanlab.rank import get_label_quality_scores

Array = np.ndarray[Any, Any]
Score = Literal["self_confidence", "normalized_margin", "confidence_weighted_entropy"]
# Smallest difference by which a probability breaks a tie: toward the earlier label, never by chance.
TIE = 1e-9


@contextmanager
def _quietly() -> Iterator[None]:
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), warnings.catch_warnings():
        # The only ticket of a label is never an issue, and people may agree on nothing: both are fine.
        warnings.filterwarnings("ignore", "May not flag all label issues")
        warnings.filterwarnings("ignore", "Annotators do not agree on any example")
        yield


def issue_mask(labels: Array, probs: Array) -> Array:
    """bool [n]: whether label ids int [n], of which each of 0 to k − 1 occurs, contradict `probs` [n, k].

    Confident learning, pruning by noise rate: Northcutt, Jiang and Chuang (2021).
    """
    with _quietly():
        return np.asarray(find_label_issues(labels, probs, n_jobs=1), bool)


def label_quality(labels: Array, probs: Array, score: Score, balanced: bool) -> Array:
    """float64 [n] in [0, 1], low is worse; `balanced` takes the usual confidence of a label from its own."""
    return np.asarray(
        get_label_quality_scores(labels, probs, method=score, adjust_pred_probs=balanced), np.float64
    )


def multilabel_issue_mask(holds: Array, probs: Array) -> Array:
    """bool [n, k]: entries of `holds` bool [n, k] that `probs` [n, k] contradict; no column is constant."""
    with _quietly():
        found = find_multilabel_issues_per_class(_lists(holds), probs, n_jobs=1)
    return np.asarray(found, bool)


def multilabel_quality(holds: Array, probs: Array, score: Score, balanced: bool) -> Array:
    """float64 [n, k] in [0, 1], low is worse: of each label, whether it holds or not."""
    scores = get_label_quality_scores_per_class(
        _lists(holds), probs, method=score, adjust_pred_probs=balanced
    )
    return np.asarray(scores, np.float64)


def _lists(holds: Array) -> list[list[int]]:
    return [np.flatnonzero(row).tolist() for row in holds]


def strays_and_twins(neighbours: Array, distances: Array) -> tuple[Array, Array, Array, Array, list[Array]]:
    """Datalab's outliers and near duplicates from a graph of nearest neighbours, nearest first.

    `neighbours` int [n, k] are rows, `distances` float [n, k]. Returns outlier scores float64 [n] and
    whether they are outliers bool [n], the same of near duplicates, and each row's near duplicates
    int [.]; scores in [0, 1], low is worse.
    """
    from cleanlab.datalab.datalab import Datalab
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    n, k = neighbours.shape
    graph = csr_matrix((distances.ravel(), neighbours.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    with _quietly():
        lab = Datalab(data={"row": np.arange(n)}, verbosity=0)
        lab.find_issues(knn_graph=graph, issue_types={"outlier": {"k": k}, "near_duplicate": {"k": k}})
    issues = lab.get_issues()
    columns = (issues[name].to_numpy() for name in _COLUMNS)
    sets = [np.asarray(found, int) for found in lab.get_info("near_duplicate")["near_duplicate_sets"]]
    return (*columns, sets)


_COLUMNS = ("outlier_score", "is_outlier_issue", "near_duplicate_score", "is_near_duplicate_issue")


def crowd(labels: Array, probs: Array) -> tuple[Array, Array, Array, dict[int, tuple[float, float]]]:
    """CROWDLAB (Goh, Tkachenko and Mueller, 2022) on labels float [n, m] of m people, NaN for none.

    Some ticket has labels of two people or more. Returns consensus int [n], its quality float64 [n],
    agreement with it float64 [n], and person → (quality, agreement with the consensus).
    """
    with _quietly():
        found = get_label_quality_multiannotator(
            labels, _untied(probs), return_detailed_quality=True, verbose=False
        )
    tickets, people = found["label_quality"], found["annotator_stats"]
    stats = zip(people.index, people["annotator_quality"], people["agreement_with_consensus"], strict=True)
    return (
        tickets["consensus_label"].to_numpy(int),
        tickets["consensus_quality_score"].to_numpy(float),
        tickets["annotator_agreement"].to_numpy(float),
        {int(person): (float(quality), float(agreement)) for person, quality, agreement in stats},
    )


def active_scores(labels: Array | None, probs: Array, unlabeled: Array) -> tuple[Array, Array]:
    """ActiveLab (Goh and Mueller, 2023): float64 in [0, 1] of labeled and unlabeled tickets, low: ask.

    `labels` float [n, m] with NaN, or None without any; `probs` [n, k]; `unlabeled` [u, k].
    """
    with _quietly():
        labeled, others = get_active_learning_scores(
            labels, None if labels is None else _untied(probs), unlabeled if len(unlabeled) else None
        )
    return np.asarray(labeled, np.float64), np.asarray(others, np.float64)


def _untied(probs: Array) -> Array:
    tilted = np.asarray(probs, np.float64) + TIE * np.arange(probs.shape[1], 0, -1)
    return np.asarray(tilted / tilted.sum(axis=1, keepdims=True))
