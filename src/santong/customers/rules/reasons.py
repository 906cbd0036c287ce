"""Why somebody does something, in their own words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from santong.kernel.errors import FieldInvalid

LONGEST_REASON = 500
# A reason stays for ever: it must not carry what has to be forgotten one day.
_NUMBER = re.compile(r"\d(?:[ -]?\d){9,}")


def checked_reason(reason: str, *, unnamed: Iterable[str] = ()) -> str:
    """A reason as it is kept: it names none of those whom it is about. Raises FieldInvalid."""
    cleaned = reason.strip()
    if not 0 < len(cleaned) <= LONGEST_REASON or not cleaned.isprintable():
        raise FieldInvalid(pointer="/reason", reason=f"1 to {LONGEST_REASON} printable characters")
    if _NUMBER.search(cleaned) or "@" in cleaned:
        raise FieldInvalid(pointer="/reason", reason="no telephone number or address of a person")
    if any(len(name) > 1 and name in cleaned for name in unnamed):
        raise FieldInvalid(pointer="/reason", reason="not the name of the person")
    return cleaned
