"""Examples out of the public datasets' own files."""

import json

import pytest

from data.errors import IngestError
from data.examples import Example, dataset_names, file_examples, find_dataset, find_files
from data.readers import BadRow


def test_every_dataset_of_the_mission_is_described():
    assert dataset_names() == ["banking77", "bitext", "clinc150", "twcs", "ubuntu"]
    for name in dataset_names():
        dataset = find_dataset(name)
        assert dataset.title and dataset.licence and dataset.page.startswith("https://") and dataset.files
        assert dataset.hub or dataset.kaggle


def test_an_unknown_name_gets_the_nearest():
    with pytest.raises(
        IngestError, match=r"no dataset 'banking'; datasets are banking77, .* did you mean 'banking77'"
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


def test_ids_count_rows_and_do_not_move_when_one_is_bad(tmp_path):
    (tmp_path / "train.csv").write_text("text,category\na,x\nb\nc,y\n")
    (tmp_path / "test.csv").write_text("text,category\nd,x\n")
    found = list(file_examples(find_dataset("banking77"), tmp_path))
    assert found == [
        Example("banking77-train-1", "train", "a", "x"),
        BadRow(3, "expected 2 fields, found 1", "b"),
        Example("banking77-train-3", "train", "c", "y"),
        Example("banking77-test-1", "test", "d", "x"),
    ]


def test_several_files_of_one_split_are_counted_through(tmp_path):
    for name in ("Bitext_one.csv", "Bitext_two.csv"):
        (tmp_path / name).write_text("flags,instruction,category,intent,response\nB,hi,ORDER,cancel,yes\n")
    found = list(file_examples(find_dataset("bitext"), tmp_path))
    assert [example.id for example in found] == ["bitext-train-1", "bitext-train-2"]
    assert found[0] == Example("bitext-train-1", "train", "hi", "cancel", "yes")


def test_a_wrong_column_is_an_error_that_names_those_present(tmp_path):
    for name in ("train.csv", "test.csv"):
        (tmp_path / name).write_text("texts,category\na,x\n")
    with pytest.raises(
        IngestError,
        match=r"train.csv: no column with the text of banking77; looked for text; it has texts, category",
    ):
        list(file_examples(find_dataset("banking77"), tmp_path))


def test_the_parts_of_clinc_are_splits_with_out_of_scope_included(tmp_path):
    document = {part: [[f"{part} one", "a"], [f"{part} two", "b"]] for part in ("train", "val", "test")}
    document |= {f"oos_{part}": [[f"odd {part}", "oos"]] for part in ("train", "val", "test")}
    document["train"].append(["alone"])
    (tmp_path / "data_small.json").write_text(json.dumps(document))
    found = list(file_examples(find_dataset("clinc150"), tmp_path))
    assert BadRow(3, "a pair of text and label is needed", "['alone']") in found
    examples = {example.id: example for example in found if isinstance(example, Example)}
    assert len(examples) == 9
    assert examples["clinc150-val-2"] == Example("clinc150-val-2", "validation", "val two", "b")
    assert examples["clinc150-oos_test-1"] == Example("clinc150-oos_test-1", "test", "odd test", "oos")


@pytest.mark.parametrize(
    "content", ["[]", "{}", '{"train": []}', '{"train": [], "val": [], "test": 3}', "{", "\xff"]
)
def test_a_file_that_is_not_clincs_is_an_error(tmp_path, content):
    (tmp_path / "data_full.json").write_text(content, "latin-1")
    with pytest.raises(IngestError, match=r"data_full.json: not"):
        list(file_examples(find_dataset("clinc150"), tmp_path))


def dialogues(tmp_path, *lines):
    (tmp_path / "dialogueText.csv").write_text("\n".join(["folder,dialogueID,date,from,to,text", *lines]))
    return list(file_examples(find_dataset("ubuntu"), tmp_path))


def test_a_dialogue_is_its_first_message_and_the_first_answer_by_somebody_else(tmp_path):
    found = dialogues(
        tmp_path,
        '3,1.tsv,2004-11-23T11:49:00.000Z,ann,,"no sound,\nwhat now?"',
        "3,1.tsv,2004-11-23T11:49:30.000Z,ann,,anyone?",
        "3,1.tsv,2004-11-23T11:50:00.000Z,bob,ann,try alsamixer",
        "3,1.tsv,2004-11-23T11:51:00.000Z,eve,ann,or pulseaudio",
        "4,1.tsv,2004-11-23T11:52:00.000Z,cid,,hello",
        "4,2.tsv,2004-11-23T11:53:00.000Z,dan,,bye",
        "4,2.tsv,2004-11-23T11:53:00.000Z,cid,dan,see you",
    )
    assert found == [
        Example("ubuntu-3-1", "train", "no sound,\nwhat now?", None, "try alsamixer"),
        Example("ubuntu-4-1", "train", "hello"),
        Example("ubuntu-4-2", "train", "bye", None, "see you"),
    ]


def test_a_bad_row_does_not_break_a_dialogue_in_two(tmp_path):
    found = dialogues(tmp_path, "3,1.tsv,t,ann,,help", "3,1.tsv", "3,1.tsv,t,bob,ann,sure")
    assert found == [
        BadRow(3, "expected 6 fields, found 2", "3,1.tsv"),
        Example("ubuntu-3-1", "train", "help", None, "sure"),
    ]


def test_dialogues_are_streamed(tmp_path):
    lines = "".join(f"3,{i // 3}.tsv,t,{'ann' if i % 3 else 'bob'},,line {i}\n" for i in range(30_000))
    (tmp_path / "dialogueText.csv").write_text("folder,dialogueID,date,from,to,text\n" + lines)
    examples = file_examples(find_dataset("ubuntu"), tmp_path)
    assert next(examples).reply == "line 1"
    assert sum(1 for _ in examples) == 9_999


def test_a_dialogue_file_without_its_columns_is_an_error(tmp_path):
    (tmp_path / "dialogueText.csv").write_text("folder,dialogueID,text\n")
    with pytest.raises(IngestError, match="no column from; it has folder, dialogueID, text"):
        list(file_examples(find_dataset("ubuntu"), tmp_path))
