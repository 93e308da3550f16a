"""What no labeling function sees: the uncovered tickets in clusters, each with its typical words."""

import warnings
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from data.errors import LabelingError
from labeling.phrases import words
from labeling.votes import Array

MOST_TEXTS = 20_000
# Over bare TF-IDF, k-means heaps what is left into one cluster: on 20,000 support tweets its largest held
# 56 % of them, over 50 dimensions 38 %.
DIMENSIONS = 50
TYPICAL_WORDS = 8


@dataclass(frozen=True)
class Cluster:
    """Tickets that speak alike.

    `size` counts them and `share` in (0, 1] is their part of the tickets looked at. `words` are
    typical ones, most typical first; () for tickets without any word. `examples` are (ticket_id,
    text) of different texts, nearest the centre first.
    """

    size: int
    share: float
    words: tuple[str, ...]
    examples: tuple[tuple[str, str], ...]


def uncovered_clusters(
    ticket_ids: Sequence[str],
    texts: Sequence[str],
    *,
    clusters: int = 8,
    seed: int = 0,
    examples: int = 3,
) -> list[Cluster]:
    """Clusters of the texts on which no labeling function votes, largest first.

    The caller selects those texts. At most 20,000 of them are looked at: those whose ticket ids have
    the lowest CRC-32, so that order does not matter and a new ticket displaces one other at most.
    K-means, seeded by `seed`, over latent semantic analysis (Deerwester et al., 1990) of TF-IDF;
    handles, links, numbers and stop words do not count. There are at most `clusters`, and beside
    them one without words: of texts that hold no word, or only rare ones. A word is typical of a
    cluster where its mean TF-IDF in it most exceeds that in all other texts. No texts, no clusters.
    Raises LabelingError where ids and texts differ in number or no cluster is asked for.
    """
    _check(ticket_ids, texts, clusters)
    rows = _sample(ticket_ids)
    ids, texts = [ticket_ids[row] for row in rows], [texts[row] for row in rows]
    matrix, names = _tf_idf(texts)
    cluster_of, distance = _assign(matrix, clusters, seed)
    found = []
    for cluster in np.unique(cluster_of):
        members = cluster_of == cluster
        nearest = sorted(np.flatnonzero(members), key=lambda row: (distance[row], ids[row]))
        shown = _different([(ids[row], texts[row]) for row in nearest], examples)
        size = int(members.sum())
        found.append(Cluster(size, size / len(ids), _typical(matrix, members, names), shown))
    return sorted(found, key=lambda cluster: (-cluster.size, cluster.words))


def _check(ticket_ids: Sequence[str], texts: Sequence[str], clusters: int) -> None:
    problems = []
    if len(ticket_ids) != len(texts):
        problems.append(f"a ticket_id per text is needed, got {len(ticket_ids)} for {len(texts)} texts")
    if clusters < 1:
        problems.append(f"clusters must be 1 or more, got {clusters}")
    if problems:
        raise LabelingError("clusters of uncovered tickets: " + "; ".join(problems))


def _sample(ticket_ids: Sequence[str]) -> list[int]:
    """Rows of the tickets looked at, in an order that does not depend on theirs."""
    keyed = sorted(
        (zlib.crc32(name.encode("utf-8", "replace")), name, row) for row, name in enumerate(ticket_ids)
    )
    return [row for _, _, row in keyed[:MOST_TEXTS]]


def _tf_idf(texts: Sequence[str]) -> tuple[Any, Array]:
    """Sparse rows [n_texts, n_words] of length 1, of length 0 for a text without a word; the words.

    A word counts from one text on in small heaps, from five on in large ones: rarer ones bind nothing.
    """
    found = [words(text) for text in texts]
    frequency = Counter(chain.from_iterable(map(set, found)))
    least = min(5, 1 + len(texts) // 200)
    known = sorted(word for word, count in frequency.items() if count >= least)
    if not known:
        return np.zeros((len(texts), 0)), np.array([], str)
    vectorizer = TfidfVectorizer(analyzer=list, vocabulary=known, sublinear_tf=True)
    return vectorizer.fit_transform(found), np.array(known)


def _assign(matrix: Any, clusters: int, seed: int) -> tuple[Array, Array]:
    """Cluster of each row int [n], −1 for rows without a word, and its distance float [n] to the centre."""
    cluster_of, distance = np.full(matrix.shape[0], -1), np.zeros(matrix.shape[0])
    rows = np.flatnonzero(np.asarray(matrix.sum(axis=1)).ravel())
    if len(rows):
        some = matrix[rows]
        model = KMeans(min(clusters, len(rows)), n_init=3, random_state=seed)
        with warnings.catch_warnings():
            # Texts that repeat each other make fewer clusters than asked for, and that is as it should be.
            warnings.simplefilter("ignore", ConvergenceWarning)
            distances = model.fit_transform(_latent(some, seed))
        cluster_of[rows], distance[rows] = model.labels_, distances.min(axis=1)
    return cluster_of, distance.round(9)


def _latent(matrix: Any, seed: int) -> Any:
    """The rows in fewer dimensions, of length 1 again; as they are where there is little to condense."""
    if min(matrix.shape) <= DIMENSIONS:
        return matrix
    return normalize(TruncatedSVD(DIMENSIONS, random_state=seed).fit_transform(matrix))


def _typical(matrix: Any, members: Array, names: Array) -> tuple[str, ...]:
    inside, outside = (np.asarray(matrix[rows].sum(axis=0)).ravel() for rows in (members, ~members))
    surplus = inside / members.sum() - outside / max(1, (~members).sum())
    best = np.argsort(-surplus, kind="stable")[:TYPICAL_WORDS]
    return tuple(str(names[i]) for i in best if surplus[i] > 0)


def _different(tickets: Sequence[tuple[str, str]], most: int) -> tuple[tuple[str, str], ...]:
    """The first tickets of different texts."""
    first: dict[str, str] = {}
    for ticket_id, text in tickets:
        first.setdefault(text, ticket_id)
    return tuple((ticket_id, text) for text, ticket_id in first.items())[:most]
