"""Folders in the format of WRENCH: what is read, and what each fault is told as."""

import json
from pathlib import Path

import pytest

from data.errors import LabelingError
from labeling.wrench import SPLITS, read_wrench

REAL = Path(__file__).parents[3] / "shared" / "data" / "wrench"
ENTRIES = {
    "0": {"label": 0, "data": {"text": "hello"}, "weak_labels": [-1, 0, 0]},
    "7": {"label": 1, "data": {"text": "win now"}, "weak_labels": [1, -1, 0]},
}


def written(folder, labels=None, **files):
    """A folder of three equal splits, some of its files replaced: text as it is, else as JSON."""
    whole = dict.fromkeys(SPLITS, ENTRIES) | {"label": labels or {"0": "ham", "1": "spam"}} | files
    for name, content in whole.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / f"{name}.json").write_text(text, "utf-8")
    return folder


def changed(**change):
    """Entries of which the second has some fields replaced."""
    return ENTRIES | {"7": {**ENTRIES["7"], **change}}


def fault(folder, **files):
    with pytest.raises(LabelingError) as error:
        read_wrench(written(folder, **files))
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_folder_is_its_splits_with_votes_and_gold(tmp_path):
    splits = read_wrench(written(tmp_path))
    assert tuple(splits) == SPLITS
    votes = splits["train"].votes
    assert (votes.task.name, votes.task.labels) == (tmp_path.name, ("ham", "spam"))
    assert (votes.ticket_ids, votes.lf_names) == (("0", "7"), ("lf0", "lf1", "lf2"))
    assert votes.values.tolist() == [[-1, 0, 0], [1, -1, 0]]
    assert votes.values.dtype == votes.task.vote_dtype
    assert splits["test"].gold.tolist() == [0, 1]


def test_labels_may_be_a_list_and_stand_in_the_order_of_their_numbers(tmp_path):
    assert read_wrench(written(tmp_path, ["a", "b"]))["test"].votes.task.labels == ("a", "b")
    names = {str(at): f"l{at}" for at in reversed(range(130))}
    votes = read_wrench(written(tmp_path, names, train=changed(weak_labels=[129, 100, -1])))["train"].votes
    assert votes.task.labels[:3] == ("l0", "l1", "l2")
    assert votes.values[1].tolist() == [129, 100, -1]


def test_a_ticket_may_have_no_gold_and_a_split_no_ticket(tmp_path):
    splits = read_wrench(written(tmp_path, valid={}, train=changed(label=None)))
    assert splits["train"].gold.tolist() == [0, -1]
    assert (splits["valid"].votes.values.shape, len(splits["valid"].gold)) == ((0, 0), 0)


def test_a_file_that_is_missing_is_named(tmp_path):
    for name in ("label", *SPLITS):
        (written(tmp_path) / f"{name}.json").unlink()
        with pytest.raises(LabelingError, match=rf"{name}.json: no such file; a WRENCH folder has train"):
            read_wrench(tmp_path)
    with pytest.raises(LabelingError, match=r"nowhere.label.json: no such file"):
        read_wrench(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["label", *SPLITS])
def test_a_file_that_is_no_json_is_named_with_the_place(tmp_path, name):
    assert f"{name}.json: cannot be read as JSON: Expecting" in fault(tmp_path, **{name: "{"})
    (tmp_path / f"{name}.json").write_bytes(b"\xff\xfe")
    with pytest.raises(LabelingError, match=f"{name}.json: cannot be read as JSON: 'utf-8'"):
        read_wrench(tmp_path)


@pytest.mark.parametrize(
    "labels",
    [["alone"], {"0": "a", "2": "b"}, {"a": "0", "b": "1"}, {"1": "a", "2": "b"}, [], "ab",
     5, None, {"0": "a", "²": "b"}],
)  # fmt: skip
def test_labels_that_are_not_numbered_from_zero_are_refused(tmp_path, labels):
    assert "label.json: keys must be 0, 1, … for two labels or more, got" in fault(
        tmp_path, label=json.dumps(labels)
    )


@pytest.mark.parametrize("entries", [[1], 3, None])
def test_entries_are_an_object(tmp_path, entries):
    assert "test.json: expected an object of entries, got" in fault(tmp_path, test=json.dumps(entries))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weak_labels": None}, "entry 7: no weak_labels"),
        ({"weak_labels": "10"}, "entry 7: no weak_labels"),
        ({"weak_labels": [1, 0, 2]}, "entry 7: vote 2; votes are -1 to 1"),
        ({"weak_labels": [1, -2, 0]}, "entry 7: vote -2; votes are -1 to 1"),
        ({"weak_labels": [1, "0", 0]}, "entry 7: vote '0'; votes are -1 to 1"),
        ({"weak_labels": [1, 0.5, None]}, "entry 7: vote 0.5; votes are -1 to 1"),
        ({"weak_labels": [[1], 0, 0]}, "entry 7: vote [1]; votes are -1 to 1"),
        ({"label": 2}, "entry 7: label 2; labels are 0 to 1"),
        ({"label": -2}, "entry 7: label -2; labels are 0 to 1"),
        ({"label": "spam"}, "entry 7: label 'spam'; labels are 0 to 1"),
        ({"label": 0.5}, "entry 7: label 0.5; labels are 0 to 1"),
    ],
)
def test_votes_and_labels_that_cannot_be_used_are_named_by_file_and_entry(tmp_path, change, said):
    assert f"train.json: {said}" in fault(tmp_path, train=changed(**change))


def test_an_entry_of_another_width_is_named_beside_the_usual_one(tmp_path):
    more = {str(at): ENTRIES["0"] for at in range(10, 14)}
    said = fault(tmp_path, valid=changed(weak_labels=[1]) | more)
    assert "valid.json: entry 7: 1 weak_labels, the others 3" in said
    assert "entry 7: no weak_labels" in fault(tmp_path, valid=ENTRIES | {"7": [1, 0, 0]} | more)


def test_all_faults_of_a_file_are_told_together_and_cut_short(tmp_path):
    bad = {str(at): {"label": 0, "weak_labels": [5, 0, 0]} for at in range(9)}
    said = fault(tmp_path, train=bad)
    assert "entry 0: vote 5" in said and "entry 4: vote 5" in said and "entry 8" not in said


def test_splits_have_equally_many_votes_an_entry(tmp_path):
    said = fault(tmp_path, test={"0": {"label": 0, "weak_labels": [1, 1]}})
    assert "splits have different numbers of votes an entry: {'train': 3, 'valid': 3, 'test': 2}" in said


@pytest.mark.parametrize(("name", "lfs", "tickets"), [("youtube", 10, 2056), ("sms", 73, 5571)])
def test_folders_of_the_benchmark_are_read(name, lfs, tickets):
    if not (REAL / name).is_dir():
        pytest.skip(f"{REAL / name} is not there")
    splits = read_wrench(REAL / name)
    assert sum(len(split.gold) for split in splits.values()) == tickets
    for split in splits.values():
        assert len(split.votes.lf_names) == lfs
        assert split.gold.min() >= 0 and split.gold.max() == 1
        assert (split.votes.values >= -1).all()
