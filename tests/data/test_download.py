"""Public datasets become one kind of table with its schema: from a folder with their files."""

import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data.config import read_config
from data.download import SCHEMA_FILE, download
from data.errors import IngestError
from data.ingest import ingest
from data.labels import read_labels
from data.twcs import COLUMNS

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
CLINC = {
    "train": [["what is my balance", "balance"], ["pay my bill", "pay_bill"]],
    "val": [["balance please", "balance"]],
    "test": [["bill time", "pay_bill"]],
    "oos_train": [["who won the game", "oos"]],
}
NAMES = [
    "banking77", "clinc150", "bitext", "ubuntu", "twcs", "airline_sentiment", "airline_reasons", "complaints",
    "tweeteval_emotion",
]  # fmt: skip
TWCS = ",".join(COLUMNS) + '\n1,100,True,Tue Oct 31 22:10:47 +0000 2017,"two\nlines",,\n2,3\n'


@pytest.fixture
def source(tmp_path):
    """A folder with small files of each dataset in its true format, a subfolder each."""
    files = {
        "banking77/train.csv": "text,category\nwhere is my card?,card_arrival\n,card_arrival\nno label,\n",
        "banking77/test.csv": "text,category\nit came back,reverted_card_payment?\n",
        "clinc150/data_full.json": json.dumps(CLINC),
        "bitext/Bitext_27K.csv": "flags,instruction,category,intent,response\n"
        'B,cancel {{Order}},ORDER,cancel_order,"Sure,\ndone"\nB,track it,ORDER,track_order,\n',
        "ubuntu/dialogueText.csv": "folder,dialogueID,date,from,to,text\n"
        "3,1.tsv,t,ann,,no sound\n3,1.tsv,t,bob,ann,try alsamixer\n3,2.tsv,t,cid,,\n",
        "twcs/twcs.csv": TWCS,
        "airline_sentiment/train.csv": "tweet_id,airline_sentiment,negativereason,text\n"
        "1,negative,Late Flight,@air late\n2,positive,,@air thanks\n3,negative,Lost Luggage,@air my bag\n",
        "complaints/train.csv": "tweet_id,text,complaint,domain\n1,broken,1,food\n2,hi,0,food\n",
        "tweeteval/emotion/mapping.txt": "0\tanger\n1\tjoy\n2\toptimism\n3\tsadness",
    }
    for split in ("train", "val", "test"):
        files[f"tweeteval/emotion/{split}_text.txt"] = "grr\n \nyay\n"
        files[f"tweeteval/emotion/{split}_labels.txt"] = "0\n1\n1\n"
    for name, content in files.items():
        path = tmp_path / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path / "source"


def rows_of(summary):
    return pq.read_table(summary.files[0]).to_pylist()


def test_banking77_becomes_a_table_with_its_schema(source, tmp_path):
    summary = download("banking77", tmp_path / "out", source)
    assert rows_of(summary) == [
        {"id": "banking77-train-1", "text": "where is my card?", "intent": "card_arrival", "split": "train"},
        {
            "id": "banking77-test-1",
            "text": "it came back",
            "intent": "reverted_card_payment?",
            "split": "test",
        },
    ]
    assert summary.files == (tmp_path / "out" / "banking77.parquet", tmp_path / "out" / SCHEMA_FILE)
    assert (summary.rows, summary.set_aside) == (2, {"no text": 1, "no label": 1})
    [task] = read_config(summary.files[1]).schema_
    assert (task.name, task.kind, task.labels) == (
        "intent",
        "single",
        ("card_arrival", "reverted_card_payment?"),
    )
    assert task.descriptions == ("card arrival", "reverted card payment?")
    assert task.labels == summary.labels
    assert json.loads(json.dumps(summary.to_dict()))["rows"] == 2


def test_clinc150_has_out_of_scope_as_a_label(source, tmp_path):
    summary = download("clinc150", tmp_path / "out", source)
    assert summary.labels == ("balance", "oos", "pay_bill")
    assert [row["split"] for row in rows_of(summary)] == ["train", "train", "validation", "test", "train"]
    [task] = read_config(summary.files[1]).schema_
    assert task.descriptions[1].startswith("out of scope")


