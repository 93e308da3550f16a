"""The law book of label models: what holds for every one of them."""

import pkgutil
from importlib import import_module

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import labeling.label_models
from data.config import LabelModelSettings
from data.errors import LabelingError
from data.schema import Task, against
from labeling.label_models import label_model
from labeling.label_models.agreement import AgreementModel
from labeling.label_models.base import LabelModel
from labeling.label_models.dawid_skene import DawidSkeneModel
from labeling.label_models.majority import MajorityVote
from labeling.label_models.snorkel import SnorkelLabelModel
from labeling.toy import TOY
from labeling.votes import Votes

for module in pkgutil.iter_modules(labeling.label_models.__path__):
    import_module(f"labeling.label_models.{module.name}")

FAST = {SnorkelLabelModel: {"epochs": 20, "seed": 3}}
MODELS = sorted(LabelModel.__subclasses__(), key=lambda model: model.__name__)
KINDS = ("single", "multi")

every_model = pytest.mark.parametrize("model", MODELS)
# snorkel's model refuses fewer than three functions.
every_model_but_snorkels = pytest.mark.parametrize("model", [m for m in MODELS if m is not SnorkelLabelModel])
every_kind = pytest.mark.parametrize("kind", KINDS)


def fresh(model):
    return model(**FAST.get(model, {}))


def soft(model, votes):
    return fresh(model).fit(votes).predict_proba(votes)


def task(count, kind="single"):
    return Task("t", tuple(f"l{i}" for i in range(count)), ("",) * count, kind)


def votes(values, of):
    values = np.asarray(values, of.vote_dtype)
    ids = tuple(f"t{i}" for i in range(len(values)))
    return Votes(of, ids, tuple(f"f{j}" for j in range(values.shape[1])), values)


def noisy(of, n=120, m=5, seed=0):
    """Votes of functions that are right four times in five; about one ticket in ten is uncovered."""
    rng = np.random.default_rng(seed)
    true = rng.integers(0, len(of.labels), n)
    cast = np.where(rng.random((n, m)) < 0.8, true[:, None], rng.integers(0, len(of.labels), (n, m)))
    cast[rng.random((n, m)) < 0.4] = -1
    cast[rng.random(n) < 0.1] = -1
    return votes(cast, of), true


@st.composite
def any_votes(draw, kind):
    count = draw(st.integers(2, 4))
    shape = draw(st.tuples(st.integers(1, 10), st.integers(3, 5)))
    made = votes(draw(arrays(np.int8, shape, elements=st.integers(-1, count - 1))), task(count, kind))
    assume(((made.values >= 0).any(axis=0)).sum() >= 3)
    return made


def check(labels, of_votes):
    """Shapes, ranges and cover, the laws of every answer."""
    assert labels.probs.shape == (len(of_votes.ticket_ids), len(of_votes.task.labels))
    assert labels.probs.dtype == np.float32
    assert (labels.task, labels.ticket_ids) == (of_votes.task, of_votes.ticket_ids)
    assert np.isfinite(labels.probs).all()
    assert ((labels.probs >= 0) & (labels.probs <= 1)).all()
    assert labels.covered.tolist() == (of_votes.values >= 0).any(axis=1).tolist()
    uniform = 0.5 if of_votes.task.multi else np.float32(1 / len(of_votes.task.labels))
    assert (labels.probs[~labels.covered] == uniform).all()
    if not of_votes.task.multi:
        assert np.allclose(labels.probs.sum(axis=1), 1, atol=1e-5)


def test_the_law_book_holds_every_label_model():
    assert {AgreementModel, DawidSkeneModel, MajorityVote, SnorkelLabelModel} <= set(MODELS)


@every_model
@every_kind
def test_rows_are_probabilities_and_uncovered_tickets_stay_uncovered_and_uniform(model, kind):
    made, _ = noisy(task(3, kind))
    assert not made.covered.all()
    check(soft(model, made), made)


@every_model
@every_kind
def test_the_laws_hold_for_any_votes(model, kind):
    @settings(deadline=None, max_examples=15)
    @given(any_votes(kind))
    def holds(made):
        check(soft(model, made), made)

    holds()


@every_model
@every_kind
def test_permuting_tickets_permutes_the_answer(model, kind):
    made, _ = noisy(task(3, kind))
    order = np.random.default_rng(1).permutation(len(made.ticket_ids))
    ids = tuple(made.ticket_ids[i] for i in order)
    permuted = Votes(made.task, ids, made.lf_names, made.values[order])
    before, after = soft(model, made), soft(model, permuted)
    assert after.ticket_ids == ids
    assert after.covered.tolist() == before.covered[order].tolist()
    assert np.allclose(after.probs, before.probs[order], atol=1e-5)


