"""Calibrated confidences and the thresholds above which a wanted share of answers is right."""

import numpy as np
import pytest

from data.schema import Schema, Task
from model.calibration import expected_calibration_error
from model.thresholds import at_temperature, calibrate, fitted_temperature, thresholds

MOOD = Task("mood", ("good", "bad", "mixed"), ("", "", ""))
TOPICS = Task("topics", ("card", "loan"), ("", ""), "multi")
RNG = np.random.default_rng(0)


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def overconfident(n=4000, sharpness=2.5):
    """Probabilities too sure of themselves, and answers as often right as they would be without."""
    logits = RNG.normal(0, 1.5, (n, 3))
    truth = np.array([RNG.choice(3, p=p) for p in softmax(logits)])
    return softmax(sharpness * logits), truth


def test_the_temperature_undoes_overconfidence():
    probs, truth = overconfident()
    assert fitted_temperature(MOOD, probs, np.eye(3)[truth]) == pytest.approx(2.5, rel=0.1)
    found = calibrate(Schema((MOOD,)), {"mood": probs}, {"mood": [(int(t),) for t in truth]})["mood"]
    calibrated = at_temperature(MOOD, probs, found["temperature"])
    correct = calibrated.argmax(1) == truth
    before, after = (expected_calibration_error(p.max(axis=1), correct) for p in (probs, calibrated))
    assert after < 0.03 < before
    assert (calibrated.argmax(1) == probs.argmax(1)).all()
    assert np.allclose(calibrated.sum(axis=1), 1)


def test_a_multi_label_task_has_a_temperature_too():
    logits = RNG.normal(0, 2, (4000, 2))
    truth = RNG.random((4000, 2)) < 1 / (1 + np.exp(-logits))
    probs = 1 / (1 + np.exp(-2 * logits))
    assert fitted_temperature(TOPICS, probs, truth) == pytest.approx(2, rel=0.1)
    assert ((at_temperature(TOPICS, probs, 2.0) > 0.5) == (probs > 0.5)).all()


def test_a_threshold_keeps_the_accuracy_it_promises_at_the_largest_coverage():
    probs, truth = overconfident(2000, 1.0)
    sure, correct = probs.max(axis=1), probs.argmax(1) == truth
    found = thresholds(sure, correct)
    assert [each["accuracy"] for each in found] == [0.8, 0.85, 0.9, 0.95]
    for each in found:
        above = sure >= each["confidence"]
        assert correct[above].mean() >= each["accuracy"] - 0.005
        assert above.mean() == pytest.approx(each["coverage"], abs=0.005)
    assert sorted((each["coverage"] for each in found), reverse=True) == [e["coverage"] for e in found]


def test_an_accuracy_that_is_not_reached_has_no_threshold():
    sure, correct = np.linspace(0.5, 0.9, 100), np.arange(100) % 2 == 0
    assert thresholds(sure, correct) == []
    assert thresholds(np.full(100, 0.9), np.arange(100) < 85) == [
        {"accuracy": 0.8, "confidence": 0.9, "coverage": 1.0},
        {"accuracy": 0.85, "confidence": 0.9, "coverage": 1.0},
    ]
    assert thresholds(np.array([0.9] * 10), np.ones(10, bool)) == [], "too few to tell"


def test_a_task_with_few_labeled_tickets_is_left_out():
    probs, truth = overconfident(60)
    answers = [(int(t),) for t in truth]
    schema = Schema((MOOD, TOPICS))
    both = {"mood": probs, "topics": np.full((60, 2), 0.5)}
    found = calibrate(schema, both, {"mood": answers, "topics": [None] * 60})
    assert list(found) == ["mood"] and found["mood"]["tickets"] == 60
    assert calibrate(schema, both, {"mood": [*answers[:49], *[None] * 11], "topics": [None] * 60}) == {}
