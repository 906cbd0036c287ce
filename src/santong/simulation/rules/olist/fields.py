"""One field of one row: text in, value out, or the reason why not."""

from __future__ import annotations

import re
from datetime import date, datetime

from santong.simulation.rules.olist.tables import BRASILIA, Reason

_DECIMAL = re.compile(r"(\d+)(?:\.(\d+))?", re.ASCII)
_PREFIX = re.compile(r"\d{5}", re.ASCII)
_LENGTH_OF_A_MINUTE = len("2017-10-02 10:56")
_EARLIEST_YEAR = 1900  # a year before it is a slip of the pen
_PLACES_OF_A_CENTAVO = 2
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


def centavos(text: str, *, field: str) -> int:
    """An amount of reais as an exact number of centavos. `58.9` is 5890."""
    reais, decimals = _decimal(text, field=field)
    cents, beyond = decimals[:_PLACES_OF_A_CENTAVO], decimals[_PLACES_OF_A_CENTAVO:]
    if beyond.strip("0"):
        raise BadField(field, Reason.BAD_NUMBER)
    return int(reais) * 100 + int(cents.ljust(_PLACES_OF_A_CENTAVO, "0"))


def whole(text: str, *, field: str) -> int:
    """A count. Some copies of the files write `225.0`."""
    digits, decimals = _decimal(text, field=field)
    if decimals.strip("0"):
        raise BadField(field, Reason.BAD_NUMBER)
    return int(digits)


def whole_or_zero(text: str, *, field: str) -> int:
    """A count that may be unknown."""
    return whole(text, field=field) if text else 0


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
    if not text:
        raise BadField(field, Reason.EMPTY)
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise BadField(field, Reason.BAD_DATE) from None
    if value.tzinfo is not None or value.year < _EARLIEST_YEAR:
        raise BadField(field, Reason.BAD_DATE)
    return value.replace(tzinfo=BRASILIA)


def moment_or_none(text: str, *, field: str) -> datetime | None:
    """An instant that may not have come yet."""
    return moment(text, field=field) if text else None


def day(text: str, *, field: str) -> date:
    """A day, written as its midnight."""
    return moment(text, field=field).date()


def is_to_the_minute(text: str) -> bool:
    """Whether the seconds were lost in this copy."""
    return len(text) == _LENGTH_OF_A_MINUTE


def _decimal(text: str, *, field: str) -> tuple[str, str]:
    if not text:
        raise BadField(field, Reason.EMPTY)
    match = _DECIMAL.fullmatch(text)
    if match is None or len(match[1]) > _MAGNITUDE_MAX:
        raise BadField(field, Reason.BAD_NUMBER)
    return match[1], match[2] or ""
