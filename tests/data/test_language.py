"""Which language a text is in."""

import pytest

from data.language import language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("my internet has been down since this morning and nobody answers", "en"),
        ("mi pedido no ha llegado todavía y nadie me responde por favor ayuda", "es"),
        ("ma commande n'est toujours pas arrivée et personne ne me répond", "fr"),
        ("荷物がまだ届かないのですが、どうなっていますか", "ja"),
    ],
)
def test_a_clear_text_is_told(text, code):
    assert language(text) == code


@pytest.mark.parametrize("text", ["", "ok", "@VoltMobile http 👍👍", "1234567890 !!!", "@user @user"])
def test_fewer_than_eight_letters_are_undetermined(text):
    assert language(text) == "und"


def test_a_short_text_that_is_not_clearly_foreign_counts_as_english():
    assert language("pls dm me asap") == "en"
