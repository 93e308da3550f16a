"""The document of all labeling functions: its figures, its Markdown, and the file of what was dropped."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from active.review.ledger import Ledger, Review
from app.cli.main import app
from app.lf_document import SOURCE, LFDocument, read_dropped, task_entry
from app.lf_markdown import markdown
from data.config import ZERO_SHOT
from data.errors import IngestError
from data.schema import ABSTAIN, Task, against, support_schema
from labeling.analysis import wilson
from labeling.votes import Votes

DROPPED = Path(__file__).parents[2] / "docs" / "dropped-lfs.csv"
TOML = """
[data]
files = ["tweets.csv"]
[seeds]
enabled = false
[lfs]
modules = ["lfs_of_topic.py"]
[evaluate]
gold = "gold.jsonl"
[review]
oracle = "oracle.jsonl"
[tasks.topic.labels]
delivery = "where a parcel is"
payment = "money"
"""
FUNCTIONS = """from snorkel.labeling import labeling_function

from labeling.lf import BatchLF, PatternLF

TASK = "topic"


@labeling_function()
def asks_where(ticket):
    return "delivery" if "where is" in ticket.text else None


def pounds(texts):
    return ["payment" if "charged" in text else None for text in texts]


LFS = [
    PatternLF("parcel", label="delivery", any_of=("parcel",)),
    PatternLF("no_money", label="not payment", any_of=("parcel",)),
    PatternLF("wrong", label="payment", any_of=("where is",)),
    PatternLF("silent", label="payment", any_of=("nowhere",)),
    BatchLF("pounds", pounds),
    asks_where,
]
"""
TASK = Task("topic", ("delivery", "payment"), ("a parcel", "money"))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A project of sixty tickets: twenty are gold, twenty the oracle's, and one of those reviewed anew."""
    folder = tmp_path_factory.mktemp("document")
    texts = ["where is my parcel number {}", "you charged me {} times", "a plain word of number {}"]
    rows = [(f"t{i}", texts[i % 3].format(i), "payment" if i % 3 == 1 else "delivery") for i in range(60)]
    (folder / "tweets.csv").write_text("id,text\n" + "".join(f"{i},{text}\n" for i, text, _ in rows))
    labels = [json.dumps({"id": i, "topic": topic}) + "\n" for i, _, topic in rows]
    (folder / "gold.jsonl").write_text("".join(labels[:20]) + '{"id": "elsewhere", "topic": "payment"}\n')
    (folder / "oracle.jsonl").write_text("".join(labels[18:40]))
    (folder / "ticketloom.toml").write_text(TOML)
    (folder / "lfs_of_topic.py").write_text(FUNCTIONS)
    done = CliRunner().invoke(app, ["--project", str(folder), "data", "ingest"])
    assert done.exit_code == 0, done.output
    Ledger(folder / "reviews.db").append([Review("t21", "topic", ("payment",), "ann")])
    return folder


@pytest.fixture
def documented(small, answer, tmp_path, monkeypatch):
    """What `lfs document --json` prints of the small project, and the file that it wrote."""
    monkeypatch.chdir(tmp_path)
    found = answer(small, "lfs", "document")
    return found, (tmp_path / "docs" / "lfs.md").read_text("utf-8")


def test_the_document_names_every_function_with_kind_label_coverage_and_accuracies_apart(documented):
    found, _ = documented
    [task] = found["tasks"]
    assert (task["tickets"], task["gold"], task["oracle"]) == (60, 20, 20)
    assert task["kinds"] == {"pattern": 4, "batch": 1, "row": 1} and task["seeds"] is None
    assert task["coverage"] == pytest.approx(2 / 3)
    assert (task["gold_majority"], task["oracle_majority"]) == (0.65, 0.65)
    functions = {each["name"]: each for each in task["functions"]}
    assert [each["name"] for each in task["functions"]] == [
        "parcel", "no_money", "wrong", "silent", "pounds", "asks_where",
    ]  # fmt: skip
    assert [each["kind"] for each in task["functions"]] == ["pattern"] * 4 + ["batch", "row"]
    assert functions["no_money"]["votes_for"] == ["not payment"]
    assert functions["silent"]["votes_for"] == [] and functions["silent"]["gold"]["accuracy"] is None
    parcel = functions["parcel"]
    assert parcel["coverage"] == pytest.approx(1 / 3)
    assert parcel["gold"] == {"n": 7, "accuracy": 1.0, "interval": list(wilson(7, 7))}
    assert parcel["oracle"] == {"n": 7, "accuracy": 6 / 7, "interval": list(wilson(6, 7))}
    assert {name for name, each in functions.items() if each["hurts"]} == {"wrong"}


def test_the_markdown_says_where_labels_come_from_and_marks_what_hurts(documented):
    found, text = documented
    assert found["labels"] == SOURCE and SOURCE in text and found["file"] == "docs/lfs.md"
    low, high = wilson(7, 7)
    assert f"| parcel | pattern | delivery | 0.3333 | 1.00 ({low:.2f}–{high:.2f}), n = 7 |" in text
    assert [line.split(" | ")[0] for line in text.splitlines() if line.endswith("| **hurts** |")] == [
        "| wrong"
    ]
    assert "| silent | pattern | never votes | 0.0000 | – | – |  |" in text
    assert "| gold tickets | 20, the most frequent label on 0.650 |" in text
    assert "seeds alone" not in text and "Tried and dropped" not in text


