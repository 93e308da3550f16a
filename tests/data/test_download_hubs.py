"""Public datasets fetched from Kaggle and Hugging Face; both are replaced at the network's edge."""

import sys
from collections import Counter

import datasets
import kagglehub
import pyarrow.parquet as pq
import pytest

from data.download import download
from data.errors import IngestError
from data.twcs import COLUMNS


def rows_of(summary):
    return pq.read_table(summary.files[0]).to_pylist()


def hub_of(monkeypatch, **splits):
    """A hub that answers with these tables, and remembers what it was asked for."""
    asked = {}

    def load_dataset(path, name=None, revision=None):
        asked.update(path=path, name=name, revision=revision)
        return datasets.DatasetDict(splits)

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    return asked


def classes(column, names, **columns):
    features = {key: datasets.Value("string") for key in columns} | {column: datasets.ClassLabel(names=names)}
    return {"features": datasets.Features(features)}


def test_the_hubs_class_numbers_become_names(monkeypatch, tmp_path):
    kind = classes("label", ["card_arrival", "pin_blocked"], text=str)
    asked = hub_of(
        monkeypatch,
        train=datasets.Dataset.from_dict({"text": ["a", "b"], "label": [1, 0]}, **kind),
        test=datasets.Dataset.from_dict({"text": ["c", "d"], "label": [0, -1]}, **kind),
    )
    summary = download("banking77", tmp_path)
    assert asked == {"path": "PolyAI/banking77", "name": None, "revision": "refs/convert/parquet"}
    assert [(row["id"], row["intent"]) for row in rows_of(summary)] == [
        ("banking77-train-1", "pin_blocked"),
        ("banking77-train-2", "card_arrival"),
        ("banking77-test-1", "card_arrival"),
    ]
    assert summary.set_aside == {"no label": 1}


def test_the_hubs_other_spelling_of_a_label_becomes_ours(monkeypatch, tmp_path):
    kind = classes("label", ["non-offensive", "offensive"], text=str)
    table = datasets.Dataset.from_dict({"text": ["a", "b"], "label": [0, 1]}, **kind)
    asked = hub_of(monkeypatch, train=table)
    assert download("tweeteval_offensive", tmp_path).labels == ("not-offensive", "offensive")
    assert (asked["path"], asked["name"]) == ("cardiffnlp/tweet_eval", "offensive")


def test_the_hubs_clinc_is_its_plus_edition(monkeypatch, tmp_path):
    kind = classes("intent", ["balance", "oos"], text=str)
    table = datasets.Dataset.from_dict({"text": ["a", "b"], "intent": [0, 1]}, **kind)
    asked = hub_of(monkeypatch, train=table, validation=table, test=table)
    summary = download("clinc150", tmp_path)
    assert (asked["path"], asked["name"]) == ("clinc/clinc_oos", "plus")
    assert Counter(row["split"] for row in rows_of(summary)) == {"train": 2, "validation": 2, "test": 2}


@pytest.mark.parametrize(
    ("name", "columns", "reply"),
    [
        (
            "bitext",
            {"flags": "B", "instruction": "x", "category": "O", "intent": "i", "response": "yes"},
            "yes",
        ),
        ("ubuntu", {"INSTRUCTION": "x", "RESPONSE": "try it", "SOURCE": "s", "METADATA": "{}"}, "try it"),
    ],
)
def test_the_hubs_own_columns_are_read(monkeypatch, tmp_path, name, columns, reply):
    rows = [columns, {key: f"{value}2" for key, value in columns.items()}]
    asked = hub_of(monkeypatch, train=datasets.Dataset.from_list(rows))
    [first, _] = rows_of(download(name, tmp_path))
    assert (first["id"], first["text"], first["reply"]) == (f"{name}-train-1", "x", reply)
    assert name in asked["path"].lower()


def test_a_hub_whose_columns_changed_is_an_error(monkeypatch, tmp_path):
    hub_of(monkeypatch, train=datasets.Dataset.from_dict({"sentence": ["a"], "label": ["b"]}))
    with pytest.raises(
        IngestError, match=r"PolyAI/banking77 \(train\): no column with the text of banking77"
    ):
        download("banking77", tmp_path)


def test_kaggle_gives_the_folder_of_twcs(monkeypatch, tmp_path):
    folder, asked = tmp_path / "versions" / "10", []
    (folder / "twcs").mkdir(parents=True)
    (folder / "twcs" / "twcs.csv").write_text(",".join(COLUMNS) + "\n1,100,True,,hi,,\n")
    monkeypatch.setattr(kagglehub, "dataset_download", lambda handle: asked.append(handle) or str(folder))
    assert download("twcs", tmp_path / "out").rows == 1
    assert asked == ["thoughtvector/customer-support-on-twitter"]


def test_kaggle_gives_the_tweets_to_airlines(monkeypatch, tmp_path):
    header = "tweet_id,airline_sentiment,negativereason,text\n"
    (tmp_path / "Tweets.csv").write_text(header + "1,negative,Late Flight,late\n2,positive,,thanks\n")
    asked = []
    monkeypatch.setattr(kagglehub, "dataset_download", lambda handle: asked.append(handle) or str(tmp_path))
    assert download("airline_sentiment", tmp_path / "out").labels == ("negative", "positive")
    assert asked == ["crowdflower/twitter-airline-sentiment"]


@pytest.mark.parametrize(
    "error", [ConnectionError("no route\nto host"), ValueError("401"), ImportError("gone")]
)
def test_what_cannot_be_fetched_says_what_to_do(monkeypatch, tmp_path, error):
    def refuse(*arguments, **options):
        raise error

    monkeypatch.setattr(kagglehub, "dataset_download", refuse)
    monkeypatch.setattr(datasets, "load_dataset", refuse)
    for name, host, wanted in (
        ("twcs", "Kaggle", "twcs.csv"),
        ("banking77", "Hugging Face", "train.csv and test.csv"),
        ("ubuntu", "Hugging Face", "dialogueText*.csv"),
    ):
        with pytest.raises(IngestError) as raised:
            download(name, tmp_path / "out")
        message = str(raised.value)
        assert message.startswith(f"{name}: cannot be fetched from {host} ({type(error).__name__}: ")
        assert f"get {wanted} by hand from https://" in message
        assert f"`ticketloom data download {name} --from DIR`" in message
        assert "\n" not in message
        assert ("~/.kaggle/kaggle.json" in message) == (host == "Kaggle")
    assert not (tmp_path / "out").exists()


def test_a_missing_library_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(IngestError, match=r"cannot be fetched from Hugging Face .*--from DIR"):
        download("banking77", tmp_path)
