"""Votes from Parquet to Parquet: they equal those in memory, and only what changed is asked again."""

from collections import Counter
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from snorkel.labeling import LabelingFunction, labeling_function

from data.errors import LabelingError
from data.schema import Task
from data.store import file_hash
from data.tickets import TICKET_TABLE, Ticket
from labeling import vote_files
from labeling.apply import apply_lfs
from labeling.lf import BatchLF, PatternLF, RowLF
from labeling.memory import VoteMemory
from labeling.vote_files import Source, write_votes
from labeling.votes import Votes
from labeling.workers import Local

TONE = Task("tone", ("good", "bad"), ("pleased", "displeased"))
OTHER = Task("other", ("good", "bad"), ("pleased", "displeased"))
MANY = Task("many", tuple(f"l{i}" for i in range(200)), ("",) * 200)
TEXTS = (
    "a refund",
    "not a refund",
    "boom",
    "thanks a lot",
    "",
    "REFUNDS, now",
    "so good it is",
    "a boom refund",
)


def tickets(*texts, start=0):
    return [Ticket(f"t{at}", text, lang="en", source="s") for at, text in enumerate(texts, start)]


def row(name, function, task=TONE):
    return RowLF(labeling_function(name=name)(function)).bind(task)


class Asked:
    """Counts who is asked about whom; no fingerprint sees the counts."""

    def __init__(self):
        self.counts = Counter()

    def __reduce__(self):
        return "ASKED"

    def note(self, name, what):
        self.counts[name, what] += 1

    def names(self):
        return {name for name, _ in self.counts}

    def by(self, name):
        """What `name` was asked about, in order of the first question."""
        return [what for who, what in self.counts if who == name]


ASKED = Asked()


@pytest.fixture
def asked():
    ASKED.counts.clear()
    return ASKED


def row_lf(name, word="refund", label="bad", task=TONE, says=None):
    """Votes on tickets that hold a word; its questions are counted under `says`."""

    def function(ticket):
        ASKED.note(says or name, ticket.ticket_id)
        return label if word in ticket.text else None

    return row(name, function, task)


def batch_lf(name, length=9, task=TONE, shared=True):
    def votes(texts):
        for text in texts:
            ASKED.note(name, text)
        return ["good" if len(text) > length else None for text in texts]

    return BatchLF(name, votes, shared=shared).bind(task)


def pattern_lf(name, phrase="refund*", label="bad", task=TONE, **declared):
    return PatternLF(name, label=label, any_of=(phrase,), **declared).bind(task)


def raising_lf(name="raising", task=TONE):
    def function(ticket):
        ASKED.note(name, ticket.ticket_id)
        if "boom" in ticket.text:
            raise ValueError(f"no good: {ticket.text}")
        return "bad"

    return row(name, function, task)


class Folders:
    """Tables of tickets, and runs over them, each in a folder of its own."""

    def __init__(self, folder):
        self._folder = folder
        self._runs = 0
        self._tables = 0

    def source(self, *tables, code="1", group=3):
        """Tables of tickets in row groups of `group`."""
        return Source(tuple(self._table(table, group) for table in tables), self._hash(tables), code)

    def _table(self, table, group):
        self._tables += 1
        path = self._folder / f"tickets{self._tables}.parquet"
        rows = pa.Table.from_pylist([vars(ticket) for ticket in table], TICKET_TABLE)
        pq.write_table(rows, path, row_group_size=group)
        return path

    def _hash(self, tables):
        return sha256(repr(tables).encode()).hexdigest()

    def run(self, source, lfs, memory=None, tasks=None, **options):
        """What a run said, and the folder of its votes; `memory` is the folder of an earlier one."""
        self._runs += 1
        folder = self._folder / f"run{self._runs}"
        folder.mkdir()
        tasks = tasks or tuple(dict.fromkeys(lf.task for lf in lfs))
        remembered = VoteMemory.of(memory, source.code)
        options = {"faults_allowed": 1, "engine": Local(1)} | options
        said = write_votes(folder, source, tasks, lfs, memory=remembered, **options)
        return said, folder