def test_bitext_keeps_the_answers_of_its_newer_edition(source, tmp_path):
    summary = download("bitext", tmp_path / "out", source)
    assert [(row["intent"], row["reply"]) for row in rows_of(summary)] == [
        ("cancel_order", "Sure,\ndone"),
        ("track_order", None),
    ]


def test_bitext_is_read_in_its_older_edition(tmp_path):
    header = "utterance,intent,entity_type,entity_value,start_offset,end_offset,category,tags\n"
    for name, intent in (("train", "cancel_order"), ("dev", "track_order"), ("test", "track_order")):
        (tmp_path / f"{name}.csv").write_text(f'{header}"well, {intent}",{intent},,,,,ORDER,B\n')
    rows = rows_of(download("bitext", tmp_path / "out", tmp_path))
    assert [(row["id"], row["split"]) for row in rows] == [
        ("bitext-train-1", "train"),
        ("bitext-validation-1", "validation"),
        ("bitext-test-1", "test"),
    ]
    assert rows[0]["text"] == "well, cancel_order"
    assert list(rows[0]) == ["id", "text", "intent", "split", "reply"]


def test_ubuntu_has_replies_and_a_task_to_start_from(source, tmp_path):
    summary = download("ubuntu", tmp_path / "out", source)
    assert rows_of(summary) == [
        {"id": "ubuntu-3-1", "text": "no sound", "topic": None, "split": "train", "reply": "try alsamixer"}
    ]
    assert summary.set_aside == {"no text": 1}
    [task] = read_config(summary.files[1]).schema_
    assert (task.name, task.labels) == ("topic", summary.labels)
    assert all(task.descriptions)


def test_one_file_of_tweets_to_airlines_is_two_datasets(source, tmp_path):
    sentiment = download("airline_sentiment", tmp_path / "out", source)
    assert [row["sentiment"] for row in rows_of(sentiment)] == ["negative", "positive", "negative"]
    reasons = download("airline_reasons", tmp_path / "out", source)
    assert [(row["id"], row["reason"]) for row in rows_of(reasons)] == [
        ("airline_reasons-train-1", "Late Flight"),
        ("airline_reasons-train-3", "Lost Luggage"),
    ]
    assert reasons.set_aside == {"no label": 1}


def test_numbered_complaints_get_names(source, tmp_path):
    summary = download("complaints", tmp_path / "out", source)
    assert [(row["text"], row["complaint"]) for row in rows_of(summary)] == [
        ("broken", "complaint"),
        ("hi", "no_complaint"),
    ]
    [task] = read_config(summary.files[1]).schema_
    assert task.labels == ("complaint", "no_complaint")


def test_complaints_are_on_no_hub_and_say_how_they_are_got(tmp_path):
    with pytest.raises(IngestError) as raised:
        download("complaints", tmp_path / "out")
    message = str(raised.value)
    assert "no hub has it; get train.csv by hand from https://github.com/" in message
    assert "write the line tweet_id,text,complaint,domain above it" in message
    assert "--from DIR" in message


def test_tweeteval_is_read_line_by_line(source, tmp_path):
    summary = download("tweeteval_emotion", tmp_path / "out", source)
    assert [(row["text"], row["emotion"]) for row in rows_of(summary)[:2]] == [
        ("grr", "anger"),
        ("yay", "joy"),
    ]
    assert (summary.rows, summary.set_aside, summary.labels) == (6, {"no text": 3}, ("anger", "joy"))


def test_twcs_is_copied_as_it_is(source, tmp_path):
    summary = download("twcs", tmp_path / "out", source)
    assert summary.files == (tmp_path / "out" / "twcs.csv",)
    assert summary.files[0].read_text() == TWCS
    assert (summary.rows, summary.set_aside, summary.labels) == (1, {"expected 7 fields": 1}, ())


@pytest.mark.parametrize("name", NAMES)
def test_what_is_downloaded_can_be_ingested_and_read_as_labels(source, tmp_path, name):
    summary = download(name, tmp_path / "out", source)
    found = ingest([summary.files[0]], tmp_path / "tickets.parquet", tmp_path / "quarantine.jsonl")
    assert found.tickets == summary.rows
    if summary.labels:
        assert len(read_labels(summary.files[0], read_config(summary.files[1]).schema_)) == summary.rows


