"""Labeling functions of three kinds, all of them snorkel's."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from snorkel.labeling import LabelingFunction, LFAnalysis, LFApplier, PandasLFApplier, labeling_function
from snorkel.preprocess import Preprocessor, preprocessor

from data.errors import LabelingError
from data.schema import Task, against
from data.tickets import Ticket
from labeling.lf import BatchLF, PatternLF, RowLF, vote_id
from labeling.load import load_lfs

TONE = Task("tone", ("good", "bad", "so_so"), ("pleased", "displeased", "neither"))
TEXTS = ["thanks a lot", "this is bad, thanks for nothing", "hm", ""]


def row(function):
    return RowLF(labeling_function(name="row")(function))


def lexicon(texts):
    return ["bad" if "bad" in text else None for text in texts]


# snorkel 0.10's LFAnalysis calls scipy's diags the way that scipy is about to change.
OLD_SCIPY_CALL = pytest.mark.filterwarnings("ignore:Input has data type int64:FutureWarning")


def three_kinds():
    return [
        PatternLF("thanks", label="good", any_of=("thank*",)).bind(TONE),
        BatchLF("lexicon", lexicon).bind(TONE),
        row(lambda ticket: "so_so" if len(ticket.text) < 3 else -1).bind(TONE),
    ]


@OLD_SCIPY_CALL
def test_the_three_kinds_are_snorkel_functions_that_its_appliers_and_analysis_accept():
    lfs = three_kinds()
    assert all(isinstance(lf, LabelingFunction) for lf in lfs)
    expected = [[0, -1, -1], [0, 1, -1], [-1, -1, 2], [-1, -1, 2]]
    frame = pd.DataFrame({"text": TEXTS})
    votes = PandasLFApplier(lfs).apply(frame, progress_bar=False)
    assert votes.tolist() == expected
    assert LFApplier(lfs).apply([Ticket("x", t) for t in TEXTS], progress_bar=False).tolist() == expected
    summary = LFAnalysis(votes, lfs).lf_summary()
    assert summary.index.tolist() == ["thanks", "lexicon", "row"]
    assert summary["Coverage"].tolist() == [0.5, 0.25, 0.5]
    assert summary["Conflicts"].tolist() == [0.25, 0.25, 0]


def test_a_missing_field_reads_as_the_empty_text_in_tickets_and_in_data_frames():
    seen = []
    lfs = [
        PatternLF("reply", label="bad", any_of=("sorry",), field="brand_reply").bind(TONE),
        BatchLF("seen", lambda texts: [seen.append(t) for t in texts], field="brand_reply").bind(TONE),
    ]
    frame = pd.DataFrame({"text": ["a", "b", "c"], "brand_reply": ["so sorry", None, np.nan]})
    assert PandasLFApplier(lfs).apply(frame, progress_bar=False).tolist() == [[1, -1], [-1, -1], [-1, -1]]
    assert lfs[0](Ticket("1", "a")) == -1
    assert lfs[1](Ticket("1", "a")) == -1
    assert seen == ["so sorry", "", "", ""]


@pytest.mark.parametrize("field", ["raw_text", "brand", "brand_reply"])
def test_a_function_reads_the_field_that_it_names(field):
    lf = PatternLF("x", label="good", any_of=("nice",), field=field).bind(TONE)
    assert lf(Ticket("1", "", **{field: "nice"})) == 0
    assert lf(Ticket("1", "nice")) == -1


@pytest.mark.parametrize("make", [PatternLF, BatchLF])
def test_an_unknown_field_is_an_error_with_the_nearest_name(make):
    options = {"label": "good", "any_of": ("x",)} if make is PatternLF else {"votes": lexicon}
    with pytest.raises(LabelingError, match=r"'lf1': no field 'texts'.*did you mean 'text'"):
        make("lf1", field="texts", **options)


def test_all_problems_of_a_declaration_are_reported_together():
    with pytest.raises(LabelingError) as error:
        PatternLF("lf1", label="good", any_of="refund", unless=("re:(",), negation=-2, field="texts")
    for part in ("'lf1'", "no field 'texts'", "any_of takes a tuple", "unless holds 're:('", "got -2"):
        assert part in str(error.value)


@pytest.mark.parametrize(
    "answer, voted",
    [
        ("bad", 1),
        (1, 1),
        (np.int64(2), 2),
        (np.str_("good"), 0),
        (None, -1),
        (-1, -1),
        (0, 0),
        ("not good", against(0)),
        ("not so_so", against(2)),
    ],
)
def test_names_and_ids_of_labels_are_votes(answer, voted):
    assert row(lambda ticket: answer).bind(TONE)(Ticket("1", "x")) == voted
    assert (
        BatchLF("b", lambda texts: [answer] * len(texts)).bind(TONE).vote_many(["x", "y"]).tolist()
        == [voted] * 2
    )


@pytest.mark.parametrize(
    "answer",
    ["Bad", "", "not ", "not Bad", "notbad", "not not bad", 3, -2, 1.0, True, False, np.True_, ("bad",)],
)
def test_anything_else_is_an_error_that_names_function_task_and_labels(answer):
    for lf in (row(lambda ticket: answer), BatchLF("row", lambda texts: [answer])):
        with pytest.raises(LabelingError, match=r"'row' \(task 'tone'\) voted .*good, bad, so_so.*-1 to 2"):
            lf.bind(TONE)(Ticket("1", "x"))


def test_a_misspelt_label_is_an_error_with_the_nearest_name_when_bound_or_when_voted():
    with pytest.raises(
        LabelingError, match=r"'thanks': task 'tone' has no label 'goood'.*did you mean 'good'"
    ):
        PatternLF("thanks", label="goood", any_of=("x",)).bind(TONE)
    with pytest.raises(LabelingError, match=r"voted 'so-so'.*did you mean 'so_so'"):
        vote_id(row(lambda ticket: None), TONE, "so-so")


def test_each_kind_votes_against_a_label_that_it_names_after_not():
    lfs = [
        PatternLF("hm", label="not good", any_of=("bad",)).bind(TONE),
        BatchLF("lexicon", lambda texts: ["not good" if "bad" in text else None for text in texts]).bind(
            TONE
        ),
        row(lambda ticket: "not good" if "bad" in ticket.text else None).bind(TONE),
    ]
    assert lfs[0].vote_id == against(0) == -2
    for lf in lfs:
        assert [lf(Ticket("1", text)) for text in TEXTS] == [-1, against(0), -1, -1]


def test_a_label_whose_own_name_begins_with_not_is_itself():
    urgency = Task("urgency", ("urgent", "not urgent"), ("now", "later"))
    lf = PatternLF("later", label="not urgent", any_of=("later",)).bind(urgency)
    assert lf.vote("later please") == 1
    assert vote_id(lf, urgency, "not urgent") == 1
    assert vote_id(lf, urgency, "not not urgent") == against(1)


def test_a_misspelt_label_after_not_is_an_error_with_the_nearest_name():
    with pytest.raises(
        LabelingError, match=r"'thanks': task 'tone' has no label 'goood'.*did you mean 'good'"
    ):
        PatternLF("thanks", label="not goood", any_of=("x",)).bind(TONE)
    with pytest.raises(LabelingError, match=r"voted 'not so-so'.*'not LABEL' votes against one"):
        vote_id(row(lambda ticket: None), TONE, "not so-so")


def test_a_function_that_is_bound_to_no_task_says_so():
    unbound = [
        PatternLF("thanks", label="good", any_of=("x",)), BatchLF("thanks", lexicon),
        RowLF(labeling_function(name="thanks")(lambda ticket: 0)),
    ]  # fmt: skip
    for lf in unbound:
        with pytest.raises(LabelingError, match=r"'thanks' is not bound to a task; call bind\(task\)"):
            lf(Ticket("1", "x"))


def test_binding_makes_a_copy_and_leaves_the_declaration_unbound():
    declared = PatternLF("thanks", label="good", any_of=("x",))
    other = Task("other", ("bad", "good"), ("", ""))
    assert declared.bind(TONE)(Ticket("1", "x")) == 0
    assert declared.bind(other)(Ticket("1", "x")) == 1
    assert declared.bind(TONE).bind(other)(Ticket("1", "x")) == 1
    assert declared.task is None


def test_a_batch_function_must_answer_every_text():
    with pytest.raises(LabelingError, match="'b' gave 1 votes for 2 texts"):
        BatchLF("b", lambda texts: [0]).bind(TONE).vote_many(["x", "y"])


def test_votes_beyond_127_labels_do_not_overflow():
    many = Task("many", tuple(f"l{i}" for i in range(300)), ("",) * 300)
    votes = BatchLF("b", lambda texts: ["l299", 128, "not l299"]).bind(many).vote_many(["x", "y", "z"])
    assert votes.tolist() == [299, 128, against(299)]


def test_preprocessors_and_resources_of_snorkels_decorator_work_on_tickets_and_data_frames():
    @preprocessor()
    def lower(ticket):
        ticket.text = ticket.text.lower()
        return ticket

    @preprocessor(pre=[lower], memoize=True)
    def with_length(ticket):
        ticket.length = len(ticket.text)
        return ticket

    @labeling_function(resources={"words": {"bad"}}, pre=[with_length])
    def short_and_bad(ticket, words):
        return "bad" if ticket.length < 9 and words & set(ticket.text.split()) else None

    lf = RowLF(short_and_bad).bind(TONE)
    ticket = Ticket("1", "so BAD")
    assert lf(ticket) == lf(SimpleNamespace(text="so BAD")) == 1
    assert ticket.text == "so BAD"
    assert lf(Ticket("2", "so very BAD")) == -1
    frame = pd.DataFrame({"text": ["so BAD", "good"]})
    assert PandasLFApplier([lf]).apply(frame, progress_bar=False).tolist() == [[1], [-1]]


# Fingerprints


def test_a_pattern_fingerprint_changes_with_every_part_of_the_declaration_and_with_nothing_else():
    base = {"label": "good", "any_of": ("a", "b"), "all_of": ("c",), "unless": ("d",), "negation": 1}
    same = PatternLF("x", **base).fingerprint()
    assert PatternLF("x", **base | {"any_of": ["a", "b"]}).fingerprint() == same
    used = PatternLF("x", **base).bind(TONE)
    used(Ticket("1", "a c"))
    assert used.fingerprint() == same
    changes = [
        {"label": "bad"}, {"label": "not good"},
        {"any_of": ("b", "a")}, {"any_of": ("a b",)}, {"all_of": ()}, {"all_of": ("d",)},
        {"unless": ("d", "e")}, {"negation": 2}, {"field": "raw_text"}, {"any_of": ("a", "b", "\ud83d")},
    ]  # fmt: skip
    prints = [PatternLF("x", **base | change).fingerprint() for change in changes]
    assert len({same, PatternLF("y", **base).fingerprint(), *prints}) == len(changes) + 2


class Counts(Preprocessor):
    def __init__(self, least):
        super().__init__("counts", {"text": "text"}, {"n": "n"}, [], memoize=True)
        self.least = least

    def run(self, text):
        return {"n": max(self.least, len(text))}


def with_resources(**resources):
    return RowLF(labeling_function(name="r", resources=resources)(lambda ticket, **given: 0)).fingerprint()


LONG = "x" * 300


@pytest.mark.parametrize(
    "old, new",
    [
        (re.compile(LONG + "a"), re.compile(LONG + "b")),
        (re.compile("a"), re.compile("a", re.IGNORECASE)),
        (np.arange(5000), np.where(np.arange(5000) == 2500, 0, np.arange(5000))),
        (np.array(["a", None], object), np.array(["a", "b"], object)),
        ({"a", "b"}, {"a", "c"}),
        ({"a": [1, 2]}, {"a": [2, 1]}),
        (
            PatternLF("p", label="good", any_of=("a",)).pattern,
            PatternLF("p", label="good", any_of=("b",)).pattern,
        ),
        (SimpleNamespace(a=1), SimpleNamespace(a=2)),
        (lexicon, three_kinds),
    ],
)
def test_a_fingerprint_changes_with_a_resource_however_long_it_is(old, new):
    assert with_resources(it=old) != with_resources(it=new)
    assert with_resources(it=old) == with_resources(it=old)
    batch = [BatchLF("b", lexicon, resources={"it": value}).fingerprint() for value in (old, new, old)]
    assert batch[0] == batch[2] != batch[1]


def test_a_fingerprint_does_not_see_what_running_leaves_behind():
    @labeling_function(pre=[Counts(3)])
    def long_text(ticket):
        return 0 if ticket.n > 3 else -1

    lf = RowLF(long_text).bind(TONE)
    before = lf.fingerprint()
    assert [lf(Ticket("1", "abcd")), lf(Ticket("1", "a"))] == [0, -1]
    assert lf.fingerprint() == before


def test_a_fingerprint_changes_with_a_preprocessor():
    def lf(least):
        return RowLF(labeling_function(name="n", pre=[Counts(least)])(lambda ticket: 0)).fingerprint()

    assert lf(1) == lf(1) != lf(2)


def test_a_fingerprint_follows_what_a_closure_and_a_default_hold():
    def lf(threshold, extra=0):
        def votes(texts, extra=extra):
            return [0 if len(text) > threshold + extra else -1 for text in texts]

        return BatchLF("b", votes).fingerprint()

    assert lf(1) == lf(1)
    assert len({lf(1), lf(2), lf(1, 1)}) == 3


MODULE = """
from snorkel.labeling import labeling_function

