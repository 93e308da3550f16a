"""Calibration by hand, and its laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from data.schema import Task
from model.calibration import BINS, calibration, expected_calibration_error, reliability

TONE = Task("tone", ("good", "bad"), ("", ""))
ABOUT = Task("about", ("money", "bags"), ("", ""), "multi")
stated = arrays(np.float64, st.integers(1, 50), elements=st.floats(0, 1))


def test_confidence_that_holds_is_calibrated():
    assert expected_calibration_error(np.full(10, 0.7), np.arange(10) < 7) == pytest.approx(0)


def test_the_error_is_weighed_by_the_tickets_of_each_bin():
    """Three tickets say 0.95 and all are wrong, one says 0.55 and is right."""
    found = expected_calibration_error(np.array([0.95, 0.95, 0.95, 0.55]), np.array([0, 0, 0, 1]))
    assert found == pytest.approx(3 / 4 * 0.95 + 1 / 4 * 0.45)


def test_a_bin_ends_at_its_upper_edge():
    found = reliability(np.array([0.0, 0.7, np.float32(0.7), 0.701]), np.ones(4))
    assert [each["n"] for each in found] == [1, 0, 0, 0, 0, 0, 2, 1, 0, 0]
    assert found[1]["confidence"] is None and found[1]["accuracy"] is None
    assert (found[6]["low"], found[6]["high"], found[6]["accuracy"]) == (0.6, 0.7, 1.0)


def test_too_much_confidence_is_told_apart_from_too_little():
    probs = np.array([[0.9, 0.1], [0.9, 0.1]])
    sure = calibration(TONE, probs, np.array([[0, 1], [0, 1]]))
    assert (sure["ece"], sure["overconfidence"]) == pytest.approx((0.9, 0.9))
    shy = calibration(TONE, probs, np.array([[1, 0], [1, 0]]))
    assert (shy["ece"], shy["overconfidence"]) == pytest.approx((0.1, -0.1))
    assert shy["classwise_ece"] == pytest.approx(0.1)


def test_a_multi_label_answer_is_as_sure_as_its_least_sure_label():
    found = calibration(ABOUT, np.array([[0.9, 0.4]]), np.array([[1, 0]]))
    assert found["ece"] == pytest.approx(0.4) and found["classwise_ece"] == pytest.approx((0.1 + 0.4) / 2)


@given(stated, st.integers(0, 2**32 - 1))
def test_the_error_lies_in_0_to_1_and_every_ticket_in_one_bin(probs, seed):
    outcome = np.random.default_rng(seed).integers(0, 2, len(probs))
    assert 0 <= expected_calibration_error(probs, outcome) <= 1
    found = reliability(probs, outcome)
    assert len(found) == BINS and sum(each["n"] for each in found) == len(probs)
    for each in found:
        if each["n"]:
            assert each["low"] - 1e-5 <= each["confidence"] <= each["high"] + 1e-5


@given(stated)
def test_what_comes_as_often_as_it_is_stated_has_no_error(probs):
    assert expected_calibration_error(probs, probs) == pytest.approx(0)
