"""What a folder of votes remembers: which functions and tickets, and what was said of them."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schema import Task
from labeling.lf import PatternLF
from labeling.memory import KEYS, LFS, VoteMemory, entry_of, remember

TONE = Task("tone", ("good", "bad"), ("pleased", "displeased"))
OTHER = Task("other", ("good", "bad"), ("pleased", "displeased"))
MANY = Task("many", tuple(f"l{i}" for i in range(200)), ("",) * 200)


def lf(name, phrase="x", task=TONE, label="good"):
    return PatternLF(name, label=label, any_of=(phrase,)).bind(task)


FUNCTIONS = [lf("a"), lf("b"), lf("a", task=OTHER)]
FAULT = {"tickets": 2, "first": "t1", "error": "ValueError: no"}
SAID = {"tickets": "hash", "code": "1", "coverage": {"tone": 0.5, "other": 0.25, "none": 0}}


@pytest.fixture
def folder(tmp_path):
    said = SAID | {"lfs": [entry_of(each) for each in FUNCTIONS], "faults": {"tone.b": FAULT}}
    remember(tmp_path, said, np.array([5, 3, 5, 9, 2**64 - 1], np.uint64))
    votes = {
        "ticket_id": list("vwxyz"),
        "a": pa.array([0, 1, -1, 1, 0], pa.int8()),
        "b": pa.array([-1] * 5, pa.int8()),
    }
    for task in SAID["coverage"]:
        pq.write_table(pa.table(votes), tmp_path / f"{task}.parquet", row_group_size=2)
    return tmp_path


@pytest.fixture
def memory(folder):
    return VoteMemory.of(folder, "1")


def test_a_folder_that_is_none_or_unfinished_or_of_other_code_remembers_nothing(folder, tmp_path):
    assert VoteMemory.of(None, "1") is None
    assert VoteMemory.of(tmp_path / "nowhere", "1") is None
    assert VoteMemory.of(folder, "2") is None
    for name in (LFS, KEYS, "none.parquet"):
        kept = (folder / name).rename(folder / "aside")
        assert VoteMemory.of(folder, "1") is None
        kept.rename(folder / name)
    assert VoteMemory.of(folder, "1") is not None


def test_what_was_said_comes_back(memory, folder):
    assert memory.tickets == "hash"
    assert memory.coverage == SAID["coverage"]
    assert memory.tasks == ["tone", "other", "none"]
    assert memory.functions("tone") == ["a", "b"]
    assert memory.functions("none") == []
    assert memory.keys.dtype == np.uint64
    assert memory.keys.tolist() == [5, 3, 5, 9, 2**64 - 1]
    assert memory.path("tone.parquet") == folder / "tone.parquet"


def test_a_function_is_known_by_task_name_fingerprint_and_labels(memory):
    for each in (*FUNCTIONS, lf("a")):
        assert memory.knows(each, same_tickets=True)
    relabeled = Task("tone", ("bad", "good"), ("", ""))
    described = Task("tone", ("good", "bad"), ("other", "words"))
    unknown = [lf("a", "y"), lf("a", label="bad"), lf("c"), lf("b", task=OTHER), lf("a", task=relabeled)]
    assert [memory.knows(each, same_tickets=True) for each in unknown] == [False] * 5
    assert memory.knows(lf("a", task=described), same_tickets=True)


def test_a_function_that_raised_is_known_on_the_same_tickets_alone(memory):
    assert [memory.knows(each, same_tickets=False) for each in FUNCTIONS] == [True, False, True]
    assert memory.faults([*map(entry_of, FUNCTIONS)]).to_dict() == {"tone.b": FAULT}
    assert memory.faults([entry_of(FUNCTIONS[0])]).to_dict() == {}


def test_rows_are_those_where_a_ticket_stood(memory):
    keys = np.array([9, 4, 3, 2**64 - 1, 5, 0, 10], np.uint64)
    assert memory.rows_of(keys).tolist() == [3, -1, 1, 4, 0, -1, -1]
    assert memory.rows_of(keys[:0]).tolist() == []


def test_a_memory_of_no_tickets_has_seen_none(tmp_path):
    remember(tmp_path, SAID | {"lfs": [], "faults": {}, "coverage": {}}, np.empty(0, np.uint64))
    assert VoteMemory.of(tmp_path, "1").rows_of(np.array([0, 5], np.uint64)).tolist() == [-1, -1]


@given(st.lists(st.integers(0, 9)), st.lists(st.integers(0, 9)))
def test_the_row_of_a_key_holds_that_key(old, new):
    memory = VoteMemory.__new__(VoteMemory)
    memory.__dict__["keys"] = np.array(old, np.uint64)
    rows = memory.rows_of(np.array(new, np.uint64)).tolist()
    assert [old[row] if row >= 0 else None for row in rows] == [key if key in old else None for key in new]


def test_votes_come_from_any_rows_of_any_row_group_and_abstain_elsewhere(memory):
    rows = np.array([4, -1, 0, 1, 1, 3, 2])
    a, b = memory.columns(FUNCTIONS[:2], rows)
    assert a.tolist() == [0, -1, 0, 1, 1, 1, -1]
    assert b.tolist() == [-1] * 7
    assert a.dtype == b.dtype == np.int8
    assert [column.tolist() for column in memory.columns(FUNCTIONS[:1], np.array([-1, -1]))] == [[-1, -1]]
    assert memory.columns([], rows) == []


def test_votes_of_many_labels_come_in_two_bytes(tmp_path):
    function = lf("a", task=MANY, label="l199")
    said = SAID | {"lfs": [entry_of(function)], "faults": {}, "coverage": {"many": 0.5}}
    remember(tmp_path, said, np.arange(2, dtype=np.uint64))
    pq.write_table(pa.table({"a": pa.array([199, -1], pa.int16())}), tmp_path / "many.parquet")
    (votes,) = VoteMemory.of(tmp_path, "1").columns([function], np.array([1, 0, -1]))
    assert (votes.tolist(), votes.dtype) == ([-1, 199, -1], np.int16)
