"""What stands in the fields of statement files: amounts, moments, references."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from santong.kernel.money import DIGITS
from santong.reconciliation.contracts import LONGEST_REFERENCE
from santong.reconciliation.errors import FileUnreadable

BEIJING = "+08:00"
MOST_DIGITS = 13
_AMOUNT = re.compile(r"([+-]?)([0-9]{1,13})(?:\.([0-9]{1,8}))?")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


class Wrong(ValueError):
    """A field cannot be read."""


@lru_cache(maxsize=65_536)
def minor(text: str, currency: str) -> int:
    """`1,234.50` in minor units. Parts of a minor unit are refused, never rounded. Raises Wrong."""
    return _units(text, DIGITS.get(currency, 2))


@lru_cache(maxsize=65_536)
def minor_rounded(text: str, currency: str) -> int:
    """As `minor`, with parts of a minor unit rounded half away from nothing. Raises Wrong."""
    units = _units(text, DIGITS.get(currency, 2) + _FINER)
    whole, part = divmod(abs(units), _PARTS)
    rounded = whole + (1 if part * 2 >= _PARTS else 0)
    return -rounded if units < 0 else rounded


_FINER = 6
_PARTS = 1_000_000


def _units(text: str, digits: int) -> int:
    found = _AMOUNT.fullmatch(text.strip().replace(",", "") or "0")
    if not found:
        raise Wrong("not an amount")
    sign, whole, part = found.groups()
    part = (part or "").rstrip("0")
    if len(part) > digits:
        raise Wrong("finer than the currency")
    value = int(f"{whole}{part.ljust(digits, '0')}")
    return -value if sign == "-" else value


def moment(text: str, zone: str = BEIJING) -> str:
    """An instant as the server reads it; without a zone it is Beijing's. Raises Wrong."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Wrong("not a moment") from None
    if not 2000 <= found.year <= 2999:  # noqa: PLR2004
        raise Wrong("not a moment of our time")
    return text if found.tzinfo else text + zone


def reference(text: str) -> str:
    """A number of a payment. Raises Wrong."""
    if len(text) > LONGEST_REFERENCE or _UNPRINTABLE.search(text) or not text.isprintable():
        raise Wrong("not a reference")
    return text


def near(day: date) -> frozenset[str]:
    """A day and its neighbours, as they stand in a moment."""
    return frozenset(str(day + timedelta(days=days)) for days in (-1, 0, 1))


def decoded(lines: Iterable[bytes], encoding: str) -> Iterator[str]:
    """Lines as text. Raises FileUnreadable."""
    for number, line in enumerate(lines, start=1):
        try:
            yield line.decode(encoding)
        except UnicodeDecodeError:
            raise FileUnreadable(line=number, column="", reason=f"not {encoding}") from None


# The record of a file that has none.
NOTHING: list[str] = []


def records(lines: Iterable[str], *, after: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Comma-separated records with the number of the line that each ends on.

    Raises FileUnreadable.
    """
    reader = csv.reader(lines, strict=True)
    try:
        for fields in reader:
            yield after + reader.line_num, fields
    except csv.Error as failure:
        raise FileUnreadable(
            line=after + reader.line_num, column="", reason=f"not CSV: {failure}"
        ) from None


def places(header: Sequence[str], wanted: Sequence[str], *, line: int) -> list[int]:
    """Where columns stand. Raises FileUnreadable."""
    names = [name.strip() for name in header]
    for name in wanted:
        if names.count(name) != 1:
            raise FileUnreadable(line=line, column=name, reason="the column stands there not once")
    return [names.index(name) for name in wanted]


def differs(*, line: int, column: str, told: int, summed: int) -> FileUnreadable:
    """The refusal of a file whose own sums are not those of its lines."""
    return FileUnreadable(
        line=line, column=column, reason=f"the file says {told}, its lines come to {summed}"
    )
