"""Which points end next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Ending:
    """So many points can be used for the last time on a day."""

    points: int
    last_on: date
    expires_at: datetime


def next_to_end(
    lots: Sequence[tuple[datetime | None, int]], *, now: datetime, timezone: str
) -> Ending | None:
    """What ends first of lots given by their end and what is left: all that ends on that day."""
    zone = ZoneInfo(timezone)
    live = sorted(
        (expires_at, left) for expires_at, left in lots if expires_at and expires_at > now and left
    )
    if not live:
        return None
    first = live[0][0]
    # The end is excluded: what ends at midnight is good for all of the day before.
    last_on = _last_day(first, zone)
    points = sum(left for expires_at, left in live if _last_day(expires_at, zone) == last_on)
    return Ending(points=points, last_on=last_on, expires_at=first)


def _last_day(expires_at: datetime, zone: ZoneInfo) -> date:
    return (expires_at - datetime.resolution).astimezone(zone).date()
