"""The loss: cross-entropy against soft labels, and what bends it."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from data.schema import Schema, Task
from model.loss import SoftLoss, balanced_weights, split_tasks
from tests.model.conftest import SCHEMA

ONE = Schema((Task("tone", ("a", "b"), ("a", "b")),))
MANY = Schema((Task("about", ("x", "y", "z"), ("x", "y", "z"), "multi"),))
LOGITS = torch.tensor([[2.0, -1.0], [0.5, -0.5]])
HARD = torch.tensor([[0.0, 1.0], [1.0, 0.0]])


def of_one(logits=LOGITS, targets=HARD, weights=None, **bent):
    weights = torch.ones(len(logits), 1) if weights is None else weights
    return SoftLoss(ONE, **bent)(logits, targets, weights).item()


def test_a_single_label_task_has_the_cross_entropy_against_soft_labels():
    targets = torch.tensor([[0.7, 0.3], [0.1, 0.9]])
    assert of_one(targets=targets) == pytest.approx(cross_entropy(LOGITS, targets).item(), rel=1e-6)


def test_a_multi_label_task_has_the_mean_binary_cross_entropy():
    logits, targets = torch.tensor([[2.0, -1.0, 0.0]]), torch.tensor([[1.0, 0.25, 0.0]])
    probs, t = 1 / (1 + np.exp(-logits.numpy())), targets.numpy()
    by_hand = -(t * np.log(probs) + (1 - t) * np.log(1 - probs)).mean()
    assert SoftLoss(MANY)(logits, targets, torch.ones(1, 1)).item() == pytest.approx(by_hand, rel=1e-6)


def test_a_missing_label_has_no_gradient():
    logits = torch.randn(4, 5, generator=torch.Generator().manual_seed(1)).requires_grad_()
    targets = torch.rand(4, 5, generator=torch.Generator().manual_seed(2))
    weights = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [4.0, 1.0]])
    SoftLoss(SCHEMA)(logits, targets, weights).backward()
    moved = logits.grad != 0
    assert moved[:, :2].any(1).tolist() == [True, False, False, True]
    assert moved[:, 2:].any(1).tolist() == [False, True, False, True]


@pytest.mark.parametrize(
    "bent", [{}, {"focal": 2.0}, {"robust": 0.7}, {"smoothing": 0.1}, {"task_weights": "uncertainty"}]
)
def test_what_stands_in_a_missing_target_does_not_count(bent):
    logits = torch.randn(2, 5, generator=torch.Generator().manual_seed(1))
    targets, weights = torch.rand(2, 5), torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    other = targets.clone()
    other[0, 2:], other[1, :2] = 0.123, 0.987
    loss = SoftLoss(SCHEMA, **bent)
    assert loss(logits, targets, weights) == loss(logits, other, weights)


def test_a_weight_counts_a_ticket_that_many_times():
    twice = of_one(LOGITS[[0, 0, 0, 1]], HARD[[0, 0, 0, 1]])
    assert of_one(weights=torch.tensor([[3.0], [1.0]])) == pytest.approx(twice, rel=1e-6)


def test_a_batch_in_which_everything_is_missing_has_loss_zero():
    for weighting in ("equal", "uncertainty"):
        loss = SoftLoss(SCHEMA, task_weights=weighting)
        assert loss(torch.randn(2, 5), torch.rand(2, 5), torch.zeros(2, 2)).item() == 0


def test_smoothing_moves_a_share_of_the_target_to_all_labels():
    soft = torch.tensor([[0.05, 0.95], [0.95, 0.05]])
    assert of_one(smoothing=0.1) == pytest.approx(of_one(targets=soft), rel=1e-6)


def test_focal_counts_less_what_is_predicted_well():
    p = LOGITS.softmax(1)[[0, 1], [1, 0]]
    assert of_one(focal=2.0) == pytest.approx((-((1 - p) ** 2) * p.log()).mean().item(), rel=1e-6)
    assert of_one(focal=0.0) == of_one()


def test_robust_is_the_generalized_cross_entropy_between_cross_entropy_and_absolute_error():
    p = LOGITS.softmax(1)[[0, 1], [1, 0]]
    assert of_one(robust=0.7) == pytest.approx(((1 - p**0.7) / 0.7).mean().item(), rel=1e-6)
    assert of_one(robust=1e-3) == pytest.approx(of_one(), rel=1e-2)
    assert of_one(robust=1.0) == pytest.approx((1 - p).mean().item(), rel=1e-6)


def test_label_weights_weigh_the_right_label():
    heavy = of_one(label_weights=[torch.tensor([1.0, 3.0])])
    losses = cross_entropy(LOGITS, HARD, reduction="none")
    assert heavy == pytest.approx(((3 * losses[0] + losses[1]) / 2).item(), rel=1e-6)


def test_task_weights_are_factors_and_zero_leaves_a_task_out():
    logits, targets = torch.randn(6, 5), torch.rand(6, 5)
    weights = torch.ones(6, 2)
    without = SoftLoss(SCHEMA, task_weights={"about": 0})(logits, targets, weights)
    alone = SoftLoss(Schema(SCHEMA.tasks[:1]))(logits[:, :2], targets[:, :2], weights[:, :1])
    assert without.item() == pytest.approx(alone.item(), rel=1e-6)


def test_uncertainty_learns_to_weigh_a_task_of_pure_noise_less():
    generator = torch.Generator().manual_seed(0)
    loss = SoftLoss(SCHEMA, task_weights="uncertainty")
    steps = torch.optim.SGD(loss.parameters(), lr=0.1)
    logits = torch.zeros(64, 5)
    logits[:, 0] = 6.0
    targets = torch.rand(64, 5, generator=generator)
    targets[:, 0], targets[:, 1] = 1.0, 0.0
    for _ in range(50):
        steps.zero_grad()
        loss(logits, targets, torch.ones(64, 2)).backward()
        steps.step()
    tone, about = loss.log_variance.tolist()
    assert tone < about


def test_rare_labels_get_heavier_weights_whose_mean_over_tickets_is_one():
    targets = torch.tensor([[1.0, 0.0, 0.0]] * 6 + [[0.0, 1.0, 0.0]] * 2)
    three = Schema((Task("t", ("a", "b", "c"), ("",) * 3),))
    [weights] = balanced_weights(three, targets, torch.ones(8, 1))
    assert weights[1] == pytest.approx(3 * weights[0]) and weights[2] > weights[1]
    assert (targets @ weights).mean().item() == pytest.approx(1, abs=0.01)


def test_tasks_are_cut_in_their_order():
    assert [part.shape for part in split_tasks(SCHEMA, torch.zeros(3, 5))] == [(3, 2), (3, 3)]
