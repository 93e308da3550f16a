"""Figures of baselines and of an ablation, made of known probabilities."""

from typing import Any

import numpy as np

from model.repeats import compare_repeats
from tests.app.evaluations import SCHEMA

TICKETS = 80


def compared(right: dict[str, int]) -> dict[str, Any]:
    """Each is right on so many of 80 tickets of one task; the first is what differences are from."""
    sure, wrong = [0.9, 0.1], [0.1, 0.9]
    probs = {name: [{"tone": np.array([sure] * n + [wrong] * (TICKETS - n))}] for name, n in right.items()}
    return compare_repeats(SCHEMA, probs, {"tone": [(0,)] * TICKETS}, samples=200)


def found(right: dict[str, int], **more: Any) -> dict[str, Any]:
    """What pages are made of."""
    about = {"project": "p", "run": "main", "round": 1, "tickets": TICKETS}
    return about | compared(right) | more
