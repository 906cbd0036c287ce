"""Shapes that several tools share: ids are strings, money whole minor units, instants RFC 3339."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, TypeVar

from pydantic import AfterValidator, Field

from santong.agents.tools.registry import Asked, Told
from santong.kernel.http.pages import cursor_after

MOST_ROWS: Final = 50
LONGEST_TEXT: Final = 200

Id = Annotated[str, Field(pattern="^[0-9]{1,19}$", description="An id as these tools give it.")]
Cursor = Annotated[
    str | None,
    Field(max_length=40, description="next_cursor of the page before; leave out for the first."),
]
Limit = Annotated[int, Field(ge=1, le=MOST_ROWS)]

T = TypeVar("T")


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("printable characters")
    return text


Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_printable)]
Reason = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_TEXT, description="Why; it goes into the audit trail."),
    AfterValidator(_printable),
]


class Money(Told):
    """An amount in the currency's minor unit: 1 fen, 1 cent."""

    amount_minor: int
    currency: str


class MoneyMilli(Told):
    """An amount in thousandths of the minor unit, as routing counts costs."""

    amount_milli: int
    currency: str


class PageAsked(Asked):
    """A part of a list, newest first."""

    cursor: Cursor = None
    limit: Limit = 20


def cut(rows: Sequence[T], *, limit: int, ids: Sequence[int]) -> tuple[list[T], str | None]:
    """A list that was read with one row more than `limit`, and where the next page begins."""
    more = len(rows) > limit
    return list(rows[:limit]), cursor_after(ids[limit - 1]) if more else None
