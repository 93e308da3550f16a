"""What the agreement model promises beyond the law book of label models."""

import json
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import spearmanr

from data.errors import LabelingError
from data.schema import Task, against
from labeling.label_models.agreement import AgreementModel
from labeling.label_models.base import UNVOTED, VOTE_IS_RIGHT
from labeling.label_models.judgement import HIGHEST, SHARED_ACCURACY
from labeling.label_models.majority import MajorityVote
from labeling.toy import TOY
from labeling.votes import Votes


def task(count, kind="single", precedence=False):
    names = tuple(f"l{i}" for i in range(count))
    return Task("t", names, names, kind, precedence=precedence)


def votes(values, of):
    values = np.asarray(values, of.vote_dtype)
    ids = tuple(f"t{i}" for i in range(len(values)))
    return Votes(of, ids, tuple(f"f{j}" for j in range(values.shape[1])), values)


def planted(accuracies, *, labels=5, n=3000, coverage=0.4, seed=0, balance=None, of=None):
    """Votes of independent functions that are right as often as planted, and the true label ids."""
    rng = np.random.default_rng(seed)
    true = rng.choice(labels, n, p=balance)
    shape = n, len(accuracies)
    wrong = (true[:, None] + rng.integers(1, labels, shape)) % labels
    cast = np.where(rng.random(shape) < np.array(accuracies), true[:, None], wrong)
    cast[rng.random(shape) >= coverage] = -1
    return votes(cast, of or task(labels)), true


def soft(made, **options):
    return AgreementModel(**options).fit(made).predict_proba(made)


def accuracy(labels, true):
    return np.mean(labels.probs.argmax(axis=1)[labels.covered] == true[labels.covered])


def asked(fitted, made, *rows):
    """The soft labels of rows of votes by the functions of `made`."""
    values = np.array(rows, made.values.dtype)
    ids = tuple(f"a{i}" for i in range(len(rows)))
    return fitted.predict_proba(Votes(made.task, ids, made.lf_names, values)).probs


# Unanimity


@st.composite
def any_votes(draw, kind="single"):
    """Votes for and against labels, some rows many times over, some functions copied."""
    labels = draw(st.integers(2, 4))
    shape = draw(st.tuples(st.integers(1, 6), st.integers(1, 5)))
    votes_for = st.integers(-1, labels - 1)
    values = draw(arrays(np.int8, shape, elements=votes_for | st.integers(against(labels - 1), labels - 1)))
    times = draw(st.lists(st.sampled_from([1, 3, 40, 700]), min_size=shape[0], max_size=shape[0]))
    copied = draw(st.lists(st.integers(0, shape[1] - 1), max_size=4))
    values = np.repeat(values, times, axis=0)
    return votes(np.hstack([values, values[:, copied]]), task(labels, kind, draw(st.booleans())))


@st.composite
def balances(draw, labels):
    shares = st.lists(st.sampled_from([0.001, 0.1, 1.0, 20.0]), min_size=labels, max_size=labels)
    given_shares = shares.map(lambda found: {f"l{i}": share for i, share in enumerate(found)})
    return draw(st.sampled_from(["estimated", "uniform"]) | given_shares)


def unanimous(values, label):
    """bool [n]: somebody votes for the label, and nobody for another or against it."""
    others = (values >= 0) & (values != label) | (values == against(label))
    return (values == label).any(axis=1) & ~others.any(axis=1)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_unanimous_vote_is_never_contradicted(data):
    made = data.draw(any_votes())
    labels = soft(made, balance=data.draw(balances(len(made.task.labels))))
    for label in range(len(made.task.labels)):
        rows = labels.probs[unanimous(made.values, label)]
        assert (rows[:, label] >= rows.max(axis=1, initial=0) - 1e-6).all()


@settings(deadline=None, max_examples=50)
@given(any_votes("multi"))
def test_a_label_that_nobody_objects_to_holds(made):
    labels = soft(made)
    for label in range(len(made.task.labels)):
        held = (made.values == label).any(axis=1) & ~(made.values == against(label)).any(axis=1)
        assert (labels.probs[held, label] > 0.5).all()


