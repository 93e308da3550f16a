"""Query strategies: which tickets to ask next."""

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from active.query import STRATEGIES, entropy, joined_uncertainty, select
from data.errors import ReviewError
from data.schema import Schema, Task

TONE = Task("tone", ("good", "bad", "none"), ("",) * 3)
TOPICS = Task("topics", ("card", "loan"), ("",) * 2, "multi")
ONE, BOTH = Schema((TONE,)), Schema((TONE, TOPICS))
every_strategy = pytest.mark.parametrize("strategy", STRATEGIES)


def ask(schema, ids, probs, strategy="entropy", batch=2, seed=0, round_number=1):
    probs = {name: np.array(rows, np.float32).reshape(len(ids), -1) for name, rows in probs.items()}
    return select(schema, ids, probs, strategy=strategy, batch=batch, seed=seed, round_number=round_number)


def random_probs(n, seed=0):
    rng = np.random.default_rng(seed)
    return {"tone": rng.dirichlet(np.ones(3), n), "topics": rng.random((n, 2))}


def test_entropy_by_hand():
    probs = np.array([[1, 0, 0], [0.5, 0.5, 0], [1 / 3] * 3, [0.7, 0.2, 0.1]])
    by_hand = [0, log(2), log(3), -0.7 * log(0.7) - 0.2 * log(0.2) - 0.1 * log(0.1)]
    assert np.allclose(entropy(TONE, probs), by_hand)


def test_entropy_of_a_multi_label_task_is_the_sum_over_its_decisions():
    probs = np.array([[0, 1], [0.5, 1], [0.5, 0.5], [0.9, 0.2]])
    ninety, twenty = (-p * log(p) - (1 - p) * log(1 - p) for p in (0.9, 0.2))
    assert np.allclose(entropy(TOPICS, probs), [0, log(2), 2 * log(2), ninety + twenty])


def test_the_most_uncertain_come_first_with_their_scores_falling():
    selection = ask(ONE, ["a", "b", "c"], {"tone": [[1, 0, 0], [0.4, 0.3, 0.3], [0.6, 0.4, 0]]})
    assert selection.ticket_ids == ("b", "c")
    assert selection.scores == (1.0, 0.5)
    assert (selection.strategy, selection.seed, selection.round) == ("entropy", 0, 1)


def test_tasks_count_alike_however_many_labels_they_have():
    tone = [[0.4, 0.3, 0.3], [0.9, 0.1, 0], [1, 0, 0]]
    topics = [[0, 0], [0.01, 0], [0.1, 0]]
    scores = joined_uncertainty(BOTH, {"tone": np.array(tone), "topics": np.array(topics)})
    assert scores.tolist() == [0.5, 0.5, 0.5]


def test_ties_share_their_rank_and_fall_to_the_smaller_ticket_id():
    probs = {"tone": [[0.5, 0.5, 0]] * 4}
    selection = ask(ONE, ["d", "a", "c", "b"], probs, batch=3)
    assert selection.ticket_ids == ("a", "b", "c")
    assert selection.scores == (0.5, 0.5, 0.5)


@every_strategy
@settings(deadline=None, max_examples=40)
@given(n=st.integers(1, 12), seed=st.integers(0, 99), batch=st.integers(1, 15), levels=st.integers(1, 3))
def test_the_order_of_the_pool_does_not_matter(strategy, n, seed, batch, levels):
    rng = np.random.default_rng(seed)
    ids = [f"t{i}" for i in rng.permutation(n)]
    kinds = rng.integers(0, levels, n)  # few kinds of rows, so that ties are common
    probs = {name: rows[kinds] for name, rows in random_probs(levels, seed).items()}
    order = rng.permutation(n)
    shuffled = {name: rows[order] for name, rows in probs.items()}
    one = ask(BOTH, ids, probs, strategy, batch, seed)
    two = ask(BOTH, [ids[i] for i in order], shuffled, strategy, batch, seed)
    assert one == two
    assert len(set(one.ticket_ids)) == len(one.ticket_ids) == min(batch, n)
    assert list(one.scores) == sorted(one.scores, reverse=True)
    assert all(0 <= score <= 1 for score in one.scores)


@every_strategy
def test_a_batch_beyond_the_pool_asks_the_whole_pool(strategy):
    selection = ask(BOTH, ["a", "b", "c"], random_probs(3), strategy, batch=100)
    assert sorted(selection.ticket_ids) == ["a", "b", "c"]


@every_strategy
def test_a_pool_of_one_ticket_asks_it(strategy):
    assert ask(BOTH, ["a"], random_probs(1), strategy).ticket_ids == ("a",)


@every_strategy
def test_an_empty_pool_is_an_error(strategy):
    with pytest.raises(ReviewError, match="no unlabeled ticket left"):
        select(ONE, [], {"tone": np.empty((0, 3))}, strategy=strategy, batch=1, seed=0, round_number=1)


def test_a_misspelt_strategy_is_an_error_with_the_nearest_name():
    with pytest.raises(
        ReviewError, match=r"no query strategy 'entropie'; there are entropy.*did you mean 'entropy'"
    ):
        ask(ONE, ["a"], {"tone": [[1, 0, 0]]}, "entropie")


@pytest.mark.parametrize("shape", [(2, 3), (4, 3), (3, 2)])
def test_probabilities_of_another_shape_are_an_error(shape):
    with pytest.raises(ReviewError, match=r"task 'tone' have shape .*, expected \(3, 3\)"):
        probs = {"tone": np.full(shape, 0.3)}
        select(ONE, ["a", "b", "c"], probs, strategy="entropy", batch=1, seed=0, round_number=1)


def test_random_is_the_same_by_seed_and_round_and_differs_between_them():
    ids, probs = [f"t{i}" for i in range(50)], random_probs(50)
    asked = {key: ask(BOTH, ids, probs, "random", 10, *key).ticket_ids for key in [(0, 1), (0, 2), (1, 1)]}
    assert len(set(asked.values())) == 3
    np.random.default_rng(5).random(3)
    assert ask(BOTH, ids, random_probs(50, 9), "random", 10, 0, 1).ticket_ids == asked[0, 1]


def test_random_asks_every_ticket_sooner_or_later():
    ids = [f"t{i}" for i in range(10)]
    asked = [ask(BOTH, ids, random_probs(10), "random", 1, 0, number).ticket_ids[0] for number in range(200)]
    assert set(asked) == set(ids)


def test_a_selection_becomes_json():
    selection = ask(ONE, ["a"], {"tone": [[1, 0, 0]]}, batch=1)
    assert selection.to_dict() == {
        "ticket_ids": ("a",), "scores": selection.scores, "strategy": "entropy", "seed": 0, "round": 1,
    }  # fmt: skip
