"""Tickets unlike all others, and tickets that nearly repeat others, by their embeddings (Datalab)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from data.errors import LabelingError
from labeling import cleanlab_scores
from labeling.votes import Array

NEIGHBOURS = 10
# Rows compared with all others at once, and the strips that columns are first reduced to.
BLOCK, STRIP = 512, 32


@dataclass(frozen=True)
class Oddity:
    """What the embeddings say of one ticket.

    Scores lie in [0, 1], low is worse: far from its neighbours, or almost on its nearest one.
    `near_duplicates` are the tickets that nearly repeat it, smaller ids first, never itself.
    """

    ticket_id: str
    outlier_score: float
    is_outlier: bool
    near_duplicate_score: float
    near_duplicates: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"near_duplicates": list(self.near_duplicates)}


def oddities(ticket_ids: Sequence[str], embeddings: Array) -> list[Oddity]:
    """One for each ticket, in their order; `embeddings` float [n_tickets, dim] are compared by their angle.

    Follows cleanlab's Datalab (issue types "outlier": mean distance to ten neighbours against the
    median's; "near_duplicate": nearer than 0.13 of the median distance to a neighbour). The neighbours
    are exact. Fewer than three tickets are neither. Raises LabelingError where numbers of rows differ or
    embeddings hold NaN.
    """
    embeddings = np.asarray(embeddings, np.float32)
    if len(embeddings) != len(ticket_ids):
        raise LabelingError(f"{len(embeddings)} embeddings for {len(ticket_ids)} tickets; give one for each")
    if not np.isfinite(embeddings).all():
        raise LabelingError("embeddings hold NaN or infinity; embed these tickets again")
    if len(ticket_ids) < 3:
        return [Oddity(ticket_id, 1.0, False, 1.0, ()) for ticket_id in ticket_ids]
    neighbours, distances = nearest(embeddings, min(NEIGHBOURS, len(ticket_ids) - 1))
    outlier, far, twin, _, sets = cleanlab_scores.strays_and_twins(neighbours, distances)
    return [
        Oddity(
            ticket_id,
            float(outlier[row]),
            bool(far[row]),
            float(twin[row]),
            tuple(sorted(ticket_ids[at] for at in sets[row] if at != row)),
        )
        for row, ticket_id in enumerate(ticket_ids)
    ]


def nearest(embeddings: Array, k: int) -> tuple[Array, Array]:
    """The k nearest others of each row by cosine distance: rows int64 [n, k], distances float64 [n, k].

    Nearest first; of equally near ones the smaller row. Exact, in blocks: memory is that of a block
    times n.
    """
    length = np.linalg.norm(embeddings, axis=1, keepdims=True)
    unit = embeddings / np.where(length > 0, length, 1)
    n = len(unit)
    rows, distances = np.empty((n, k), np.int64), np.empty((n, k))
    padded = -(-n // STRIP) * STRIP
    likeness = np.full((min(BLOCK, n), padded), -2, np.float32)
    for start in range(0, n, BLOCK):
        block = likeness[: min(BLOCK, n - start)]
        np.matmul(unit[start : start + len(block)], unit.T, out=block[:, :n])
        block[np.arange(len(block)), start + np.arange(len(block))] = -2
        found = _highest(block, k)
        near = np.take_along_axis(block, found, axis=1)
        order = np.lexsort((found, -near))
        rows[start : start + len(block)] = np.take_along_axis(found, order, axis=1)
        distances[start : start + len(block)] = np.clip(1 - np.take_along_axis(near, order, axis=1), 0, None)
    return rows, distances


def _highest(block: Array, k: int) -> Array:
    """Columns int64 [b, k] of the k highest entries of each row, in any order.

    They stand in the k strips of columns whose highest entry is highest, so that one pass of maxima
    spares a search of the whole row.
    """
    width = block.shape[1] // STRIP
    if width <= k:
        return np.argpartition(-block, k - 1, axis=1)[:, :k]
    highest = block.reshape(len(block), STRIP, width).max(axis=1)
    strips = np.argpartition(-highest, k - 1, axis=1)[:, :k]
    columns = (strips[:, :, None] + width * np.arange(STRIP)).reshape(len(block), -1)
    among = np.argpartition(-np.take_along_axis(block, columns, axis=1), k - 1, axis=1)[:, :k]
    return np.asarray(np.take_along_axis(columns, among, axis=1))
