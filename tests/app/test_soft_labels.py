"""Soft labels of all tasks, refined by texts and by each other."""

import json

import numpy as np
import pytest

from app.soft_labels import linear_predictions, refined_by, transformer_predictions
from data.config import EncoderSettings, TrainingSettings
from data.schema import Task
from labeling.votes import SoftLabels, Votes
from tests.app.test_workbench import TEXTS, TOML
from tests.app.test_workbench import TONE as TONE_LFS
from tests.app.test_workbench import TOPIC as TOPIC_LFS
from tests.e2e.projects import script

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
    predicted = linear_predictions({"tone": soft}, texts, embeddings, np.arange(N), {})
    found = refined_by(predicted, {"tone": soft}, {"tone": votes})
    assert (soft.probs[:20].argmax(axis=1) == 1).all()
    assert (found["tone"].probs[:20].argmax(axis=1) == kind[:20]).all()
    assert (found["tone"].probs.argmax(axis=1) == kind).all()


def test_the_answers_to_another_task_decide_where_texts_say_nothing():
    _, _, kind = tickets()
    tone, tone_votes = soft_labels(TONE, kind, range(20))
    topic, topic_votes = soft_labels(TOPIC, 1 - kind)
    blank = np.zeros((N, 4), np.float32)
    soft = {"tone": tone, "topic": topic}
    predicted = linear_predictions(soft, ["hello there"] * N, blank, np.arange(N), {})
    found = refined_by(predicted, soft, {"tone": tone_votes, "topic": topic_votes})
    assert (found["tone"].probs[:20].argmax(axis=1) == kind[:20]).all()


def test_what_people_say_is_learned():
    texts, embeddings, kind = tickets()
    soft, _ = soft_labels(TONE, np.ones(N, int), range(N))
    people = {"tone": {f"t{row}": (int(kind[row]),) for row in range(100)}}
    without, with_people = (
        linear_predictions({"tone": soft}, texts, embeddings, np.arange(N), answers)["tone"]
        for answers in ({}, people)
    )
    unseen = np.arange(100, N)
    assert (without[unseen].argmax(axis=1) == 1).all()
    assert (with_people[unseen].argmax(axis=1) == kind[unseen]).all()


def test_the_transformer_foretells_each_half_from_the_other():
    texts, _, kind = tickets()
    soft, votes = soft_labels(TONE, kind, range(20))
    told: list[int] = []
    training = TrainingSettings(batch_size=8)
    predicted = transformer_predictions(
        {"tone": soft}, texts, np.arange(N), {}, EncoderSettings(max_length=16), training, told.append
    )
    assert predicted["tone"].shape == (N, 2) and predicted["tone"].sum(axis=1) == pytest.approx(1)
    found = refined_by(predicted, {"tone": soft}, {"tone": votes})["tone"]
    assert (found.probs.argmax(axis=1) == kind).mean() > 0.98
    assert told == sorted(told) and told[-1] == 100


def test_a_project_may_refine_by_the_transformer_or_not_at_all(tmp_path):
    (tmp_path / "tweets.csv").write_text(
        "id,text\n" + "".join(f"{i},{text} {i}\n" for i, (_, text, *_) in enumerate(TEXTS * 5))
    )
    (tmp_path / "topic_lfs.py").write_text(TOPIC_LFS)
    (tmp_path / "tone_lfs.py").write_text(TONE_LFS)
    toml = TOML.replace("[lfs]", "[lfs]\nexamples = []")
    toml = "\n".join(line for line in toml.splitlines() if "gold" not in line and line != "[evaluate]")
    changed = {}
    for way in ("none", "transformer"):
        (tmp_path / "ticketloom.toml").write_text(f'{toml}\n[label_model]\nrefine = "{way}"\n')
        assert script("ticketloom", "data", "ingest", folder=tmp_path).returncode == 0
        done = script("ticketloom", "label", "fit", "--json", folder=tmp_path)
        assert done.returncode == 0, done.stderr
        changed[way] = json.loads(done.stdout)["changed_by_texts"]
        assert (tmp_path / "runs/main/embeddings").exists() == (way == "transformer")
    assert set(changed["none"].values()) == {0.0} and set(changed["transformer"]) == {"topic", "tone"}
