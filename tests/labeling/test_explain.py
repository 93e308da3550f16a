"""Why functions vote, and where they are wrong."""

import numpy as np
import pytest
from snorkel.labeling import labeling_function

from data.errors import LabelingError
from data.schema import Task, against
from data.tickets import Ticket
from labeling.explain import Reason, reasons, words
from labeling.lf import BatchLF, PatternLF, RowLF
from labeling.mistakes import Mistake, is_wrong, mistakes
from labeling.votes import Votes

TONE = Task("tone", ("good", "bad"), ("pleased", "displeased"))


def boom(ticket):
    raise ValueError("no good")


def test_each_kind_of_function_says_its_vote_and_patterns_their_words():
    lfs = [
        PatternLF("love", label="good", any_of=("love*",), all_of=(("it", "them"),)).bind(TONE),
        PatternLF("reply", label="bad", any_of=("sorry",), field="brand_reply").bind(TONE),
        BatchLF("batch", lambda texts: ["bad"] * len(texts)).bind(TONE),
        RowLF(labeling_function(name="row")(lambda ticket: None)).bind(TONE),
        RowLF(labeling_function(name="boom")(boom)).bind(TONE),
    ]
    ticket = Ticket("1", "Loved it, LOVE them", brand_reply="so sorry")
    assert reasons(lfs, ticket) == [
        Reason("tone", "love", "pattern", "text", "good", ("Loved", "it", "LOVE", "them")),
        Reason("tone", "reply", "pattern", "brand_reply", "bad", ("sorry",)),
        Reason("tone", "batch", "batch", "text", "bad"),
        Reason("tone", "row", "row", "text", None),
        Reason("tone", "boom", "row", "text", None, error="ValueError: no good"),
    ]


def test_a_vote_against_a_label_is_told_with_its_words():
    lf = PatternLF("love", label="not bad", any_of=("love*",)).bind(TONE)
    assert reasons([lf], Ticket("1", "Loved it")) == [
        Reason("tone", "love", "pattern", "text", "not bad", ("Loved",))
    ]


def test_words_that_a_negator_takes_back_are_none():
    lf = PatternLF("love", label="good", any_of=("love*",), negation=2).bind(TONE)
    assert words(lf, Ticket("1", "do not love it but loved that")) == ("loved",)


def test_a_vote_outside_the_labels_is_an_error():
    lf = RowLF(labeling_function(name="row")(lambda ticket: "goood")).bind(TONE)
    with pytest.raises(LabelingError, match="did you mean 'good'"):
        reasons([lf], Ticket("1", "x"))


VOTES = Votes(TONE, ("x", "y", "z"), ("a", "b"), np.array([[0, 1], [1, -1], [1, 1]], np.int8))


def test_mistakes_are_votes_for_labels_that_trusted_tickets_do_not_have():
    gold = {"x": (1,), "y": (1,), "other": (0,)}
    assert mistakes(VOTES, "a", gold) == [Mistake("x", "good", ("bad",))]
    assert mistakes(VOTES, "b", gold) == []
    assert mistakes(VOTES, "a", {"z": (0, 1)}) == []


def test_a_vote_against_a_label_is_a_mistake_where_it_holds():
    made = Votes(TONE, ("x", "y", "z"), ("a",), np.array([[against(0)], [against(0)], [-1]], np.int8))
    assert mistakes(made, "a", {"x": (0,), "y": (1,), "z": (0,)}) == [Mistake("x", "not good", ("good",))]
    assert [is_wrong(0, (0,)), is_wrong(0, ()), is_wrong(against(0), ()), is_wrong(against(0), (0, 1))] == [
        False, True, False, True,
    ]  # fmt: skip


def test_mistakes_of_a_function_that_is_not_there_name_the_nearest():
    with pytest.raises(LabelingError, match="no votes of 'aa'; there are votes of a, b; did you mean 'a'"):
        mistakes(VOTES, "aa", {})