@every_model
@every_kind
def test_the_same_votes_give_the_same_answer_whatever_was_random_before(model, kind):
    made, _ = noisy(task(3, kind))
    first = soft(model, made)
    soft(model, noisy(task(3, kind), seed=9)[0])
    assert soft(model, made).probs.tolist() == first.probs.tolist()


@every_model
def test_the_answer_on_a_ticket_does_not_depend_on_who_is_asked_beside_it(model):
    made, _ = noisy(task(3))
    fitted = fresh(model).fit(made)
    whole = fitted.predict_proba(made)
    part = Votes(made.task, made.ticket_ids[:7], made.lf_names, made.values[:7])
    assert np.allclose(fitted.predict_proba(part).probs, whole.probs[:7], atol=1e-6)


@every_model
@every_kind
def test_pools_without_a_vote_or_a_ticket_are_answered_too(model, kind):
    made, _ = noisy(task(3, kind))
    fitted = fresh(model).fit(made)
    for n in (0, 4):
        silent = votes(np.full((n, 5), -1), made.task)
        check(fitted.predict_proba(silent), silent)


@every_model
def test_most_answers_are_right_where_most_votes_are(model):
    made, true = noisy(task(4), n=300, m=8)
    labels = soft(model, made)
    right = [answer == (label,) for answer, label in zip(labels.answers(), true)]
    assert np.mean(np.array(right)[labels.covered]) > 0.85


@every_model
def test_on_a_multi_label_task_labels_hold_together(model):
    of = task(3, "multi")
    made = votes([[0, 1, -1, 0], [0, 1, 0, -1], [2, -1, 2, 2], [-1, -1, -1, -1]] * 10, of)
    labels = soft(model, made)
    check(labels, made)
    both, alone = labels.probs[0], labels.probs[2]
    assert both[0] > both[2]
    assert both[1] > both[2]
    assert alone[2] > max(alone[0], alone[1])


@every_model
def test_77_labels_in_int8_are_answered(model, schema_77):
    made, true = noisy(schema_77.task("intent"), n=240, m=5)
    assert made.values.dtype == np.int8
    labels = soft(model, made)
    check(labels, made)
    assert np.mean(labels.probs.argmax(axis=1)[labels.covered] == true[labels.covered]) > 0.7


@every_model
def test_label_ids_beyond_int8_are_answered(model):
    of = task(130)
    made = votes([[129, 129, 129], [128, 128, 0], [0, 0, 0]], of)
    labels = soft(model, made)
    check(labels, made)
    assert labels.probs[0].argmax() == 129


@every_model
@every_kind
def test_a_function_that_never_votes_changes_no_answer_and_has_a_weight_of_at_most_the_others(model, kind):
    made, _ = noisy(task(3, kind))
    silent = votes(np.full((len(made.ticket_ids), 1), -1), made.task)
    wider = made.beside(Votes(made.task, made.ticket_ids, ("silent",), silent.values))
    fitted = fresh(model).fit(wider)
    check(fitted.predict_proba(wider), wider)
    weights = fitted.weights()
    assert tuple(weights) == wider.lf_names
    assert all(0 <= weight <= 1 for weight in weights.values())
    assert weights["silent"] <= min(weights.values())
    agree = fitted.predict_proba(wider).probs.argmax(axis=1) == soft(model, made).probs.argmax(axis=1)
    assert agree.mean() > 0.9


@every_model
def test_fitting_leaves_the_votes_as_they_were(model):
    made, _ = noisy(task(3))
    before = made.values.copy()
    soft(model, made)
    assert (made.values == before).all()


# Few functions, few tickets, few labels


@every_model_but_snorkels
def test_one_function_is_believed(model):
    made = votes([[0]] * 5 + [[1]] * 4 + [[2]] * 3 + [[-1]] * 2, task(3))
    labels = soft(model, made)
    check(labels, made)
    assert labels.answers()[:12] == [(0,)] * 5 + [(1,)] * 4 + [(2,)] * 3


