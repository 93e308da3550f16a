"""The law book of appliers: snorkel's two and ours give the same votes of the same functions."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snorkel.labeling import LabelingFunction, LFApplier, PandasLFApplier, labeling_function
from snorkel.preprocess import Preprocessor, preprocessor

from data.errors import LabelingError
from data.schema import Schema, Task
from data.tickets import Ticket
from labeling.apply import apply_lfs
from labeling.lf import BatchLF, BoundLF, PatternLF, RowLF
from labeling.load import load_lfs

MOOD = Task("mood", ("glad", "cross", "flat"), ("thanks us", "is annoyed", "says nothing of it"))


def tickets(*texts):
    return [Ticket(f"t{row}", text) for row, text in enumerate(texts)]


# The appliers: labeling functions, tickets, tolerant of faults? -> votes as lists, faults by name


def bound(lf):
    return lf.bind(MOOD) if isinstance(lf, BoundLF) and lf.task is None else lf


def ours(lfs, of, tolerant=False, cuts=()):
    """Our engine; `cuts` are the rows where a new batch begins."""
    lfs = [bound(lf if isinstance(lf, BoundLF) else RowLF(lf)) for lf in lfs]
    edges = [0, *sorted(cuts), len(of)]
    batches = [of[start:end] for start, end in pairwise(edges)]
    votes, faults = apply_lfs(lfs, batches, faults_allowed=1 if tolerant else 0)
    counts = {name.removeprefix("mood."): count for name, count in faults.counts.items()}
    return votes["mood"].values.tolist(), counts


def snorkels(applier, lfs, points, tolerant):
    applier = applier([bound(lf) for lf in lfs])
    votes, meta = applier.apply(points, progress_bar=False, fault_tolerant=tolerant, return_meta=True)
    return votes.tolist(), dict(meta.faults)


def snorkels_list(lfs, of, tolerant=False):
    return snorkels(LFApplier, lfs, [SimpleNamespace(**vars(ticket)) for ticket in of], tolerant)


def snorkels_pandas(lfs, of, tolerant=False):
    frame = pd.DataFrame([vars(ticket) for ticket in of], dtype=object)
    # Rows count by position, whatever the frame's index says.
    frame.index = [*range(len(of))][::-1]
    return snorkels(PandasLFApplier, lfs, frame, tolerant)


every_applier = pytest.mark.parametrize("applied", [snorkels_list, snorkels_pandas, ours])


# Every kind of labeling function, each with its votes on TEXTS


TEXTS = ["thank you so much, sorted!", "MY ORDER IS LATE AGAIN 😡", "late is fine, thank you", "ok", ""]


@labeling_function()
def thanks(ticket):
    return 0 if "thank" in ticket.text else -1


@labeling_function(name="loud")
def capitals(ticket):
    return 1 if ticket.text.isupper() else -1


@labeling_function(resources={"words": {"late", "broken"}, "vote": 1})
def listed(ticket, words, vote):
    return vote if words & set(ticket.text.lower().split()) else -1


class Contains(LabelingFunction):
    def __init__(self, part, vote):
        super().__init__(f"contains_{part}", lambda ticket: vote if part in ticket.text else -1)


@preprocessor()
def lower(ticket):
    ticket.text = ticket.text.lower()
    return ticket


@preprocessor(pre=[lower], memoize=True)
def words(ticket):
    ticket.words = ticket.text.split()
    return ticket


class Length(Preprocessor):
    def __init__(self):
        super().__init__("length", {"text": "text"}, {"count": "length"}, memoize=True)

    def run(self, text):
        return {"count": len(text)}


@labeling_function(pre=[words])
def says_late(ticket):
    return 1 if "late" in ticket.words else -1


@labeling_function(pre=[lower, Length()], resources={"least": 3})
def brief(ticket, least):
    return 2 if ticket.length < least and ticket.text == ticket.text.lower() else -1


def lexicon(texts):
    return ["cross" if "😡" in text else None for text in texts]


KINDS = [
    (thanks, [0, -1, 0, -1, -1]),
    (capitals, [-1, 1, -1, -1, -1]),
    (listed, [-1, 1, 1, -1, -1]),
    (LabelingFunction("all_flat", lambda ticket: 2), [2, 2, 2, 2, 2]),
    (LabelingFunction("never", lambda ticket: -1), [-1, -1, -1, -1, -1]),
    (Contains("ok", 0), [-1, -1, -1, 0, -1]),
    (says_late, [-1, 1, 1, -1, -1]),
    (brief, [-1, -1, -1, 2, 2]),
    (PatternLF("late", label="cross", any_of=("late",), unless=("fine",)), [-1, 1, -1, -1, -1]),
    (PatternLF("happy", label="glad", any_of=("thank*", "ok"), negation=2), [0, -1, 0, 0, -1]),
    (BatchLF("angry_face", lexicon), [-1, 1, -1, -1, -1]),
    (BatchLF("length", lambda texts: np.array([2 if len(t) < 3 else -1 for t in texts])), [-1, -1, -1, 2, 2]),
    (
        RowLF(labeling_function(name="bang")(lambda ticket: "glad" if ticket.text.endswith("!") else None)),
        [0, -1, -1, -1, -1],
    ),
]
LFS = [lf for lf, _ in KINDS]


@every_applier
@pytest.mark.parametrize("lf, column", KINDS, ids=[lf.name for lf in LFS])
def test_each_kind_of_function_votes_as_declared(applied, lf, column):
    assert applied([lf], tickets(*TEXTS)) == ([[vote] for vote in column], {})


@every_applier
def test_columns_stand_in_the_functions_order_and_rows_in_the_tickets(applied):
    expected = np.array([column for _, column in KINDS]).T
    assert applied(LFS, tickets(*TEXTS))[0] == expected.tolist()
    assert applied(LFS[::-1], tickets(*TEXTS)[::-1])[0] == expected[::-1, ::-1].tolist()


@every_applier
def test_functions_that_a_module_declares_vote_in_the_modules_order(applied, tmp_path):
    lines = [
        "from snorkel.labeling import labeling_function",
        "TASK = 'mood'",
        "@labeling_function()\ndef waits(ticket): return 1 if 'wait' in ticket.text else -1",
        "@labeling_function(name='asks', resources={'mark': '?'})",
        "def question(ticket, mark): return 2 if mark in ticket.text else -1",
    ]
    (tmp_path / "mood_lfs.py").write_text("\n".join(lines))
    lfs = load_lfs(["mood_lfs.py"], Schema((MOOD,)), tmp_path)
    assert [lf.name for lf in lfs] == ["waits", "asks"]
    assert applied(lfs, tickets("waiting?", "where is it?", "wait"))[0] == [[1, 2], [-1, 2], [1, -1]]


@every_applier
def test_no_tickets_are_no_rows_and_no_faults(applied):
    assert applied(LFS, []) == ([], {})


@every_applier
def test_one_ticket_is_one_row(applied):
    assert applied(LFS[:3], tickets("thank goodness, not late")) == ([[0, -1, 1]], {})


@every_applier
def test_a_ticket_that_nobody_votes_on_is_a_row_of_abstentions(applied):
    assert applied(LFS[:3], tickets("hm", "hm"))[0] == [[-1, -1, -1], [-1, -1, -1]]


@every_applier
def test_the_same_ticket_twice_gets_the_same_votes_twice(applied):
    (late,) = tickets("late")
    assert applied(LFS[:3], [late, late])[0] == [[-1, -1, 1]] * 2


UNICODE = [
    "café late", "cafe\u0301 late", "LATE\u200d\ufe0f", "ｌａｔｅ", "late\u202e", "\ud83d late", "so\x00late",
    "İ late ß", "متأخر late", "late\u00a0thank", "",
]  # fmt: skip


@every_applier
def test_texts_in_any_script_are_voted_on_as_they_are(applied):
    word = PatternLF("word", label="cross", any_of=("late",))
    accent = Contains("é", 0)
    size = BatchLF("size", lambda texts: [2 if len(text) == 6 else None for text in texts])
    values, faults = applied([word, accent, size], tickets(*UNICODE))
    assert values == [[1, 0, -1], [1, -1, -1], [1, -1, 2], [-1, -1, -1], [1, -1, -1], [1, -1, 2],
                      [1, -1, -1], [1, -1, -1], [1, -1, -1], [1, -1, -1], [-1, -1, -1]]  # fmt: skip
    assert faults == {}


def answering(answer):
    """The three kinds that can give any answer, bound: snorkel's appliers take them too."""
    row = labeling_function(name="row")(lambda ticket: answer)
    return [RowLF(row), BatchLF("batch", lambda texts: [answer] * len(texts))]


