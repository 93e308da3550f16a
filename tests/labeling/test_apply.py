"""Labeling functions applied to tickets."""

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snorkel.labeling import PandasLFApplier, labeling_function

from data.config import SUPPORT_LFS
from data.errors import LabelingError
from data.schema import Task
from data.tickets import Ticket
from labeling.apply import apply_lfs
from labeling.lf import BatchLF, PatternLF, RowLF
from labeling.load import load_lfs
from tests.labeling.test_pattern import patterns, texts

TONE = Task("tone", ("good", "bad"), ("pleased", "displeased"))
OTHER = Task("other", ("good", "bad"), ("pleased", "displeased"))


def tickets(*texts):
    return [Ticket(f"t{i}", text) for i, text in enumerate(texts)]


def row(name, function, task=TONE):
    return RowLF(labeling_function(name=name)(function)).bind(task)


def boom(ticket):
    if "boom" in ticket.text:
        raise ValueError(f"no good: {ticket.text}")
    return "bad"


def boom_batch(texts):
    if any("boom" in text for text in texts):
        raise ValueError("no good")
    return ["bad"] * len(texts)


@pytest.mark.parametrize("module", SUPPORT_LFS)
def test_votes_of_every_shipped_function_equal_snorkels_own_applier(module, support, sample_tickets):
    lfs = load_lfs([module], support)
    votes, faults = apply_lfs(lfs, [sample_tickets[:100], sample_tickets[100:]])
    (votes,) = votes.values()
    frame = pd.DataFrame([asdict(ticket) for ticket in sample_tickets])
    expected = PandasLFApplier(lfs).apply(frame, progress_bar=False)
    assert votes.values.tolist() == expected.tolist()
    assert votes.ticket_ids == tuple(frame["ticket_id"])
    assert votes.lf_names == tuple(lf.name for lf in lfs)
    assert not faults.counts
    assert votes.covered.mean() > 0.5


def test_votes_come_by_task_in_the_tickets_order_in_the_smallest_integers(schema_77):
    (intent,) = schema_77
    many = Task("many", tuple(f"l{i}" for i in range(200)), ("",) * 200)
    lfs = [
        PatternLF("x", label="label_76", any_of=("x",)).bind(intent),
        PatternLF("y", label="l199", any_of=("y",)).bind(many),
        PatternLF("y", label="label_00", any_of=("y",)).bind(intent),
    ]
    votes, _ = apply_lfs(lfs, [tickets("x", "y x", "z")])
    assert votes["intent"].values.tolist() == [[76, -1], [76, 0], [-1, -1]]
    assert votes["many"].values.tolist() == [[-1], [199], [-1]]
    assert votes["intent"].values.dtype == np.int8
    assert votes["many"].values.dtype == np.int16
    assert votes["intent"].lf_names == ("x", "y")


def test_no_tickets_and_no_functions_are_no_votes():
    lf = row("bad", lambda ticket: "bad")
    for batches in ([], [[]]):
        votes, _ = apply_lfs([lf], batches)
        assert votes["tone"].values.shape == (0, 1)
    assert apply_lfs([], [tickets("x")])[0] == {}


def test_progress_is_told_how_many_tickets_are_done():
    told = []
    apply_lfs([row("bad", lambda ticket: 1)], [tickets("a", "b"), tickets("c")], progress=told.append)
    assert told == [2, 3]


@pytest.mark.parametrize(
    "lf", [row("lf1", boom), BatchLF("lf1", boom_batch).bind(TONE)], ids=["row", "batch"]
)
def test_a_function_that_raises_abstains_there_is_counted_and_votes_on_the_rest(lf):
    votes, faults = apply_lfs([lf], [tickets("a", "boom", "c")], faults_allowed=0.5)
    assert votes["tone"].values.ravel().tolist() == [1, -1, 1]
    assert faults.counts == {"tone.lf1": 1}
    assert faults.first["tone.lf1"][0] == "t1"


@pytest.mark.parametrize(
    "lf", [row("lf1", boom), BatchLF("lf1", boom_batch).bind(TONE)], ids=["row", "batch"]
)
def test_faults_above_the_allowed_share_are_an_error_that_names_function_ticket_and_error(lf):
    said = r"'tone.lf1' raised on 2 of 4 tickets, first on 't1': ValueError: no good"
    with pytest.raises(LabelingError, match=said):
        apply_lfs([lf], [tickets("a", "boom", "boom", "d")], faults_allowed=0.49)
    assert apply_lfs([lf], [tickets("a", "boom", "boom", "d")], faults_allowed=0.5)[1].counts.total() == 2


