"""Splits by a stable hash of the conversation."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.splits import SPLITS, hash64, split_of

SHARES = {"train": 0.8, "validation": 0.1, "test": 0.1}


def test_shares_are_kept_over_many_conversations():
    counts = Counter(split_of(str(i), SHARES) for i in range(20_000))
    for split, share in SHARES.items():
        assert counts[split] / 20_000 == pytest.approx(share, abs=0.01)


@given(st.text(), st.floats(0, 1), st.floats(0, 1))
def test_every_conversation_falls_into_one_split_and_always_the_same(conversation, a, b):
    train, rest = a, 1 - a
    shares = {"train": train, "validation": rest * b, "test": rest * (1 - b)}
    assert split_of(conversation, shares) == split_of(conversation, dict(shares))
    assert split_of(conversation, shares) in SPLITS


@given(st.text())
def test_a_share_of_nothing_gets_nothing(conversation):
    assert split_of(conversation, {"train": 1.0, "validation": 0.0, "test": 0.0}) == "train"
    assert split_of(conversation, {"train": 0.0, "validation": 1.0, "test": 0.0}) == "validation"


@given(st.text(), st.floats(0.1, 0.8))
def test_a_larger_share_of_training_takes_nothing_out_of_training(conversation, share):
    before = split_of(conversation, {"train": share, "validation": 0.0, "test": 1 - share})
    after = split_of(conversation, {"train": share + 0.1, "validation": 0.0, "test": 0.9 - share})
    assert not (before == "train" and after != "train")


def test_hashes_are_the_same_on_every_machine():
    assert hash64("4711") == 5793230443275202818
    hash64("a lone \ud800 half")
