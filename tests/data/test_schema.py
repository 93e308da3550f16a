"""Tasks, labels and the schema files that declare them."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import SchemaError
from data.schema import Schema, Task, against, parse_schema, support_schema

TONE = Task("tone", ("good", "bad"), ("pleased", "displeased"), question="How is it said?")
TOPICS = Task("topics", ("card", "loan", "fees"), ("a card", "a loan", "fees"), "multi")


def test_a_label_is_found_by_name_and_a_wrong_one_gets_the_nearest():
    assert TONE.label_id("bad") == 1
    with pytest.raises(
        SchemaError, match="task 'tone' has no label 'bda'; labels are good, bad; did you mean 'bad'"
    ):
        TONE.label_id("bda")
    with pytest.raises(SchemaError, match="no label 1"):
        TONE.label_id(1)


@pytest.mark.parametrize("missing", [None, "", float("nan")])
@pytest.mark.parametrize("task", [TONE, TOPICS])
def test_a_missing_answer_is_none(task, missing):
    assert task.encode(missing) is None


@pytest.mark.parametrize(
    "value", ["fees|card", ["card", "fees"], ("fees", "card", "card"), np.array(["fees", "card"])]
)
def test_a_multi_label_answer_is_a_list_or_names_joined_by_a_bar(value):
    assert TOPICS.encode(value) == (0, 2)


def test_an_empty_list_says_that_no_label_holds():
    assert TOPICS.encode([]) == ()
    assert TOPICS.decode(()) == []


@pytest.mark.parametrize(
    ("task", "value"), [(TONE, ["good"]), (TOPICS, 3), (TOPICS, "card|lone"), (TOPICS, [None])]
)
def test_an_answer_of_the_wrong_kind_is_an_error(task, value):
    with pytest.raises(SchemaError):
        task.encode(value)


@given(st.sets(st.integers(0, 2)))
def test_what_is_decoded_encodes_to_the_same(label_ids):
    answer = tuple(sorted(label_ids))
    assert TOPICS.encode(TOPICS.decode(answer)) == answer


def test_votes_are_wider_for_a_task_of_many_labels():
    many = tuple(f"l{i}" for i in range(128))
    assert Task("t", many[:127], many[:127]).vote_dtype == np.int8
    assert Task("t", many, many).vote_dtype == np.int16


@given(st.integers(1, 300), st.data())
def test_votes_for_and_against_each_label_have_names_and_fit_their_type(count, data):
    task = Task("many", tuple(f"l{i}" for i in range(count)), ("",) * count)
    label = data.draw(st.integers(0, count - 1))
    assert (task.vote_id(f"l{label}"), task.vote_id(f"not l{label}")) == (label, against(label))
    assert (task.vote_name(label), task.vote_name(against(label))) == (f"l{label}", f"not l{label}")
    assert against(against(label)) == label and against(label) < -1
    limits = np.iinfo(task.vote_dtype)
    assert limits.min <= against(count - 1) and count - 1 <= limits.max


def test_an_abstention_has_no_name_and_what_is_no_label_is_no_vote():
    assert TONE.vote_name(-1) is None
    for answer in ("", "not ", "goo", "not goo", "not not good", "notgood", "NOT good"):
        assert TONE.vote_id(answer) is None


def test_a_label_that_is_called_not_something_keeps_its_name():
    task = Task("urgency", ("urgent", "not urgent"), ("", ""))
    assert task.vote_id("not urgent") == 1
    assert task.vote_id("not not urgent") == against(1)
    assert task.vote_name(against(1)) == "not not urgent"


def test_precedence_is_read_written_and_part_of_the_fingerprint():
    [plain] = parse_schema({"a": {"labels": ["x", "y"]}}, "here")
    [ordered] = parse_schema({"a": {"labels": ["x", "y"], "precedence": True}}, "here")
    assert (plain.precedence, ordered.precedence) == (False, True)
    assert Task.from_dict(json.loads(json.dumps(ordered.to_dict()))) == ordered
    assert Schema((plain,)).fingerprint != Schema((ordered,)).fingerprint


def test_a_task_written_before_there_was_precedence_has_none():
    before = {key: value for key, value in TONE.to_dict().items() if key != "precedence"}
    assert Task.from_dict(before) == TONE


@pytest.mark.parametrize("value", ["yes", 1, None, []])
def test_precedence_is_true_or_false(value):
    with pytest.raises(SchemaError, match=r"\[tasks.a\] precedence must be true or false, got "):
        parse_schema({"a": {"labels": ["x", "y"], "precedence": value}}, "here")


def test_a_schema_survives_json_and_its_fingerprint_tells_every_change():
    schema = Schema((TONE, TOPICS))
    again = Schema.from_list(json.loads(json.dumps(schema.to_list())))
    assert again == schema
    assert again.fingerprint == schema.fingerprint
    assert Schema((TOPICS, TONE)).fingerprint != schema.fingerprint
    described = Task("tone", ("good", "bad"), ("pleased", "cross"), question="How is it said?")
    assert Schema((described, TOPICS)).fingerprint != schema.fingerprint


def test_a_task_is_found_by_name():
    schema = Schema((TONE, TOPICS))
    assert schema.task("topics") is TOPICS
    assert (len(schema), schema.names, list(schema)) == (2, ("tone", "topics"), [TONE, TOPICS])
    with pytest.raises(
        SchemaError, match="no task 'tne' in the schema; tasks are tone, topics; did you mean 'tone'"
    ):
        schema.task("tne")


def test_labels_are_a_table_with_descriptions_or_a_list_of_names():
    tables = {
        "tone": {"labels": ["very_good", "bad"]},
        "topics": {"kind": "multi", "question": "About?", "labels": {"card": "a card"}},
    }
    tone, topics = parse_schema(tables, "here")
    assert tone.descriptions == ("very good", "bad")
    assert (topics.multi, topics.question, topics.descriptions) == (True, "About?", ("a card",))


def test_all_problems_of_a_schema_are_reported_together():
    tables = {
        "a": 3,
        "b": {"labels": ["x", "x", "y"]},
        "c": {"labels": {"x": " ", "y": "fine"}, "knd": "multi"},
        "d": {"kind": "many", "labels": ["x", "y"]},
        "e": {"labels": ["alone"]},
        "f": {},
    }
    with pytest.raises(SchemaError) as error:
        parse_schema(tables, "my.toml")
    message = str(error.value)
    for part in (
        "my.toml: ",
        "[tasks.a] must be a table, got 3",
        "[tasks.b] names a label twice: x",
        "[tasks.c] label 'x' needs a description",
        "[tasks.c] has an unknown key 'knd'; did you mean 'kind'?",
        "[tasks.d] kind must be one of single, multi, got 'many'",
        "[tasks.e] needs two labels or more, got 1",
        "[tasks.f] needs labels",
    ):
        assert part in message


def test_a_schema_without_tasks_is_an_error():
    with pytest.raises(SchemaError, match="no task is declared"):
        parse_schema({}, "here")


def test_the_default_schema_has_the_five_tasks_of_support():
    schema = support_schema()
    assert schema.names == ("category", "priority", "sentiment", "intent", "department")
    assert [len(task.labels) for task in schema] == [4, 3, 4, 13, 6]
    assert all(task.question and all(task.descriptions) for task in schema)


@pytest.mark.parametrize("name", ["a/b", "../up", "", ".hidden", "a\nb"])
def test_a_task_name_that_could_not_name_a_file_is_refused(name):
    with pytest.raises(SchemaError, match="is no name"):
        parse_schema({name: {"labels": ["a", "b"]}}, "here")