def test_many_votes_for_the_label_of_nearly_all_tickets_are_not_turned_round():
    rng = np.random.default_rng(0)
    values = np.where(rng.random((2000, 8)) < 0.6, 0, -1)
    values[:10] = 1
    made = votes(values, task(2))
    labels = soft(made)
    assert (labels.probs.argmax(axis=1) == made.counts().argmax(axis=1))[labels.covered].all()


@pytest.mark.parametrize("share", [0.9, 0.98, 0.999])
def test_a_unanimous_vote_stands_against_a_lopsided_balance(share):
    made = votes([[0] * 12, [1] * 12, [0] + [-1] * 11, [1] + [-1] * 11], task(2))
    for balance in ({"l0": share, "l1": 1 - share}, {"l0": 1 - share, "l1": share}):
        assert soft(made, balance=balance).answers() == [(0,), (1,), (0,), (1,)]


def test_reviewed_tickets_that_show_a_function_wrong_turn_its_vote_round():
    made = votes([[0, -1]] * 60 + [[1, -1]] * 60 + [[-1, 0]] * 60, task(2))
    assert soft(made).answers()[:120] == [(0,)] * 60 + [(1,)] * 60
    reviewed = {f"t{row}": (1,) for row in range(30)}
    labels = AgreementModel().fit(made, reviewed).predict_proba(made)
    assert labels.answers() == [(1,)] * 120 + [(0,)] * 60


@pytest.mark.parametrize("right", [4, 15])
def test_reviewed_tickets_that_show_nothing_turn_no_vote_round(right):
    made = votes([[0]] * 60 + [[1]] * 60, task(2))
    reviewed = {f"t{row}": (1,) for row in range(4)} | {f"t{row}": (0,) for row in range(4, 4 + right)}
    labels = AgreementModel().fit(made, reviewed).predict_proba(made)
    assert labels.answers() == [(0,)] * 60 + [(1,)] * 60


def test_reviewed_tickets_say_which_of_two_that_disagree_is_right():
    made = votes([[0, 1]] * 50 + [[1, 0]] * 50, task(3))
    reviewed = {f"t{row}": (int(made.values[row, 1]),) for row in range(0, 100, 5)}
    fitted = AgreementModel().fit(made, reviewed | {"elsewhere": (2,), "t1": ()})
    assert fitted.predict_proba(made).answers() == [(1,)] * 50 + [(0,)] * 50
    assert fitted.weights()["f1"] > fitted.weights()["f0"]


# What is learned


def test_learned_accuracies_order_planted_ones_and_beat_majority_vote():
    truth = np.random.default_rng(1).permutation(np.linspace(0.5, 0.95, 30))
    made, true = planted(truth, n=4000, coverage=0.2)
    fitted = AgreementModel().fit(made)
    learned = list(fitted.weights().values())
    assert spearmanr(learned, truth).statistic > 0.9
    majority = MajorityVote().fit(made).predict_proba(made)
    assert accuracy(fitted.predict_proba(made), true) > accuracy(majority, true) + 0.01


@pytest.mark.parametrize("labels", [2, 3, 5])
@pytest.mark.parametrize("seed", range(3))
def test_equal_functions_on_equal_labels_are_not_drawn_onto_one_label(labels, seed):
    made, true = planted([0.8] * 6, labels=labels, n=1500, coverage=0.7, seed=seed)
    fitted = AgreementModel().fit(made)
    learned = [share for of_lf in fitted.state().values() for share in of_lf.values()]
    assert max(learned) - min(learned) < 0.15
    majority = MajorityVote().fit(made).predict_proba(made)
    assert accuracy(fitted.predict_proba(made), true) > accuracy(majority, true) - 0.01


@pytest.mark.parametrize("functions", [5, 15, 30])
def test_functions_that_vote_on_nearly_every_ticket_are_not_taken_for_copies(functions):
    truth = np.linspace(0.55, 0.9, functions)
    made, true = planted(truth, n=12_000, coverage=0.9)
    fitted = AgreementModel().fit(made)
    assert list(fitted.weights().values()) == pytest.approx(list(truth), abs=0.05)
    majority = MajorityVote().fit(made).predict_proba(made)
    assert accuracy(fitted.predict_proba(made), true) > accuracy(majority, true) - 0.002


def test_a_function_that_nobody_confirms_keeps_what_is_shared():
    made = votes([[0, -1]] * 50 + [[-1, 1]] * 50, task(3))
    assert AgreementModel().fit(made).weights() == pytest.approx(
        {"f0": SHARED_ACCURACY, "f1": SHARED_ACCURACY}
    )


