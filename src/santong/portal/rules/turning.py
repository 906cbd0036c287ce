"""Where a page of the log ended: an instant to the microsecond, and an id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS_MOST: Final = 19


def cursor_of(at: datetime, row_id: int) -> str:
    """What an address carries to the next page."""
    return f"{(at - EPOCH) // timedelta(microseconds=1)}-{row_id}"


def place_of(cursor: str) -> tuple[datetime, int] | None:
    """The instant and the id; None of what is no cursor."""
    first, _, second = cursor.partition("-")
    if not (_is_number(first) and _is_number(second)):
        return None
    try:
        return EPOCH + timedelta(microseconds=int(first)), int(second)
    except OverflowError:
        return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS_MOST and int(text) < 2**63
