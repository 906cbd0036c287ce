"""Why somebody does something, in their own words."""

from __future__ import annotations

import re

from santong.kernel.errors import FieldInvalid

LONGEST_REASON = 500
# A reason stays for ever: it must not carry what has to be forgotten one day.
_NUMBER = re.compile(r"\d(?:[ -]?\d){9,}")


def checked_reason(reason: str) -> str:
    """A reason as it is kept. Raises FieldInvalid."""
    cleaned = reason.strip()
    if not 0 < len(cleaned) <= LONGEST_REASON or not cleaned.isprintable():
        raise FieldInvalid(pointer="/reason", reason=f"1 to {LONGEST_REASON} printable characters")
    if _NUMBER.search(cleaned) or "@" in cleaned:
        raise FieldInvalid(pointer="/reason", reason="no telephone number or address of a person")
    return cleaned
