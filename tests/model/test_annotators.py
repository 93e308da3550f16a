"""How far two people agree: by hand, as scikit-learn counts it, and beside gold and the classifier."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from data.labels import LabeledTickets
from data.schema import Schema, Task
from model.annotators import human_ceiling

TONE = Task("tone", ("good", "bad"), ("", ""))
ABOUT = Task("about", ("money", "bags"), ("", ""), "multi")
SCHEMA = Schema((TONE, ABOUT))


def labeled(tone, about=None):
    """Tickets 0, 1, … with these answers."""
    ids = tuple(map(str, range(len(tone))))
    return LabeledTickets(
        ids, (None,) * len(ids), {"tone": tuple(tone), "about": tuple(about or [None] * len(ids))}
    )


def test_agreement_and_kappa_by_hand():
    """Of four tickets they agree on three: kappa is (3/4 − 1/2) / (1 − 1/2)."""
    one, two = labeled([(0,), (0,), (1,), (1,)]), labeled([(0,), (0,), (1,), (0,)])
    found = human_ceiling(SCHEMA, one, two, {})
    assert list(found) == ["tone"] and found["tone"]["n"] == 4
    assert (found["tone"]["agreement"], found["tone"]["kappa"]) == (0.75, 0.5)
    assert found["tone"]["agreement_interval"][0] < 0.75 < found["tone"]["agreement_interval"][1]


def test_only_tickets_that_both_labeled_count():
    found = human_ceiling(SCHEMA, labeled([(0,), None, (1,)]), labeled([(0,), (0,)]), {})
    assert (found["tone"]["n"], found["tone"]["agreement"]) == (1, 1.0)


def test_without_common_tickets_a_task_is_left_out():
    assert human_ceiling(SCHEMA, labeled([(0,), None]), labeled([None, (0,)]), {}) == {}


def test_gold_and_classifier_are_held_against_each_person():
    one, two = labeled([(0,), (0,)]), labeled([(0,), (1,)])
    others = {
        "gold": {"tone": {"0": (0,), "1": (0,)}},
        "classifier": {"tone": {"1": (1,)}},
        "none": {"tone": {}},
    }
    found = human_ceiling(SCHEMA, one, two, others)["tone"]["agrees_with"]
    assert found == {"gold": [1.0, 0.5], "classifier": [0.0, 1.0], "none": [None, None]}


def test_people_who_always_say_the_same_have_no_kappa():
    found = human_ceiling(SCHEMA, labeled([(0,)] * 3), labeled([(0,)] * 3), {})["tone"]
    assert (found["agreement"], found["kappa"], found["kappa_interval"]) == (1.0, None, None)


def test_a_multi_label_answer_agrees_as_a_whole():
    one, two = labeled([None] * 3, [(0,), (0, 1), ()]), labeled([None] * 3, [(0,), (1,), ()])
    assert human_ceiling(SCHEMA, one, two, {})["about"]["agreement"] == pytest.approx(2 / 3)


@settings(max_examples=30)
@given(st.integers(2, 40), st.integers(0, 2**32 - 1))
def test_kappa_is_scikit_learns_and_lies_in_its_interval(n, seed):
    generator = np.random.default_rng(seed)
    one, two = generator.integers(0, 2, (2, n)).tolist()
    found = human_ceiling(SCHEMA, labeled([(i,) for i in one]), labeled([(i,) for i in two]), {}, samples=50)
    if found["tone"]["kappa"] is not None:
        assert found["tone"]["kappa"] == pytest.approx(cohen_kappa_score(one, two))
        assert (
            found["tone"]["kappa_interval"][0] <= found["tone"]["kappa"] <= found["tone"]["kappa_interval"][1]
        )
