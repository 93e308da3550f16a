"""Train, validation and test by a stable hash of the conversation."""

import hashlib
from collections.abc import Mapping

SPLITS = ("train", "validation", "test")


def hash64(text: str) -> int:
    """A stable 64-bit hash of a text, the same on every machine and in every run."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def split_of(conversation_id: str, shares: Mapping[str, float]) -> str:
    """The split that a conversation falls into; no thread straddles two, a rerun gives the same.

    `shares` maps split to its share, in order, adding up to 1.

    >>> split_of("4711", {"train": 0.8, "validation": 0.1, "test": 0.1})
    'train'
    """
    position, reached = hash64("split:" + conversation_id) / 2**64, 0.0
    for split, share in shares.items():
        reached += share
        if position < reached:
            return split
    return list(shares)[-1]
