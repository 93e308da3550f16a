"""Slices are compared with all other tickets, and small ones are left out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.schema import Schema, Task
from model.slices import FEWEST, slices

TONE = Task("tone", ("good", "bad"), ("", ""))
ABOUT = Task("about", ("money", "bags"), ("", ""), "multi")
SCHEMA = Schema((TONE, ABOUT))


def sliced(right, columns, about=None):
    """Slices where `right` says of each ticket whether the answer on tone is right."""
    n = len(right)
    probs = {"tone": np.tile([[0.9, 0.1]], (n, 1)), "about": np.tile([[0.9, 0.1]], (n, 1))}
    gold = {"tone": [(0,) if each else (1,) for each in right], "about": about or [None] * n}
    return slices(SCHEMA, probs, gold, columns, samples=300)


def test_a_slice_that_is_worse_stands_out():
    """Acme's forty are all wrong, the others all right."""
    right = [False] * 40 + [True] * 60
    found = sliced(right, {"brand": ["Acme"] * 40 + ["Volt"] * 60})
    volt, acme = found["slices"]
    assert (acme["column"], acme["value"], acme["n"], acme["accuracy"]) == ("brand", "Acme", 40, 0.0)
    assert (acme["gap"], acme["gap_interval"]) == (-1.0, [-1.0, -1.0])
    assert (volt["value"], volt["gap"], volt["mean_macro_f1"]) == ("Volt", 1.0, 1.0)
    assert volt["tasks"] == {"tone": {"accuracy": 1.0, "macro_f1": 1.0}}, "no ticket answers about"


def test_a_slice_no_different_from_others_does_not_stand_out():
    right = [i % 4 > 0 for i in range(200)]
    for each in sliced(
        right, {"brand": ["Acme", "Acme", "Acme", "Acme", "Volt", "Volt", "Volt", "Volt"] * 25}
    )["slices"]:
        low, high = each["gap_interval"]
        assert low < 0 < high and each["gap"] == pytest.approx(0)


def test_small_slices_and_those_without_enough_others_are_counted_not_shown():
    n = 100
    few = FEWEST - 1
    columns = {
        "brand": ["Acme"] * few + ["Volt"] * (n - few),
        "language": ["en"] * (n - few) + ["es"] * few,
        "source": ["x"] * 50 + [None] * 50,
    }
    found = sliced([True] * n, columns)
    assert [each["value"] for each in found["slices"]] == ["x"]
    assert found["left_out"] == {
        "brand": {"values": 2, "tickets": n},
        "language": {"values": 2, "tickets": n},
    }
    assert found["fewest"] == FEWEST


def test_only_tickets_with_an_answer_count():
    about = [None] * 40 + [(0,)] * 40
    probs = {"about": np.tile([[0.9, 0.1]], (80, 1))}
    columns = {"brand": ["Acme"] * 60 + ["Volt"] * 20}
    assert slices(Schema((ABOUT,)), probs, {"about": about}, columns)["slices"] == []


def test_accuracy_is_of_the_answers_to_all_tasks():
    right, about = [True] * 80, [(1,)] * 40 + [None] * 40
    found = sliced(right, {"brand": ["Acme"] * 40 + ["Volt"] * 40}, about)
    assert {each["value"]: each["accuracy"] for each in found["slices"]} == {"Acme": 0.5, "Volt": 1.0}


def test_numbered_values_keep_their_order_and_names_go_by_size():
    right = [True] * 200
    lengths = ["11–20"] * 80 + ["1–10"] * 60 + ["21–30"] * 60
    brands = ["few"] * 60 + ["many"] * 140
    found = sliced(right, {"length": lengths, "brand": brands})
    assert [each["value"] for each in found["slices"]] == ["1–10", "11–20", "21–30", "many", "few"]


@settings(max_examples=20)
@given(st.integers(60, 120), st.integers(0, 2**32 - 1))
def test_figures_lie_in_their_intervals(n, seed):
    generator = np.random.default_rng(seed)
    brands = generator.choice(["a", "b"], n).tolist()
    for each in sliced((generator.random(n) > 0.3).tolist(), {"brand": brands})["slices"]:
        assert each["interval"][0] <= each["accuracy"] <= each["interval"][1]
        assert each["gap_interval"][0] <= each["gap"] <= each["gap_interval"][1]
        assert each["n"] == brands.count(each["value"])