@pytest.mark.parametrize("name", NAMES)
def test_a_download_repeated_gives_identical_bytes(source, tmp_path, name):
    before = [path.read_bytes() for path in download(name, tmp_path / "out", source).files]
    assert [path.read_bytes() for path in download(name, tmp_path / "out", source).files] == before


def test_a_text_that_no_file_can_hold_is_made_to_fit(source, tmp_path):
    (source / "clinc150" / "data_full.json").write_text(
        json.dumps(CLINC | {"val": [["a \ud800 b", "balance"]]})
    )
    assert rows_of(download("clinc150", tmp_path / "out", source))[2]["text"] == "a ? b"


def test_an_error_leaves_the_earlier_files_and_nothing_half_written(source, tmp_path):
    before = {path: path.read_bytes() for path in download("banking77", tmp_path / "out", source).files}
    (source / "banking77" / "test.csv").write_bytes(b"text,category\n" + b"good,x\n" * 9000 + b"caf\xe9,y\n")
    with pytest.raises(IngestError, match="not utf-8"):
        download("banking77", tmp_path / "out", source)
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_too_few_labels_are_no_dataset(source, tmp_path):
    (source / "banking77" / "test.csv").write_text("text,category\n,x\n")
    with pytest.raises(
        IngestError,
        match=r"banking77: 1 usable rows with 1 labels, .* set aside: no text \(2\), no label \(1\)",
    ):
        download("banking77", tmp_path / "out", source)


def test_a_file_that_is_not_twcs_is_an_error(source, tmp_path):
    (source / "twcs" / "twcs.csv").write_text("tweet_id,text\n1,a\n")
    with pytest.raises(IngestError, match="no column author_id, inbound, created_at"):
        download("twcs", tmp_path / "out", source)
    assert not (tmp_path / "out").exists()


def test_a_target_that_is_a_file_is_an_error(source, tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(IngestError, match="is a file; name a folder to write banking77 into"):
        download("banking77", tmp_path / "out", source)


def test_progress_is_told(source, tmp_path):
    (source / "banking77" / "test.csv").write_text("text,category\n" + "hi,x\n" * 9000)
    told = []
    download("banking77", tmp_path / "out", source, told.append)
    assert told == [8192, 9001]


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the shared datasets are not at {SHARED}")
@pytest.mark.parametrize(
    ("name", "task", "labels", "splits"),
    [
        ("banking77", "intent", 77, {"train": 10_003, "test": 3_080}),
        ("clinc150", "intent", 151, {"train": 15_100, "validation": 3_100, "test": 5_500}),
        ("bitext", "intent", 27, {"train": 6_480, "validation": 810, "test": 810}),
        ("airline_sentiment", "sentiment", 3, {"train": 11_427}),
        ("airline_reasons", "reason", 10, {"train": 7_211}),
        ("complaints", "complaint", 2, {"train": 2_449}),
        ("tweeteval_sentiment", "sentiment", 3, {"validation": 2_000, "test": 12_284}),
        ("tweeteval_emotion", "emotion", 4, {"train": 3_257, "validation": 374, "test": 1_421}),
        ("tweeteval_offensive", "offensive", 2, {"train": 11_916, "validation": 1_324, "test": 860}),
    ],
)
def test_the_real_datasets_are_read_whole(tmp_path, name, task, labels, splits):
    summary = download(name, tmp_path, SHARED)
    without = {"no label": 4_216} if name == "airline_reasons" else {}
    assert (summary.rows, summary.set_aside, len(summary.labels)) == (sum(splits.values()), without, labels)
    table = pq.read_table(summary.files[0])
    assert Counter(table["split"].to_pylist()) == splits
    assert len(set(table["id"].to_pylist())) == summary.rows
    assert read_config(summary.files[1]).schema_.task(task).labels == summary.labels


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the shared datasets are not at {SHARED}")
def test_the_real_head_of_twcs_is_copied(tmp_path):
    summary = download("twcs", tmp_path, SHARED)
    assert summary.rows == 4_870
    assert summary.files[0].read_bytes() == (SHARED / "twcs" / "twcs.csv").read_bytes()
