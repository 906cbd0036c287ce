"""One field of one row: text in, value out, or the reason why not."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from santong.simulation.rules.published.tally import Reason

_DECIMAL = re.compile(r"(\d+)(?:\.(\d+))?", re.ASCII)
_EARLIEST_YEAR = 1900  # a year before it is a slip of the pen
_PLACES_OF_A_CENT = 2
_MAGNITUDE_MAX = 12  # digits; more is not an amount of this trade


class BadField(Exception):
    """A field that cannot be used. It is caught by whoever reads the row, never further up."""

    def __init__(self, field: str, reason: Reason) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason


def word(text: str, *, field: str) -> str:
    """An id or name that must be there."""
    if not text:
        raise BadField(field, Reason.EMPTY)
    return text


def cents(text: str, *, field: str) -> int:
    """An amount of money as an exact number of its hundredths. `58.9` is 5890."""
    units, decimals = decimal(text, field=field)
    hundredths, beyond = decimals[:_PLACES_OF_A_CENT], decimals[_PLACES_OF_A_CENT:]
    if beyond.strip("0"):
        raise BadField(field, Reason.BAD_NUMBER)
    return int(units) * 100 + int(hundredths.ljust(_PLACES_OF_A_CENT, "0"))


def whole(text: str, *, field: str) -> int:
    """A count. Some copies of the files write `225.0`."""
    digits, decimals = decimal(text, field=field)
    if decimals.strip("0"):
        raise BadField(field, Reason.BAD_NUMBER)
    return int(digits)


def whole_or_zero(text: str, *, field: str) -> int:
    """A count that may be unknown."""
    return whole(text, field=field) if text else 0


def instant(text: str, *, field: str, clock: tzinfo) -> datetime:
    """An instant of a clock that the files do not name, to the second or to the minute."""
    if not text:
        raise BadField(field, Reason.EMPTY)
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise BadField(field, Reason.BAD_DATE) from None
    if value.tzinfo is not None or value.year < _EARLIEST_YEAR:
        raise BadField(field, Reason.BAD_DATE)
    return value.replace(tzinfo=clock)


def decimal(text: str, *, field: str) -> tuple[str, str]:
    """The digits before and after the point."""
    if not text:
        raise BadField(field, Reason.EMPTY)
    match = _DECIMAL.fullmatch(text)
    if match is None or len(match[1]) > _MAGNITUDE_MAX:
        raise BadField(field, Reason.BAD_NUMBER)
    return match[1], match[2] or ""