def test_one_fault_in_a_hundred_is_allowed_by_default_and_two_are_not():
    texts = ["fine"] * 99
    assert apply_lfs([row("lf1", boom)], [tickets("boom", *texts)])[1].counts.total() == 1
    with pytest.raises(LabelingError, match="raised on 2 of 101"):
        apply_lfs([row("lf1", boom)], [tickets("boom", *texts, "boom")])


def test_all_functions_above_the_share_are_named_and_tasks_are_counted_apart():
    lfs = [row("lf1", boom), row("lf1", boom, OTHER), row("fine", lambda ticket: 0)]
    with pytest.raises(LabelingError) as error:
        apply_lfs(lfs, [tickets("a", "boom")])
    assert "'tone.lf1' raised on 1 of 2" in str(error.value)
    assert "'other.lf1' raised on 1 of 2" in str(error.value)
    assert "fine" not in str(error.value)
    assert apply_lfs(lfs, [tickets("a", "boom")], faults_allowed=0.5)[1].counts == {
        "tone.lf1": 1,
        "other.lf1": 1,
    }


@pytest.mark.parametrize(
    "lf",
    [row("lf1", lambda ticket: "godo"), BatchLF("lf1", lambda texts: ["godo"] * len(texts)).bind(TONE)],
    ids=["row", "batch"],
)
def test_a_vote_outside_the_labels_is_an_error_at_once_with_the_nearest_label(lf):
    with pytest.raises(LabelingError, match=r"'lf1' \(task 'tone'\) voted 'godo'.*did you mean 'good'"):
        apply_lfs([lf], [tickets("x")], faults_allowed=1)


def test_a_batch_function_that_cannot_vote_at_all_is_an_error_at_once():
    asked = []

    def votes(texts):
        asked.append(len(texts))
        raise OSError("no such model")

    lf = BatchLF("lf1", votes).bind(TONE)
    with pytest.raises(
        LabelingError, match=r"'tone.lf1' cannot vote: it raised on 8 .*: OSError: no such model"
    ):
        apply_lfs([lf], [tickets(*"abcdefgh")], faults_allowed=1)
    assert asked == [8, *[1] * 8]


def test_a_function_bound_to_no_task_is_an_error_before_anything_is_read():
    def batches():
        raise AssertionError("read")
        yield

    with pytest.raises(LabelingError, match="'x' is not bound"):
        apply_lfs([PatternLF("x", label="good", any_of=("x",))], batches())


def test_two_functions_of_one_name_in_one_task_are_an_error():
    lfs = [row("same", lambda ticket: 0), row("same", lambda ticket: 1)]
    with pytest.raises(
        LabelingError, match=r"two labeling functions of one task have the same name: tone\.same"
    ):
        apply_lfs(lfs, [tickets("x")])


@settings(deadline=None, max_examples=100)
@given(st.lists(patterns, min_size=1, max_size=6), st.lists(texts, max_size=5))
def test_patterns_compiled_together_vote_as_each_does_alone(several, words):
    lfs = []
    for i, pattern in enumerate(several):
        declared = {part: getattr(pattern, part) for part in ("any_of", "all_of", "unless", "negation")}
        lfs.append(PatternLF(f"f{i}", label="good", **declared).bind(TONE))
    votes, _ = apply_lfs(lfs, [tickets(*words)])
    assert votes["tone"].values.tolist() == [[lf.vote(text) for lf in lfs] for text in words]


LFS = [
    PatternLF("refund", label="bad", any_of=("refund*",), negation=2).bind(TONE),
    BatchLF("long", lambda texts: ["good" if len(text) > 9 else None for text in texts]).bind(TONE),
    BatchLF("boom", boom_batch).bind(OTHER),
    row("row", boom),
]
TEXT = st.lists(st.sampled_from(["refund", "not", "boom", "\ud83d", "a", "?"]), max_size=5).map(" ".join)


@settings(deadline=None, max_examples=60)
@given(st.lists(TEXT, max_size=12), st.data())
def test_batch_boundaries_do_not_matter(texts, data):
    whole = tickets(*texts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=4)))
    parts = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)])]
    one, one_faults = apply_lfs(LFS, [whole], faults_allowed=1)
    many, many_faults = apply_lfs(LFS, parts, faults_allowed=1)
    for task in ("tone", "other"):
        assert one[task].values.tolist() == many[task].values.tolist()
        assert one[task].ticket_ids == many[task].ticket_ids == tuple(t.ticket_id for t in whole)
    assert one_faults == many_faults
