"""Means over several trainings: of one training they are `model.compare`'s."""

import json

import numpy as np
import pytest

from data.errors import TrainingError
from model.compare import compare
from model.repeats import compare_repeats


def probs(seed, schema, n=40):
    generator = np.random.default_rng(seed)
    return {task.name: generator.random((n, len(task.labels))).astype(np.float32) for task in schema}


@pytest.fixture
def gold(small_schema):
    generator = np.random.default_rng(9)
    tone = [(int(generator.integers(2)),) if row % 5 else None for row in range(40)]
    topics = [tuple(np.flatnonzero(generator.random(3) > 0.5).tolist()) for _ in range(40)]
    return {"tone": tone, "topics": topics}


def test_one_training_each_is_what_compare_says(small_schema, gold):
    old, new = probs(0, small_schema), probs(1, small_schema)
    found = compare_repeats(small_schema, {"old": [old], "new": [new]}, gold, samples=200)
    assert (
        found.pop("trainings")["old"][0]["accuracy"]
        == found["classifiers"]["old"]["mean"]["accuracy"]["value"]
    )
    assert found == compare(small_schema, {"old": old, "new": new}, gold, samples=200)


def test_figures_are_means_over_trainings(small_schema, gold):
    each = [probs(seed, small_schema) for seed in range(3)]
    found = compare_repeats(small_schema, {"full": each, "same": each}, gold, samples=100)
    values = [training["accuracy"] for training in found["trainings"]["full"]]
    assert found["classifiers"]["full"]["mean"]["accuracy"]["value"] == pytest.approx(np.mean(values))
    assert len(set(values)) > 1
    assert found["differences"]["same"]["mean"]["accuracy"] == {"value": 0, "interval": [0, 0]}
    assert json.dumps(found, allow_nan=False)


def test_trainings_may_differ_in_number(small_schema, gold):
    found = compare_repeats(
        small_schema,
        {"full": [probs(0, small_schema)], "less": [probs(1, small_schema), probs(2, small_schema)]},
        gold,
        samples=50,
    )
    assert [len(of) for of in found["trainings"].values()] == [1, 2]


def test_a_task_without_gold_is_left_out_and_without_any_there_is_nothing_to_compare(small_schema, gold):
    each = {"full": [probs(0, small_schema)]}
    assert list(compare_repeats(small_schema, each, gold | {"tone": [None] * 40}, samples=10)["n"]) == [
        "topics"
    ]
    with pytest.raises(TrainingError, match="no ticket has a trusted label"):
        compare_repeats(small_schema, each, {name: [None] * 40 for name in gold})
