"""Commands on the good path: what they print, and that `--json` is JSON."""

import json
import shutil
import subprocess
import sys
import time

import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from app.cli.main import app
from data.schema import support_schema
from tests.e2e.projects import SCRIPTS, script, ticketloom

NAMES = support_schema().names


def commands(group, path=()):
    found = [(path, group.help or "")]
    for name, command in getattr(group, "commands", {}).items():
        found += commands(command, (*path, name))
    return found


@pytest.mark.parametrize(("path", "said"), commands(typer.main.get_command(app)), ids=str)
def test_every_command_says_what_it_does(path, said):
    found = CliRunner().invoke(app, [*path, "--help"])
    assert found.exit_code == 0 and "Usage: " in found.output
    assert len(said.split()) > 1 and said.split()[0] in found.output
    assert said.strip().endswith(".")


def test_help_is_there_at_once_and_needs_no_torch():
    started = time.monotonic()
    subprocess.run([SCRIPTS / "ticketloom", "--help"], check=True, capture_output=True)
    assert time.monotonic() - started < 3
    heavy = (
        "torch",
        "transformers",
        "snorkel",
        "cleanlab",
        "sklearn",
        "pandas",
        "onnxruntime",
        "pyarrow.dataset",
    )
    code = f"import sys, app.cli.main; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout == "[]\n"


def test_init_with_the_sample_makes_a_project_that_ingests(tmp_path):
    assert "next: ticketloom --project demo run" in ticketloom(tmp_path, "init", "--sample", "demo")
    assert sorted(path.name for path in (tmp_path / "demo").iterdir()) == [
        "gold.jsonl",
        "reviewed.jsonl",
        "ticketloom.toml",
        "twcs.csv",
    ]
    found = json.loads(ticketloom(tmp_path, "--project", "demo", "data", "ingest", "--json"))
    assert found["tickets"] > 1000 and sum(found["splits"].values()) == found["tickets"]
    assert found["quarantined"] == sum(found["reasons"].values()) > 0
    again = ticketloom(tmp_path, "--project", "demo", "data", "ingest")
    assert "skipped: nothing that it reads changed" in again


def test_init_names_the_files_it_is_given(tmp_path, command):
    (tmp_path / 'my "tweets".csv').write_text("id,text\n1,hello there\n2,where is my bag\n")
    CliRunner().invoke(app, ["init", str(tmp_path / "p"), "--data", str(tmp_path / 'my "tweets".csv')])
    command(tmp_path / "p", "data", "ingest")
    assert pq.read_table(tmp_path / "p" / "tickets.parquet").num_rows == 2


def test_status_tells_what_is_there_and_what_is_built(project, command, answer):
    found = answer(project, "status")
    assert found["tickets"] > 100 and found["human_labels"] == 40 and found["exported"]
    assert {"votes", "labels", "issues", "round-0/model", "round-1/evaluation"} <= set(found["stages"])
    assert "round-1/model" in command(project, "status")


def test_status_of_a_new_project_is_empty(tmp_path, command, answer):
    CliRunner().invoke(app, ["init", str(tmp_path)])
    found = answer(tmp_path, "status")
    assert (found["tickets"], found["human_labels"], found["stages"], found["exported"]) == (0, 0, {}, False)
    assert "not yet" in command(tmp_path, "status")


def test_labeling_functions_are_listed_by_task(project, answer):
    found = answer(project, "lfs", "list")
    assert {row["task"] for row in found} == set(NAMES)
    assert {row["kind"] for row in found} == {"pattern", "batch", "row"}
    assert {"prototypes_both_sure", "zero_shot"} <= {row["name"] for row in found}
    assert {row["task"] for row in answer(project, "lfs", "list", "--task", "intent")} == {"intent"}


def test_labeling_functions_are_analyzed_against_gold(project, answer, command):
    found = answer(project, "lfs", "analyze")
    assert set(found) == set(NAMES)
    report = max(found["category"]["labeling_functions"], key=lambda report: report["gold_votes"])
    assert 0 < report["coverage"] <= 1 and 0 <= report["accuracy"] <= 1 and len(report["interval"]) == 2
    assert "Labeling functions" in command(project, "lfs", "analyze", "--task", "category")


