"""What is gained by answering only the surest tickets and leaving the others to people."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
COVERAGES = tuple(np.linspace(0.05, 1, 20).round(2).tolist())


def risk_coverage(confidence: Array, right: Array) -> dict[str, Any]:
    """The share of wrong answers among the surest ones (El-Yaniv and Wiener, 2010).

    `confidence` float [n], `right` bool [n], n > 0. `risk[i]` is that share where `COVERAGES[i]` of the
    tickets are answered; at coverage 1 it is the error. `area` is its mean over all coverages, low is
    better: between `best_area`, where every right answer is surer than every wrong one, and `worst_area`.
    Of equally sure tickets the mean over their orders counts.
    """
    wrong = ~np.asarray(right, bool)
    risks = _risks(confidence, wrong)
    at = np.maximum(1, np.round(np.array(COVERAGES) * len(wrong)).astype(int)) - 1
    return {
        "risk": risks[at].tolist(),
        "area": float(risks.mean()),
        "best_area": float(_risks(~wrong, wrong).mean()),
        "worst_area": float(_risks(wrong, wrong).mean()),
    }


def _risks(confidence: Array, wrong: Array) -> Array:
    """float64 [n]: the share of wrong ones among the surest 1, 2, … n."""
    _, group, sizes = np.unique(-confidence.astype(np.float64), return_inverse=True, return_counts=True)
    expected = np.repeat(np.bincount(group, weights=wrong) / sizes, sizes)
    # Rounding errors of a sum must not take a share out of [0, 1].
    return np.asarray(np.clip(np.cumsum(expected) / np.arange(1, len(wrong) + 1), 0, 1))
