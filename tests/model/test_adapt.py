"""Adaptation: the encoder learns to guess the words of the pool."""

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from transformers import AutoModel, AutoTokenizer, DataCollatorForLanguageModeling

from data.config import AdaptationSettings, EncoderSettings
from data.errors import TrainingError
from model.adapt import _mask_loss, _with_mask_head, adapt_encoder
from model.encoder import embed, encoder_path, load_encoder
from model.net import new_classifier
from tests.model.conftest import ENCODER, SCHEMA, TEXTS

SETTINGS = AdaptationSettings(epochs=2, batch_size=16, learning_rate=5e-4)
POOL = TEXTS * 3


def adapt(folder, texts=POOL, progress=lambda done, total: None, checkpoints=None, **settings):
    folder.mkdir(exist_ok=True)
    return adapt_encoder(texts, ENCODER, SETTINGS.model_copy(update=settings), folder, progress, checkpoints)


def test_masked_words_are_guessed_better_afterwards_and_the_encoder_can_be_used(tmp_path):
    figures = adapt(tmp_path)
    assert (figures["texts"], figures["held_out"]) == (130, 14)
    assert figures["loss_after"] < 0.7 * figures["loss_before"]
    encoder = EncoderSettings(name=str(tmp_path), max_length=32)
    assert embed(load_encoder(encoder), TEXTS[:3]).shape == (3, 384)
    assert new_classifier(SCHEMA, encoder.name, 32).schema == SCHEMA
    start = AutoModel.from_pretrained(tmp_path).state_dict()["embeddings.word_embeddings.weight"]
    plain = new_classifier(SCHEMA, ENCODER.name, 32).encoder.embeddings.word_embeddings.weight
    assert start.shape == plain.shape and not np.allclose(start, plain.detach())


def test_guessing_the_masked_tokens_alone_costs_what_guessing_all_of_them_does():
    path = encoder_path(ENCODER.name)
    model, tokenizer = _with_mask_head(path).eval(), AutoTokenizer.from_pretrained(path)
    tokens = [{"input_ids": ids} for ids in tokenizer(list(TEXTS[:6]))["input_ids"]]
    batch = DataCollatorForLanguageModeling(tokenizer, mlm_probability=0.3)(tokens)
    with torch.inference_mode():
        assert (batch["labels"] >= 0).sum() > 3
        assert float(_mask_loss(model, batch)) == pytest.approx(float(model(**batch).loss), rel=1e-5)
        batch["labels"][:] = -100
        assert float(_mask_loss(model, batch)) == 0, "nothing masked, nothing to learn from"
        whole = model.base_model(input_ids=batch["input_ids"]).last_hidden_state
        assert whole.shape[:2] == batch["input_ids"].shape, "the encoder is as it was"


def test_an_interrupted_adaptation_goes_on_to_the_same_end(tmp_path):
    whole = adapt(tmp_path / "whole")
    seen = []

    def interrupt(done, total):
        seen.append(done)
        if done >= 170:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        adapt(tmp_path / "parts", progress=interrupt, checkpoints=tmp_path / "kept")
    later = []
    parts = adapt(
        tmp_path / "parts", progress=lambda done, total: later.append(done), checkpoints=tmp_path / "kept"
    )
    assert seen[0] < 20 < later[0] and later[-1] == 2 * 130
    assert parts == whole
    one, other = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "parts"))
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_too_few_texts_are_an_error(tmp_path):
    with pytest.raises(TrainingError, match=r"needs 100 texts or more, got 3; ingest more"):
        adapt(tmp_path, TEXTS[:3])
