"""The brand that a message speaks to."""

import pytest

from data.brands import brand_of


@pytest.mark.parametrize(
    ("text", "brand"),
    [
        ("@user @VoltMobile no signal", "VoltMobile"),
        ("hello @JuniperInns and @VoltMobile", "JuniperInns"),
        ("@customer @user thanks", None),
        ("mail me at 5@7 or @1", None),
        ("", None),
    ],
)
def test_the_first_named_handle_is_the_brand(text, brand):
    assert brand_of(text) == brand
