"""What a broken term comes to, in minor units: never above its cap, never above the total."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from santong.agreements.contracts import Amount, Term
from santong.agreements.rules.terms import BASIS_POINTS, last_day

_LONGEST_DELAY: Final = 36_500


def owed_minor(term: Term, *, total_minor: int, days_late: int) -> int:
    """What is due for a term that was broken, so many days late. Nothing for goods."""
    if term.amount is None:
        return 0
    times = max(1, days_late) if term.amount.per == "day" else 1
    return min(
        base_minor(term.amount, total_minor=total_minor) * times, limit_minor(term, total_minor)
    )


def limit_minor(term: Term, total_minor: int) -> int:
    """The most that a term can ever come to."""
    if term.amount is None:
        return 0
    cap = term.cap_minor
    if cap is None:
        cap = base_minor(term.amount, total_minor=total_minor)
    return min(cap, total_minor)


def base_minor(amount: Amount, *, total_minor: int) -> int:
    """Once, or one day: a share of the total is rounded up to a whole minor unit."""
    if amount.basis == "fixed":
        return amount.value
    return -(-total_minor * amount.value // BASIS_POINTS)


def days_late(term: Term, *, at: datetime, timezone: str) -> int:
    """How many days after its last day an instant is, on the shop's calendar; 0 within it."""
    day = last_day(term)
    if day is None:
        return 0
    return max(0, (at.astimezone(ZoneInfo(timezone)).date() - day).days)


def day_of_the_cap(term: Term, *, total_minor: int) -> date | None:
    """The day on which what grows by the day has reached its end; none for what does not grow."""
    day = last_day(term)
    if day is None or term.amount is None or term.amount.per != "day":
        return None
    base = base_minor(term.amount, total_minor=total_minor)
    days = -(-limit_minor(term, total_minor) // base) if base else _LONGEST_DELAY
    return day + timedelta(days=min(days, _LONGEST_DELAY))