TASK = "tone"
WORDS = {words}
LIMIT = {limit}


def bad_words(text):
    return [w for w in text.split() if w in WORDS]{helper}


def unrelated():
    return {unrelated}


@labeling_function(){comment}
def swears(ticket):
    return "bad" if len(bad_words(ticket.text)) > {count} and (lambda n: n < LIMIT)(1) else None
"""
PARTS = {
    "words": '{"bad", "worse", "worst"}',
    "limit": 3,
    "helper": "",
    "unrelated": 1,
    "comment": "",
    "count": 0,
}


def module_fingerprint(folder, schema, **change):
    (folder / "my_lfs.py").write_text(MODULE.format(**PARTS | change))
    (lf,) = load_lfs(["my_lfs.py"], schema, folder)
    return lf.fingerprint()


def test_a_fingerprint_follows_source_helpers_and_constants_of_the_functions_own_module(
    tmp_path, small_schema
):
    same = module_fingerprint(tmp_path, small_schema)
    assert module_fingerprint(tmp_path, small_schema, unrelated="2 + 2") == same
    changes = [{"words": '{"bad"}'}, {"limit": 44}, {"helper": " or []"}, {"count": 11}]
    prints = [module_fingerprint(tmp_path, small_schema, **change) for change in changes]
    assert len({same, *prints}) == len(changes) + 1


def test_fingerprints_are_the_same_in_every_process(tmp_path):
    (tmp_path / "my_lfs.py").write_text(MODULE.format(**PARTS))
    code = (
        "import sys; from pathlib import Path; from data.schema import *\n"
        "from labeling.load import load_lfs\n"
        "schema = Schema((*support_schema(), Task('tone', ('good', 'bad'), ('', ''))))\n"
        "lfs = load_lfs(['my_lfs.py', 'lfs.sentiment', 'lfs.department'], schema, Path(sys.argv[1]))\n"
        "print(*(lf.fingerprint() for lf in lfs))"
    )

    def run(hash_seed):
        return subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)],
            cwd=Path(__file__).parents[2],
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            stdout=subprocess.PIPE,
        )

    one, two = run("1"), run("2")
    prints = one.communicate()[0]
    assert prints == two.communicate()[0]
    assert len(prints.split()) > 80
