"""The pool: every ticket is in exactly one of four places."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from active.pool import Pool
from data.errors import ReviewError

IDS = tuple(f"t{i}" for i in range(12))


def places(pool):
    return (pool.unlabeled, pool.pending, pool.labeled, pool.skipped)


class AnyWay(RuleBasedStateMachine):
    """A pool on which any transitions are tried, legal or not."""

    def __init__(self):
        super().__init__()
        self.pool = Pool.of(IDS, IDS[:2])

    def _move(self, verb, wanted, source, target):
        before = self.pool
        if set(wanted) <= getattr(before, source):
            self.pool = getattr(before, verb)(wanted)
            assert set(wanted) <= getattr(self.pool, target)
        else:
            with pytest.raises(ReviewError, match=f"are not {source} in the pool"):
                getattr(before, verb)(wanted)
            assert self.pool == before

    some = st.lists(st.sampled_from((*IDS, "stranger")), max_size=3)

    @rule(wanted=some)
    def ask(self, wanted):
        self._move("ask", wanted, "unlabeled", "pending")

    @rule(wanted=some)
    def answer(self, wanted):
        self._move("answer", wanted, "pending", "labeled")

    @rule(wanted=some)
    def skip(self, wanted):
        self._move("skip", wanted, "pending", "skipped")

    @precondition(lambda self: self.pool.unlabeled)
    @rule(data=st.data())
    def ask_unlabeled(self, data):
        self.ask(data.draw(st.lists(st.sampled_from(sorted(self.pool.unlabeled)), max_size=4)))

    @precondition(lambda self: self.pool.pending)
    @rule(data=st.data(), verb=st.sampled_from(["answer", "skip"]))
    def return_pending(self, data, verb):
        getattr(self, verb)(data.draw(st.lists(st.sampled_from(sorted(self.pool.pending)), max_size=4)))

    @invariant()
    def four_disjoint_sets_hold_every_ticket(self):
        assert sorted(ticket_id for place in places(self.pool) for ticket_id in place) == sorted(IDS)


AnyWay.TestCase.settings = settings(deadline=None, max_examples=60, stateful_step_count=25)
TestAnyTransitionsKeepFourDisjointSets = AnyWay.TestCase


def test_a_ticket_goes_from_unlabeled_over_pending_to_labeled_or_skipped():
    pool = Pool.of("abcd", "d").ask("abc").answer("a").skip("b")
    assert [sorted(place) for place in places(pool)] == [[], ["c"], ["a", "d"], ["b"]]


def test_a_transition_returns_a_new_pool_and_leaves_the_old():
    pool = Pool.of("ab")
    assert pool.ask("a") is not pool
    assert pool == Pool.of("ab")


def test_asking_for_nothing_and_asking_twice_in_one_breath_change_nothing_more():
    pool = Pool.of("ab")
    assert pool.ask([]) == pool
    assert pool.ask(["a", "a"]) == pool.ask(["a"])


def test_errors_name_the_tickets_and_the_place():
    with pytest.raises(ReviewError, match=r"these tickets are not unlabeled in the pool: x, y$"):
        Pool.of("ab").ask("ayx")
    with pytest.raises(ReviewError, match=r"these tickets are not pending in the pool: a$"):
        Pool.of("ab").answer("a")
    with pytest.raises(ReviewError, match=r"these tickets are not pending in the pool: a$"):
        Pool.of("ab").ask("a").answer("a").skip("a")
