"""Exact and near duplicates: which ticket says the same as an earlier one."""

import zlib
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from datasketch import MinHash

from data.cleaning import comparable

PERMUTATIONS, BANDS = 32, 8
LEAST_WORDS = 6
NEAR = 0.8
# Rows compared at once: few enough that their signatures take a few megabytes.
CHUNK = 65_536
# Odd 64-bit numbers (the golden ratio's bits, rotated) that fold a band into one key.
_MIX = np.array([0x9E3779B97F4A7C15, 0x3C6EF372FE94F82B, 0xDAA66D2C7DDEF743, 0x78DDE6E5FD29F057], np.uint64)


def shingles(words: list[str]) -> list[bytes]:
    """Pairs of neighbouring words, and the words alone: what near duplicates share.

    >>> shingles(["no", "signal"])
    [b'no', b'signal', b'no signal']
    """
    pairs = [f"{a} {b}" for a, b in pairwise(words)]
    return [part.encode("utf-8", "replace") for part in words + pairs]


def signatures(texts: Iterable[str]) -> np.ndarray:
    """MinHash signatures uint32 [n, 32] of clean texts, by datasketch; follows Broder (1997).

    Texts of fewer than six words are compared exactly only: their signature stands for their whole
    word sequence.
    """
    words = (comparable(text).split() or [text] for text in texts)
    documents = (shingles(w) if len(w) >= LEAST_WORDS else [_whole(w)] for w in words)
    rows = [
        minhash.hashvalues
        for minhash in MinHash.generator(documents, num_perm=PERMUTATIONS, hashfunc=zlib.crc32)
    ]
    return np.array(rows, np.uint32).reshape(-1, PERMUTATIONS)


def _whole(words: list[str]) -> bytes:
    return b"\x00" + " ".join(words).encode("utf-8", "replace")


def duplicate_of(signature: np.ndarray, near: float = NEAR) -> np.ndarray:
    """For each row the first earlier row that it duplicates, or −1: int64 [n].

    Rows that agree on one of eight bands of their signature are compared; a duplicate is one whose
    estimated Jaccard similarity to the first of them is at least `near`. Memory is that of the
    signatures; the answer depends on the order of rows only in which of two is called the first.
    """
    first = np.full(len(signature), -1, np.int64)
    width = PERMUTATIONS // BANDS
    for band in range(BANDS):
        earliest = _first_of_group(signature[:, band * width : (band + 1) * width])
        rows = np.flatnonzero((earliest != np.arange(len(signature))) & (first < 0))
        for some in np.array_split(rows, 1 + len(rows) // CHUNK):
            same = (signature[some] == signature[earliest[some]]).mean(1) >= near
            first[some[same]] = earliest[some[same]]
    return _to_roots(first)


def _first_of_group(slice_: np.ndarray) -> np.ndarray:
    """Index of the first row with an equal slice, for each row."""
    keys = slice_.astype(np.uint64) @ _MIX[: slice_.shape[1]]
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return np.asarray(first[inverse])


def _to_roots(first: np.ndarray) -> np.ndarray:
    """Follows chains (c duplicates b, b duplicates a) to their beginning; rows only point backwards."""
    while True:
        rows = np.flatnonzero(first >= 0)
        further = first[first[rows]]
        moving = further >= 0
        if not moving.any():
            return first
        first[rows[moving]] = further[moving]