@every_applier
@pytest.mark.parametrize(
    "answer, vote",
    [("cross", 1), (2, 2), (0, 0), (np.int8(1), 1), (np.str_("flat"), 2), (None, -1), (-1, -1)],
)
def test_bound_functions_vote_with_ids_or_names_and_abstain_with_none_or_minus_one(applied, answer, vote):
    assert applied(answering(answer), tickets("a", "b")) == ([[vote, vote]] * 2, {})


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["thank", "late", "LATE", "fine", "ok", "not", "!", *UNICODE])
            | st.text(max_size=3),
            max_size=5,
        ).map(" ".join),
        max_size=6,
    ),
    st.permutations(range(len(LFS))),
)
def test_all_appliers_agree_on_any_texts(texts, order):
    lfs, of = [LFS[at] for at in order], tickets(*texts)
    expected = snorkels_list(lfs, of)
    assert snorkels_pandas(lfs, of) == expected
    assert ours(lfs, of) == expected


# Preprocessors and resources


def counted(**options):
    """A preprocessor that sets texts in lower case, and the texts that it was run on."""
    ran = []

    @preprocessor(**options)
    def quiet(ticket):
        ran.append(ticket.text)
        ticket.text = ticket.text.lower()
        return ticket

    return quiet, ran


def with_pre(name, *pre):
    return labeling_function(name=name, pre=list(pre))(lambda ticket: 1 if "late" in ticket.text else -1)


