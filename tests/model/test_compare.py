"""Classifiers side by side: differences are paired, and none is from itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import TrainingError
from data.schema import Schema, Task
from model.compare import compare
from model.evaluate import evaluate

TONE = Task("tone", ("good", "bad"), ("", ""))
ABOUT = Task("about", ("money", "bags"), ("", ""), "multi")
SCHEMA = Schema((TONE, ABOUT))


def predictions(seed, n=60):
    generator = np.random.default_rng(seed)
    return {"tone": generator.random((n, 2)), "about": generator.random((n, 2))}


def gold_of(seed, n=60):
    generator = np.random.default_rng(seed)
    tone = [(int(i),) if i < 2 else None for i in generator.integers(0, 3, n)]
    return {"tone": tone, "about": [(0,) if i else () for i in generator.integers(0, 2, n)]}


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_a_classifier_does_not_differ_from_itself(seed):
    own = predictions(seed)
    found = compare(SCHEMA, {"one": own, "same": own}, gold_of(seed + 1), samples=50)["differences"]["same"]
    figures = [*found["mean"].values(), *(of for task in found["tasks"].values() for of in task.values())]
    assert all(of == {"value": 0.0, "interval": [0.0, 0.0]} for of in figures)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_differences_turn_with_the_order_and_figures_are_those_of_an_evaluation(seed):
    one, two, gold = predictions(seed), predictions(seed + 1), gold_of(seed + 2)
    there = compare(SCHEMA, {"one": one, "two": two}, gold, samples=50)
    back = compare(SCHEMA, {"two": two, "one": one}, gold, samples=50)
    own, turned = (
        found["differences"][name]["mean"]["accuracy"] for found, name in ((there, "two"), (back, "one"))
    )
    assert own["value"] == -turned["value"]
    assert own["interval"] == pytest.approx([-end for end in reversed(turned["interval"])])
    evaluated = evaluate(SCHEMA, one, gold, samples=50)
    summary = there["classifiers"]["one"]
    assert summary["mean"]["accuracy"]["value"] == pytest.approx(evaluated["mean_accuracy"])
    assert summary["mean"]["macro_f1"]["interval"] == pytest.approx(evaluated["intervals"]["mean_macro_f1"])
    of_tone = summary["tasks"]["tone"]["accuracy"]
    assert of_tone["interval"] == pytest.approx(evaluated["tasks"]["tone"]["intervals"]["accuracy"])


def test_a_paired_difference_is_surer_than_the_figures():
    """The second is right wherever the first is, and on ten tickets more."""
    n, gold = 200, {"tone": [(0,)] * 200, "about": [None] * 200}
    right, wrong = [0.9, 0.1], [0.1, 0.9]
    one = {"tone": np.array([right] * 100 + [wrong] * 100), "about": np.zeros((n, 2))}
    two = {"tone": np.array([right] * 110 + [wrong] * 90), "about": np.zeros((n, 2))}
    found = compare(SCHEMA, {"one": one, "two": two}, gold)
    low, high = found["differences"]["two"]["tasks"]["tone"]["accuracy"]["interval"]
    assert 0 < low < 0.05 < high < 0.1
    (_, first_high), (second_low, _) = (
        found["classifiers"][name]["tasks"]["tone"]["accuracy"]["interval"] for name in ("one", "two")
    )
    assert second_low < first_high, "the figures' own intervals overlap"
    assert found["n"] == {"tone": 200} and found["baseline"] == "one"


def test_without_a_common_gold_label_there_is_nothing_to_compare():
    with pytest.raises(TrainingError, match="no ticket that all predict has a trusted label"):
        compare(SCHEMA, {"one": predictions(1), "two": predictions(2)}, {"tone": [None] * 60})
