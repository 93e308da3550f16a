"""Wrong answers, the most confident first, and the labels that are confused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schema import Task
from model.error_analysis import Confusion, WrongAnswer, confusions, wrong_answers

TONE = Task("tone", ("good", "bad", "mixed"), ("", "", ""))
ABOUT = Task("about", ("money", "bags", "food"), ("", "", ""), "multi")


def test_wrong_answers_are_ranked_by_confidence():
    probs = np.array([[0.6, 0.3, 0.1], [0.1, 0.8, 0.1], [0.9, 0.1, 0.0], [0.4, 0.3, 0.3]])
    found = wrong_answers(TONE, ("a", "b", "c", "d"), probs, [(1,), (1,), (2,), None])
    assert [each.ticket_id for each in found] == ["c", "a"]
    assert found[1] == WrongAnswer("a", ("bad",), ("good",), 0.6, 0.3)


def test_a_multi_label_answer_is_wrong_by_any_label():
    probs = np.array([[0.9, 0.8, 0.2], [0.1, 0.2, 0.3]])
    [found, other] = wrong_answers(ABOUT, ("a", "b"), probs, [(0, 2), (1,)])
    assert (found.gold, found.said, found.confidence) == (("money", "food"), ("money", "bags"), 0.8)
    assert found.gold_proba == pytest.approx(0.2), "of food, the least probable of gold's decisions"
    assert (other.gold, other.said, other.gold_proba) == (("bags",), (), pytest.approx(0.2))


def test_confusions_are_counted_and_keep_their_tickets():
    wrong = [
        WrongAnswer("a", ("bad",), ("good",), 0.9, 0.1),
        WrongAnswer("b", ("good",), ("bad",), 0.8, 0.1),
        WrongAnswer("c", ("bad",), ("good",), 0.7, 0.1),
    ]
    assert confusions(wrong, {"good": 4, "bad": 8}) == [
        Confusion("bad", "good", 2, 0.25, ("a", "c")),
        Confusion("good", "bad", 1, 0.25, ("b",)),
    ]


def test_labels_missing_and_labels_too_many_are_paired():
    wrong = [
        WrongAnswer("a", ("money", "food"), ("money", "bags"), 0.9, 0.1),
        WrongAnswer("b", (), ("bags",), 0.9, 0.1),
        WrongAnswer("c", ("food",), (), 0.9, 0.1),
    ]
    found = {(each.gold, each.said): each.share for each in confusions(wrong, {"food": 2})}
    assert found == {("food", "bags"): 0.5, (None, "bags"): None, ("food", None): 0.5}


def test_records_are_plain_json():
    assert WrongAnswer("a", ("bad",), (), 0.9, 0.1).to_dict() == {
        "ticket_id": "a", "gold": ["bad"], "said": [], "confidence": 0.9, "gold_proba": 0.1,
    }  # fmt: skip
    assert Confusion(None, "bad", 1, None, ("a",)).to_dict()["ticket_ids"] == ["a"]


@given(st.integers(1, 30), st.booleans(), st.integers(0, 2**32 - 1))
def test_every_wrong_answer_is_in_a_confusion_and_no_right_one_is(n, multi, seed):
    generator, task = np.random.default_rng(seed), ABOUT if multi else TONE
    probs = generator.random((n, 3))
    gold = [(int(i),) for i in generator.integers(0, 3, n)]
    ids = tuple(map(str, range(n)))
    wrong = wrong_answers(task, ids, probs, gold)
    assert all(each.gold != each.said for each in wrong)
    assert [each.confidence for each in wrong] == sorted((each.confidence for each in wrong), reverse=True)
    pairs = confusions(wrong, dict.fromkeys(task.labels, n))
    assert {i for pair in pairs for i in pair.ticket_ids} == {each.ticket_id for each in wrong}
    assert all(pair.n == len(pair.ticket_ids) and pair.gold != pair.said for pair in pairs)
    if not multi:
        assert sum(pair.n for pair in pairs) == len(wrong)
