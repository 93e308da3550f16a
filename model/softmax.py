"""Softmax regression on dense and sparse features together, with weights and soft targets."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.sparse import csr_matrix, diags_array  # type: ignore[import-untyped]

Array = np.ndarray[Any, Any]
Link = Literal["softmax", "sigmoid"]
# Penalties in units of one ticket of weight 1, on features of unit length; benchmarks/label_issues.py.
DENSE_PENALTY, SPARSE_PENALTY = 3.0, 3.0
# Sixty steps rank label issues no better than twenty: AUROC 0.967 and 0.967, at 2.6 times the cost.
MOST_STEPS, TOLERANCE = 20, 1e-5
# The loss bends by at most p (1 − p) ≤ 1/4 (Böhning, 1992).
BEND = 0.25


@dataclass(frozen=True)
class Features:
    """Tickets as numbers: `dense` float32 [n, dim] and `sparse` csr float32 [n, m], m possibly 0."""

    dense: Array
    sparse: csr_matrix

    def take(self, rows: Array) -> "Features":
        """These rows (bool [n] or int [m])."""
        return Features(self.dense[rows], self.sparse[rows])

    def scores(self, dense: Array, sparse: Array) -> Array:
        """float32 [n, k]: the features times their weights [dim, k] and [m, k]."""
        scores = self.dense @ dense
        return np.asarray(scores + self.sparse @ sparse if len(sparse) else scores)


def features_of(embeddings: Array, sparse: csr_matrix | None) -> Features:
    """Embeddings centered and brought to unit length on average, with the sparse features beside them."""
    dense = np.asarray(embeddings, np.float32)
    dense = dense - dense.mean(axis=0) if len(dense) else dense
    size = float(np.sqrt((dense**2).sum() / max(1, len(dense)))) or 1.0
    none = csr_matrix((len(dense), 0), dtype=np.float32)
    return Features(dense / size, none if sparse is None else csr_matrix(sparse, dtype=np.float32))


@dataclass(frozen=True)
class Regression:
    """Weights [dim, k] and [m, k] and intercepts [k], all float32."""

    dense: Array
    sparse: Array
    intercepts: Array
    link: Link

    def predict_proba(self, features: Features) -> Array:
        """float32 [n, k]; rows add up to 1 where the link is softmax."""
        return _linked(features.scores(self.dense, self.sparse) + self.intercepts, self.link)


def fit(features: Features, targets: Array, weights: Array, link: Link) -> Regression:
    """The regression of `targets` float [n, k] (soft or one-hot) on features, `weights` float [n] ≥ 0.

    Cross-entropy with a ridge, by L-BFGS in coordinates in which the loss bends alike in all
    directions, so that twenty steps suffice. With the link "sigmoid" each target stands for itself.
    """
    total = float(weights.sum())
    share = (weights / total).astype(np.float32)
    targets = np.asarray(targets, np.float32)
    turn = _whitening(features.dense, share, DENSE_PENALTY / total)
    stretch = _stretch(features.sparse, share, SPARSE_PENALTY / total)
    loss = _Loss(
        Features(features.dense @ turn, csr_matrix(features.sparse @ diags_array(stretch))),
        targets,
        share,
        turn.T @ turn * np.float32(DENSE_PENALTY / total),
        (stretch**2 * np.float32(SPARSE_PENALTY / total))[:, None],
        link,
    )
    options = {"maxiter": MOST_STEPS, "ftol": TOLERANCE, "gtol": 1e-5}
    found = minimize(loss, loss.start(), jac=True, method="L-BFGS-B", options=options).x
    dense, sparse, intercepts = loss.parts(found)
    return Regression(turn @ dense, stretch[:, None] * sparse, intercepts, link)


def _whitening(dense: Array, share: Array, penalty: float) -> Array:
    """float32 [dim, dim] by which features are multiplied so that the loss bends alike everywhere."""
    bend = BEND * ((dense * share[:, None]).T @ dense).astype(float) + penalty * np.eye(dense.shape[1])
    return np.asarray(np.linalg.inv(np.linalg.cholesky(bend)).T, np.float32)


def _stretch(sparse: csr_matrix, share: Array, penalty: float) -> Array:
    bend = BEND * (sparse.multiply(sparse).T @ share) + penalty
    return np.asarray(1 / np.sqrt(bend), np.float32)


def _linked(scores: Array, link: Link) -> Array:
    if link == "sigmoid":
        return np.asarray(0.5 * (1 + np.tanh(0.5 * scores)), np.float32)
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)


@dataclass(frozen=True)
class _Loss:
    """The penalized cross-entropy and its gradient, in the coordinates of the search."""

    features: Features
    targets: Array
    share: Array
    dense_penalty: Array
    sparse_penalty: Array
    link: Link

    def start(self) -> Array:
        """No weights, and intercepts that predict the mean target."""
        k, mean = self.targets.shape[1], self.share @ self.targets
        mean = np.clip(mean, 1e-6, 1 - 1e-6)
        begin = np.log(mean) - (np.log(1 - mean) if self.link == "sigmoid" else 0)
        zeros = (self.features.dense.shape[1] + self.features.sparse.shape[1]) * k
        return np.concatenate([np.zeros(zeros), begin])

    def parts(self, point: Array) -> tuple[Array, Array, Array]:
        """Dense weights, sparse weights, intercepts."""
        point, k, dim = point.astype(np.float32), self.targets.shape[1], self.features.dense.shape[1]
        return point[: dim * k].reshape(-1, k), point[dim * k : -k].reshape(-1, k), point[-k:]

    def __call__(self, point: Array) -> tuple[float, Array]:
        dense, sparse, intercepts = self.parts(point)
        probs = _linked(self.features.scores(dense, sparse) + intercepts, self.link)
        residual = (probs - self.targets) * self.share[:, None]
        pull, pull_sparse = self.dense_penalty @ dense, self.sparse_penalty * sparse
        ridge = 0.5 * float((dense * pull).sum() + (sparse * pull_sparse).sum())
        slopes = (
            self.features.dense.T @ residual + pull,
            self.features.sparse.T @ residual + pull_sparse,
            residual.sum(axis=0),
        )
        return self._entropy(probs) + ridge, np.concatenate([slope.ravel() for slope in slopes]).astype(float)

    def _entropy(self, probs: Array) -> float:
        loss = -(self.targets * np.log(probs + 1e-12)).sum(axis=1)
        if self.link == "sigmoid":
            loss = loss - ((1 - self.targets) * np.log(1 - probs + 1e-12)).sum(axis=1)
        return float(loss @ self.share)