@every_applier
def test_a_preprocessor_runs_once_for_each_function_and_ticket(applied):
    quiet, ran = counted()
    assert applied([with_pre("a", quiet), with_pre("b", quiet)], tickets("LATE", "ok"))[0] == [
        [1, 1],
        [-1, -1],
    ]
    assert sorted(ran) == ["LATE", "LATE", "ok", "ok"]


@every_applier
def test_a_memoized_preprocessor_runs_once_for_each_distinct_ticket(applied):
    quiet, ran = counted(memoize=True)
    late, ok = tickets("LATE", "ok")
    values, _ = applied([with_pre("a", quiet), with_pre("b", quiet)], [late, ok, late])
    assert values == [[1, 1], [-1, -1], [1, 1]]
    assert sorted(ran) == ["LATE", "ok"]
    applied([with_pre("c", quiet)], [ok, late])
    assert sorted(ran) == ["LATE", "ok"]
    quiet.reset_cache()
    applied([with_pre("c", quiet)], [ok])
    assert sorted(ran) == ["LATE", "ok", "ok"]


@every_applier
def test_tickets_that_differ_in_any_field_are_distinct_unless_a_key_says_what_counts(applied):
    several = [Ticket("1", "LATE"), Ticket("2", "LATE"), Ticket("2", "LATE", brand="parcels")]
    for options, runs in (({}, 3), ({"memoize_key": lambda ticket: ticket.text}, 1)):
        quiet, ran = counted(memoize=True, **options)
        assert applied([with_pre("a", quiet)], several)[0] == [[1], [1], [1]]
        assert len(ran) == runs


@every_applier
@pytest.mark.parametrize("outer_memoized, inner_runs", [(True, 2), (False, 4)])
def test_a_memoized_preprocessor_spares_those_before_it(applied, outer_memoized, inner_runs):
    inner, ran = counted()

    @preprocessor(pre=[inner], memoize=outer_memoized)
    def short(ticket):
        ticket.text = ticket.text[:4]
        return ticket

    values, _ = applied([with_pre("a", short), with_pre("b", short)], tickets("LATER", "too LATE"))
    assert values == [[1, 1], [-1, -1]]
    assert len(ran) == inner_runs


@every_applier
def test_a_memoized_preprocessor_is_spared_under_one_that_is_not(applied):
    inner, ran = counted(memoize=True)
    outer, ran_outer = counted(pre=[inner])
    applied([with_pre("a", outer), with_pre("b", outer)], tickets("LATE", "OK"))
    assert (sorted(ran), sorted(ran_outer)) == (["LATE", "OK"], ["late", "late", "ok", "ok"])


@every_applier
def test_what_a_preprocessor_writes_is_seen_by_its_own_function_alone(applied):
    quiet, _ = counted()
    lfs = [capitals, with_pre("quiet", quiet), PatternLF("big", label="flat", any_of=("re:(?-i:LATE)",))]
    assert applied([*lfs, thanks], tickets("LATE"))[0] == [[1, 1, 2, -1]]


