"""What is known of the public datasets, and where their files lie."""

from pathlib import Path

import pytest

from data.dataset import dataset_names, find_dataset, find_files, has_files
from data.download import download
from data.errors import IngestError

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
LINES = ("mapping.txt", "val_text.txt", "val_labels.txt", "test_text.txt", "test_labels.txt")
LABELED = [name for name in dataset_names() if find_dataset(name).labeled]


def test_every_dataset_of_the_mission_is_described():
    assert dataset_names() == [
        "airline_reasons", "airline_sentiment", "banking77", "bitext", "clinc150", "complaints", "twcs",
        "tweeteval_emotion", "tweeteval_offensive", "tweeteval_sentiment", "ubuntu",
    ]  # fmt: skip
    for name in dataset_names():
        dataset = find_dataset(name)
        assert dataset.title and dataset.licence and dataset.page.startswith("https://") and dataset.files
        assert dataset.hub or dataset.kaggle or dataset.by_hand
        assert dataset.labeled == bool(dataset.labels)
        assert set(dataset.task.get("descriptions", {})) <= set(dataset.labels) or not dataset.labeled


def test_an_unknown_name_gets_the_nearest():
    with pytest.raises(
        IngestError, match=r"no dataset 'banking'; datasets are airline_reasons, .* did you mean 'banking77'"
    ):
        find_dataset("banking")


def test_files_are_found_in_the_folder_or_one_below(tmp_path):
    dataset = find_dataset("banking77")
    for place in (tmp_path / "a", tmp_path / "b" / "banking77", tmp_path / "c" / "anything"):
        place.mkdir(parents=True)
        for name in ("train.csv", "test.csv"):
            (place / name).write_text("text,category\n")
    for source in ("a", "b", "c"):
        found = find_files(dataset, tmp_path / source)
        assert [(path.name, split) for path, split in found] == [("train.csv", "train"), ("test.csv", "test")]


def test_a_folder_of_the_datasets_own_name_comes_before_others(tmp_path):
    for place in ("another", "banking77"):
        (tmp_path / place).mkdir()
        for name in ("train.csv", "test.csv"):
            (tmp_path / place / name).write_text("text,category\n")
    found = find_files(find_dataset("banking77"), tmp_path)
    assert {path.parent.name for path, _ in found} == {"banking77"}


def test_a_folder_without_all_files_says_what_was_looked_for(tmp_path):
    (tmp_path / "train.csv").write_text("text,category\n")
    with pytest.raises(
        IngestError, match=r"looked for train.csv and test.csv, .* it has train.csv; they are at https"
    ):
        find_files(find_dataset("banking77"), tmp_path)
    with pytest.raises(IngestError, match=r"looked for train.csv and dev.csv and test.csv, or Bitext\*.csv"):
        find_files(find_dataset("bitext"), tmp_path)
    with pytest.raises(IngestError, match=r"no such folder; name the folder that holds twcs.csv"):
        find_files(find_dataset("twcs"), tmp_path / "none")


def csv_file(path, header):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + "\n")


def test_of_files_of_one_name_those_with_the_datasets_columns_are_found(tmp_path):
    csv_file(tmp_path / "a" / "train.csv", "utterance,intent")
    csv_file(tmp_path / "b" / "train.csv", "text,airline_sentiment,negativereason")
    csv_file(tmp_path / "c" / "train.csv", "text,complaint")
    for name, folder in (("airline_sentiment", "b"), ("airline_reasons", "b"), ("complaints", "c")):
        [(path, split)] = find_files(find_dataset(name), tmp_path)
        assert (path.parent.name, split) == (folder, "train")
        assert has_files(find_dataset(name), tmp_path)
    assert not has_files(find_dataset("banking77"), tmp_path)


def test_another_datasets_files_are_not_had_and_are_refused_by_their_columns(tmp_path):
    for name in ("train.csv", "dev.csv", "test.csv"):
        csv_file(tmp_path / "bitext" / name, "utterance,intent")
    assert not has_files(find_dataset("banking77"), tmp_path)
    assert not has_files(find_dataset("banking77"), tmp_path / "none")
    with pytest.raises(IngestError, match="no column with the text of banking77"):
        download("banking77", tmp_path / "out", tmp_path)


@pytest.fixture
def tweeteval(tmp_path):
    for kind, labels in (
        ("emotion", "anger joy optimism sadness"),
        ("sentiment", "negative neutral positive"),
    ):
        folder = tmp_path / "tweeteval" / kind
        folder.mkdir(parents=True)
        for name in LINES:
            (folder / name).write_text("0\n1\n2\n")
        names = "".join(f"{i}\t{label}\n" for i, label in enumerate(labels.split()))
        (folder / "mapping.txt").write_text(names)
    return tmp_path / "tweeteval"


def test_a_folder_in_a_folder_is_found_from_each_of_them(tweeteval):
    dataset = find_dataset("tweeteval_sentiment")
    for source in (tweeteval.parent, tweeteval, tweeteval / "sentiment"):
        found = find_files(dataset, source)
        assert [path.name for path, _ in found] == list(LINES)
        assert {path.parent.name for path, _ in found} == {"sentiment"}


def test_a_folder_of_other_labels_is_not_taken_for_the_datasets(tweeteval):
    assert not has_files(find_dataset("tweeteval_sentiment"), tweeteval / "emotion")
    assert has_files(find_dataset("tweeteval_sentiment"), tweeteval)


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the shared datasets are not at {SHARED}")
@pytest.mark.parametrize("name", LABELED)
def test_the_labels_described_are_those_of_the_real_files(tmp_path, name):
    assert download(name, tmp_path, SHARED).labels == tuple(sorted(find_dataset(name).labels))