def test_a_function_that_others_contradict_is_believed_less():
    made, _ = planted([0.85] * 5 + [0.3], labels=3, n=2000, coverage=0.6)
    weights = AgreementModel().fit(made).weights()
    assert weights["f5"] < min(weights[f"f{j}"] for j in range(5)) - 0.2


def test_no_function_is_believed_without_a_doubt():
    made = votes([[0, 0, 0]] * 5000 + [[1, 1, 1]] * 5000, task(3))
    fitted = AgreementModel().fit(made)
    assert 0.9 < max(fitted.weights().values()) <= HIGHEST


@pytest.mark.parametrize("coverage", [0.5, 0.8])
def test_copies_of_a_function_do_not_outvote_two_independent_ones(coverage):
    made, true = planted([0.8] * 4, labels=3, n=3000, coverage=coverage)
    copied = votes(np.hstack([made.values, *[made.values[:, :1]] * 3]), made.task)
    before, after = AgreementModel().fit(made), AgreementModel().fit(copied)
    row = [0, 1, 1, -1]
    assert asked(before, made, row)[0].argmax() == asked(after, copied, row + [0] * 3)[0].argmax() == 1
    alone = asked(before, made, [0, -1, -1, -1])[0, 0]
    assert asked(after, copied, [0, -1, -1, -1, 0, 0, 0])[0, 0] == pytest.approx(alone, abs=0.06)
    assert accuracy(after.predict_proba(copied), true) > accuracy(before.predict_proba(made), true) - 0.02
    majority = MajorityVote().fit(copied).predict_proba(copied)
    assert accuracy(after.predict_proba(copied), true) > accuracy(majority, true) + 0.02


def test_shuffled_tickets_get_the_same_answers_bit_by_bit():
    made, _ = planted([0.6, 0.7, 0.8, 0.9], n=500)
    order = np.random.default_rng(3).permutation(500)
    shuffled = Votes(made.task, tuple(np.array(made.ticket_ids)[order]), made.lf_names, made.values[order])
    one, two = AgreementModel().fit(made), AgreementModel().fit(shuffled)
    assert one.state() == two.state() and one.weights() == two.weights()
    assert (one.predict_proba(made).probs[order] == two.predict_proba(shuffled).probs).all()


def test_every_ticket_many_times_over_says_the_same_but_surer():
    """Beyond 2,000 votes of evidence nothing changes; below, more tickets move a function further."""
    made, _ = planted([0.6, 0.7, 0.8, 0.9, 0.75], n=12_000, coverage=0.9)
    many = votes(np.repeat(made.values, 50, axis=0), made.task)
    one, fifty = AgreementModel().fit(made), AgreementModel().fit(many)
    for name, state in one.state().items():
        assert fifty.state()[name] == pytest.approx(state, abs=0.02)
    assert np.allclose(one.predict_proba(made).probs, fifty.predict_proba(many).probs[::50], atol=0.03)
    few = votes(made.values[:100], made.task)
    spread = [max(w.values()) - min(w.values()) for w in (AgreementModel().fit(few).weights(), one.weights())]
    assert spread[0] < spread[1]


# The class balance


def test_the_class_balance_weighs_in_where_votes_leave_doubt():
    made = votes([[0, 1], [1, 0]] * 50, task(3))
    rare = soft(made, balance={"l0": 0.6, "l1": 0.2, "l2": 0.2}).probs
    even = soft(made, balance="uniform").probs
    assert even[0, 0] == pytest.approx(even[0, 1], abs=1e-6)
    assert (rare.sum(axis=1) == pytest.approx(1, abs=1e-5)) and not np.allclose(rare, even, atol=0.01)


def test_shares_need_not_add_up_to_one():
    made, _ = planted([0.7] * 4, labels=3, n=300)
    one = soft(made, balance={"l0": 0.5, "l1": 0.25, "l2": 0.25})
    assert (soft(made, balance={"l0": 2, "l1": 1, "l2": 1}).probs == one.probs).all()


def test_a_balance_of_a_label_that_is_not_there_names_the_nearest():
    with pytest.raises(
        LabelingError, match="balance of task 'urgency' names 'calmm'; labels are calm, urgent; did you mean"
    ):
        AgreementModel(balance={"calmm": 0.5, "urgent": 0.5}).fit(TOY)


