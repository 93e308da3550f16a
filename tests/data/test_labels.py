"""Files of trusted labels."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import IngestError
from data.labels import indicator, read_labels
from data.schema import Schema, Task, support_schema

TONE = Task("tone", ("good", "bad"), ("pleased", "displeased"))
TOPICS = Task("topics", ("card", "loan", "fees"), ("a card", "a loan", "fees"), "multi")
SCHEMA = Schema((TONE, TOPICS))
GOLD = Path(__file__).resolve().parents[3] / "shared" / "gold" / "dev.jsonl"


def test_multi_label_answers_are_lists_or_names_joined_by_a_bar(tmp_path):
    (tmp_path / "a.csv").write_text("id,text,tone,topics\n1,x,good,card|fees\n2,y,bad,\n3,z,,loan\n")
    (tmp_path / "a.jsonl").write_text(
        '{"id": "1", "text": "x", "tone": "good", "topics": ["fees", "card"]}\n'
        '{"id": 2, "text": "y", "tone": "bad"}\n'
        '{"id": 3, "text": "z", "tone": null, "topics": "loan"}\n'
    )
    table = pa.table(
        {
            "id": ["1", "2", "3"],
            "text": ["x", "y", "z"],
            "tone": ["good", "bad", None],
            "topics": [["card", "fees"], None, ["loan"]],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    for name in ("a.csv", "a.jsonl", "a.parquet"):
        labels = read_labels(tmp_path / name, SCHEMA)
        assert (len(labels), labels.ticket_ids, labels.texts) == (3, ("1", "2", "3"), ("x", "y", "z"))
        assert labels.of(TONE) == {"1": (0,), "2": (1,)}
        assert labels.of(TOPICS) == {"1": (0, 2), "3": (1,)}


def test_no_label_at_all_is_an_answer_and_differs_from_none(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "1", "topics": []}\n{"id": "2", "topics": null}\n')
    labels = read_labels(tmp_path / "a.jsonl", SCHEMA)
    assert labels.answers == {"tone": (None, None), "topics": ((), None)}
    assert labels.texts == (None, None)
    matrix = indicator(TOPICS, list(labels.answers["topics"]))
    assert matrix.dtype == np.float32
    assert matrix[0].tolist() == [0, 0, 0]
    assert np.isnan(matrix[1]).all()


def test_an_indicator_is_one_where_a_label_holds():
    assert indicator(TOPICS, [(0, 2), (1,)]).tolist() == [[1, 0, 1], [0, 1, 0]]
    assert indicator(TOPICS, []).shape == (0, 3)


def test_bad_labels_are_reported_together_with_their_lines(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,tone,topics\n1,god,card\n2,good,card|lone\n3,good\n ,bad,card\n5,good,loan\n")
    with pytest.raises(IngestError) as error:
        read_labels(path, SCHEMA)
    message = str(error.value)
    for part in (
        f"{path}: line 2: task 'tone' has no label 'god'; labels are good, bad; did you mean 'good'?",
        "line 3: task 'topics' has no label 'lone'; labels are card, loan, fees; did you mean 'loan'?",
        "line 4: expected 3 fields, found 2",
        "line 5: no id",
    ):
        assert part in message
    assert "line 6" not in message


def test_many_problems_are_cut_and_counted(tmp_path):
    (tmp_path / "a.csv").write_text("id,tone\n" + "".join(f"{i},wrong\n" for i in range(30)))
    with pytest.raises(IngestError, match=r"… 30 problems in all$") as error:
        read_labels(tmp_path / "a.csv", SCHEMA)
    assert str(error.value).count("has no label") == 10


def test_ids_meet_those_that_ingest_writes(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": " a\u200b1 ", "tone": "good"}))
    assert read_labels(tmp_path / "a.jsonl", SCHEMA).ticket_ids == ("a 1",)


def test_a_file_without_ids_or_tasks_says_what_it_has(tmp_path):
    (tmp_path / "a.csv").write_text("text,tone\nx,good\n")
    with pytest.raises(IngestError, match="no id column; it has text, tone; looked for ticket_id, id"):
        read_labels(tmp_path / "a.csv", SCHEMA)
    (tmp_path / "b.csv").write_text("id,ton\n1,good\n")
    with pytest.raises(IngestError, match="no column for any task; tasks are tone, topics; it has id, ton"):
        read_labels(tmp_path / "b.csv", SCHEMA)


@pytest.mark.skipif(not GOLD.is_file(), reason=f"the gold labels are not at {GOLD}")
def test_the_gold_labels_are_read_whole():
    labels = read_labels(GOLD, support_schema())
    assert len(labels) == 1000
    assert all(len(labels.of(task)) == 1000 for task in support_schema())
