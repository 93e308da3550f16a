"""Examples out of the public datasets' own files."""

import json

import pytest

from data.dataset import find_dataset
from data.errors import IngestError
from data.examples import Example, file_examples
from data.readers import BadRow


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


def lines(folder, texts="good\nbad\n", labels="1\n0\n", mapping="0\tnot-offensive\n1\toffensive\n"):
    for split in ("train", "val", "test"):
        (folder / f"{split}_text.txt").write_text(texts, newline="")
        (folder / f"{split}_labels.txt").write_text(labels, newline="")
    (folder / "mapping.txt").write_text(mapping)
    return list(file_examples(find_dataset("tweeteval_offensive"), folder))


def test_a_text_a_line_has_the_label_of_the_same_line(tmp_path):
    found = lines(tmp_path)
    assert found[:2] == [
        Example("tweeteval_offensive-train-1", "train", "good", "offensive"),
        Example("tweeteval_offensive-train-2", "train", "bad", "not-offensive"),
    ]
    assert [example.split for example in found[2:]] == ["validation", "validation", "test", "test"]


def test_only_a_line_feed_ends_a_line_and_the_last_may_lack_it(tmp_path):
    found = lines(tmp_path, "one\x85still\u2028one\x0c\r\ntwo", "0\r\n1")
    assert [example.text for example in found[:2]] == ["one\x85still\u2028one\x0c", "two"]


def test_files_of_unequal_length_are_an_error_with_both_counts(tmp_path):
    with pytest.raises(IngestError, match=r"train_text.txt has 2 lines, .*train_labels.txt has 3: each text"):
        lines(tmp_path, labels="1\n0\n1\n")


def test_a_number_that_the_mapping_lacks_is_a_bad_row(tmp_path):
    found = lines(tmp_path, labels="1\n7\n")
    assert found[1] == BadRow(2, "a label that mapping.txt does not name, '7'", "bad")
    assert len(found) == 6


@pytest.mark.parametrize("mapping", ["", "0 offensive\n", "0\ta\tb\n"])
def test_a_mapping_that_is_none_is_an_error(tmp_path, mapping):
    with pytest.raises(IngestError, match=r"mapping.txt: each line must be a number, a tab and a label"):
        lines(tmp_path, mapping=mapping)


def test_lines_that_are_not_utf_8_are_an_error(tmp_path):
    lines(tmp_path)
    (tmp_path / "val_text.txt").write_bytes(b"caf\xe9\n")
    with pytest.raises(IngestError, match=r"val_text.txt: not utf-8 text"):
        list(file_examples(find_dataset("tweeteval_offensive"), tmp_path))


def test_labels_have_the_names_used_here(tmp_path):
    (tmp_path / "train.csv").write_text("tweet_id,text,complaint,domain\n1,why,1,food\n2,hi,0,food\n")
    found = list(file_examples(find_dataset("complaints"), tmp_path))
    assert [example.label for example in found] == ["complaint", "no_complaint"]