@pytest.mark.parametrize(
    "balance",
    [{"calm": 1.0}, {"calm": 1.0, "urgent": 0.0}, {"calm": 1.0, "urgent": -1}, {},
     {"calm": math.nan, "urgent": 0.5}, {"calm": math.inf, "urgent": 0.5}],
)  # fmt: skip
def test_a_balance_without_a_share_above_zero_for_every_label_is_one_error(balance):
    with pytest.raises(LabelingError, match="task 'urgency' needs a share above 0 for each of calm, urgent"):
        AgreementModel(balance=balance).fit(TOY)


# Starting from an earlier fit


def test_the_state_of_a_fit_starts_another_that_comes_to_the_same():
    made, _ = planted(np.linspace(0.55, 0.95, 10), n=3000, coverage=0.3)
    scratch = AgreementModel().fit(made)
    state = json.loads(json.dumps(scratch.state()))
    warm = AgreementModel(start=state).fit(made)
    assert np.allclose(warm.predict_proba(made).probs, scratch.predict_proba(made).probs, atol=1e-2)
    for name, learned in warm.state().items():
        assert learned == pytest.approx(state[name], abs=1e-2)


def test_a_start_from_fewer_functions_and_tickets_comes_to_what_a_fresh_fit_does():
    made, _ = planted(np.linspace(0.55, 0.95, 10), n=3000, coverage=0.3)
    fewer = Votes(made.task, made.ticket_ids[:2000], made.lf_names[:8], made.values[:2000, :8])
    warm = AgreementModel(start=AgreementModel().fit(fewer).state() | {"gone": {"l0": 0.5, "x": 2}})
    assert np.allclose(warm.fit(made).predict_proba(made).probs, soft(made).probs, atol=1e-2)


def test_a_state_names_labels_and_votes_against_them():
    single = votes([[0, against(1)], [1, against(0)]] * 9, task(2))
    assert {name: set(each) for name, each in AgreementModel().fit(single).state().items()} == {
        "f0": {"l0", "l1"}, "f1": {"not l0", "not l1"},
    }  # fmt: skip
    multi = votes([[0, against(0), -1]] * 9, task(2, "multi"))
    fitted = AgreementModel().fit(multi)
    assert {name: set(each) for name, each in fitted.state().items()} == {
        "f0": {"l0"}, "f1": {"not l0"}, "f2": set(),
    }  # fmt: skip
    json.dumps(fitted.state(), allow_nan=False)


# Explanations


@settings(deadline=None, max_examples=60)
@given(any_votes())
@example(TOY)
def test_contributions_add_up_to_the_logarithm_of_the_soft_label(made):
    fitted = AgreementModel().fit(made)
    labels = fitted.predict_proba(made)
    for row in np.unique(made.values, axis=0, return_index=True)[1]:
        if labels.covered[row]:
            found = fitted.explain(made, made.ticket_ids[row])
            sums = np.array([sum(each.log_odds[label] for each in found) for label in made.task.labels])
            expected = np.exp(sums - sums.max())
            assert np.allclose(labels.probs[row], expected / expected.sum(), atol=1e-5)
            cast = [made.task.vote_name(vote) for vote in made.values[row] if vote != -1]
            assert [each.vote for each in found] == ["", *cast]
            assert found[0].name == "class balance"


@settings(deadline=None, max_examples=30)
@given(any_votes("multi"))
def test_contributions_to_each_label_of_a_multi_label_task_add_up_to_its_log_odds(made):
    fitted = AgreementModel().fit(made)
    labels = fitted.predict_proba(made)
    for row in np.unique(made.values, axis=0, return_index=True)[1]:
        found = fitted.explain(made, made.ticket_ids[row])
        for label, name in enumerate(made.task.labels):
            about = [c.log_odds[name] - c.log_odds[f"not {name}"] for c in found if name in c.log_odds]
            expected = 1 / (1 + np.exp(-sum(about))) if about else UNVOTED
            assert not labels.covered[row] or abs(labels.probs[row, label] - expected) < 1e-5