def test_the_lfs_script_is_the_group_by_itself(project):
    done = script("lfs", "--project", project, "list", "--task", "priority", "--json", folder=project.parent)
    assert done.returncode == 0 and {row["task"] for row in json.loads(done.stdout)} == {"priority"}


def test_label_issues_are_shown_worst_first(project, answer, command):
    found = answer(project, "label", "issues", "--most", "7", "--task", "intent")
    assert 0 < len(found["items"]) <= 7
    doubts = [doubt for item in found["items"] for doubt in item["doubts"]]
    assert {doubt["task"] for doubt in doubts} == {"intent"}
    assert all(doubt["given"] != doubt["suggested"] and doubt["why"] for doubt in doubts)
    errors = [item["expected_errors"] for item in found["items"]]
    assert errors == sorted(errors, reverse=True)
    assert "Label issues" in command(project, "label", "issues")


def test_every_reading_command_answers_in_json(project, answer):
    assert set(answer(project, "lfs", "apply")["coverage"]) == set(NAMES)
    assert answer(project, "label", "fit")["label_model"] == "agreement"
    assert answer(project, "model", "train", "--round", "1")["tickets"] > 0
    assert set(answer(project, "model", "evaluate", "--round", "1")["tasks"]) == set(NAMES)
    assert answer(project, "model", "export", "--round", "1")["tasks"] == list(NAMES)
    assert len(answer(project, "active", "next")["ticket_ids"]) == 8
    assert answer(project, "active", "close")["mean_accuracy"] > 0
    assert answer(project, "run")["tickets"] > 100


def test_tables_are_printed_without_json(project, command):
    assert "Soft labels (agreement)" in command(project, "label", "fit")
    assert "macro-F1" in command(project, "model", "evaluate", "--round", "1")
    assert "Round 1" in command(project, "active", "next")
    assert "epoch" in command(project, "model", "train", "--round", "1")


def test_explore_writes_a_page(project, tmp_path, answer):
    found = answer(project, "data", "explore", "--out", tmp_path / "deep" / "page.html")
    page = (tmp_path / "deep" / "page.html").read_text("utf-8")
    assert page.lower().startswith("<!doctype html>") and isinstance(found, dict)
    assert not (project / "explore.html").exists()


def test_reviews_pulled_twice_are_counted_once_and_a_changed_mind_is_new(project, tmp_path, answer, command):
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copyfile(project / "ticketloom.toml", copy / "ticketloom.toml")
    labels = tmp_path / "labels.csv"
    labels.write_text("id,category,priority\n1,billing,high\n2,general,\n")
    pull = ("review", "pull", "--from", labels, "--reviewer", "ann")
    assert answer(copy, *pull) == {"read": 3, "new": 3}
    assert answer(copy, *pull) == {"read": 3, "new": 0}
    labels.write_text("id,category,priority\n1,complaint,high\n2,general,\n")
    assert answer(copy, *pull) == {"read": 3, "new": 1}
    assert answer(copy, "review", "status") == [
        {"task": "category", "reviewer": "ann", "round": 0, "decisions": 3},
        {"task": "priority", "reviewer": "ann", "round": 0, "decisions": 1},
    ]
    assert "0 of 3 labels are new" in command(copy, *pull)


def test_a_public_dataset_is_taken_from_a_folder_and_becomes_a_project(tmp_path, answer):
    source = tmp_path / "banking_data"
    source.mkdir()
    (source / "train.csv").write_text(
        "text,category\nWhere is my card?,card_arrival\nWhy this fee?,card_fee\n"
    )
    (source / "test.csv").write_text("text,category\nMy card is not here,card_arrival\n")
    found = answer(tmp_path, "data", "download", "banking77", "--from", source, "--to", tmp_path / "p")
    assert (found["rows"], found["labels"]) == (3, ["card_arrival", "card_fee"])
    table, schema = found["files"]
    config = tmp_path / "p" / "ticketloom.toml"
    shutil.copyfile(schema, config)
    assert answer(tmp_path / "p", "data", "ingest", table)["tickets"] == 3
