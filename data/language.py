"""Which language a text is written in."""

from functools import lru_cache
from typing import Any

from data.cleaning import comparable

UNDETERMINED = "und"
LEAST_LETTERS = 8
# What support queues on the platform are written in; fewer candidates make fewer mistakes on short texts.
CANDIDATES = ["en", "es", "fr", "de", "pt", "it", "nl", "ja", "tr"]
CANDIDATES += ["id", "hi", "ar", "ru", "pl", "sv", "da", "ko", "zh"]
LEAST_CONFIDENCE = 0.8


@lru_cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(CANDIDATES)
    return identifier


def language(text: str) -> str:
    """ISO 639-1 code of a clean text's language.

    Handles, links and marks are not counted. "und" when fewer than 8 letters are left. A short
    text that is not clearly of another language counts as English.
    """
    words = comparable(text)
    if sum(char.isalpha() for char in words) < LEAST_LETTERS:
        return UNDETERMINED
    code, confidence = _identifier().classify(words)
    return str(code) if confidence >= LEAST_CONFIDENCE else "en"