@pytest.fixture
def folders(tmp_path):
    return Folders(tmp_path)


def same_votes(folder, other, tasks=(TONE,)):
    for task in tasks:
        ours, theirs = (
            Votes.load(folder / f"{task.name}.parquet", task),
            Votes.load(other / f"{task.name}.parquet", task),
        )
        assert ours.ticket_ids == theirs.ticket_ids
        assert ours.lf_names == theirs.lf_names
        assert ours.values.tolist() == theirs.values.tolist()
    return True


MIXED = [
    pattern_lf("refund", negation=2),
    row_lf("row"),
    batch_lf("long"),
    pattern_lf("thanks", "thanks", "good", OTHER),
    raising_lf(),
    pattern_lf("brand", "volt", "good", field="brand"),
    row_lf("row", "good", "good", OTHER),
]


@pytest.mark.parametrize("cuts", [(8,), (3, 5), (0, 8, 0), (1,) * 8])
@pytest.mark.parametrize("group", [1, 3, 100])
def test_votes_equal_those_in_memory_over_any_row_groups_and_tables(folders, cuts, group):
    whole = [replace(ticket, brand="Volt" if at % 2 else None) for at, ticket in enumerate(tickets(*TEXTS))]
    edges = np.cumsum([0, *cuts])
    parts = [whole[start:end] for start, end in pairwise(edges)]
    said, folder = folders.run(folders.source(*parts, group=group), MIXED)
    votes, faults = apply_lfs(MIXED, [whole], faults_allowed=1)
    assert said["faults"] == faults.to_dict() != {}
    assert said["asked"] == len(MIXED)
    for task in (TONE, OTHER):
        found = Votes.load(folder / f"{task.name}.parquet", task)
        assert found.ticket_ids == votes[task.name].ticket_ids
        assert found.lf_names == votes[task.name].lf_names
        assert found.values.tolist() == votes[task.name].values.tolist()
        assert found.values.dtype == np.int8
        assert said["coverage"][task.name] == votes[task.name].covered.mean()
    assert list(said["coverage"]) == ["tone", "other"]


def test_a_task_without_functions_has_tickets_and_no_coverage(folders):
    said, folder = folders.run(folders.source(tickets(*TEXTS)), [row_lf("row")], tasks=(OTHER, TONE))
    table = pq.read_table(folder / "other.parquet")
    assert table.column_names == ["ticket_id"]
    assert len(table) == len(TEXTS)
    assert said["coverage"] == {"other": 0, "tone": 3 / 8}


@pytest.mark.parametrize("tables", [(), ([],), ([], [])])
def test_no_tickets_are_no_votes(folders, tables):
    said, folder = folders.run(folders.source(*tables), MIXED)
    assert said["coverage"] == {"tone": 0, "other": 0}
    assert Votes.load(folder / "tone.parquet", TONE).values.shape == (0, 5)
    some = folders.source(tickets(*TEXTS))
    assert same_votes(folders.run(some, MIXED, folder)[1], folders.run(some, MIXED)[1], (TONE, OTHER))


def test_a_task_of_many_labels_is_written_in_two_bytes_and_remembered(folders):
    lfs = [pattern_lf("refund", label="l199", task=MANY), row_lf("row", label="l150", task=MANY)]
    source = folders.source(tickets(*TEXTS))
    folder = folders.run(source, lfs)[1]
    for again in (folder, folders.run(source, lfs[::-1], folder)[1]):
        table = pq.read_table(again / "many.parquet")
        assert table.schema.field("refund").type == table.schema.field("row").type == pa.int16()
        assert table["refund"].to_pylist() == [199, 199, -1, -1, -1, 199, -1, 199]
        assert table["row"].to_pylist() == [150, 150, -1, -1, -1, -1, -1, 150]


