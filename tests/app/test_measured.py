"""What a classifier is measured on: the run's gold, or a file of labels; bad files are told first."""

import json

import numpy as np
import pytest

from app import stages
from app.console import Terminal
from app.measured import measured, seen_in_training
from app.run import Run
from data.errors import IngestError
from data.workspace import Workspace
from labeling.votes import SoftLabels


@pytest.fixture
def run(project):
    return Run(Workspace.open(project), "main", Terminal(quiet=True))


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_the_runs_gold_has_the_stages_own_predictions(run):
    found = measured(run, 1)
    assert found.labels == run.gold and found.file == run.workspace.path("gold.jsonl")
    for task in run.schema:
        stored = SoftLabels.load(run.folder / f"round-1/evaluation/{task.name}.parquet", task)
        assert stored.ticket_ids == found.labels.ticket_ids
        assert np.array_equal(stored.probs, found.probs[task.name])
        assert list(found.answers()[task.name].values()) == stored.answers()


def test_a_file_of_ids_of_the_pool_is_predicted_like_gold(run, tmp_path):
    gold = measured(run, 1)
    rows = [{"id": ticket_id, "priority": "high"} for ticket_id in gold.labels.ticket_ids[:9]]
    found = measured(run, 1, write(tmp_path / "some.jsonl", rows))
    assert found.texts == gold.texts[:9]
    # Other company in the batch moves the last digits.
    assert np.allclose(found.probs["intent"], gold.probs["intent"][:9], atol=0.02)


def test_a_file_with_texts_need_not_be_in_the_pool(run, tmp_path):
    rows = [{"id": "new", "text": "  where is   my refund? ", "intent": "track_status"}]
    found = measured(run, 1, write(tmp_path / "some.jsonl", rows))
    assert found.text_of == {"new": "where is my refund?"}
    assert found.labels.answers["category"] == (None,) and found.probs["category"].shape == (1, 4)
    assert seen_in_training(run, found) == []


BAD = [
    ([{"id": "a", "text": "x", "intent": "other"}] * 2, "1 tickets are there more than once: a"),
    ([{"id": "a", "text": "x", "intent": None}], "no ticket has a label"),
    (
        [{"id": "a", "intent": "other"}, {"id": "b", "text": " ", "intent": "other"}],
        "2 of 2 labeled tickets have no text",
    ),
    ([{"id": "a", "text": "x", "intent": "othr"}], "line 1: task 'intent' has no label 'othr'"),
    ([{"id": "a", "text": "x", "intents": "other"}], "no column for any task; tasks are category"),
]


@pytest.mark.parametrize(("rows", "said"), BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_a_file_that_cannot_be_measured_on_is_told_before_anything_is_trained(
    run, tmp_path, monkeypatch, rows, said
):
    monkeypatch.setattr(Run, "model", lambda *_: pytest.fail("trained"))
    path = write(tmp_path / "bad.jsonl", rows)
    with pytest.raises(IngestError, match=said) as error:
        measured(run, 0, path)
    assert str(error.value).startswith(f"{path}: ")


def test_what_was_trained_on_is_told_by_id_and_by_text(run, tmp_path):
    row = run.tickets.rows(["train"], run.gold.ticket_ids)[0]
    rows = [
        {"id": run.tickets.ticket_ids[row], "text": "another text", "intent": "other"},
        {"id": "new", "text": run.tickets.texts[row], "intent": "other"},
        {"id": "newer", "text": "nobody ever wrote this", "intent": "other"},
    ]
    found = measured(run, 1, write(tmp_path / "some.jsonl", rows))
    assert seen_in_training(run, found) == [rows[0]["id"], "new"]


def test_without_gold_reviewed_tickets_of_the_test_split_count(run, monkeypatch):
    answers = {task.name: {} for task in run.schema}
    rows = run.tickets.rows(["test"])
    answers["intent"] = {run.tickets.ticket_ids[row]: (0,) for row in rows[:3]}
    found = stages.trusted_labels(run.schema, run.tickets, None, answers)
    assert len(found) == 3 and found.answers["intent"] == ((0,),) * 3


def test_without_any_trusted_label_nothing_is_measured(run, monkeypatch):
    monkeypatch.setattr(Run, "gold", None)
    monkeypatch.setattr(Run, "answers", lambda *_: {})
    monkeypatch.setattr(Run, "evaluation", lambda self, number: self.labels())
    assert measured(run, 1) is None
