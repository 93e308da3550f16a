"""The whole road, from a file of tweets to a classifier that answers."""

import json
import re
import sqlite3

import pyarrow.parquet as pq
import pytest

from data.config import read_config
from data.schema import support_schema
from data.store import file_hash, read_json
from model.runtime import Classifier
from tests.e2e.projects import (
    WORDS,
    answer,
    artifacts,
    check_artifacts,
    clone,
    stages,
    ticketloom,
    word_project,
)

STAGES = [
    "ingest",
    "votes",
    "embeddings",
    "labels",
    "issues",
    "round-0/model",
    "round-1/selection",
    "round-1/reviews",
    "round-1/labels",
    "round-1/model",
    "round-1/evaluation",
    "export",
    "round-0/evaluation",
]


def reviews(project):
    with sqlite3.connect(project / "reviews.db") as ledger:
        return ledger.execute("SELECT * FROM reviews ORDER BY event").fetchall()


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_first_run_builds_every_stage(road):
    assert list(stages(road[1])) == STAGES
    assert all(said.startswith("ok") for said in stages(road[1]).values())


def test_every_stage_leaves_artifacts_that_its_manifest_lists(road):
    project, _ = road
    found = artifacts(project)
    assert set(found) == {"export", *(f"runs/main/{name}" for name in STAGES[1:] if name != "export")}
    check_artifacts(project)
    names = support_schema().names
    assert set(found["runs/main/votes"]) == {"lfs.json", "keys.npy", *(f"{name}.parquet" for name in names)}
    assert set(found["runs/main/labels"]) == {
        "weights.json",
        "state.json",
        *(f"{name}.parquet" for name in names),
    }
    assert set(found["export"]) == {"README.md", "classifier.json", "model.onnx", "tokenizer.json"}
    assert not [path for path in project.rglob(".*") if path.name != ".gitignore"]


def test_a_manifest_says_what_its_stage_read(road):
    manifest = read_json(road[0] / "runs/main/round-1/model/manifest.json")
    assert {"tickets", "schema", "code", "training settings", "human labels", "gold"} <= set(
        manifest["reads"]
    )
    assert manifest["summary"]["tickets"] > 50


def test_nothing_that_is_kept_can_be_unpickled(road):
    kinds = {path.suffix for path in road[0].rglob("*") if path.is_file()}
    assert kinds <= {".toml", ".csv", ".json", ".jsonl", ".parquet", ".npy", ".safetensors", ".onnx", ".db",
                     ".db-wal", ".db-shm", ".html", ".vectorscan", ".md"}  # fmt: skip


def test_bad_rows_are_set_aside_with_their_reasons(road):
    project, _ = road
    aside = [row["reason"] for row in lines(project / "quarantine.jsonl")]
    assert any("whole number" in reason for reason in aside) and any("7 fields" in reason for reason in aside)
    assert read_json(project / "tickets.json")["summary"]["quarantined"] == len(aside)


def test_the_figures_are_printed_as_a_table(road):
    for name in (*support_schema().names, "mean"):
        assert re.search(rf"^│ {name} ", road[1], re.MULTILINE), name
    assert re.search(r"^road: \d+ tickets, \d+ human labels", road[1], re.MULTILINE)
    assert road[1].rstrip().endswith("Report: runs/main/report.html")


def test_the_report_page_stands_alone(road):
    page = (road[0] / "runs/main/report.html").read_text("utf-8")
    assert page.startswith("<!doctype html>") or page.startswith("<!DOCTYPE html>")
    links = re.findall(r"""(?:src|href)\s*=\s*["']([^"']*)""", page)
    assert all(link.startswith(("#", "data:")) for link in links)
    assert "@import" not in page and "url(http" not in page
    assert all(name in page for name in support_schema().names)


def test_the_ledger_holds_the_oracles_answers_on_the_selected_tickets(road):
    project, _ = road
    selected = read_json(project / "runs/main/round-1/selection/selection.json")["ticket_ids"]
    oracle = {row["id"]: row for row in lines(project / "oracle.jsonl")}
    events = reviews(project)
    assert len(selected) == len(set(selected)) == 8 and len(events) == 8 * 5
    for _, ticket, task, label, reviewer, _, number, source in events:
        assert ticket in selected and json.loads(label) == [oracle[ticket][task]]
        assert (reviewer, number, source) == ("oracle", 1, "oracle")


def test_gold_tickets_are_neither_trained_on_nor_asked(road):
    project, _ = road
    gold = {row["id"] for row in lines(project / "gold.jsonl")}
    selected = read_json(project / "runs/main/round-1/selection/selection.json")["ticket_ids"]
    assert not gold & set(selected)
    pool = pq.read_table(project / "tickets.parquet").to_pylist()
    may = [t for t in pool if t["split"] == "train" and not t["duplicate_of"] and t["ticket_id"] not in gold]
    summary = read_json(project / "runs/main/round-1/model/manifest.json")["summary"]
    assert summary["tickets"] <= len(may)


