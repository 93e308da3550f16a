"""Which column of a foreign file is which field of a ticket."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data.cleaning import clean_text
from data.errors import IngestError, listed, near
from data.readers import Row

# Field of a ticket → column names that are taken for it when no mapping is given, best first.
ALIASES: dict[str, tuple[str, ...]] = {
    "ticket_id": ("ticket_id", "id", "tweet_id", "message_id"),
    "text": ("text", "tweet", "message", "body", "content", "utterance"),
    "brand": ("brand", "company", "account", "airline"),
    "created_at": ("created_at", "timestamp", "time", "date", "tweet_created"),
    "conversation_id": ("conversation_id", "thread_id"),
    "in_reply_to": ("in_reply_to", "in_response_to_tweet_id", "parent_id"),
    "brand_reply": ("brand_reply", "reply", "response", "answer"),
    "source": ("source", "channel"),
}


def resolve_columns(path: Path, columns: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Field → column for one file: the user's `mapping` first, then the well-known names.

    Raises IngestError where the mapping names an unknown field or an absent column, or where no
    column holds the text.
    """
    problems = [
        f"[data.columns] {name} is no field of a ticket; fields are {listed(ALIASES)}{near(name, ALIASES)}"
        for name in mapping
        if name not in ALIASES
    ]
    problems += [
        f"[data.columns] {name} = '{column}', but the file has no such column; it has {listed(columns, 12)}"
        + near(column, columns)
        for name, column in mapping.items()
        if name in ALIASES and column not in columns
    ]
    if problems:
        raise IngestError(f"{path}: " + "; ".join(problems))
    found = {name: column for name in ALIASES if (column := _column(name, columns, mapping))}
    if "text" not in found:
        raise IngestError(
            f"{path}: no column with the text; it has {listed(columns, 12)}; looked for "
            f'{listed(ALIASES["text"])}; name it in ticketloom.toml: [data.columns] text = "…"'
        )
    return found


def _column(name: str, columns: Sequence[str], mapping: Mapping[str, str]) -> str | None:
    if name in mapping:
        return mapping[name]
    return next((alias for alias in ALIASES[name] if alias in columns), None)


def ticket_fields(row: Row, mapping: Mapping[str, str], source: str) -> dict[str, Any]:
    """A ticket's fields out of one row; a row without an id is named after file and line."""
    values = {name: row.values.get(mapping[name]) if name in mapping else None for name in ALIASES}
    for name in ("ticket_id", "brand", "conversation_id", "in_reply_to", "source"):
        values[name] = text_or_none(values[name])
    values["ticket_id"] = values["ticket_id"] or f"{source}-{row.line}"
    values["source"] = values["source"] or source
    reply = values["brand_reply"]
    values["brand_reply"] = reply if isinstance(reply, str) and clean_text(reply) else None
    return values


def text_or_none(value: object) -> str | None:
    """A clean key: ids and names as text, blanks and NaN as None."""
    if value is None or value != value:
        return None
    return clean_text(str(value)) or None