@pytest.mark.parametrize(("size", "groups"), [(1, [3, 3, 2]), (4, [6, 2]), (6, [6, 2]), (100, [8])])
def test_votes_are_gathered_into_row_groups(folders, monkeypatch, size, groups):
    monkeypatch.setattr(vote_files, "ROW_GROUP", size)
    _, folder = folders.run(folders.source(tickets(*TEXTS)), [row_lf("row")])
    metadata = pq.ParquetFile(folder / "tone.parquet").metadata
    assert [metadata.row_group(at).num_rows for at in range(metadata.num_row_groups)] == groups


def test_progress_is_told_how_many_tickets_are_done(folders):
    told = []
    folders.run(folders.source(tickets(*TEXTS), tickets("x")), [row_lf("row")], progress=told.append)
    assert told == [3, 6, 8, 9]


def test_faults_are_counted_over_all_tables_and_told_with_the_first(folders):
    said, _ = folders.run(
        folders.source(tickets("a", "b", "boom"), tickets("boom", "c", start=3)), [raising_lf()]
    )
    assert said["faults"] == {
        "tone.raising": {"tickets": 2, "first": "t2", "error": "ValueError: no good: boom"}
    }


def test_faults_above_the_allowed_share_are_an_error_that_names_function_ticket_and_error(folders):
    source = folders.source(tickets("a", "boom", "boom", "d"), group=1)
    expected = r"'tone.raising' raised on 2 of 4 tickets, first on 't1': ValueError: no good: boom"
    with pytest.raises(LabelingError, match=expected):
        folders.run(source, [raising_lf()], faults_allowed=0.49)
    assert (
        folders.run(source, [raising_lf()], faults_allowed=0.5)[0]["faults"]["tone.raising"]["tickets"] == 2
    )


def test_a_vote_outside_the_labels_is_an_error_with_the_nearest_label(folders):
    with pytest.raises(LabelingError, match=r"'lf' \(task 'tone'\) voted 'godo'.*did you mean 'good'"):
        folders.run(folders.source(tickets("x")), [row("lf", lambda ticket: "godo")])


def test_two_functions_of_one_name_in_a_task_are_refused_before_anybody_is_asked(folders, asked):
    lfs = [row_lf("same"), row_lf("same", "good"), row_lf("same", task=OTHER)]
    with pytest.raises(LabelingError, match="'tone' have two columns named same"):
        folders.run(folders.source(tickets(*TEXTS)), lfs)
    assert not asked.counts


def test_functions_that_are_not_shared_vote_in_the_calling_process(folders):
    here = SimpleNamespace(parts=[])

    class Recording(Local):
        def answers(self, voters, jobs):
            here.parts.append([lf.name for lf in (*voters.everywhere, *voters.where_changed)])
            return super().answers(voters, jobs)

    lfs = [batch_lf("near", shared=False), row_lf("row"), batch_lf("far")]
    engine = Recording(1)
    source = folders.source(tickets(*TEXTS))
    _, folder = folders.run(source, lfs, engine=engine)
    assert here.parts == [["row", "far"]]
    votes, _ = apply_lfs(lfs, [tickets(*TEXTS)])
    assert Votes.load(folder / "tone.parquet", TONE).values.tolist() == votes["tone"].values.tolist()
    changed = tickets(*TEXTS[:4], "a new long text", *TEXTS[5:])
    _, again = folders.run(folders.source(changed), lfs, folder, engine=engine)
    assert here.parts[1:] == [["row", "far"]]
    assert same_votes(again, folders.run(folders.source(changed), lfs)[1])


# What is remembered


@pytest.fixture
def first(folders, asked):
    """The source and folder of a first run of three functions, whose questions are forgotten."""
    source = folders.source(tickets(*TEXTS))
    _, folder = folders.run(source, [row_lf("one"), batch_lf("two"), row_lf("three", "good", "good", OTHER)])
    assert asked.names() == {"one", "two", "three"}
    asked.counts.clear()
    return source, folder


def lfs_of(**changed):
    named = {
        "one": row_lf("one"),
        "two": batch_lf("two"),
        "three": row_lf("three", "good", "good", OTHER),
    } | changed
    return [lf for lf in named.values() if lf]


