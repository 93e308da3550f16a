"""The regression is the one that its definition says, whatever way it is found."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from model.softmax import DENSE_PENALTY, SPARSE_PENALTY, features_of, fit


def problem(n=80, seed=0):
    """Random features, soft targets over three labels, uneven weights."""
    rng = np.random.default_rng(seed)
    sparse = csr_matrix(rng.random((n, 5)) * (rng.random((n, 5)) < 0.3))
    return (
        features_of(rng.normal(size=(n, 4)) + 3, sparse),
        rng.dirichlet(np.full(3, 0.4), n),
        rng.random(n) + 0.2,
    )


def slow(features, targets, weights):
    """The same loss, by its definition, in plain coordinates and double precision."""
    x = np.concatenate([features.dense, features.sparse.toarray(), np.ones((len(weights), 1))], axis=1)
    penalty = np.array([DENSE_PENALTY] * 4 + [SPARSE_PENALTY] * 5 + [0.0])[:, None]

    def probs(point):
        scores = x @ point.reshape(-1, 3)
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        return raised / raised.sum(axis=1, keepdims=True)

    def loss(point):
        square = (penalty * point.reshape(-1, 3) ** 2).sum()
        return 0.5 * square - (weights[:, None] * targets * np.log(probs(point))).sum()

    return probs(minimize(loss, np.zeros(x.shape[1] * 3)).x)


def test_the_regression_is_the_least_of_its_loss():
    features, targets, weights = problem()
    found = fit(features, targets, weights, "softmax").predict_proba(features)
    np.testing.assert_allclose(found, slow(features, targets, weights), atol=5e-3)


def test_a_weight_of_two_is_a_row_twice():
    features, targets, _ = problem()
    twice = np.r_[np.arange(80), np.arange(40)]
    weights = np.r_[np.full(40, 2.0), np.ones(40)]
    once = fit(features, targets, weights, "softmax").predict_proba(features)
    again = fit(features.take(twice), targets[twice], np.ones(120), "softmax").predict_proba(features)
    np.testing.assert_allclose(once, again, atol=2e-3)


def test_a_sigmoid_predicts_as_much_in_all_as_it_learned():
    features, targets, weights = problem()
    holds = targets[:, :1]
    found = fit(features, holds, weights, "sigmoid").predict_proba(features)
    assert found.min() > 0 and found.max() < 1
    residual = (found - holds) * weights[:, None]
    np.testing.assert_allclose(residual.sum() / weights.sum(), 0, atol=5e-3)


@pytest.mark.parametrize("link", ["softmax", "sigmoid"])
def test_without_features_the_mean_target_is_predicted(link):
    targets = np.tile([0.5, 0.3, 0.2], (30, 1))
    features = features_of(np.zeros((30, 2)), None)
    np.testing.assert_allclose(
        fit(features, targets, np.ones(30), link).predict_proba(features), targets, atol=1e-3
    )


def test_embeddings_are_centered_and_of_unit_length_on_average():
    features, _, _ = problem()
    np.testing.assert_allclose(features.dense.mean(axis=0), 0, atol=1e-6)
    assert (features.dense**2).sum(axis=1).mean() == pytest.approx(1, abs=1e-5)
    assert features_of(np.empty((0, 3)), None).dense.shape == (0, 3)
