"""Soft labels that have heard a second witness: what a model of the texts says out of sample."""

from dataclasses import replace

import numpy as np

from data.schema import against
from labeling.votes import Array, SoftLabels, Votes


def refined(soft: SoftLabels, predicted: Array, votes: Votes) -> SoftLabels:
    """The mean of soft labels and of out-of-sample predictions of them, where that disputes no agreement.

    `predicted` float [n_tickets, n_labels] comes from texts, not votes (`model.probe.cross_val_proba`):
    it cannot repeat what functions have got wrong together, and so takes the soft labels' excess of
    confidence from them. `soft` and `votes` stand on the same tickets in the same order. An answer that
    all votes on a ticket agree on stays as it was, and so does a ticket that is not covered or that
    nothing is predicted for.
    """
    mixed = (soft.probs + np.asarray(predicted, np.float32)) / 2
    spoken = soft.covered & (predicted.any(axis=1) if not soft.task.multi else True)
    agreed = _undisputed(votes)
    if soft.task.multi:
        kept = agreed & ((mixed > 0.5) != (soft.probs > 0.5)) | ~spoken[:, None]
    else:
        changed = mixed.argmax(axis=1) != soft.probs.argmax(axis=1)
        kept = (agreed.any(axis=1) & changed | ~spoken)[:, None]
    return replace(soft, probs=np.where(kept, soft.probs, mixed))


def _undisputed(votes: Votes) -> Array:
    """bool [n_tickets, n_labels]: somebody votes for the label and nobody speaks against it."""
    labels = range(len(votes.task.labels))
    for_ = np.stack([(votes.values == label).any(axis=1) for label in labels], axis=1)
    against_ = np.stack([(votes.values == against(label)).any(axis=1) for label in labels], axis=1)
    if not votes.task.multi:
        against_ |= for_.sum(axis=1, keepdims=True) > for_
    return np.asarray(for_ & ~against_)
