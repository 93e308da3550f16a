"""SetFit learns a balanced sample of what is taught; where there is but one answer it needs no training."""

import numpy as np
import pytest

from app.setfit import setfit
from data.config import EncoderSettings
from data.schema import Task
from model.baselines import Taught

TONE = Task("tone", ("good", "bad", "odd"), ("pleased", "angry", "neither"))
ABOUT = Task("about", ("money", "bags"), ("money", "bags"), "multi")
TEXTS = ("i love it, thank you", "this is awful", "so happy, thanks", "i hate this", "great", "worst ever")
ASKED = ("thanks, love it", "i hate you, awful")


def taught(task, answers):
    holds = np.zeros((len(answers), len(task.labels)), bool)
    for row, answer in enumerate(answers):
        holds[row, list(answer)] = True
    return Taught(task, np.arange(len(answers)), holds, np.ones(len(answers), np.float32))


def test_few_tickets_of_each_label_are_learned():
    answers = [(0,), (1,)] * 3
    probs, n = setfit(taught(TONE, answers), TEXTS, ASKED, EncoderSettings(), per_label=2, steps=1)
    assert n == 4 and probs.shape == (2, 3) and probs.dtype == np.float32
    assert probs.argmax(axis=1).tolist() == [0, 1] and (probs[:, 2] == 0).all()
    assert np.allclose(probs.sum(axis=1), 1)


def test_a_label_of_a_multi_label_task_has_the_probability_of_all_sets_that_hold_it():
    answers = [(0, 1), (), (0, 1), (), (0,), ()]
    probs, n = setfit(taught(ABOUT, answers), TEXTS, ASKED, EncoderSettings(), steps=1)
    assert n == 6 and ((probs >= 0) & (probs <= 1)).all()
    assert (probs[:, 0] >= probs[:, 1]).all() and probs[0, 0] > probs[1, 0]


@pytest.mark.parametrize(("answers", "expected"), [([], [0, 0, 0]), ([(2,)] * 3, [0, 0, 1])])
def test_nothing_is_trained_to_tell_one_answer_apart(answers, expected):
    probs, n = setfit(taught(TONE, answers), TEXTS, ASKED, EncoderSettings(name="there is none"))
    assert probs.tolist() == [expected] * 2 and n == len(answers)
