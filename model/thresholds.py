"""Confidences that mean what they say, and how sure an answer has to be for a wanted accuracy."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]
from scipy.special import expit, log_softmax, logit  # type: ignore[import-untyped]

from data.labels import Answer, indicator
from data.schema import Schema, Task
from model.answers import confidence, right

Array = np.ndarray[Any, Any]
WANTED = (0.8, 0.85, 0.9, 0.95)
# With fewer labeled tickets a temperature is noise; with fewer above a threshold its accuracy is.
FEWEST_TICKETS, FEWEST_ABOVE = 50, 20
LEAST, MOST = 0.25, 4.0


def calibrate(
    schema: Schema, probs: Mapping[str, Array], answers: Mapping[str, Sequence[Answer | None]]
) -> dict[str, Any]:
    """Task → temperature, thresholds, and how many labeled tickets both were fitted on.

    `probs[task]` float [n, n_labels] and `answers[task]` (None where missing) are in the same order, on
    tickets that were not trained on. A temperature divides logits, so that confidences are neither too
    high nor too low (Guo et al., 2017). A threshold is the lowest calibrated confidence above which at least
    a wanted share of answers is right; `coverage` is the share of tickets above it. A task with fewer than
    50 labeled tickets is left out, as is an accuracy that fewer than 20 tickets reach.
    """
    found = {}
    for task in schema:
        known = [row for row, answer in enumerate(answers[task.name]) if answer is not None]
        if len(known) < FEWEST_TICKETS:
            continue
        truth = indicator(task, [answers[task.name][row] for row in known])
        temperature = fitted_temperature(task, probs[task.name][known], truth)
        calibrated = at_temperature(task, probs[task.name][known], temperature)
        found[task.name] = {
            "tickets": len(known),
            "temperature": round(temperature, 4),
            "thresholds": thresholds(confidence(task, calibrated), right(task, calibrated, truth)),
        }
    return found


def fitted_temperature(task: Task, probs: Array, truth: Array) -> float:
    """The temperature in [0.25, 4] under which `truth` [n, n_labels] of 0 and 1 is most probable."""

    def loss(log_temperature: float) -> float:
        return -float(_log_likelihood(task, probs, truth, np.exp(log_temperature)))

    return float(np.exp(minimize_scalar(loss, bounds=np.log([LEAST, MOST]), method="bounded").x))


def _log_likelihood(task: Task, probs: Array, truth: Array, temperature: float) -> float:
    scores = _scores(task, probs) / temperature
    if task.multi:
        return float((truth * scores - np.logaddexp(0, scores)).sum())
    return float((truth * log_softmax(scores, axis=1)).sum())


def at_temperature(task: Task, probs: Array, temperature: float) -> Array:
    """Probabilities [n, n_labels], as if their logits were divided by the temperature."""
    scores = _scores(task, probs) / temperature
    return np.asarray(expit(scores) if task.multi else np.exp(log_softmax(scores, axis=1)))


def _scores(task: Task, probs: Array) -> Array:
    """The logits of probabilities; on a single-label task up to a constant for each ticket."""
    probs = np.clip(np.asarray(probs, np.float64), 1e-9, 1 - 1e-9)
    return np.asarray(logit(probs) if task.multi else np.log(probs))


def thresholds(sure: Array, correct: Array) -> list[dict[str, float]]:
    """For each wanted accuracy that is reached: the lowest confidence, and the coverage above it.

    `sure` [n] are confidences in [0, 1], `correct` [n] is whether the answers are right.
    """
    order = np.argsort(-sure, kind="stable")
    stated = sure[order]
    accuracy = np.cumsum(correct[order]) / np.arange(1, len(sure) + 1)
    # Equally sure answers stand on one side together.
    last = np.append(stated[1:] != stated[:-1], True)
    found = []
    for wanted in WANTED:
        enough = np.flatnonzero(last & (accuracy >= wanted) & (np.arange(1, len(sure) + 1) >= FEWEST_ABOVE))
        if len(enough):
            above = int(enough[-1])
            found.append(
                {
                    "accuracy": wanted,
                    "confidence": round(float(np.floor(stated[above] * 1e4) / 1e4), 4),
                    "coverage": round((above + 1) / len(sure), 4),
                }
            )
    return found
