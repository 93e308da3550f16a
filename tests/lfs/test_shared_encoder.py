"""One encoder for all labeling functions: what it remembers, what it keeps on disk."""

import numpy as np
import pytest
import torch

from data.config import EncoderSettings
from data.mappings import LabelMapping
from data.schema import Schema, Task
from data.tickets import Ticket
from labeling.apply import apply_lfs
from labeling.pattern import Pattern
from lfs.prototypes import prototype_lfs
from lfs.shared_encoder import MOST_REMEMBERED, SharedEncoder
from lfs.transfer import transfer_lfs
from tests.lfs.test_prototypes import EXAMPLES, SCHEMA, TEXTS, written

MORE = Schema((*SCHEMA.tasks, Task("mood", ("good", "bad"), ("pleased", "displeased"))))


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Batches this small are too small to share: where cores are busy, threads wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def loaded():
    """The real encoder, loaded once."""
    return SharedEncoder(EncoderSettings())._encoder


@pytest.fixture
def counted(loaded, monkeypatch):
    """Makes a shared encoder; the texts of each pass of the real encoder are written down."""
    passes = []
    encode = loaded.encode

    def counting(texts, **options):
        passes.append(list(texts))
        return encode(texts, **options)

    monkeypatch.setattr(loaded, "encode", counting)

    def make(cache=None):
        encoder = SharedEncoder(EncoderSettings(), cache)
        encoder._encoder = loaded
        return encoder, passes

    return make


def test_embeddings_are_of_unit_length_in_the_texts_order(counted):
    encoder, _ = counted()
    found = encoder.embed(["a long text about a bag that is lost", "b", "a"])
    assert found.dtype == np.float32 and found.shape == (3, 384)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-2)
    alone = np.concatenate([encoder.embed([text]) for text in ("a long text about a bag that is lost", "b")])
    np.testing.assert_allclose(found[:2], alone, atol=2e-2)


def test_a_batch_that_is_asked_again_is_not_encoded_again(counted):
    encoder, passes = counted()
    first = encoder.embed(["a", "b"])
    assert encoder.embed(("a", "b")) is first and len(passes) == 1
    encoder.embed(["b", "a"])
    assert len(passes) == 2


def test_so_many_batches_are_remembered_and_no_more(counted):
    encoder, passes = counted()
    batches = [[f"text {i}"] for i in range(MOST_REMEMBERED + 1)]
    for batch in [*batches, *batches[1:]]:
        encoder.embed(batch)
    assert len(passes) == len(batches)
    encoder.embed(batches[0])
    assert len(passes) == len(batches) + 1


def test_no_texts_have_no_embeddings(counted):
    encoder, passes = counted()
    assert encoder.embed([]).shape == (0, 384) and passes == []


def test_what_is_wanted_once_does_not_drive_out_a_batch(counted):
    encoder, passes = counted()
    encoder.embed(["a"])
    for i in range(MOST_REMEMBERED + 1):
        encoder.embed_once([f"example {i}"])
    encoder.embed(["a"])
    assert sum("a" in texts for texts in passes) == 1


def test_examples_are_encoded_once_for_all_runs_that_share_a_folder(counted, tmp_path):
    first, passes = counted(tmp_path / "cache")
    made = first.embed_once(["a", "b"])
    again, _ = counted(tmp_path / "cache")
    np.testing.assert_array_equal(again.embed_once(["a", "b"]), made)
    assert len(passes) == 1
    again.embed_once(["b", "a"])
    assert len(passes) == 2 and len(list((tmp_path / "cache").glob("*.npy"))) == 2


def test_examples_are_encoded_anew_for_other_settings_of_the_encoder(counted, tmp_path):
    counted(tmp_path)[0].embed_once(["a", "b"])
    shorter = SharedEncoder(EncoderSettings(max_length=32), tmp_path)
    shorter._encoder, passes = counted()[0]._encoder, counted()[1]
    shorter.embed_once(["a", "b"])
    assert len(passes) == 2 and len(list(tmp_path.iterdir())) == 2


def test_a_batch_is_encoded_once_however_many_tasks_and_models_ask(counted, tmp_path):
    """Three tasks, three views, three levels each, and models of a dataset: a pass a batch."""
    folder = tmp_path / "airline_sentiment"
    folder.mkdir()
    rows = [f"{label},,{label} tweet {i}\n" for i in range(6) for label in ("positive", "negative")]
    (folder / "train.csv").write_text("airline_sentiment,negativereason,text\n" + "".join(rows))
    examples = written(tmp_path / "e.jsonl", [row | {"mood": row["tone"]} for row in EXAMPLES], MORE)
    mappings = [
        LabelMapping("airline_sentiment", task, {"positive": "good", "negative": "bad"})
        for task in ("tone", "mood")
    ]
    encoder, passes = counted(tmp_path / "cache")
    lfs = prototype_lfs(MORE, [examples], encoder, [Pattern(("late",))], TEXTS)
    lfs += transfer_lfs(MORE, encoder, tmp_path, mappings, TEXTS)
    tickets = [Ticket(str(i), f"{text} again") for i, text in enumerate(TEXTS)]
    batches = [tickets[:5], tickets[5:8], tickets[8:]]
    made, faults = apply_lfs(lfs, batches)
    assert not faults.counts and {task: len(found.lf_names) for task, found in made.items()} == {
        "tone": 11, "topic": 9, "mood": 11,
    }  # fmt: skip
    wanted = [[ticket.text for ticket in batch] for batch in batches]
    wanted += [TEXTS, [row["text"] for row in EXAMPLES], [f"{row.split(',')[2].strip()}" for row in rows]]
    assert sorted(map(sorted, passes)) == sorted(map(sorted, wanted))