@every_model_but_snorkels
@every_kind
def test_of_two_functions_one_that_speaks_alone_is_believed_and_two_are_surer(model, kind):
    of = task(2, kind)
    made = votes([[0, 0]] * 30 + [[1, 1]] * 30 + [[0, -1], [-1, 1]] * 5 + [[0, 1], [-1, -1]], of)
    labels = soft(model, made)
    check(labels, made)
    together, alone = labels.probs[0, 0], labels.probs[60, 0]
    assert together >= alone > 0.5
    assert labels.probs[61, 1] > 0.5


@every_model_but_snorkels
@every_kind
@pytest.mark.parametrize("shape", [(0, 3), (6, 3), (6, 0), (0, 0)])
def test_a_fit_on_nothing_leaves_everything_uncovered(model, kind, shape):
    nothing = votes(np.full(shape, -1), task(3, kind))
    fitted = fresh(model).fit(nothing)
    check(fitted.predict_proba(nothing), nothing)
    assert set(fitted.weights().values()) <= {0.0, 1.0}
    asked = votes(np.full((2, shape[1]), 1), nothing.task)
    check(fitted.predict_proba(asked), asked)


@pytest.mark.parametrize("shape", [(0, 3), (6, 3), (6, 0)])
def test_snorkels_model_refuses_a_fit_on_nothing(shape):
    with pytest.raises(LabelingError, match="needs 3 labeling functions that vote on task 't', got 0"):
        SnorkelLabelModel().fit(votes(np.full(shape, -1), task(3)))


@every_model
def test_a_multi_label_task_of_one_label_is_answered(model):
    made = votes([[0, 0, 0], [0, -1, -1], [-1, 0, -1], [-1, 0, 0], [-1, -1, -1]] * 6, task(1, "multi"))
    labels = soft(model, made)
    check(labels, made)
    assert (labels.probs[labels.covered] > 0.5).all()


@every_model
def test_a_label_that_nobody_votes_for_is_never_the_answer(model):
    made, _ = noisy(task(2), n=300)
    wider = votes(made.values, task(5))
    labels = soft(model, wider)
    check(labels, wider)
    assert (labels.probs[labels.covered].argmax(axis=1) < 2).all()


@every_model
def test_where_every_vote_is_for_one_label_every_covered_ticket_has_it(model):
    rng = np.random.default_rng(0)
    made = votes(np.where(rng.random((300, 5)) < 0.5, 1, -1), task(3))
    labels = soft(model, made)
    check(labels, made)
    assert (labels.probs[labels.covered].argmax(axis=1) == 1).all()


@pytest.mark.parametrize("model", [m for m in MODELS if m is not DawidSkeneModel])
def test_functions_that_vote_one_label_each_are_put_together(model):
    """As patterns do: two for each label, right nine times in ten where they vote.

    To Dawid and Skene, who take an abstention for no answer, such a function says the same whatever is true.
    """
    rng = np.random.default_rng(0)
    true = rng.integers(0, 3, 600)
    own = np.arange(6) % 3
    fires = rng.random((600, 6)) < np.where(true[:, None] == own, 0.6, 0.03)
    made = votes(np.where(fires, own, -1), task(3))
    labels = soft(model, made)
    check(labels, made)
    assert np.mean(labels.probs.argmax(axis=1)[labels.covered] == true[labels.covered]) > 0.9


# Votes against a label


def with_one_against(of, n=400):
    """Noisy votes, and a last function that votes against l0 on half of the tickets that are not."""
    made, true = noisy(of, n=n)
    objects = (true != 0) & (np.random.default_rng(2).random(n) < 0.5)
    column = np.where(objects, against(0), -1).astype(of.vote_dtype)[:, None]
    return made.beside(Votes(of, made.ticket_ids, ("objects",), column)), true


@every_model
@every_kind
@pytest.mark.parametrize("labels", [2, 3])
def test_a_vote_against_a_label_never_makes_it_more_probable(model, kind, labels):
    made, _ = with_one_against(task(labels, kind))
    fitted = fresh(model).fit(made)
    check(fitted.predict_proba(made), made)
    quiet = made.values.copy()
    quiet[:, -1] = -1
    loud = quiet.copy()
    loud[:, -1] = against(0)
    without, objected = (
        fitted.predict_proba(Votes(made.task, made.ticket_ids, made.lf_names, v)) for v in (quiet, loud)
    )
    assert (objected.probs[:, 0] <= without.probs[:, 0] + 1e-6).all()
    assert objected.covered.tolist() == without.covered.tolist()


