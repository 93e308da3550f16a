"""The one family of errors that ticketloom raises for what a user can mend."""

from collections.abc import Iterable
from difflib import get_close_matches


class TicketloomError(Exception):
    """Base of every error that the user can mend: its message is one readable line or list."""


class SchemaError(TicketloomError):
    """A task, label or schema file is not as it must be."""


class ConfigError(TicketloomError):
    """`ticketloom.toml` holds an unknown key or an impossible value."""


class IngestError(TicketloomError):
    """A file of tickets or of a public dataset cannot be read at all."""


class LabelingError(TicketloomError):
    """A labeling function is wrongly declared or votes outside its task."""


class TrainingError(TicketloomError):
    """A model cannot be trained on what it was given, or cannot be loaded."""


class ReviewError(TicketloomError):
    """Human labels cannot be read, or a round cannot be opened or closed."""


def near(name: str, allowed: Iterable[str]) -> str:
    """The hint that names the nearest allowed spelling, or an empty string.

    >>> near("refnd", ["refund", "billing"])
    "; did you mean 'refund'?"
    >>> near("xyz", ["refund", "billing"])
    ''
    """
    matches = get_close_matches(name, list(allowed), n=1)
    return f"; did you mean '{matches[0]}'?" if matches else ""


def listed(names: Iterable[str], most: int = 8) -> str:
    """Names for an error message, cut after `most`.

    >>> listed(["a", "b", "c"], most=2)
    'a, b, … (3 in all)'
    """
    names = list(names)
    if len(names) <= most:
        return ", ".join(names)
    return ", ".join(names[:most]) + f", … ({len(names)} in all)"
