"""Training sets: soft labels, reviewed labels and missing ones side by side."""

import numpy as np
import torch

from model.dataset import PaddingCollator, TokenizedSet, training_set
from model.train import AutoTokenizer, encoder_path
from tests.model.conftest import ENCODER, SCHEMA, corpus

SOFT = {
    "tone": (np.array([[0.9, 0.1], [0.4, 0.6], [0.5, 0.5]]), np.array([True, True, False])),
    "about": (np.array([[0.2, 0.7, 0.1]] * 3), np.array([False, True, False])),
}


def joined(soft=SOFT, reviewed=None, weight=4.0):
    return training_set(SCHEMA, ["a", "b", "c"], ["A", "B", "C"], soft, reviewed or {}, weight)


def test_soft_labels_of_all_tasks_stand_side_by_side_in_the_schemas_order():
    found = joined()
    np.testing.assert_allclose(found.targets[0], [0.9, 0.1, 0.2, 0.7, 0.1], rtol=1e-6)
    assert found.weights.tolist() == [[1, 0], [1, 1], [0, 0]]
    assert (found.targets.dtype, found.weights.dtype) == (np.float32, np.float32)


def test_a_reviewed_label_replaces_the_soft_one_and_weighs_more():
    found = joined(reviewed={"tone": {"a": (1,), "c": (0,)}}, weight=2.5)
    assert found.targets[:, :2].tolist()[0] == [0, 1]
    assert found.targets[:, :2].tolist()[2] == [1, 0]
    assert found.weights.tolist() == [[2.5, 0], [1, 1], [2.5, 0]]


def test_a_reviewed_answer_of_several_labels_or_none_is_kept_as_it_is():
    found = joined(reviewed={"about": {"a": (0, 2), "b": ()}})
    assert found.targets[0, 2:].tolist() == [1, 0, 1]
    assert found.targets[1, 2:].tolist() == [0, 0, 0]
    assert found.weights[:, 1].tolist() == [4, 4, 0]


def test_reviews_of_tickets_outside_the_pool_are_left_out():
    assert joined(reviewed={"tone": {"zzz": (1,)}}).weights.tolist() == joined().weights.tolist()


def test_soft_labels_are_not_changed_by_reviews():
    before = SOFT["tone"][0].copy()
    joined(reviewed={"tone": {"a": (1,)}})
    np.testing.assert_array_equal(SOFT["tone"][0], before)


def test_a_task_without_soft_labels_is_unknown_on_every_ticket():
    found = joined(soft={"tone": SOFT["tone"]})
    assert found.weights[:, 1].tolist() == [0, 0, 0]
    assert found.targets.shape == (3, 5)


def test_known_keeps_the_tickets_of_which_something_is_known():
    known = joined().known()
    assert (known.ticket_ids, known.texts) == (("a", "b"), ("A", "B"))


def test_rows_are_taken_in_the_order_asked():
    taken = joined().take(np.array([2, 0]))
    assert taken.ticket_ids == ("c", "a")
    np.testing.assert_array_equal(taken.targets, joined().targets[[2, 0]])


def test_one_tasks_part_is_found_by_its_name():
    targets, weights = joined().of_task("about")
    np.testing.assert_allclose(targets[0], [0.2, 0.7, 0.1], rtol=1e-6)
    assert weights.tolist() == [0, 1, 0]


def test_a_batch_is_padded_to_its_longest_text_and_masked():
    items = corpus(6)
    tokenized = TokenizedSet(items, AutoTokenizer.from_pretrained(encoder_path(ENCODER.name)), 32)
    rows = [tokenized[i] for i in range(len(tokenized))]
    batch = PaddingCollator(pad_id=7)(rows)
    lengths = [len(row["input_ids"]) for row in rows]
    assert batch["input_ids"].shape == batch["attention_mask"].shape == (6, max(lengths))
    assert batch["attention_mask"].sum(1).tolist() == lengths
    for row, length in enumerate(lengths):
        assert batch["input_ids"][row, :length].tolist() == rows[row]["input_ids"]
        assert set(batch["input_ids"][row, length:].tolist()) <= {7}
    assert batch["targets"].shape == (6, 5) and batch["weights"].shape == (6, 2)
    assert batch["input_ids"].dtype == batch["attention_mask"].dtype == torch.int64


def test_texts_are_cut_at_the_encoders_length():
    tokenizer = AutoTokenizer.from_pretrained(encoder_path(ENCODER.name))
    tokenized = TokenizedSet(corpus(2), tokenizer, 5)
    assert [len(tokenized[i]["input_ids"]) for i in range(2)] == [5, 5]