@every_applier
def test_preprocessors_of_one_function_run_in_their_order(applied):
    def adding(letter):
        @preprocessor(name=letter)
        def add(ticket):
            ticket.text += letter
            return ticket

        return add

    def lf(*pre):
        return labeling_function(name="-".join(pre), pre=[adding(letter) for letter in pre])(
            lambda ticket: 0 if ticket.text == "hi ab" else -1
        )

    assert applied([lf("a", "b"), lf("b", "a")], tickets("hi "))[0] == [[0, -1]]


@every_applier
def test_a_resource_is_the_same_object_at_every_call(applied):
    seen = []
    lf = labeling_function(name="keeps", resources={"seen": seen})
    votes = applied([lf(lambda ticket, seen: seen.append(ticket.text) or -1)], tickets("a", "b"))[0]
    assert (votes, seen) == ([[-1], [-1]], ["a", "b"])


# Faults


def boom(ticket):
    if "boom" in ticket.text:
        raise ValueError(f"no reading of {ticket.text!r}")
    return 1


def boom_batch(texts):
    return [1 if boom(SimpleNamespace(text=text)) else None for text in texts]


@preprocessor(memoize=True)
def boom_before(ticket):
    boom(ticket)
    return ticket


@preprocessor()
def lost(ticket):
    return None if "boom" in ticket.text else ticket


FAULTY = [
    LabelingFunction("row", boom),
    BatchLF("batch", boom_batch),
    labeling_function(name="before", pre=[boom_before])(lambda ticket: 1),
    labeling_function(name="lost", pre=[lost])(lambda ticket: 1),
    labeling_function(name="key", resources={"votes": {"fine": 1}})(lambda ticket, votes: votes[ticket.text]),
]
faulty_kinds = pytest.mark.parametrize("lf", FAULTY, ids=[lf.name for lf in FAULTY])


@every_applier
@faulty_kinds
def test_a_function_that_raises_abstains_there_is_counted_and_votes_on_the_rest(applied, lf):
    values, faults = applied([lf, thanks], tickets("fine", "boom, thanks", "fine", "boom"), tolerant=True)
    assert values == [[1, -1], [-1, 0], [1, -1], [-1, -1]]
    assert faults == {lf.name: 2}


@every_applier
@faulty_kinds
def test_without_tolerance_one_fault_ends_the_run(applied, lf):
    with pytest.raises((ValueError, KeyError, LabelingError), match=r"boom|None"):
        applied([thanks, lf], tickets("fine", "boom", "fine"))


@every_applier
def test_faults_are_counted_by_function_and_only_where_there_are_any(applied):
    of = tickets("boom", "fine", "boom")
    assert applied([thanks, *FAULTY], of, tolerant=True)[1] == {lf.name: 2 for lf in FAULTY}
    assert applied([thanks, *FAULTY], tickets("fine"), tolerant=True)[1] == {}


@every_applier
@pytest.mark.parametrize(
    "error", [ZeroDivisionError, StopIteration, RecursionError, AssertionError, MemoryError]
)
def test_any_error_of_a_function_is_a_fault(applied, error):
    def fails(ticket):
        if ticket.text == "x":
            raise error
        return 0

    assert applied([LabelingFunction("f", fails)], tickets("x", "y"), tolerant=True) == (
        [[-1], [0]],
        {"f": 1},
    )


@every_applier
@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_an_interruption_is_no_fault_and_ends_the_run(applied, stop):
    def interrupts(ticket):
        raise stop

    lfs = [LabelingFunction("f", interrupts), BatchLF("b", interrupts)]
    for lf in lfs:
        with pytest.raises(stop):
            applied([lf], tickets("x", "y"), tolerant=True)


@every_applier
def test_a_function_that_raises_on_every_ticket_has_no_vote_and_a_fault_for_each(applied):
    assert applied([LabelingFunction("f", boom)], tickets("boom", "boom"), tolerant=True) == (
        [[-1], [-1]],
        {"f": 2},
    )


@every_applier
@pytest.mark.parametrize("texts", [["ugh, late", "", "hello there"], ["", "ugh, late"]])
def test_a_batch_function_that_raises_on_the_empty_text_alone_votes_on_the_rest(applied, texts):
    lf = BatchLF("opening", lambda texts: ["cross" if text.split()[0] == "ugh," else None for text in texts])
    values, faults = applied([lf], tickets(*texts), tolerant=True)
    assert values == [[1] if text.startswith("ugh") else [-1] for text in texts]
    assert faults == {"opening": 1}


