"""What happens once: the name of an occasion, under which a rule acts for a member."""

from __future__ import annotations

from calendar import isleap
from datetime import date, timedelta

DAYS_BEFORE_MOST = 60


def joined(*, programme_id: int | None) -> str:
    """A member joins once; with a rule of one programme, once there."""
    return f"joined:{programme_id}" if programme_id else "joined"


def first_purchase(*, programme_id: int | None) -> str:
    """There is one first purchase; with a rule of one programme, one there."""
    return f"first_purchase:{programme_id}" if programme_id else "first_purchase"


def tier(*, programme_id: int, to_tier: str) -> str:
    """A tier is reached once: who falls and rises again has had its welcome."""
    return f"tier:{programme_id}:{to_tier}"


def dormant(*, programme_id: int, since: date) -> str:
    """A member falls asleep once after each time that they were awake."""
    return f"dormant:{programme_id}:{since.isoformat()}"


def of_year(*, event: str, year: int) -> str:
    """A birthday or an anniversary, once a year."""
    return f"{event}:{year}"


def days_celebrated(*, today: date, days_before: int) -> tuple[date, ...]:
    """Which days of the year are celebrated today; 29 February on the 28th where there is none."""
    day = today + timedelta(days=days_before)
    if (day.month, day.day) == (2, 28) and not isleap(day.year):
        # Any leap year says month and day; the year of the occasion is that of `day`.
        return day, date(day.year - day.year % 4, 2, 29)
    return (day,)
