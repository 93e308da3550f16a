"""Which brand a message speaks to, when no column says so."""

import re

_HANDLE = re.compile(r"@([A-Za-z]\w{1,20})")
# Handles that stand for a redacted account rather than for a brand.
_PLACEHOLDERS = frozenset({"user", "customer"})


def brand_of(text: str) -> str | None:
    """The first named handle of a clean text; None where there is none.

    >>> brand_of("@user @VoltMobile no signal")
    'VoltMobile'
    """
    return next((name for name in _HANDLE.findall(text) if name.lower() not in _PLACEHOLDERS), None)
