"""Exact and near duplicates."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from data.duplicates import PERMUTATIONS, duplicate_of, signatures

LONG = "my internet has been down since early this morning and nobody at the call centre picks up the phone"
OTHER = "where is the parcel that was promised for last tuesday your tracking page has not moved in a week"


def duplicates(*texts):
    return duplicate_of(signatures(texts)).tolist()


def test_the_later_of_two_equal_texts_is_the_duplicate():
    assert duplicates(LONG, OTHER, LONG, OTHER) == [-1, -1, 0, 1]


def test_case_handles_links_and_marks_do_not_tell_texts_apart():
    assert duplicates("@VoltMobile no signal!", "NO SIGNAL http", "@user no... signal") == [-1, 0, 0]


def test_a_near_copy_is_found_and_a_different_text_is_not():
    assert duplicates(LONG, LONG + " again", OTHER) == [-1, 0, -1]


def test_short_texts_are_compared_exactly_only():
    assert duplicates("no signal in my street", "no signal in my house", "no signal in my street") == [
        -1,
        -1,
        0,
    ]


def test_texts_of_marks_alone_are_told_apart_by_their_marks():
    assert duplicates("👍", "👎", "👍", "@user") == [-1, -1, 0, -1]


def test_a_chain_of_near_copies_points_to_its_beginning():
    base = np.arange(PERMUTATIONS, dtype=np.uint32)
    chain = [base.copy() for _ in range(4)]
    for i, row in enumerate(chain):
        # Each differs from the one before in four of 32 places, in one band.
        for band in range(i):
            row[band * 4 : band * 4 + 4] += 1000 * (band + 1)
    assert duplicate_of(np.array(chain)).tolist() == [-1, 0, 0, 0]


def test_two_rows_that_share_a_band_and_little_else_are_no_duplicates():
    rows = np.arange(2 * PERMUTATIONS, dtype=np.uint32).reshape(2, -1)
    rows[1, :4] = rows[0, :4]
    assert duplicate_of(rows).tolist() == [-1, -1]


def test_nothing_has_no_duplicates():
    assert signatures([]).shape == (0, PERMUTATIONS)
    assert duplicates() == []


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a b", "c d", LONG, OTHER, "", "👍 👍"]), max_size=12), st.randoms())
def test_order_decides_only_which_of_two_is_the_first(texts, random):
    shuffled = random.sample(texts, len(texts))
    groups = [_groups(texts), _groups(shuffled)]
    assert groups[0] == groups[1]


def _groups(texts):
    first = duplicates(*texts)
    assert all(at < row and first[at] == -1 for row, at in enumerate(first) if at >= 0)
    roots = [row if at < 0 else at for row, at in enumerate(first)]
    return sorted(
        sorted(texts[row] for row in range(len(texts)) if roots[row] == root) for root in set(roots)
    )


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=())), max_size=5))
def test_any_text_has_a_signature(texts):
    assert signatures(texts).shape == (len(texts), PERMUTATIONS)