def test_what_was_dropped_stands_at_the_end_and_labels_may_come_from_elsewhere(
    small, command, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "own.csv"
    own.write_text('task,name,right_a,right_b,why\ntopic,a|b,0.5,.25,"weak, as a <guess>"\n')
    out = tmp_path / "deep" / "out.md"
    labels = "labels by three librarians"
    shown = command(
        small, "lfs", "document", "--out", out, "--dropped", own, "--labels", labels, "--run", "other"
    )
    assert "1 dropped" in shown and not (tmp_path / "docs").exists()
    text = out.read_text("utf-8")
    assert text.endswith("| topic | a\\|b | 0.50 | 0.25 | weak, as a &lt;guess> |\n")
    assert labels in text and SOURCE not in text
    assert (small / "runs" / "other" / "votes").is_dir()


def test_a_file_of_dropped_functions_is_found_under_docs(small, answer, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "dropped-lfs.csv").write_text("task,name,right_a,right_b,why\ntopic,old,0,1,luck\n")
    assert answer(small, "lfs", "document")["dropped"] == [
        {"task": "topic", "name": "old", "right_a": 0.0, "right_b": 1.0, "why": "luck"}
    ]


def test_the_shipped_file_of_dropped_functions_is_of_the_support_schema(support):
    found = read_dropped(DROPPED, support)
    assert {each.task for each in found} == set(support.names)
    assert len({(each.task, each.name) for each in found}) == len(found) > 100
    assert all(each.why for each in found)


WRONG = [
    ("task,name\n", r"no column right_a, right_b, why; columns are task, name, right_a, right_b, why"),
    ("task,name,right_a,right_b,why\ntpoic,x,0,0,y\n", r"line 2: no task 'tpoic'; tasks are category"),
    ("task,name,right_a,right_b,why\nintent, ,0,0,y\n", r"line 2: no name"),
    (
        "task,name,right_a,right_b,why\nintent,x,1.5,,y\nintent,x,nan,0,y\n",
        r"line 2: right_a must be a share in 0 to 1, got '1.5'; line 2: right_b .*; line 3: right_a .* 'nan'",
    ),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_every_problem_of_the_file_of_dropped_functions_is_named(text, said, tmp_path):
    path = tmp_path / "dropped.csv"
    path.write_text(text)
    with pytest.raises(IngestError, match=said):
        read_dropped(path, support_schema())


def test_a_file_of_dropped_functions_that_is_not_there_or_no_csv_is_an_error(tmp_path):
    with pytest.raises(IngestError, match="no such file"):
        read_dropped(tmp_path / "absent.csv", support_schema())
    with pytest.raises(IngestError, match=r"read from CSV; name a file with \.csv"):
        read_dropped(tmp_path / "dropped.jsonl", support_schema())


def test_seeds_stand_alone_among_the_figures():
    votes = Votes(TASK, ("a", "b", "c", "d"), (ZERO_SHOT,), np.array([[0], [1], [1], [-1]], np.int8))
    entry = task_entry(votes, {ZERO_SHOT: "batch"}, {"a": (0,), "b": (0,)}, {})
    assert entry.seeds is not None and entry.seeds.coverage == 0.75 and entry.seeds.gold.accuracy == 0.5
    text = markdown_of(entry)
    assert "| seeds alone: coverage | 0.750 |" in text
    assert re.search(r"\| seeds alone: accuracy on gold \| 0\.50 \(0\.\d\d–0\.\d\d\), n = 2 \|", text)


def test_without_trusted_labels_nothing_is_measured_and_nothing_hurts():
    votes = Votes(TASK, ("a",), ("one",), np.array([[0]], np.int8))
    entry = task_entry(votes, {"one": "row"}, {}, {})
    assert entry.gold == entry.oracle == 0 and not entry.functions[0].hurts
    assert "| gold tickets | none |" in markdown_of(entry)
    empty = task_entry(Votes(TASK, (), (), np.empty((0, 0), np.int8)), {}, {}, {})
    assert (empty.coverage, empty.functions) == (0.0, ())


def test_where_no_vote_meets_a_gold_ticket_the_oracles_decide():
    ids = tuple(f"t{i}" for i in range(21))
    values = np.array([[1]] * 20 + [[-1]], np.int8)
    oracle = dict.fromkeys(ids[:20], (0,))
    votes = Votes(TASK, ids, ("wrong",), values)
    assert task_entry(votes, {"wrong": "row"}, {ids[20]: (0,)}, oracle).functions[0].hurts
    assert not task_entry(votes, {"wrong": "row"}, {ids[0]: (1,)}, oracle).functions[0].hurts


def test_a_vote_against_a_label_hurts_where_it_is_less_right_than_the_labels_rarity():
    """Nine in ten tickets are no payment: to be right on half of them is no news."""
    ids = tuple(f"t{i}" for i in range(100))
    gold = {ticket_id: (int(i % 10 == 0),) for i, ticket_id in enumerate(ids)}
    values = np.full((100, 2), ABSTAIN, np.int8)
    values[:20:10] = values[50:100:10] = against(1)
    values[1:8, 0] = against(1)
    values[1:100, 1] = against(1)
    found = task_entry(
        Votes(TASK, ids, ("half", "most"), values), dict.fromkeys(("half", "most"), "row"), gold, {}
    )
    assert [each.hurts for each in found.functions] == [True, False]


names = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=20)


@given(names)
def test_whatever_a_function_is_called_its_row_has_as_many_cells_as_the_header(name):
    votes = Votes(TASK, ("a",), (name,), np.array([[0]], np.int8))
    text = markdown_of(task_entry(votes, {name: "row"}, {"a": (0,)}, {}))
    header, _, row = text.rsplit("| name |", 1)[1].splitlines()
    cells = [len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in ("| name |" + header, row)]
    assert cells[0] == cells[1]


def markdown_of(entry):
    return markdown(LFDocument(SOURCE, (entry,), ()))
