"""One field of one row of Olist's: text in, value out, or the reason why not."""

from __future__ import annotations

import re
from datetime import date, datetime

from santong.simulation.rules.olist.tables import BRASILIA
from santong.simulation.rules.published.fields import (
    BadField,
    cents,
    instant,
    whole,
    whole_or_zero,
    word,
)
from santong.simulation.rules.published.tally import Reason

__all__ = [
    "cents",
    "day",
    "degrees",
    "is_to_the_minute",
    "millimetres_or_zero",
    "moment",
    "moment_or_none",
    "prefix",
    "whole",
    "whole_or_zero",
    "word",
]

_PREFIX = re.compile(r"\d{5}", re.ASCII)
_LENGTH_OF_A_MINUTE = len("2017-10-02 10:56")


def millimetres_or_zero(text: str, *, field: str) -> int:
    """A length given in centimetres that may be unknown."""
    return whole_or_zero(text, field=field) * 10


def degrees(text: str, *, field: str) -> float:
    """A coordinate."""
    try:
        value = float(text)
    except ValueError:
        raise BadField(field, Reason.BAD_NUMBER) from None
    if not -180 <= value <= 180:  # noqa: PLR2004  (a circle, and no NaN)
        raise BadField(field, Reason.BAD_NUMBER)
    return value


def prefix(text: str, *, field: str) -> str:
    """The first five digits of a postal code. Some copies lost the leading zeros."""
    padded = text.rjust(5, "0") if text else text
    if not _PREFIX.fullmatch(padded):
        raise BadField(field, Reason.BAD_PREFIX)
    return padded


def moment(text: str, *, field: str) -> datetime:
    """An instant of Brasília's clock, to the second or to the minute."""
    return instant(text, field=field, clock=BRASILIA)


def moment_or_none(text: str, *, field: str) -> datetime | None:
    """An instant that may not have come yet."""
    return moment(text, field=field) if text else None


def day(text: str, *, field: str) -> date:
    """A day, written as its midnight."""
    return moment(text, field=field).date()


def is_to_the_minute(text: str) -> bool:
    """Whether the seconds were lost in this copy."""
    return len(text) == _LENGTH_OF_A_MINUTE