def test_nobody_is_asked_when_nothing_changed(folders, first, asked):
    source, folder = first
    said, again = folders.run(source, lfs_of(), folder)
    assert said["asked"] == 0
    assert not asked.counts
    assert same_votes(again, folder, (TONE, OTHER))
    assert said["coverage"] == {"tone": 6 / 8, "other": 1 / 8}
    assert (folders.run(source, lfs_of(), again)[0], asked.names()) == (said, set())


def test_an_edited_function_alone_is_asked_again(folders, first, asked):
    source, folder = first
    lfs = lfs_of(one=row_lf("one", "thanks"))
    said, again = folders.run(source, lfs, folder)
    assert asked.names() == {"one"}
    assert said["asked"] == 1
    assert same_votes(again, folders.run(source, lfs)[1], (TONE, OTHER))


def test_a_renamed_function_and_a_new_one_alone_are_asked(folders, first, asked):
    source, folder = first
    lfs = lfs_of(one=row_lf("uno"), four=row_lf("four", "not"))
    _, again = folders.run(source, lfs, folder)
    assert asked.names() == {"uno", "four"}
    assert same_votes(again, folders.run(source, lfs)[1], (TONE, OTHER))


@pytest.mark.parametrize(
    "lfs",
    [lfs_of(one=None), lfs_of()[::-1], [lfs_of()[1], lfs_of()[0]], lfs_of(three=None)],
    ids=["removed", "re-ordered", "re-ordered in a task", "the last of its task removed"],
)
def test_nobody_is_asked_when_functions_are_removed_or_re_ordered(folders, first, asked, lfs):
    source, folder = first
    _, again = folders.run(source, lfs, folder, tasks=(TONE, OTHER))
    assert not asked.counts
    assert same_votes(again, folders.run(source, lfs, tasks=(TONE, OTHER))[1], (TONE, OTHER))


@pytest.mark.parametrize(
    ("changed", "asked_about"),
    [
        (tickets(*TEXTS[:2], "refund again", *TEXTS[3:]), ["t2"]),
        ([replace(ticket, brand="Volt") for ticket in tickets(*TEXTS)[:1]] + tickets(*TEXTS)[1:], ["t0"]),
        (tickets(*TEXTS, "a new refund", "another one"), ["t8", "t9"]),
        (tickets(*TEXTS)[2:5], []),
        (tickets(*TEXTS)[::-1], []),
        (tickets(*TEXTS) * 2, []),
        ([*tickets("first of all", start=90), *tickets(*TEXTS)[::2]], ["t90"]),
        (tickets(*TEXTS, start=20), [f"t{at}" for at in range(20, 28)]),
        ([], []),
    ],
    ids=[
        "a text",
        "a brand",
        "appended",
        "removed",
        "re-ordered",
        "repeated",
        "mixed",
        "other ids",
        "none left",
    ],
)
@pytest.mark.parametrize("group", [1, 3, 100])
def test_only_changed_tickets_are_asked_about(folders, first, asked, changed, asked_about, group):
    _, folder = first
    source = folders.source(changed, group=group)
    said, again = folders.run(source, lfs_of(), folder)
    assert said["asked"] == 0
    assert asked.by("one") == asked.by("three") == asked_about
    assert set(asked.by("two")) == {ticket.text for ticket in changed if ticket.ticket_id in asked_about}
    fresh_said, fresh = folders.run(source, lfs_of())
    assert same_votes(again, fresh, (TONE, OTHER))
    assert fresh_said["coverage"] == said["coverage"]


def test_changed_tickets_and_an_edited_function_at_once(folders, first, asked):
    _, folder = first
    source = folders.source(tickets(*TEXTS[:3], "refund again", *TEXTS[4:]))
    lfs = lfs_of(one=row_lf("one", "again"))
    _, again = folders.run(source, lfs, folder)
    assert asked.by("one") == [f"t{at}" for at in range(8)]
    assert asked.by("three") == ["t3"]
    assert same_votes(again, folders.run(source, lfs)[1], (TONE, OTHER))