@every_model
@every_kind
def test_a_ticket_with_votes_against_labels_alone_is_uncovered(model, kind):
    made, _ = with_one_against(task(3, kind))
    fitted = fresh(model).fit(made)
    silent = votes([[-1] * 5 + [against(0)], [0] * 5 + [against(0)]], made.task)
    asked = Votes(made.task, silent.ticket_ids, made.lf_names, silent.values)
    labels = fitted.predict_proba(asked)
    check(labels, asked)
    assert labels.covered.tolist() == [False, True]


@every_model_but_snorkels
@every_kind
def test_votes_against_labels_and_no_others_cover_nothing(model, kind):
    made = votes([[against(0), against(1)], [against(0), -1], [against(2), against(2)]] * 9, task(3, kind))
    labels = soft(model, made)
    check(labels, made)
    assert not labels.covered.any()


@every_model
def test_what_is_learned_of_each_function_does_not_depend_on_its_place(model):
    made, _ = with_one_against(task(3))
    order = [3, 5, 0, 4, 2, 1]
    names = tuple(made.lf_names[j] for j in order)
    moved = Votes(made.task, made.ticket_ids, names, made.values[:, order])
    before, after = fresh(model).fit(made), fresh(model).fit(moved)
    assert tuple(after.weights()) == names
    learned = before.weights()
    assert [after.weights()[name] for name in names] == pytest.approx([learned[n] for n in names], abs=1e-3)
    assert np.allclose(before.predict_proba(made).probs, after.predict_proba(moved).probs, atol=1e-3)


@pytest.mark.parametrize("model", [m for m in MODELS if m is not MajorityVote])
def test_a_model_refuses_votes_of_other_functions_than_it_was_fitted_on(model):
    made, _ = noisy(task(2))
    with pytest.raises(LabelingError, match="was fitted on nothing, asked about votes of f0"):
        model().predict_proba(made)
    fewer = Votes(made.task, made.ticket_ids, made.lf_names[:3], made.values[:, :3])
    with pytest.raises(LabelingError, match="fitted on f0, f1, f2, f3, f4, asked about votes of f0, f1, f2;"):
        fresh(model).fit(made).predict_proba(fewer)


@pytest.mark.parametrize("model", [m for m in MODELS if m is not AgreementModel])
def test_a_model_that_adds_no_log_odds_up_says_which_does_and_has_no_state(model):
    made, _ = noisy(task(2))
    fitted = fresh(model).fit(made)
    assert fitted.state() == {}
    with pytest.raises(LabelingError, match=f'{model.__name__} does not add.*name = "agreement"'):
        fitted.explain(made, "t0")


# What one model can and another cannot


@pytest.mark.parametrize("kind", KINDS)
def test_snorkels_model_refuses_fewer_than_three_voting_functions(kind):
    two = votes([[0, 1, -1], [1, 1, -1]], task(2, kind))
    with pytest.raises(
        LabelingError, match=r"needs 3 labeling functions that vote on task 't', got 2; write more"
    ):
        SnorkelLabelModel().fit(two)
    check(soft(MajorityVote, two), two)


def test_snorkels_model_weighs_nothing_before_it_is_fitted():
    assert SnorkelLabelModel().weights() == {}


def test_snorkels_model_gives_a_bad_function_less_weight():
    made, true = noisy(task(2), n=400)
    values = np.concatenate([made.values, np.where(np.arange(400) % 2, true, 1 - true)[:, None]], axis=1)
    weights = SnorkelLabelModel(epochs=100).fit(votes(values, made.task)).weights()
    assert weights["f5"] < min(weights[f"f{j}"] for j in range(5))


def test_majority_vote_of_the_toy_matrix_by_hand():
    probs = MajorityVote().fit(TOY).predict_proba(TOY).probs
    assert probs.tolist() == np.float32([[2 / 3, 1 / 3], [0, 1], [1, 0], [0.5, 0.5], [1 / 3, 2 / 3]]).tolist()
    topics = votes([[0, 0], [0, 1], [-1, 1]], task(3, "multi"))
    expected = [[0.96, 0.05, 0.05], [0.8, 0.8, 0.05], [0.05, 0.8, 0.05]]
    assert np.allclose(soft(MajorityVote, topics).probs, expected)


def test_the_settings_name_the_model():
    kinds = {"agreement": AgreementModel, "majority": MajorityVote, "dawid_skene": DawidSkeneModel}
    assert type(label_model(LabelModelSettings())) is AgreementModel
    for name, kind in (kinds | {"snorkel": SnorkelLabelModel}).items():
        assert type(label_model(LabelModelSettings(name=name))) is kind
