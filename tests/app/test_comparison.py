"""Evaluations side by side as they were made; what cannot be compared is told in one error."""

import json

import numpy as np
import pytest

from app.comparison import comparison
from app.rounds import finished
from data.errors import TrainingError
from data.schema import Task
from data.store import write_json
from data.workspace import Workspace
from labeling.votes import SoftLabels

TOML = """
[tasks.tone]
labels = ["good", "bad"]
[tasks.topics]
kind = "multi"
labels = ["money", "bags"]
[evaluate]
gold = "gold.jsonl"
"""
IDS = tuple(f"t{i}" for i in range(40))


@pytest.fixture
def space(tmp_path):
    """Forty gold tickets, all good, half of them about money."""
    (tmp_path / "ticketloom.toml").write_text(TOML)
    rows = [{"id": i, "tone": "good", "topics": ["money"] if at % 2 else []} for at, i in enumerate(IDS)]
    (tmp_path / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return Workspace.open(tmp_path)


def make(space, name, right, ids=IDS, tasks=("tone", "topics"), labels=None):
    """An evaluation whose first `right` answers on tone are right, and all on topics."""
    folder = space.root / "runs" / name / "evaluation"
    for task in space.config.schema_:
        if task.name in tasks:
            task = Task(task.name, labels or task.labels, labels or task.labels, task.kind)
            tone = [[0.9, 0.1] if at < right else [0.1, 0.9] for at in range(len(ids))]
            topics = [[0.9 if int(i[1:]) % 2 else 0.1, 0.1] for i in ids]
            probs = np.array(tone if task.name == "tone" else topics, np.float32)
            SoftLabels(task, tuple(ids), probs, np.ones(len(ids), bool)).save(folder / f"{task.name}.parquet")
    write_json(folder / "manifest.json", {"reads": {}, "summary": {}, "files": {}})


def test_runs_are_measured_on_the_same_gold_and_differ_from_the_first(space):
    make(space, "old/round-0", 20)
    make(space, "new/round-0", 30)
    found = comparison(space, ["old", "new"])
    assert (found["baseline"], found["tickets"]) == ("old/round-0", 40)
    difference = found["differences"]["new/round-0"]
    assert difference["tasks"]["tone"]["accuracy"]["value"] == 0.25
    assert difference["tasks"]["topics"]["accuracy"] == {"value": 0.0, "interval": [0.0, 0.0]}
    assert difference["mean"]["accuracy"]["value"] == pytest.approx(0.125)
    assert json.dumps(found, allow_nan=False)


def test_a_run_stands_for_its_last_round_and_may_be_set_beside_its_own_earlier_ones(space):
    for number in (0, 2, 10):
        make(space, f"main/round-{number}", number)
    assert list(finished(space, "evaluation")) == ["main/round-0", "main/round-2", "main/round-10"]
    assert list(comparison(space, ["main/round-0", "main"])["classifiers"]) == [
        "main/round-0",
        "main/round-10",
    ]
    assert list(comparison(space, ["main/round-0", "main"], 2)["classifiers"]) == [
        "main/round-0",
        "main/round-2",
    ]


def test_only_common_tickets_count_and_the_others_are_told(space):
    make(space, "a/round-0", 40)
    make(space, "b/round-0", 40, ids=IDS[30:][::-1])
    found = comparison(space, ["a", "b"])
    assert (found["tickets"], found["left_out"]) == (10, {"a/round-0": 30, "b/round-0": 0})
    assert found["differences"]["b/round-0"]["mean"]["accuracy"]["value"] == 0


def test_tasks_that_one_of_them_lacks_are_left_out(space):
    make(space, "a/round-0", 40)
    make(space, "b/round-0", 40, tasks=("topics",))
    assert list(comparison(space, ["a", "b"])["n"]) == ["topics"]


def test_nothing_is_built_and_an_unfinished_evaluation_is_none(space):
    make(space, "a/round-0", 40)
    (space.root / "runs/a/round-1/evaluation").mkdir(parents=True)
    assert list(finished(space, "evaluation")) == ["a/round-0"]


def test_names_that_are_unknown_or_come_twice_are_told_together(space):
    make(space, "main/round-0", 1)
    with pytest.raises(TrainingError) as error:
        comparison(space, ["main", "mian", "main/round-0"])
    assert "no evaluation of 'mian'; there are main/round-0; did you mean 'main'?" in str(error.value)
    assert "main/round-0 is named twice" in str(error.value)
    with pytest.raises(TrainingError, match="no evaluation of 'main/round-3'; there are main/round-0"):
        comparison(space, ["main"], 3)


def test_one_run_or_none_cannot_be_compared(space):
    with pytest.raises(
        TrainingError, match="no run is evaluated yet; `ticketloom model evaluate --run main`"
    ):
        comparison(space, ["main", "other"])
    make(space, "main/round-0", 1)
    with pytest.raises(TrainingError, match="name two runs or more to compare; evaluated are main/round-0"):
        comparison(space, ["main"])


BAD = [
    ({"tasks": ()}, "b/round-0: its evaluation predicts nothing"),
    ({"ids": ("x1", "x2")}, "a/round-0, b/round-0 have no evaluated ticket in common"),
    (
        {"tasks": ("tone",), "labels": ("good", "awful")},
        r"b/round-0: predicts other labels of task 'tone' \(good, awful\)",
    ),
]


@pytest.mark.parametrize(("changed", "said"), BAD)
def test_evaluations_that_do_not_fit_are_told(space, changed, said):
    make(space, "a/round-0", 40)
    make(space, "b/round-0", 40, **changed)
    with pytest.raises(TrainingError, match=said):
        comparison(space, ["a", "b"])


def test_without_a_common_task_there_is_nothing_to_compare(space):
    make(space, "a/round-0", 40, tasks=("tone",))
    make(space, "b/round-0", 40, tasks=("topics",))
    with pytest.raises(TrainingError, match="no evaluated task in common"):
        comparison(space, ["a", "b"])


def test_without_gold_reviewed_tickets_count(space):
    (space.root / "ticketloom.toml").write_text(TOML.split("[evaluate]")[0])
    make(space, "a/round-0", 40)
    make(space, "b/round-0", 40)
    with pytest.raises(TrainingError, match="no ticket that all predict has a trusted label"):
        comparison(Workspace.open(space.root), ["a", "b"])
