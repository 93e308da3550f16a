"""Which labeling functions repeat each other, and which fight."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from data.schema import Task, against
from labeling import pairs
from labeling.pairs import agreement, fighting, redundant
from labeling.votes import Votes

TONE = Task("tone", ("good", "bad"), ("pleased", "displeased"))


def votes(*columns):
    values = np.array(columns, np.int8).T.reshape(-1, len(columns))
    return Votes(
        TONE, tuple(f"t{row}" for row in range(len(values))), tuple("abcdef"[: len(columns)]), values
    )


@given(
    st.integers(0, 30).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(against(1), 1), min_size=n, max_size=n), min_size=1, max_size=5
        )
    )
)
@settings(deadline=None)
def test_agreement_counts_tickets_on_which_two_vote_and_vote_alike(columns):
    found = agreement(votes(*columns))
    for i, one in enumerate(columns):
        for j, other in enumerate(columns):
            together = [(a, b) for a, b in zip(one, other) if a != -1 and b != -1]
            assert found.both[i, j] == len(together)
            assert found.same[i, j] == sum(a == b for a, b in together)


def test_votes_against_a_label_agree_with_each_other_and_with_no_vote_for_one():
    one, other, third = [against(0)] * 3 + [-1], [against(0), 1, 0, against(0)], [against(1)] * 4
    found = agreement(votes(one, other, third))
    assert found.both.tolist() == [[3, 3, 3], [3, 4, 4], [3, 4, 4]]
    assert found.same.tolist() == [[3, 1, 0], [1, 4, 0], [0, 0, 4]]


def test_agreement_does_not_depend_on_how_the_tickets_are_cut(monkeypatch):
    random = np.random.default_rng(0)
    made = votes(*random.integers(-1, 2, (4, 50)).tolist())
    whole = agreement(made)
    monkeypatch.setattr(pairs, "CHUNK", 7)
    assert np.array_equal(agreement(made).both, whole.both)
    assert np.array_equal(agreement(made).same, whole.same)


def test_shares_are_unknown_where_two_never_vote_together():
    shares = agreement(votes([0, -1], [-1, 0])).shares
    assert np.isnan(shares[0, 1]) and shares[0, 0] == 1


def test_a_function_that_says_little_beyond_another_is_redundant_beside_it():
    wide = [0] * 20 + [1] * 10
    narrow = [0] * 10 + [-1] * 20
    [pair] = redundant(agreement(votes(wide, narrow)))
    assert (pair.first, pair.second, pair.common, pair.overlap, pair.agreement) == ("b", "a", 10, 1.0, 1.0)
    nearly = [0] * 8 + [1, 1] + [-1] * 20
    assert redundant(agreement(votes(wide, nearly))) == []


def test_functions_fight_that_meet_often_and_vote_differently():
    one, other = [0] * 20, [1] * 15 + [0] * 5
    [pair] = fighting(agreement(votes(one, other)))
    assert (pair.common, pair.overlap, pair.agreement) == (20, 1.0, 0.25)
    assert fighting(agreement(votes(one, [0] * 15 + [1] * 5))) == []


def test_a_few_tickets_in_common_prove_nothing():
    one = [0] * 9 + [-1] * 9
    assert redundant(agreement(votes(one, one))) == fighting(agreement(votes(one, [1] * 9 + [-1] * 9))) == []
