"""Why somebody does something, in their own words."""

from __future__ import annotations

from collections.abc import Iterable

from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_prose

LONGEST_REASON = 500


def checked_reason(reason: str, *, unnamed: Iterable[str] = ()) -> str:
    """A reason as it is kept: it names none of those whom it is about. Raises FieldInvalid."""
    cleaned = reason.strip()
    if not 0 < len(cleaned) <= LONGEST_REASON or not cleaned.isprintable():
        raise FieldInvalid(pointer="/reason", reason=f"1 to {LONGEST_REASON} printable characters")
    check_prose(cleaned)
    refuse_names(cleaned, unnamed=unnamed)
    return cleaned


def refuse_names(reason: str, *, unnamed: Iterable[str]) -> None:
    """A reason names none of those whom it is about. Raises FieldInvalid."""
    if any(len(name) > 1 and name in reason for name in unnamed):
        raise FieldInvalid(pointer="/reason", reason="not the name of the person")
