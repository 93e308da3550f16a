"""Which column of a foreign file is which field."""

from pathlib import Path

import pytest

from data.columns import resolve_columns, ticket_fields
from data.errors import IngestError
from data.readers import Row

PATH = Path("some.csv")


def test_well_known_names_are_found_and_the_best_is_taken():
    found = resolve_columns(PATH, ["id", "tweet_id", "tweet", "airline", "date", "reply"], {})
    assert found == {
        "ticket_id": "id",
        "text": "tweet",
        "brand": "airline",
        "created_at": "date",
        "brand_reply": "reply",
    }


def test_the_users_mapping_comes_first():
    found = resolve_columns(PATH, ["text", "words", "id"], {"text": "words"})
    assert found == {"text": "words", "ticket_id": "id"}


def test_a_wrong_mapping_names_every_problem():
    with pytest.raises(IngestError) as error:
        resolve_columns(PATH, ["text", "words"], {"txt": "words", "text": "wrds"})
    message = str(error.value)
    assert "[data.columns] txt is no field of a ticket" in message
    assert "did you mean 'text'?" in message
    assert (
        "[data.columns] text = 'wrds', but the file has no such column; it has text, words; "
        "did you mean 'words'?" in message
    )


def test_a_file_without_a_text_column_says_what_to_do():
    with pytest.raises(
        IngestError, match=r'no column with the text; it has a, b; looked for text, .*text = "…"'
    ):
        resolve_columns(PATH, ["a", "b"], {})


@pytest.mark.parametrize("missing", [None, "", "  ", float("nan")])
def test_a_row_without_an_id_is_named_after_file_and_line(missing):
    fields = ticket_fields(Row(7, {"id": missing, "text": "hi"}), {"ticket_id": "id", "text": "text"}, "some")
    assert fields["ticket_id"] == "some-7"
    assert fields["source"] == "some"


def test_keys_are_text_and_blank_ones_are_none():
    row = Row(2, {"id": 12, "text": "hi", "brand": " ", "reply": "@1 \x00"})
    mapping = {"ticket_id": "id", "text": "text", "brand": "brand", "brand_reply": "reply"}
    fields = ticket_fields(row, mapping, "some")
    assert (fields["ticket_id"], fields["brand"], fields["brand_reply"]) == ("12", None, "@1 \x00")
    assert ticket_fields(Row(2, {"text": "hi", "reply": "\x00"}), mapping, "some")["brand_reply"] is None
