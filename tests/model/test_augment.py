"""More to learn from: auxiliary tasks and altered copies."""

import numpy as np
import pytest

from data.schema import Schema, Task
from model.augment import LabeledTexts, altered, padded, with_auxiliary, with_rare_copies
from model.dataset import training_set
from model.net import new_classifier
from tests.model.conftest import ENCODER, SCHEMA, corpus

MOODS = LabeledTexts("moods", ("so happy", "so sad", "meh"), ("joy", "grief", "none"))


def test_a_dataset_is_a_task_more_of_which_tickets_say_nothing_and_the_other_way_round():
    items = with_auxiliary(corpus(4), [MOODS], 0.5)
    assert items.schema.names == ("tone", "about", "moods (auxiliary)") and len(items) == 7
    assert items.texts[4:] == MOODS.texts and len(set(items.ticket_ids)) == 7
    assert items.weights.tolist() == [[1, 1, 0]] * 4 + [[0, 0, 0.5]] * 3
    targets, _ = items.of_task("moods (auxiliary)")
    labels = items.schema.task("moods (auxiliary)").labels
    assert [labels[row.argmax()] for row in targets[4:]] == list(MOODS.labels)
    assert np.array_equal(items.of_task("tone")[0][:4], corpus(4).of_task("tone")[0])


def test_a_dataset_with_one_label_is_left_out():
    assert with_auxiliary(corpus(4), [LabeledTexts("x", ("a", "b"), ("y", "y"))], 1.0).schema == SCHEMA


def test_rows_are_padded_to_a_schema_with_more_tasks():
    wide = with_auxiliary(corpus(4), [MOODS], 0.5).schema
    items = padded(corpus(2), wide)
    assert items.targets.shape == (2, 8) and items.weights.tolist() == [[1, 1, 0]] * 2


def test_heads_of_auxiliary_tasks_are_dropped(tmp_path):
    wide = with_auxiliary(corpus(4), [MOODS], 0.5).schema
    classifier = new_classifier(wide, ENCODER.name, 32)
    first = classifier.heads[0].weight.detach().clone()
    classifier.keep_tasks(SCHEMA)
    classifier.save_pretrained(tmp_path)
    again = type(classifier).from_pretrained(tmp_path)
    assert again.schema == SCHEMA and len(again.heads) == 2 and (again.heads[0].weight == first).all()


def rare(common, few):
    task = Schema((Task("t", ("a", "b"), ("a", "b")),))
    ids = [str(i) for i in range(common + few)]
    probs = np.array([[1.0, 0.0]] * common + [[0.0, 1.0]] * few)
    texts = [f"ticket number {i} says that all is well here" for i in ids]
    return training_set(task, ids, texts, {"t": (probs, np.ones(len(ids)))}, {}, 1.0)


@pytest.mark.parametrize(("few", "copies"), [(30, 0), (10, 10), (2, 6), (0, 0)])
def test_a_rare_label_gets_the_copies_it_lacks_at_most_three_a_ticket(few, copies):
    items = rare(100 - few, few)
    found = with_rare_copies(items, 0.2, 0)
    assert len(found) == 100 + copies
    assert (found.targets[100:, 1] == 1).all() and (found.weights[100:] == 1).all()
    assert with_rare_copies(items, 0.2, 0).texts == found.texts


def test_a_copy_speaks_of_the_task_with_the_rare_label_alone():
    items = corpus(48)
    items.targets[:, 0], items.targets[:, 1] = 1, 0
    items.targets[:3, 0], items.targets[:3, 1] = 0, 1
    found = with_rare_copies(items, 0.1, 0)
    assert (found.weights[48:] == [1, 0]).all() and len(found) > 48


def test_an_altered_text_has_words_of_the_text_alone():
    text = "one two three four five six seven eight nine ten"
    changed = [altered(text, np.random.default_rng(seed)) for seed in range(20)]
    assert any(each != text for each in changed)
    assert all(set(each.split()) <= set(text.split()) for each in changed)
    assert altered("word", np.random.default_rng(0)) == "word"
