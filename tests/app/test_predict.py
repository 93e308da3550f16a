"""`ticketloom predict`: one text, or files of every kind into files of every kind."""

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from app.cli.main import app
from data.schema import support_schema

SCHEMA = support_schema()
ROWS = [
    ("a-1", "where is my bag"),
    ("a-2", ""),
    ("a-3", "thank you so much!"),
    ("a-4", "charged twice, refund me"),
]
KEPT = ["a-1", "a-3", "a-4"]


def write(path, rows=ROWS):
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps({"id": i, "text": t}) + "\n" for i, t in rows))
    elif path.suffix == ".csv":
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([("id", "text"), *rows])
    else:
        pq.write_table(pa.table({"id": [i for i, _ in rows], "text": [t for _, t in rows]}), path)
    return path


def read(path):
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    with path.open(newline="", encoding="utf-8") as file:
        return [
            {"id": row["id"]}
            | {n: {"label": row[n], "confidence": float(row[f"{n}_confidence"])} for n in SCHEMA.names}
            for row in csv.DictReader(file)
        ]


def check(rows):
    assert [row["id"] for row in rows] == KEPT
    for row in rows:
        assert list(row) == ["id", *SCHEMA.names]
        for task in SCHEMA:
            assert row[task.name]["label"] in task.labels and 0 < row[task.name]["confidence"] <= 1


@pytest.mark.parametrize("kind", [".jsonl", ".csv", ".parquet"])
@pytest.mark.parametrize("out_kind", [".jsonl", ".csv", ".parquet"])
def test_ids_are_kept_and_rows_without_text_are_listed_with_their_reasons(
    project, tmp_path, command, kind, out_kind
):
    path, out = write(tmp_path / f"in{kind}"), tmp_path / f"out{out_kind}"
    said = command(project, "predict", path, "--out", out)
    assert "wrote 3 predictions" in said and "1 rows set aside" in said
    check(read(out))
    [rejected] = read(tmp_path / f"out{out_kind}.rejected.jsonl")
    assert rejected["reason"] == "no text" and rejected["line"] == (2 if kind != ".csv" else 3)


def test_a_file_without_out_is_answered_on_standard_output(project, tmp_path, command):
    rows = [json.loads(line) for line in command(project, "predict", write(tmp_path / "in.csv")).splitlines()]
    check(rows)


def test_rows_set_aside_are_told_of_on_standard_error_when_answers_go_to_standard_output(project, tmp_path):
    path = write(tmp_path / "in.csv")
    found = CliRunner().invoke(app, ["--project", str(project), "predict", str(path)])
    assert "1 row" in found.stderr and len(found.stdout.splitlines()) == 3


def test_bad_rows_are_set_aside_with_their_line(project, tmp_path, answer):
    path = tmp_path / "in.jsonl"
    path.write_text(
        '{"id": "a", "text": "hello"}\n{"id": \n[1]\n{"id": "b", "text": 7}\n{"id": "c", "text": "hi"}\n'
    )
    found = answer(project, "predict", path, "--out", tmp_path / "out.jsonl")
    assert found == {"predicted": 2, "set_aside": 3}
    assert [row["id"] for row in read(tmp_path / "out.jsonl")] == ["a", "c"]
    rejected = read(tmp_path / "out.jsonl.rejected.jsonl")
    assert [row["line"] for row in rejected] == [2, 3, 4] and all(row["reason"] for row in rejected)


def test_an_older_list_of_rejected_rows_does_not_stay(project, tmp_path, command):
    out = tmp_path / "out.jsonl"
    command(project, "predict", write(tmp_path / "in.csv"), "--out", out)
    command(project, "predict", write(tmp_path / "in.csv", ROWS[:1]), "--out", out)
    assert len(read(out)) == 1 and not (tmp_path / "out.jsonl.rejected.jsonl").exists()


def test_rows_without_an_id_are_named_after_file_and_line(project, tmp_path, command):
    (tmp_path / "in.csv").write_text("text\nhello\nwhere is my bag\n")
    rows = [json.loads(line) for line in command(project, "predict", tmp_path / "in.csv").splitlines()]
    assert [row["id"] for row in rows] == ["in-2", "in-3"]


def test_more_rows_than_a_batch_keep_their_order(project, tmp_path, answer, monkeypatch):
    import app.batch

    monkeypatch.setattr(app.batch, "BATCH", 4)
    path = write(tmp_path / "in.csv", [(str(i), f"ticket {i} {'x ' * (i % 5)}") for i in range(10)])
    assert answer(project, "predict", path, "--out", tmp_path / "out.csv")["predicted"] == 10
    assert [row["id"] for row in read(tmp_path / "out.csv")] == [str(i) for i in range(10)]


def test_an_unknown_kind_of_output_leaves_nothing_behind(project, tmp_path):
    path = write(tmp_path / "in.csv")
    arguments = ["--project", str(project), "predict", str(path), "--out", str(tmp_path / "out.xlsx")]
    found = CliRunner().invoke(app, arguments)
    assert found.exit_code == 1 and ".jsonl, .csv, .parquet, not '.xlsx'" in str(found.exception)
    assert [p.name for p in tmp_path.iterdir()] == ["in.csv"]


def test_a_file_without_a_text_column_is_an_error(project, tmp_path):
    (tmp_path / "in.csv").write_text("id,words\n1,hello\n")
    found = CliRunner().invoke(app, ["--project", str(project), "predict", str(tmp_path / "in.csv")])
    assert found.exit_code == 1 and "no column with the text" in str(found.exception)


@pytest.mark.parametrize("text", ["my bill is wrong", "v1.2.csv is broken", "", "a/b", "x" * 5000])
def test_one_text_is_answered_with_a_label_and_a_confidence_per_task(project, answer, text):
    found = answer(project, "predict", text)
    assert list(found) == list(SCHEMA.names)
    assert all(set(said) == {"label", "confidence"} for said in found.values())


def test_a_text_that_begins_like_an_option_stands_behind_two_dashes(project, command):
    assert list(json.loads(command(project, "predict", "--json", "--", "-- my refund"))) == list(SCHEMA.names)


def test_one_text_is_answered_as_a_table(project, command):
    said = command(project, "predict", "my bill is wrong")
    assert all(name in said for name in SCHEMA.names) and "confidence" in said


def test_a_classifier_is_named_by_its_folder(project, tmp_path, answer):
    found = answer(tmp_path, "predict", "my bill", "--model", project / "export")
    assert found == answer(project, "predict", "my bill")


def test_without_a_project_the_demos_classifier_answers(project, tmp_path, answer):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "export").symlink_to(project / "export")
    assert answer(tmp_path, "predict", "my bill") == answer(project, "predict", "my bill")


@pytest.mark.parametrize("out_kind", [".jsonl", ".csv", ".parquet"])
def test_answers_of_a_multi_label_task_are_lists(topics, tmp_path, command, out_kind):
    out = tmp_path / f"out{out_kind}"
    command(topics[0], "predict", write(tmp_path / "in.csv"), "--out", out)
    if out_kind == ".csv":
        with out.open(newline="") as file:
            labels = [row["topics"].split("|") if row["topics"] else [] for row in csv.DictReader(file)]
    else:
        labels = [row["topics"]["label"] for row in read(out)]
    assert len(labels) == 3 and all(set(found) <= {"money", "travel", "things"} for found in labels)
    assert "topics" in command(topics[0], "predict", "my phone")
