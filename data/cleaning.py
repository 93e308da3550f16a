"""Cleaning one text: what every later stage, and the served runtime, reads as `text`."""

import html
import re
import unicodedata

_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_ANONYMOUS_HANDLE = re.compile(r"@\d+\b")
_STRAIGHT = str.maketrans({"‘": "'", "’": "'", "‛": "'", "“": '"', "”": '"', "\ufe0e": None, "\ufe0f": None})
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def clean_text(raw: str) -> str:
    """The text with HTML unescaped, quotes straight, links as `http`, anonymous handles as `@user`.

    Control characters, bidirectional marks and lone surrogates become blanks and white space is
    single. Case, punctuation, emoji and named handles stay: they carry meaning.
    Cleaning a clean text changes nothing.

    >>> clean_text("@115858  won’t load &amp; crashes https://t.co/a1B2")
    "@user won't load & crashes http"
    """
    text = _clean_once(raw)
    # What one step uncovers another may have to clean: a mark that now follows a letter, an entity.
    while not text.isascii() or "&" in text:
        cleaner = _clean_once(text)
        if cleaner == text:
            break
        text = cleaner
    return text


def _clean_once(raw: str) -> str:
    text = _unescape(raw)
    text = unicodedata.normalize("NFC", text).translate(_STRAIGHT)
    text = _CONTROL.sub(" ", text)
    text = _ANONYMOUS_HANDLE.sub("@user", _URL.sub("http", text))
    return " ".join(text.split())


def _unescape(text: str) -> str:
    """Unescapes until nothing is left to unescape: tweets come escaped twice."""
    while "&" in text:
        plainer = html.unescape(text)
        if plainer == text:
            break
        text = plainer
    return text


_NOT_WORD = re.compile(r"(?:@\w+|\bhttp\b|[^\w\s])+")


def comparable(text: str) -> str:
    """The bare words of a clean text, for telling duplicates: no case, handles, links, punctuation.

    >>> comparable("@VoltMobile NO signal!! http")
    'no signal'
    """
    return " ".join(_NOT_WORD.sub(" ", text.casefold()).split())
