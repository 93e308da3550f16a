"""The served classifier says what the trained one says, whatever it is asked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.cleaning import clean_text
from data.schema import Task
from model.export import export_classifier
from model.predict import load_classifier, predict_proba
from model.runtime import Classifier, prediction
from tests.model.conftest import SCHEMA, TEXTS

ODD = [
    "",
    " ",
    "x",
    "word " * 2_000,
    "a" * 10_000,
    "\ud800 lone \udfff surrogates",
    "\x00\x07 control",
    "🎉🎉 ünïcödé ﷽ 字",
    "<script>alert('x')</script> &amp;amp;",
    "@115858 won’t load https://t.co/a1B2",
]
MANY = [*ODD, *TEXTS, *(f"{text} {'and more ' * (i % 40)}" for i, text in enumerate(TEXTS))]


@pytest.fixture(scope="module")
def served(trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    export_classifier(trained, folder, {})
    return Classifier.load(folder, threads=1)


@pytest.fixture(scope="module")
def in_torch(trained):
    classifier, tokenizer = load_classifier(trained)
    return lambda texts: predict_proba(classifier, tokenizer, [clean_text(text) for text in texts])


def test_served_probabilities_are_those_of_the_trained_classifier(served, in_torch):
    """Torch computes in bfloat16 where the machine has it, with 8 bits of mantissa; hence 2e-2."""
    ours, theirs = served.predict_proba(MANY), in_torch(MANY)
    for task in SCHEMA:
        np.testing.assert_allclose(ours[task.name], theirs[task.name], atol=2e-2)
        clear = np.abs(np.diff(np.sort(theirs[task.name], axis=1)[:, -2:], axis=1)[:, 0]) > 4e-2
        if not task.multi:
            assert (ours[task.name].argmax(1) == theirs[task.name].argmax(1))[clear].all()


def test_probabilities_of_a_single_label_task_add_up_to_one(served, in_torch):
    for probs in (served.predict_proba(MANY), in_torch(MANY)):
        np.testing.assert_allclose(probs["tone"].sum(axis=1), 1, atol=1e-5)
        assert all(((p >= 0) & (p <= 1)).all() and p.dtype == np.float32 for p in probs.values())


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, len(MANY) - 1), min_size=1, max_size=80))
def test_a_texts_answer_depends_neither_on_its_place_nor_on_its_company(served, rows):
    whole, part = served.predict_proba(MANY), served.predict_proba([MANY[i] for i in rows])
    for task in SCHEMA:
        np.testing.assert_allclose(part[task.name], whole[task.name][rows], atol=1e-4)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200))
def test_every_text_has_an_answer(served, text):
    [found] = served.predict([text])
    assert found["tone"].label in ("pleased", "angry") and 0.5 <= found["tone"].confidence <= 1
    assert set(found["about"].label) <= {"money", "bags", "apps"} and 0.5 <= found["about"].confidence <= 1


@pytest.mark.parametrize("text", ODD)
def test_an_odd_text_has_an_answer_alone(served, text):
    assert list(served.predict([text])[0]) == ["tone", "about"]


def test_no_texts_have_no_answers(served, in_torch):
    assert served.predict([]) == []
    assert {name: probs.shape for name, probs in served.predict_proba([]).items()} == {
        "tone": (0, 2),
        "about": (0, 3),
    }
    assert in_torch([])["about"].shape == (0, 3)


def test_progress_is_told_on_both_sides(served, trained):
    seen = []
    served.predict_proba(["a"] * 70, seen.append)
    assert seen == [32, 64, 70]
    classifier, tokenizer = load_classifier(trained)
    predict_proba(classifier, tokenizer, ["a"] * 70, seen.append)
    assert seen[3:] == [64, 70]


def test_the_label_is_the_most_probable_and_its_probability_the_confidence():
    found = prediction(Task("t", ("a", "b"), ("", "")), np.array([0.25, 0.75], np.float32))
    assert (found.label, found.confidence, found.probs) == ("b", 0.75, {"a": 0.25, "b": 0.75})
    assert found.to_dict() == {"label": "b", "confidence": 0.75}


@pytest.mark.parametrize(
    ("probs", "labels", "confidence"),
    [([0.5, 0.9], ["b"], 0.5), ([0.25, 0.125], [], 0.75), ([0.125, 0.75], ["b"], 0.75)],
)
def test_a_multi_label_answer_is_as_sure_as_its_least_certain_part(probs, labels, confidence):
    found = prediction(Task("t", ("a", "b"), ("", ""), "multi"), np.array(probs, np.float32))
    assert found.label == labels and found.confidence == pytest.approx(confidence)
