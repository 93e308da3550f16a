"""An evaluation of a run: all of it is JSON; tasks of both kinds, with and without people."""

import json

import pytest

from app.console import Terminal
from app.evaluation import evaluation, read_annotators
from app.run import Run
from data.errors import IngestError
from data.store import read_json
from data.workspace import Workspace


def open_run(folder):
    return Run(Workspace.open(folder), "main", Terminal(quiet=True))


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_an_evaluation_holds_the_stages_figures_and_what_is_behind_them(project):
    found = evaluation(open_run(project), 1)
    stored = read_json(project / "runs/main/round-1/evaluation/evaluation.json")
    assert {name: found[name] for name in stored} == stored
    assert (found["tickets"], found["run"], found["round"], found["annotators"]) == (30, "main", 1, None)
    assert found["on"].endswith("gold.jsonl")
    for name, of in found["tasks"].items():
        wrong = found["errors"][name]["wrong"]
        assert len(wrong) == round(of["n"] * (1 - of["accuracy"]))
        assert all(each["text"] and isinstance(each["votes"], dict) for each in wrong)
    assert found["slices"]["slices"] == [], "30 tickets leave no slice with 30 others beside it"
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_a_multi_label_task_is_evaluated_like_the_others(topics):
    found = evaluation(open_run(topics[0]), 1)
    assert found["tasks"]["topics"]["confusion"] is None
    assert set(found["tasks"]["topics"]["labels"]) == {"money", "travel", "things"}
    assert all(isinstance(each["said"], list) for each in found["errors"]["topics"]["wrong"])
    assert json.dumps(found, allow_nan=False)


def test_people_are_held_against_gold_and_the_classifier(project, tmp_path):
    run = open_run(project)
    ids = run.gold.ticket_ids
    one = write(tmp_path / "a.jsonl", [{"id": i, "priority": "high"} for i in ids])
    two = write(
        tmp_path / "b.jsonl", [{"id": i, "priority": "high" if at % 2 else "low"} for at, i in enumerate(ids)]
    )
    found = evaluation(run, 1, annotators=(one, two))["annotators"]
    assert list(found) == ["priority"]
    assert (found["priority"]["n"], found["priority"]["agreement"]) == (30, 0.5)
    high = sum(answer == (0,) for answer in run.gold.answers["priority"])
    assert found["priority"]["agrees_with"]["gold"][0] == pytest.approx(high / 30)


def test_files_of_people_that_share_no_ticket_are_told(tmp_path, support):
    one = write(tmp_path / "a.jsonl", [{"id": "1", "priority": "high"}])
    two = write(tmp_path / "b.jsonl", [{"id": "2", "priority": "high"}])
    with pytest.raises(
        IngestError, match=r"a\.jsonl and .*b\.jsonl have no labeled ticket in common; ids are like 1"
    ):
        read_annotators((one, two), support)
    with pytest.raises(IngestError, match="named twice"):
        read_annotators((one, one), support)
    with pytest.raises(IngestError, match=r"c\.jsonl: no such file"):
        read_annotators((one, tmp_path / "c.jsonl"), support)
