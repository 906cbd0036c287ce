"""Where things stand on a board of a day: a row for each technician, hours from left to right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from santong.fieldservice import public as fieldservice

WIDTH: Final = 1_080
NAMES: Final = 120
HEAD: Final = 26
ROW: Final = 46
FIRST_HOUR, LAST_HOUR = 7, 21
LETTER_PIXELS: Final = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of somebody's day."""

    x: float
    y: float
    width: float
    visit: fieldservice.Visit | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """What is drawn."""

    width: int
    height: int
    hours: tuple[tuple[float, str], ...]
    names: tuple[tuple[float, str], ...]
    shifts: tuple[Bar, ...]
    visits: tuple[Bar, ...]


def drawn_board(rows: Sequence[fieldservice.BoardRow], *, zone: ZoneInfo) -> Board:
    """A board as high as there are people."""
    shifts: list[Bar] = []
    visits: list[Bar] = []
    for number, row in enumerate(rows):
        y = HEAD + number * ROW
        shifts += [_bar(each.starts_at, each.ends_at, y, zone) for each in row.shifts]
        visits += [
            _bar(each.starts_at, each.ends_at, y, zone, visit=each)
            for each in row.visits
            if each.starts_at is not None and each.ends_at is not None
        ]
    return Board(
        width=WIDTH,
        height=HEAD + max(len(rows), 1) * ROW + 4,
        hours=tuple(
            (_x(hour * 60), f"{hour:02}:00") for hour in range(FIRST_HOUR, LAST_HOUR + 1, 2)
        ),
        names=tuple(
            (HEAD + number * ROW + ROW / 2 + 4, row.technician.name)
            for number, row in enumerate(rows)
        ),
        shifts=tuple(shifts),
        visits=tuple(visits),
    )


def _bar(
    begins: datetime,
    ends: datetime,
    y: float,
    zone: ZoneInfo,
    *,
    visit: fieldservice.Visit | None = None,
) -> Bar:
    left, right = _x(_minute(begins, zone)), _x(_minute(ends, zone))
    width = max(right - left, 6)
    name = visit.service_name if visit else ""
    room = int(width // LETTER_PIXELS)
    label = name if len(name) <= room else f"{name[: max(room - 1, 0)]}…" if room > 1 else ""
    return Bar(round(left, 1), y, round(width, 1), visit, label)


def _minute(at: datetime, zone: ZoneInfo) -> int:
    local = at.astimezone(zone)
    return local.hour * 60 + local.minute


def _x(minute: int) -> float:
    """Where a minute of the day stands; what is before or after the board stands at its edge."""
    first, last = FIRST_HOUR * 60, LAST_HOUR * 60
    share = (min(max(minute, first), last) - first) / (last - first)
    return NAMES + share * (WIDTH - NAMES - 30)
