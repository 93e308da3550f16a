"""Uncovered tickets: themes come apart, and heaps too small or too odd to cluster do not fail."""

import pytest

from data.errors import LabelingError
from labeling.uncovered import MOST_TEXTS, uncovered_clusters

THEMES = {
    "luggage": "my suitcase vanished on the carousel {} lost luggage",
    "parking": "the garage barrier stays shut {} parking ticket",
    "recipe": "your soup tastes salty {} tomato noodles",
}
FILLERS = ("monday", "again", "near the station", "honestly", "in june", "with kids")


def themed(times=6):
    return {f"{name}{i}": text.format(FILLERS[i % 6]) for name, text in THEMES.items() for i in range(times)}


def test_themes_come_apart_with_their_words_and_examples_of_their_own():
    tickets = themed()
    del tickets["recipe5"]
    found = uncovered_clusters(list(tickets), list(tickets.values()), clusters=3)
    assert [c.size for c in found] == [6, 6, 5]
    assert [c.share for c in found] == [6 / 17, 6 / 17, 5 / 17]
    assert {"soup", "salty", "tomato"} <= set(found[2].words)
    assert not {"your", "my", "the"} & {word for c in found for word in c.words}
    for cluster in found:
        assert len(cluster.examples) == 3
        assert len({ticket_id[:-1] for ticket_id, _ in cluster.examples}) == 1
        assert all(tickets[ticket_id] == text for ticket_id, text in cluster.examples)


def test_neither_order_nor_a_second_run_changes_the_answer():
    ids, texts = zip(*themed().items())
    once = uncovered_clusters(ids, texts, clusters=4, seed=3)
    assert uncovered_clusters(ids[::-1], texts[::-1], clusters=4, seed=3) == once
    assert uncovered_clusters(ids, texts, clusters=4, seed=3) == once


def test_more_words_than_dimensions_come_apart_too():
    tickets = {f"{i}": f"{'refund money' if i % 2 else 'gate plane'} w{i}x w{i // 2}y" for i in range(80)}
    a, b = uncovered_clusters(list(tickets), list(tickets.values()), clusters=2)
    assert (a.size, b.size) == (40, 40)
    assert {a.words[:2], b.words[:2]} == {("gate", "plane"), ("money", "refund")}


def test_handles_links_and_numbers_are_no_words():
    (cluster,) = uncovered_clusters(["1"], ["@VoltMobile 12345 http https://t.co/x outage"])
    assert cluster.words == ("outage",)


def test_no_text_makes_no_cluster_and_one_makes_one():
    assert uncovered_clusters([], []) == []
    (cluster,) = uncovered_clusters(["7"], ["no signal"])
    assert (cluster.size, cluster.share, cluster.examples) == (1, 1.0, (("7", "no signal"),))


def test_two_texts_make_two_clusters_at_most():
    found = uncovered_clusters(["1", "2"], ["no signal", "late parcel"])
    assert sorted(c.words for c in found) == [("late", "parcel"), ("signal",)]
    assert [c.size for c in uncovered_clusters(["1", "2"], ["no signal", "late parcel"], clusters=1)] == [2]


def test_identical_texts_make_one_cluster_with_one_example():
    (cluster,) = uncovered_clusters([str(i) for i in range(30)], ["late parcel"] * 30)
    assert (cluster.size, cluster.words) == (30, ("late", "parcel"))
    assert [text for _, text in cluster.examples] == ["late parcel"]


def test_texts_without_words_stand_in_a_cluster_without_words():
    (cluster,) = uncovered_clusters(["1", "2", "3"], ["😀", "👍👍", ""])
    assert (cluster.size, cluster.words, len(cluster.examples)) == (3, (), 3)
    found = uncovered_clusters(["1", "2", "3"], ["😀", "late parcel", "👍"], clusters=1)
    assert [(c.size, c.words) for c in found] == [(2, ()), (1, ("late", "parcel"))]


def test_only_a_sample_of_a_large_heap_is_looked_at_and_it_does_not_depend_on_order():
    ids = [f"t{i}" for i in range(MOST_TEXTS + 500)]
    texts = ["late parcel" if i % 3 else "no signal" for i in range(len(ids))]
    found = uncovered_clusters(ids, texts)
    assert sum(c.size for c in found) == MOST_TEXTS
    assert sum(c.share for c in found) == pytest.approx(1)
    assert uncovered_clusters(ids[::-1], texts[::-1]) == found


def test_all_problems_of_a_call_are_named_together():
    with pytest.raises(LabelingError, match="got 1 for 2 texts; clusters must be 1 or more, got 0"):
        uncovered_clusters(["1"], ["a", "b"], clusters=0)