def test_an_explanation_of_a_ticket_that_is_not_there_or_of_other_votes_is_an_error():
    fitted = AgreementModel().fit(TOY)
    with pytest.raises(LabelingError, match="no ticket 't9' among the votes on task 'urgency'"):
        fitted.explain(TOY, "t9")
    fewer = Votes(TOY.task, TOY.ticket_ids, TOY.lf_names[:2], TOY.values[:, :2])
    with pytest.raises(LabelingError, match="agreement model was fitted on asap, polite, capitals, asked"):
        fitted.explain(fewer, "t1")
    assert [each.name for each in fitted.explain(TOY, "t4")] == ["class balance"]


# Precedence


@pytest.mark.parametrize("labels", [2, 3, 4])
def test_of_two_functions_of_equal_record_that_disagree_the_earlier_label_wins(labels):
    rows = [[label, label] for label in range(labels) for _ in range(200)]
    rows += [[a, b] for a in range(labels) for b in range(labels) if a != b] * 3
    made = votes(rows, task(labels, precedence=True))
    assert soft(made).answers() == [(min(pair),) for pair in made.values.tolist()]


def test_without_precedence_functions_of_equal_record_that_disagree_leave_it_open():
    rows = [[label, label] for label in range(3) for _ in range(200)] + [[0, 2], [2, 0]] * 3
    probs = soft(votes(rows, task(3))).probs[-1]
    assert probs[0] == pytest.approx(probs[2], abs=0.02)


# Several labels at once


def test_without_a_vote_against_a_label_a_vote_for_it_is_right_four_times_in_five():
    made = votes([[0, 1, -1], [0, -1, -1], [-1, 1, 2], [-1, -1, -1]] * 20, task(4, "multi"))
    labels = soft(made)
    right = VOTE_IS_RIGHT
    expected = [[right, right, UNVOTED, UNVOTED], [right] + [UNVOTED] * 3, [UNVOTED, right, right, UNVOTED]]
    assert np.allclose(labels.probs[:3], expected, atol=1e-6)
    assert labels.answers()[:4] == [(0, 1), (0,), (1, 2), ()]
    assert list(AgreementModel().fit(made).weights().values()) == pytest.approx([right] * 3)


def test_votes_against_labels_teach_who_is_right_on_a_multi_label_task():
    rng = np.random.default_rng(0)
    holds = rng.random(2000) < 0.5
    good = [np.where(rng.random(2000) < 0.9, holds, ~holds) for _ in range(3)]
    bad = np.where(rng.random(2000) < 0.55, holds, ~holds)
    made = votes(np.stack([np.where(said, 0, against(0)) for said in (*good, bad)], 1), task(2, "multi"))
    weights = AgreementModel().fit(made).weights()
    assert weights["f3"] < min(weights[f"f{j}"] for j in range(3)) - 0.05


# Many labels, votes against them


@pytest.mark.parametrize("labels", [2, 40, 77, 130])
@pytest.mark.parametrize("balance", ["estimated", "uniform"])
def test_a_vote_against_one_of_many_labels_makes_it_less_probable(labels, balance):
    made, true = planted([0.8] * 5, labels=labels, n=1500, coverage=0.7)
    column = np.where((true != 1) & (np.random.default_rng(5).random(1500) < 0.5), against(1), -1)
    made = votes(np.hstack([made.values, column[:, None]]), made.task)
    fitted = AgreementModel(balance=balance).fit(made)
    quiet, loud = asked(fitted, made, [0, -1, -1, -1, -1, -1], [0, -1, -1, -1, -1, against(1)])
    assert loud[1] < quiet[1]
    assert loud[0] >= quiet[0]


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_vote_against_a_label_never_makes_it_more_probable(data):
    made = data.draw(any_votes())
    fitted = AgreementModel(balance=data.draw(balances(len(made.task.labels)))).fit(made)
    row, lf = np.argwhere(made.values < -1)[0] if (made.values < -1).any() else (0, 0)
    label = int(against(made.values[row, lf]))
    without = made.values[row].copy()
    without[lf] = -1
    if made.values[row, lf] < -1 and (without >= 0).any():
        quiet, loud = asked(fitted, made, without, made.values[row])
        assert loud[label] <= quiet[label] + 1e-6


def test_answers_are_float32_whatever_the_votes_are():
    for labels in (2, 130):
        made, _ = planted([0.8] * 3, labels=labels, n=50)
        probs = soft(made).probs
        assert (probs.dtype, probs.shape) == (np.float32, (50, labels))
