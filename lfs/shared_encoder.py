"""One encoder for all labeling functions that read embeddings; it is loaded when it is first asked."""

from collections.abc import Sequence
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from data.config import EncoderSettings
from data.store import file_hash, value_hash, whole_file

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Array = np.ndarray[Any, Any]
# A batch, and the sample of the pool that a model's confidence is compared with.
MOST_REMEMBERED = 3


class SharedEncoder:
    """Embeddings that several labeling functions ask for, batch by batch.

    `cache` is a folder for embeddings that are wanted again in another run, None for none.
    """

    def __init__(self, settings: EncoderSettings, cache: Path | None = None) -> None:
        self.settings = settings
        self._cache = cache
        self._remembered: list[tuple[list[str], Array]] = []

    @cached_property
    def _encoder(self) -> "SentenceTransformer":
        from model.encoder import load_encoder

        return load_encoder(self.settings)

    def embed(self, texts: Sequence[str]) -> Array:
        """Unit-length embeddings float32 [n_texts, dim] of a batch.

        The last batches are remembered: one function after the other asks for the same.
        """
        asked = list(texts)
        known = next((found for before, found in self._remembered if before == asked), None)
        if known is None:
            known = self._encode(asked)
            self._remembered = [(asked, known), *self._remembered[: MOST_REMEMBERED - 1]]
        return known

    def embed_once(self, texts: Sequence[str]) -> Array:
        """The same for texts that are no batch, as examples; kept in the cache folder if there is one."""
        asked = list(texts)
        if self._cache is None:
            return self._encode(asked)
        path = self._cache / f"{self._key(asked)}.npy"
        if not path.is_file():
            with whole_file(path) as temporary:
                np.save(temporary, self._encode(asked))
        return np.asarray(np.load(path))

    def _encode(self, texts: list[str]) -> Array:
        from model.encoder import embed

        return embed(self._encoder, texts)

    def _key(self, texts: list[str]) -> str:
        code = file_hash(Path(str(resources.files("model").joinpath("encoder.py"))))
        return value_hash([self.settings.model_dump(), code, texts])[:32]