# Names


@every_applier
def test_two_functions_of_one_name_are_refused(applied):
    lfs = [labeling_function(name="twice")(lambda ticket: 0), PatternLF("twice", label="glad", any_of=("a",))]
    with pytest.raises((ValueError, LabelingError), match="twice"):
        applied(lfs, tickets("a"))


@every_applier
def test_two_functions_of_one_name_are_refused_before_any_ticket_is_read(applied):
    read = []
    lfs = [labeling_function(name="twice")(lambda ticket: read.append(ticket) or 0) for _ in range(2)]
    with pytest.raises((ValueError, LabelingError), match="twice"):
        applied(lfs, tickets("a"))
    assert read == []


# Ours alone: batches, tasks, and where it differs from snorkel on purpose


PIECES = st.sampled_from(["thank", "late", "LATE", "not", "boom", "fine", "ok", "\ud83d", "😡", "!"])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(PIECES, max_size=4).map(" ".join), max_size=10), st.data())
def test_any_way_of_cutting_tickets_into_batches_gives_the_same_votes_and_faults(texts, data):
    of = tickets(*texts)
    cuts = data.draw(st.lists(st.integers(0, len(of)), max_size=5))
    assert ours(LFS + FAULTY, of, tolerant=True, cuts=cuts) == ours(LFS + FAULTY, of, tolerant=True)


def test_what_a_preprocessor_remembers_lasts_over_batches():
    quiet, ran = counted(memoize=True)
    late, ok = tickets("LATE", "ok")
    ours([with_pre("a", quiet), with_pre("b", quiet)], [late, ok, late, late], cuts=[1, 2, 2, 3])
    assert sorted(ran) == ["LATE", "ok"]


def test_functions_of_two_tasks_keep_their_order_within_each():
    other = Task("topic", ("parcel", "bill"), ("", ""))
    lfs = [
        PatternLF("b", label="bill", any_of=("b",)).bind(other),
        RowLF(thanks).bind(MOOD),
        PatternLF("a", label="parcel", any_of=("a",)).bind(other),
        PatternLF("b", label="flat", any_of=("b",)).bind(MOOD),
    ]
    votes, _ = apply_lfs(lfs, [tickets("a b", "thank b")])
    assert (votes["topic"].lf_names, votes["mood"].lf_names) == (("b", "a"), ("thanks", "b"))
    assert votes["topic"].values.tolist() == [[1, 0], [1, -1]]
    assert votes["mood"].values.tolist() == [[-1, 2], [0, 2]]


def test_none_and_label_names_are_votes_of_a_plain_function_for_us_and_type_errors_for_snorkel():
    for answer, vote in ((None, -1), ("cross", 1)):
        lf = LabelingFunction("f", lambda ticket, answer=answer: answer)
        assert ours([lf], tickets("x")) == ([[vote]], {})
        with pytest.raises(TypeError, match="not supported between"):
            snorkels_list([lf], tickets("x"), tolerant=True)


@pytest.mark.parametrize("answer, snorkels_vote", [(3, 3), (99, 99), (-2, -1), (True, 1), (1.5, 1)])
def test_a_vote_that_is_no_label_is_refused_however_tolerant_the_run_where_snorkel_keeps_it(
    answer, snorkels_vote
):
    lf = LabelingFunction("f", lambda ticket: answer)
    assert snorkels_list([lf], tickets("x"))[0] == [[snorkels_vote]]
    with pytest.raises(LabelingError, match=r"'f' \(task 'mood'\) voted .*glad, cross, flat"):
        ours([lf], tickets("x"), tolerant=True)


def test_a_function_cannot_change_what_the_next_one_reads_where_snorkel_lets_it():
    def writes(ticket):
        ticket.text = "thank you"
        return 0

    lfs = [LabelingFunction("writes", writes), thanks]
    assert snorkels_list(lfs, tickets("late"))[0] == [[0, 0]]
    assert ours(lfs, tickets("late"), tolerant=True) == ([[-1, -1]], {"writes": 1})


def test_no_functions_are_no_votes_where_snorkel_fails():
    assert apply_lfs([], [tickets("x")])[0] == {}
    with pytest.raises(IndexError):
        LFApplier([])
