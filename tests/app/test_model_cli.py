"""`ticketloom model evaluate` and `compare` on a project that was run."""

import json

import pytest

from data.store import read_json
from tests.e2e.projects import script


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_evaluate_prints_figures_with_their_intervals(project, command):
    shown = command(project, "model", "evaluate", "--round", "1")
    assert "accuracy (95 %)" in shown and "macro-F1" in shown and "ECE" in shown
    assert "Two people" not in shown and "page" not in shown


def test_a_page_is_written_with_its_json(project, tmp_path, answer):
    found = answer(project, "model", "evaluate", "--round", "1", "--html", tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!doctype html>")
    assert read_json(tmp_path / "page.json") == found
    assert set(found["errors"]) == set(found["tasks"]) and "slices" in found


def test_other_labels_and_two_people_can_be_named(project, tmp_path, answer, command):
    labels = write(
        tmp_path / "some.jsonl", [{"id": "a", "text": "where is my refund", "intent": "track_status"}]
    )
    people = [
        write(tmp_path / f"{name}.jsonl", [{"id": "a", "intent": intent}])
        for name, intent in (("ann", "track_status"), ("bob", "ask_information"))
    ]
    arguments = ("model", "evaluate", "--round", "1", "--on", labels, "--annotators", *people)
    found = answer(project, *arguments)
    assert list(found["tasks"]) == ["intent"] and found["on"] == str(labels)
    assert found["annotators"]["intent"]["agreement"] == 0
    assert "Two people" in command(project, *arguments)


def test_rounds_are_compared(project, tmp_path, answer, command):
    page = tmp_path / "page.html"
    found = answer(project, "model", "compare", "main/round-0", "main/round-1", "--html", page)
    assert list(found["classifiers"]) == ["main/round-0", "main/round-1"] and found["tickets"] == 30
    assert "main/round-1 less main/round-0" in page.read_text("utf-8")
    assert read_json(tmp_path / "page.json") == found
    shown = command(project, "model", "compare", "main/round-0", "main/round-1")
    assert "Accuracy on 30 tickets" in shown and "Macro-F1 on 30 tickets" in shown and "mean" in shown


WRONG = [
    (["compare", "main", "mian"], "did you mean 'main'?"),
    (["compare", "main", "main/round-0", "--html", "x.json"], "a page must not end in .json"),
    (["evaluate", "--on", "nowhere.jsonl"], "nowhere.jsonl: no such file"),
    (["evaluate", "--annotators", "one.jsonl", "two.jsonl"], "one.jsonl: no such file"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=lambda value: " ".join(value))
def test_what_the_user_can_mend_is_one_line(project, arguments, said):
    done = script("ticketloom", "model", *arguments, folder=project)
    [line] = done.stderr.splitlines()
    assert done.returncode == 1 and line.startswith("error: ") and said in line and done.stdout == ""
