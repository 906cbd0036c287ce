"""Cursor pages: newest first, by id, stable while rows are added."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Generic, TypeVar

from ninja import Schema

from santong.kernel.errors import FieldInvalid, NoSuch

T = TypeVar("T")

LARGEST_ID = 2**63 - 1
_DIGITS_MAX = len(str(LARGEST_ID))


class Page(Schema, Generic[T]):
    """A part of a list. `next_cursor` is null on the last page."""

    items: list[T]
    next_cursor: str | None = None


def cursor_after(last_id: int) -> str:
    """The cursor of the page that follows an id."""
    return base64.urlsafe_b64encode(str(last_id).encode()).decode().rstrip("=")


def before_id(cursor: str | None) -> int:
    """The id below which a page begins; without a cursor, above all. Raises FieldInvalid."""
    if not cursor:
        return LARGEST_ID
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        last_id = int(text)
    except (binascii.Error, ValueError):
        raise FieldInvalid(pointer="/query/cursor", reason="not a cursor of this list") from None
    if not 0 < last_id <= LARGEST_ID:
        raise FieldInvalid(pointer="/query/cursor", reason="not a cursor of this list")
    return last_id


def page_of(rows: Sequence[T], *, limit: int, ids: Sequence[int]) -> Page[T]:
    """Cut a list that was read with one row more than `limit`."""
    more = len(rows) > limit
    return Page(
        items=list(rows[:limit]), next_cursor=cursor_after(ids[limit - 1]) if more else None
    )


def id_of(text: str, *, kind: str) -> int:
    """An id from a path or body: digits only, within range. Raises NoSuch."""
    if (
        text.isascii()
        and text.isdigit()
        and len(text) <= _DIGITS_MAX
        and 0 < int(text) <= LARGEST_ID
    ):
        return int(text)
    raise NoSuch(kind=kind, key=text[:40])
