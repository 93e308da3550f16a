"""Models that vote at levels of confidence, and what holds for any of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schema import ABSTAIN, Task
from data.tickets import Ticket
from labeling.apply import apply_lfs
from lfs.confidence import Graded, level_lfs

TONE = Task("tone", ("good", "bad"), ("pleased", "displeased"))
THIRDS = {"sure": (0.0, 1 / 3), "likely": (1 / 3, 2 / 3), "guess": (2 / 3, 1.0)}
SURENESS = st.lists(st.integers(0, 100).map(lambda percent: percent / 100), min_size=1, max_size=40)


class Rule:
    """A model whose texts say how sure it is of them: "0.75 good"; "0.0" has no answer."""

    def __init__(self):
        self.asked = []

    def answers(self, texts):
        self.asked.append(list(texts))
        sure = np.array([float(text.split()[0]) if text.strip() else 1.0 for text in texts])
        labels = ["bad" if text.endswith("bad") else "good" for text in texts]
        return [label if value else None for label, value in zip(labels, sure)], sure


def texts_of(sureness, label="good"):
    return [f"{value} {label}" for value in sureness]


def votes(sample, texts, levels=THIRDS):
    """Votes [texts, levels]."""
    lfs = level_lfs("rule", TONE, Rule(), sample, levels, {})
    return np.stack([lf.vote_many(texts) for lf in lfs], axis=1)


@given(SURENESS, SURENESS)
def test_levels_are_disjoint(sample, sureness):
    assert ((votes(texts_of(sample), texts_of(sureness)) != ABSTAIN).sum(axis=1) <= 1).all()


@given(SURENESS)
def test_levels_of_the_whole_sample_cover_all_of_it_that_the_model_answers(sureness):
    voted = (votes(texts_of(sureness), texts_of(sureness)) != ABSTAIN).any(axis=1)
    np.testing.assert_array_equal(voted, np.array(sureness) > 0)


@given(SURENESS, SURENESS)
def test_surer_texts_have_surer_levels(sample, sureness):
    """Of two texts the less sure one is at no higher level; below all of the sample none votes."""
    sureness = sorted(sureness, reverse=True)
    voted = votes(texts_of(sample), texts_of(sureness)) != ABSTAIN
    levels = np.where(voted.any(axis=1), voted.argmax(axis=1), len(THIRDS))
    assert (np.diff(levels) >= 0).all()
    assert all(
        voted.any(axis=1)[i] == (value > 0 and value >= min(sample)) for i, value in enumerate(sureness)
    )


def test_a_level_takes_its_share_of_the_sample():
    sample = texts_of(i / 30 for i in range(1, 31))
    voted = votes(sample, sample) != ABSTAIN
    assert voted.sum(axis=0).tolist() == [10, 10, 10]
    few = votes(sample, sample, {"sure": (0.0, 0.1), "likely": (0.1, 0.3)}) != ABSTAIN
    assert few.sum(axis=0).tolist() == [3, 6]
    assert few[-3:, 0].all() and few[-9:-3, 1].all()


@given(SURENESS, SURENESS, st.randoms())
def test_thresholds_come_without_labels(sample, sureness, random):
    """Whatever the model answers to the sample, and in whatever order, where it votes stays the same."""
    voted = votes(texts_of(sample), texts_of(sureness)) != ABSTAIN
    shuffled = texts_of(random.sample(sample, len(sample)), "bad")
    np.testing.assert_array_equal(votes(shuffled, texts_of(sureness)) != ABSTAIN, voted)


@given(SURENESS)
def test_without_a_sample_every_level_abstains(sureness):
    assert (votes([], texts_of(sureness)) == ABSTAIN).all()


def test_votes_are_the_models_answers():
    found = votes(texts_of([0.2, 0.5, 0.9]), ["0.95 bad", "0.9 good", "0.5 bad", "0.1 good"])
    assert found.tolist() == [[1, -1, -1], [0, -1, -1], [-1, 1, -1], [-1, -1, -1]]


def test_a_text_of_blanks_gets_no_vote_however_sure_the_model_is():
    assert (votes(texts_of([0.5]), ["", " \n"]) == ABSTAIN).all()


def test_no_texts_get_no_votes_and_the_model_is_not_asked():
    model = Rule()
    for lf in level_lfs("rule", TONE, model, texts_of([0.5]), THIRDS, {}):
        assert lf.vote_many([]).tolist() == []
    assert model.asked == []


def test_a_model_is_asked_once_a_batch_and_once_about_the_sample_whatever_the_levels():
    model, sample = Rule(), texts_of([0.1, 0.5, 0.9])
    tickets = [Ticket(str(i), f"{i / 10} good") for i in range(1, 8)]
    found, faults = apply_lfs(level_lfs("rule", TONE, model, sample, THIRDS, {}), [tickets[:4], tickets[4:]])
    assert not faults.counts and found["tone"].lf_names == ("rule_sure", "rule_likely", "rule_guess")
    assert sorted(map(len, model.asked)) == [3, 3, 4]


def test_making_the_functions_asks_the_model_nothing():
    model = Rule()
    lfs = level_lfs("rule", TONE, model, texts_of([0.5]), THIRDS, {"model": "rule"})
    assert all(lf.fingerprint() and lf.bound_task() is TONE and not lf.shared for lf in lfs)
    assert model.asked == []


def test_fingerprints_change_with_name_level_and_resources():
    def prints(name="rule", levels=THIRDS, **resources):
        return [lf.fingerprint() for lf in level_lfs(name, TONE, Rule(), ["0.5"], levels, resources)]

    made = [
        prints(),
        prints("ruler"),
        prints(sample="other"),
        prints(levels={name: (above, below / 2) for name, (above, below) in THIRDS.items()}),
    ]
    assert len({each for of_one in made for each in of_one}) == 12
    assert prints() == made[0]


@pytest.mark.parametrize(("share", "reached"), [(0.0, np.inf), (0.5, 0.4), (1.0, 0.2)])
def test_how_sure_a_share_is_is_read_off_the_sample(share, reached):
    assert Graded(Rule(), texts_of([0.2, 0.4, 0.8])).reached(share) == pytest.approx(reached)


def test_a_share_of_which_the_model_is_not_sure_at_all_is_reached_by_no_doubt():
    assert Graded(Rule(), texts_of([0.0, 0.0])).reached(1.0) > 0
