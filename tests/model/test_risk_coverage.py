"""Risk by coverage by hand, and its laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.risk_coverage import COVERAGES, risk_coverage


def test_the_curve_by_hand():
    """The surest of four is right, the next two are wrong, the last is right."""
    found = risk_coverage(np.array([0.5, 0.9, 0.8, 0.7]), np.array([True, True, False, False]))
    at = {coverage: found["risk"][COVERAGES.index(coverage)] for coverage in (0.25, 0.5, 0.75, 1.0)}
    assert at == pytest.approx({0.25: 0, 0.5: 1 / 2, 0.75: 2 / 3, 1.0: 1 / 2})
    assert found["area"] == pytest.approx((0 + 1 / 2 + 2 / 3 + 1 / 2) / 4)
    assert found["best_area"] == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)
    assert found["worst_area"] == pytest.approx((1 + 1 + 2 / 3 + 1 / 2) / 4)


def test_equal_confidence_tells_nothing():
    found = risk_coverage(np.full(8, 0.5), np.arange(8) < 6)
    assert found["risk"] == pytest.approx([0.25] * len(COVERAGES)) and found["area"] == pytest.approx(0.25)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=60))
def test_the_risk_of_answering_all_is_the_error_and_the_area_lies_between_the_possible(pairs):
    confidence, right = np.array([c for c, _ in pairs]), np.array([r for _, r in pairs])
    found = risk_coverage(confidence, right)
    assert found["risk"][-1] == pytest.approx(1 - right.mean())
    assert all(0 <= risk <= 1 for risk in found["risk"])
    assert found["best_area"] - 1e-9 <= found["area"] <= found["worst_area"] + 1e-9


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40), st.randoms())
def test_the_order_of_the_tickets_does_not_matter(pairs, random):
    mixed = random.sample(pairs, len(pairs))
    one, other = (
        risk_coverage(np.array([c for c, _ in each]), np.array([r for _, r in each]))
        for each in (pairs, mixed)
    )
    assert one["risk"] == pytest.approx(other["risk"]) and one["area"] == pytest.approx(other["area"])