def test_the_evaluation_is_on_all_gold_tickets(road):
    figures = read_json(road[0] / "runs/main/round-1/evaluation/evaluation.json")
    assert {name: task["n"] for name, task in figures["tasks"].items()} == dict.fromkeys(
        support_schema().names, 30
    )
    assert 0 < figures["mean_macro_f1"] <= 1


def test_the_export_predicts_every_task(road):
    classifier = Classifier.load(road[0] / "export")
    [found] = classifier.predict(["I was charged twice and want a refund"])
    assert list(found) == list(support_schema().names)
    for task in support_schema():
        assert found[task.name].label in task.labels and 0 < found[task.name].confidence <= 1
    facts = read_json(road[0] / "export/classifier.json")["facts"]["evaluation"]
    assert facts["n"] == 30


def test_a_second_run_skips_every_stage_and_says_why(road):
    project, _ = road
    before = artifacts(project), reviews(project), file_hash(project / "tickets.parquet")
    said = stages(ticketloom(project, "run"))
    assert list(said) == STAGES
    assert set(said.values()) == {"skipped: nothing that it reads changed"}
    assert (artifacts(project), reviews(project), file_hash(project / "tickets.parquet")) == before


def test_a_changed_setting_rebuilds_only_what_depends_on_it_wherever_the_project_lies(road, tmp_path):
    copy = clone(road[0], tmp_path / "copy")
    config = copy / "ticketloom.toml"
    config.write_text(config.read_text("utf-8").replace("batch = 8", "batch = 12"), "utf-8")
    assert read_config(config).active.batch == 12
    said = stages(ticketloom(tmp_path, "--project", copy, "run"))
    assert {name for name, how in said.items() if how.startswith("ok")} == {
        "round-1/selection",
        "round-1/reviews",
        "round-1/labels",
        "round-1/evaluation",
        "round-1/model",
        "export",
    }


def test_a_multi_label_task_goes_the_same_road(topics):
    project, output = topics
    assert list(stages(output)) == STAGES
    check_artifacts(project)
    figures = read_json(project / "runs/main/round-1/evaluation/evaluation.json")["tasks"]
    assert figures["topics"]["confusion"] is None and figures["length"]["confusion"] is not None
    issues = pq.read_table(project / "runs/main/issues/issues.parquet").to_pylist()
    assert {row["kind"] for row in issues if row["task"] == "topics"} <= {"missing", "surplus"}
    assert {json.loads(row[3]) == [] or row[2] for row in reviews(project)}
    answers = [json.loads(label) for _, _, task, label, *_ in reviews(project) if task == "topics"]
    oracle = {row["id"]: row["topics"] for row in lines(project / "oracle.jsonl")}
    asked = [ticket for _, ticket, task, *_ in reviews(project) if task == "topics"]
    assert [sorted(found) for found in answers] == [sorted(oracle[ticket]) for ticket in asked]
    [found] = Classifier.load(project / "export").predict(["my phone"])
    assert isinstance(found["topics"].label, list) and isinstance(found["length"].label, str)


def test_labels_pulled_by_hand_are_trained_on_in_round_zero(topics, tmp_path):
    copy = clone(topics[0], tmp_path / "copy")
    new = {"id": lines(copy / "oracle.jsonl")[0]["id"], "topics": "money|travel", "length": "long"}
    (copy / "people.jsonl").write_text(json.dumps(new), "utf-8")
    assert answer(copy, "review", "pull", "--from", "people.jsonl", "--reviewer", "ann") == {
        "read": 2,
        "new": 2,
    }
    found = ticketloom(copy, "model", "train")
    assert "skipped" in found and "round-0/model" in found
    assert stages(found)["round-0/model"].startswith("ok")


def test_one_task_of_thirty_labels_with_its_own_functions_goes_the_same_road(tmp_path):
    project = word_project(tmp_path / "word")
    report = answer(project, "run")
    check_artifacts(project)
    assert report["coverage"] == {"word": 1.0} and report["scores"]["tasks"]["word"]["n"] == 30
    assert len(report["rounds"]) == 2 and report["rounds"][1]["human_labels"] == 8
    assert len(read_json(project / "runs/main/labels/weights.json")["word"]) == 30
    [found] = Classifier.load(project / "export").predict(["my phone"])
    assert found["word"].label in WORDS and len(found["word"].probs) == 30


@pytest.mark.parametrize("name", ["oracle.jsonl", "gold.jsonl"])
def test_a_run_without_trusted_labels_ends_with_an_export_and_a_page(topics, tmp_path, name):
    """Stages are copied, so that only what depends on the missing file is built."""
    copy = clone(topics[0], tmp_path / "copy")
    config = copy / "ticketloom.toml"
    kept = [line for line in config.read_text("utf-8").splitlines() if name not in line]
    config.write_text("\n".join(kept), "utf-8")
    report = answer(copy, "run", *(["--rounds", "0"] if name == "gold.jsonl" else []))
    assert len(report["rounds"]) == 1 and bool(report["scores"]) == (name == "oracle.jsonl")
    assert (copy / "runs/main/report.html").is_file() and (copy / "export/manifest.json").is_file()
