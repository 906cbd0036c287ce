"""Rows of a file with members of another system: read, or set aside with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TypeVar

from santong.customers import public as customers
from santong.kernel.errors import FieldInvalid
from santong.membership.contracts import ImportProblem, ImportRow, OpeningLot
from santong.membership.rules.numbers import brought_number

REQUIRED = ("phone",)
COLUMNS = (
    *REQUIRED,
    "name",
    "birthday",
    "gender",
    "card_number",
    "tier",
    "tier_until",
    "points",
    "points_expire_on",
    "experience",
    "joined_at",
    "last_active_at",
)
MOST = 10**12
MOST_LOTS = 50
LONGEST_NAME = 120
LONGEST_TIER = 40

_DIGITS = re.compile(r"[0-9]{1,13}", re.ASCII)
_GENDERS = {
    "": "",
    "f": "female",
    "female": "female",
    "女": "female",
    "m": "male",
    "male": "male",
    "男": "male",
    "other": "other",
}

T = TypeVar("T")


class _Wrong(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def unknown_columns(names: Iterator[str] | list[str]) -> tuple[list[str], list[str]]:
    """Columns that are not known, and required ones that are missing."""
    found = [name.strip() for name in names]
    return (
        [name for name in found if name not in COLUMNS],
        [name for name in REQUIRED if name not in found],
    )


def read_row(
    cells: Mapping[str, str | None], *, line: int, zone: tzinfo, now: datetime
) -> tuple[ImportRow | None, list[ImportProblem]]:
    """A row, or everything that is wrong with it. Days begin in the merchant's time zone."""
    problems: list[ImportProblem] = []

    def cell(column: str, read: Callable[[str], T], empty: T) -> T:
        text = (cells.get(column) or "").strip()
        if not text:
            return empty
        try:
            return read(text)
        except _Wrong as wrong:
            problems.append(ImportProblem(line=line, column=column, reason=wrong.reason))
            return empty

    expire_on = cell("points_expire_on", lambda text: _day_after(text, zone), None)
    row = ImportRow(
        line=line,
        phone=cell("phone", _phone, ""),
        name=cell("name", lambda text: _text(text, LONGEST_NAME), ""),
        birthday=cell("birthday", lambda text: _birthday(text, now), None),
        gender=cell("gender", _gender, ""),
        card_number=cell("card_number", _card_number, ""),
        tier=cell("tier", lambda text: _text(text, LONGEST_TIER), ""),
        tier_until=cell("tier_until", lambda text: _day_after(text, zone), None),
        lots=cell("points", lambda text: _lots(text, expire_on, zone, now), ()),
        experience=cell("experience", _number, 0),
        joined_at=cell("joined_at", lambda text: _moment(text, zone, now), None),
        last_active_at=cell("last_active_at", lambda text: _moment(text, zone, now), None),
    )
    if not row.phone and not any(problem.column == "phone" for problem in problems):
        problems.append(ImportProblem(line=line, column="phone", reason="missing"))
    return (None, problems) if problems else (row, [])


def _phone(text: str) -> str:
    found = customers.e164(phone=text)
    if found is None:
        raise _Wrong("no telephone number")
    return found


def _text(text: str, most: int) -> str:
    if len(text) > most or not text.isprintable():
        raise _Wrong(f"at most {most} printable characters")
    return text


def _gender(text: str) -> str:
    if text.lower() not in _GENDERS:
        raise _Wrong("female, male or other")
    return _GENDERS[text.lower()]


def _card_number(text: str) -> str:
    try:
        return brought_number(text, pointer="/card_number")
    except FieldInvalid as refused:
        raise _Wrong(refused.reason) from None


def _number(text: str) -> int:
    if not _DIGITS.fullmatch(text) or int(text) > MOST:
        raise _Wrong("a whole number that is not below zero")
    return int(text)


def _lots(
    text: str, expires_at: datetime | None, zone: tzinfo, now: datetime
) -> tuple[OpeningLot, ...]:
    """`120`, or lots with their last days: `100@2026-12-31;20`."""
    lots: dict[datetime | None, int] = {}
    for part in text.split(";"):
        amount, at, day = part.strip().partition("@")
        ends = _day_after(day, zone) if at else expires_at
        if ends is not None and ends <= now:
            raise _Wrong("points that have expired")
        lots[ends] = lots.get(ends, 0) + _number(amount)
    if len(lots) > MOST_LOTS:
        raise _Wrong(f"at most {MOST_LOTS} different days")
    return tuple(OpeningLot(points=n, expires_at=ends) for ends, n in lots.items() if n)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise _Wrong("a day as 2026-12-31") from None


def _birthday(text: str, now: datetime) -> date:
    day = _day(text)
    if not date(1900, 1, 1) <= day <= now.date():
        raise _Wrong("a day of birth")
    return day


def _day_after(text: str, zone: tzinfo) -> datetime:
    """The end of a last day: the first moment that is not part of it."""
    try:
        begins = datetime.combine(_day(text.strip()) + timedelta(days=1), time.min, tzinfo=zone)
        return begins.astimezone(UTC)
    except OverflowError:
        raise _Wrong("a day as 2026-12-31") from None


def _moment(text: str, zone: tzinfo, now: datetime) -> datetime:
    """A moment, or the beginning of a day."""
    try:
        found = datetime.fromisoformat(text.replace("/", "-"))
        at = (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _Wrong("a day or a moment as 2026-12-31 18:30") from None
    if at > now:
        raise _Wrong("lies in the future")
    return at
