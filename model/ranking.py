"""How well probabilities rank the tickets of one label above the rest."""

from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

Array = np.ndarray[Any, Any]
# Recalls at which a precision–recall curve is told.
RECALLS = tuple(np.linspace(0, 1, 21).round(2).tolist())


def ranking(truth: Array, probs: Array) -> dict[str, Any]:
    """Figures of one label from `truth` (0 or 1) [n] and its probabilities [n], in [0, 1], high is better.

    `precision_at[i]` is the best precision that can be had with recall `RECALLS[i]` or more. None for
    ROC-AUC where no ticket or every ticket has the label, for the others where no ticket has it.
    """
    holds = truth.sum()
    return {
        "roc_auc": float(roc_auc_score(truth, probs)) if 0 < holds < len(truth) else None,
        "average_precision": float(average_precision_score(truth, probs)) if holds else None,
        "precision_at": _precision_at(truth, probs) if holds else None,
    }


def _precision_at(truth: Array, probs: Array) -> list[float]:
    precision, recall, _ = precision_recall_curve(truth, probs)
    # Recall falls along the curve: up to a position all recalls are at least that position's.
    best = np.maximum.accumulate(precision)
    at = len(recall) - 1 - np.searchsorted(recall[::-1], np.array(RECALLS) - 1e-9)
    return [float(value) for value in best[at]]