def test_what_another_version_of_the_code_wrote_is_forgotten(folders, first, asked):
    source, folder = first
    assert VoteMemory.of(folder, "2") is None
    said, _ = folders.run(replace(source, code="2"), lfs_of(), folder)
    assert said["asked"] == 3
    assert asked.names() == {"one", "two", "three"}


@pytest.mark.parametrize("labels", [("good", "bad", "flat"), ("bad", "good")], ids=["added", "re-ordered"])
def test_functions_of_a_task_whose_labels_changed_are_asked_again(folders, first, asked, labels):
    source, folder = first
    tone = replace(TONE, labels=labels, descriptions=("",) * len(labels))
    lfs = lfs_of(one=row_lf("one", task=tone), two=batch_lf("two", task=tone))
    _, again = folders.run(source, lfs, folder)
    assert asked.names() == {"one", "two"}
    assert same_votes(again, folders.run(source, lfs)[1], (tone, OTHER))


def test_a_function_that_raised_is_asked_again_once_tickets_changed_and_not_before(folders, asked):
    lfs = [raising_lf(), row_lf("one")]
    source = folders.source(tickets("a", "boom", "c"))
    said, folder = folders.run(source, lfs)
    asked.counts.clear()
    edited = [lfs[0], row_lf("one", "edited")]
    again, same = folders.run(source, edited, folder)
    assert asked.names() == {"one"}
    assert again["faults"] == said["faults"]
    asked.counts.clear()
    changed = folders.source(tickets("a", "boom", "x"))
    later, _ = folders.run(changed, edited, same)
    assert asked.by("raising") == ["t0", "t1", "t2"]
    assert asked.by("one") == ["t2"]
    assert later["faults"] == said["faults"]


def test_faults_of_a_task_that_is_kept_are_told_and_remembered(folders, asked):
    source = folders.source(tickets("a", "boom", "c"))
    said, folder = folders.run(source, [raising_lf()])
    again, kept = folders.run(source, [raising_lf()], folder)
    assert again["faults"] == said["faults"]
    asked.counts.clear()
    later, _ = folders.run(folders.source(tickets("a", "boom", "x")), [raising_lf()], kept)
    assert asked.by("raising") == ["t0", "t1", "t2"]
    assert later["faults"] == said["faults"]


def test_remembered_faults_count_against_what_is_allowed_now(folders):
    source = folders.source(tickets("a", "boom", "c"))
    _, folder = folders.run(source, [raising_lf()])
    with pytest.raises(LabelingError, match=r"'tone\.raising' raised on 1 of 3"):
        folders.run(source, [raising_lf(), row_lf("one")], folder, faults_allowed=0.1)


def test_tasks_that_are_not_asked_for_are_kept_while_the_tickets_stay_the_same(folders, first, asked):
    source, folder = first
    tone = [lf for lf in lfs_of(one=row_lf("one", "edited")) if lf.task is TONE]
    said, again = folders.run(source, tone, folder, tasks=(TONE,))
    assert same_votes(again, folder, (OTHER,))
    assert said["coverage"]["other"] == 1 / 8
    assert asked.names() == {"one"}
    asked.counts.clear()
    _, both = folders.run(source, lfs_of(one=row_lf("one", "edited")), again)
    assert not asked.counts
    assert same_votes(both, folder, (OTHER,))
    changed = folders.source(tickets("x"))
    said, later = folders.run(changed, tone, again, tasks=(TONE,))
    assert not (later / "other.parquet").exists()
    assert list(said["coverage"]) == ["tone"]


def test_what_was_kept_stays_when_the_folder_it_came_from_goes(folders, first):
    source, folder = first
    _, again = folders.run(source, lfs_of(), folder)
    before = file_hash(again / "tone.parquet")
    for path in folder.iterdir():
        path.unlink()
    assert file_hash(again / "tone.parquet") == before


@pytest.mark.parametrize("changed", [TEXTS, ("x", *TEXTS[1:])], ids=["same tickets", "changed tickets"])
def test_a_file_of_votes_that_is_gone_is_written_anew(folders, first, changed):
    _, folder = first
    (folder / "tone.parquet").unlink()
    source = folders.source(tickets(*changed))
    _, again = folders.run(source, lfs_of(), folder)
    assert same_votes(again, folders.run(source, lfs_of())[1], (TONE, OTHER))


