"""Word lists in plain text: one phrase per line, `#` begins a comment."""

from functools import lru_cache
from importlib.resources import files


@lru_cache
def lexicon(name: str) -> tuple[str, ...]:
    """Phrases of `<name>.txt` in this folder, in file order."""
    lines = (files(__name__) / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    phrases = (line.partition("#")[0].strip() for line in lines)
    return tuple(phrase for phrase in phrases if phrase)
