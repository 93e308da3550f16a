"""Soft labels of all tasks, refined by texts and by each other."""

import numpy as np

from app.soft_labels import refined_by_texts
from data.schema import Task
from labeling.votes import SoftLabels, Votes

TONE = Task("tone", ("good", "bad"), ("",) * 2)
TOPIC = Task("topic", ("money", "parcel"), ("",) * 2)
N = 200


def tickets():
    """Texts of two kinds, their embeddings, and which kind each is of."""
    rng = np.random.default_rng(0)
    kind = rng.integers(2, size=N)
    texts = [("my card was charged" if k else "where is the parcel") + f" {i}" for i, k in enumerate(kind)]
    embeddings = rng.normal(size=(N, 8)).astype(np.float32)
    embeddings[:, 0] += 4 * kind
    return texts, embeddings, kind


def soft_labels(task, sure_of, rows_in_doubt=()):
    """Soft labels that say `sure_of` [n], but nothing for some rows; two functions that contradict there."""
    probs = np.full((N, 2), 0.1, np.float32)
    probs[np.arange(N), sure_of] = 0.9
    values = np.repeat(sure_of[:, None], 2, axis=1).astype(np.int8)
    rows = list(rows_in_doubt)
    probs[rows] = 0.45, 0.55
    values[rows] = 0, 1
    ids = tuple(f"t{row}" for row in range(N))
    return SoftLabels(task, ids, probs, np.ones(N, bool)), Votes(task, ids, ("a", "b"), values)


def test_texts_decide_where_votes_contradict_each_other():
    texts, embeddings, kind = tickets()
    soft, votes = soft_labels(TONE, kind, range(20))
    found = refined_by_texts({"tone": soft}, {"tone": votes}, texts, embeddings, np.arange(N), {})
    assert (soft.probs[:20].argmax(axis=1) == 1).all()
    assert (found["tone"].probs[:20].argmax(axis=1) == kind[:20]).all()
    assert (found["tone"].probs.argmax(axis=1) == kind).all()


def test_the_answers_to_another_task_decide_where_texts_say_nothing():
    _, _, kind = tickets()
    tone, tone_votes = soft_labels(TONE, kind, range(20))
    topic, topic_votes = soft_labels(TOPIC, 1 - kind)
    blank = np.zeros((N, 4), np.float32)
    found = refined_by_texts(
        {"tone": tone, "topic": topic},
        {"tone": tone_votes, "topic": topic_votes},
        ["hello there"] * N,
        blank,
        np.arange(N),
        {},
    )
    assert (found["tone"].probs[:20].argmax(axis=1) == kind[:20]).all()


def test_what_people_say_is_learned():
    texts, embeddings, kind = tickets()
    soft, votes = soft_labels(TONE, np.ones(N, int), range(N))
    people = {"tone": {f"t{row}": (int(kind[row]),) for row in range(100)}}
    without, with_people = (
        refined_by_texts({"tone": soft}, {"tone": votes}, texts, embeddings, np.arange(N), answers)
        for answers in ({}, people)
    )
    unseen = np.arange(100, N)
    assert (without["tone"].probs[unseen].argmax(axis=1) == 1).all()
    assert (with_people["tone"].probs[unseen].argmax(axis=1) == kind[unseen]).all()


def test_tickets_that_are_all_alike_are_left_as_they_are():
    texts, embeddings, kind = tickets()
    soft, votes = soft_labels(TONE, kind)
    found = refined_by_texts({"tone": soft}, {"tone": votes}, texts, embeddings, np.zeros(N, int), {})
    np.testing.assert_array_equal(found["tone"].probs, soft.probs)