# Any sequence of edits


FUNCTIONS = st.one_of(
    st.builds(
        row_lf,
        st.sampled_from("abc"),
        st.sampled_from(["refund", "good"]),
        task=st.sampled_from([TONE, OTHER]),
    ),
    st.builds(raising_lf, st.sampled_from("ad"), st.sampled_from([TONE, OTHER])),
    st.builds(batch_lf, st.sampled_from("be"), st.sampled_from([3, 9]), shared=st.booleans()),
    st.builds(
        pattern_lf, st.sampled_from("cf"), st.sampled_from(["refund*", "so"]), negation=st.integers(0, 1)
    ),
)
LFS = st.lists(FUNCTIONS, max_size=5, unique_by=lambda lf: (lf.task.name, lf.name))
TICKET = st.builds(
    Ticket, st.sampled_from("123456"), st.sampled_from(TEXTS), brand=st.sampled_from([None, "", "b"])
)


@st.composite
def steps(draw):
    """Functions, tables of tickets, tasks and code, step by step; often only one of them changes."""
    state = {
        "lfs": draw(LFS),
        "tables": draw(st.lists(st.lists(TICKET, max_size=6), max_size=3)),
        "code": "1",
    }
    found = [dict(state)]
    for _ in range(draw(st.integers(1, 4))):
        edit = draw(st.sampled_from(["nothing", "lfs", "lfs", "shuffle", "ticket", "tables", "cut", "code"]))
        tables = state["tables"]
        if edit == "lfs":
            state["lfs"] = draw(LFS)
        elif edit == "shuffle":
            state["lfs"] = draw(st.permutations(state["lfs"]))
        elif edit == "ticket":
            state["tables"] = [*tables, [draw(TICKET)]]
        elif edit == "tables":
            state["tables"] = [draw(st.permutations([ticket for table in tables for ticket in table]))]
        elif edit == "cut":
            state["tables"] = tables[draw(st.integers(0, len(tables))) :]
        elif edit == "code":
            state["code"] = draw(st.sampled_from("12"))
        found.append(dict(state))
    return found


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps(), st.integers(1, 4), st.lists(st.sampled_from([(TONE,), (OTHER,), (TONE, OTHER)]), min_size=5))
def test_votes_with_a_memory_equal_those_without_whatever_was_edited(tmp_path_factory, found, group, wanted):
    folders, memory = Folders(tmp_path_factory.mktemp("edits")), None
    for state, tasks in zip(found, wanted):
        source = folders.source(*state["tables"], code=state["code"], group=group)
        lfs = [lf for lf in state["lfs"] if lf.task in tasks]
        with_memory, memory = folders.run(source, lfs, memory, tasks)
        without, fresh = folders.run(source, lfs, None, tasks)
        assert same_votes(memory, fresh, tasks)
        for task in tasks:
            assert with_memory["coverage"][task.name] == without["coverage"][task.name]
        asked = tuple(f"{task.name}." for task in tasks)
        faults = {name: fault for name, fault in with_memory["faults"].items() if name.startswith(asked)}
        assert faults == without["faults"]


def test_a_function_that_snorkel_calls_with_resources_is_known_by_them(folders, asked):
    def function(ticket, word):
        ASKED.note("r", ticket.ticket_id)
        return 0 if word in ticket.text else -1

    def lf(word):
        return RowLF(LabelingFunction("r", function, resources={"word": word})).bind(TONE)

    source = folders.source(tickets(*TEXTS))
    _, folder = folders.run(source, [lf("refund")])
    asked.counts.clear()
    folders.run(source, [lf("refund")], folder)
    assert not asked.counts
    _, again = folders.run(source, [lf("good")], folder)
    assert asked.names() == {"r"}
    assert pq.read_table(again / "tone.parquet")["r"].to_pylist() == [-1] * 6 + [0, -1]
