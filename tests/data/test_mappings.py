"""Declared mappings from the labels of public datasets to a project's tasks."""

import tomllib

import pytest

from data.dataset import find_dataset
from data.errors import SchemaError
from data.mappings import LEVELS, LabelMapping, parse_mappings, read_mappings, support_mappings
from data.schema import Schema, Task

TONE = Task("tone", ("good", "bad"), ("pleased", "displeased"))
SCHEMA = Schema((TONE, Task("only", ("only", "other"), ("a", "b"))))


def parsed(text):
    return parse_mappings(tomllib.loads(text), SCHEMA, "maps.toml")


def test_the_support_schemas_mappings_are_all_of_labels_that_there_are():
    mappings = support_mappings()
    assert {mapping.dataset for mapping in mappings} >= {"banking77", "bitext", "clinc150", "complaints"}
    for mapping in mappings:
        assert mapping.answers and set(mapping.answers) <= set(find_dataset(mapping.dataset).labels)
    pairs = [(mapping.dataset, mapping.task) for mapping in mappings]
    assert len(set(pairs)) == len(pairs)


def test_a_mapping_is_read_from_dataset_label_to_task_label():
    [mapping] = parsed("[tweeteval_emotion.tone]\ngood = ['joy', 'optimism']\n'not good' = ['anger']\n")
    answers = {"joy": "good", "optimism": "good", "anger": "not good"}
    assert mapping == LabelMapping("tweeteval_emotion", "tone", answers, LEVELS)
    assert mapping.to_dict()["answers"] == answers


def test_only_names_the_level_that_is_wanted():
    [mapping] = parsed("[complaints.tone]\nonly = 'sure'\nbad = ['complaint']\n")
    assert (mapping.levels, mapping.answers) == (("sure",), {"complaint": "bad"})


def test_a_label_called_only_is_still_a_label():
    [mapping] = parsed("[complaints.only]\nonly = ['complaint']\n")
    assert (mapping.levels, mapping.answers) == (LEVELS, {"complaint": "only"})


def test_all_problems_are_reported_together_with_near_matches():
    with pytest.raises(SchemaError) as raised:
        parsed(
            """
            [complaint.tone]
            bad = ["complaint"]
            [ubuntu.tone]
            bad = ["boot"]
            [banking77]
            tome = { bad = ["card_arrival"] }
            tone = { bed = ["card_arival"], bad = ["pin_blocked"], good = ["pin_blocked", 7], only = "shure" }
            [bitext]
            tone = []
            [clinc150.tone]
            bad = "oos"
            [airline_reasons]
            tone = {}
            """
        )
    message = str(raised.value)
    for part in (
        "maps.toml: ",
        "[complaint] is no dataset with labels",
        "did you mean 'complaints'?",
        "[ubuntu] is no dataset with labels",
        "[banking77.tome] names no task 'tome'; tasks are tone, only; did you mean 'tone'?",
        "[banking77.tone] names no label 'bed' of the task; labels are good, bad, or \"not LABEL\"; did you",
        "[banking77.tone] bed: banking77 has no label 'card_arival'; did you mean 'card_arrival'?",
        "[banking77.tone] maps 'pin_blocked' twice: to bad and to good",
        "[banking77.tone] good: banking77 has no label 7; labels are ",
        "[banking77.tone] only must be one of sure, likely, got 'shure'; did you mean 'sure'?",
        "[bitext.tone] needs lines LABEL OF THE TASK = [labels of the dataset], got []",
        "[clinc150.tone] bad must be a list of labels of clinc150, got 'oos'",
        "[airline_reasons.tone] needs lines",
    ):
        assert part in message, part
    assert "\n" not in message


def test_a_dataset_that_is_no_table_is_an_error():
    with pytest.raises(
        SchemaError, match=r"\[complaints\] needs a table \[complaints.TASK\] for each task, got 3"
    ):
        parsed("complaints = 3")


def test_a_mapping_that_maps_nothing_is_an_error():
    with pytest.raises(SchemaError, match=r"\[complaints.tone\] needs lines LABEL"):
        parsed("[complaints.tone]\nonly = 'sure'\n")


def test_a_file_is_read_and_one_that_is_absent_or_not_toml_is_an_error(tmp_path):
    path = tmp_path / "maps.toml"
    with pytest.raises(SchemaError, match=r"no such file; name a file of mappings in \[lfs\] mappings"):
        read_mappings(path, SCHEMA)
    path.write_text("[complaints.tone]\nbad = ['complaint']\n")
    assert read_mappings(path, SCHEMA)[0].answers == {"complaint": "bad"}
    for content in (b"[complaints\n", b"\xff\xfe"):
        path.write_bytes(content)
        with pytest.raises(SchemaError, match="not valid TOML"):
            read_mappings(path, SCHEMA)
    with pytest.raises(SchemaError, match="cannot be read"):
        read_mappings(tmp_path, SCHEMA)
