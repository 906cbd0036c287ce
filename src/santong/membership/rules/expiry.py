"""Until when points are good, and when they are good at all."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from santong.membership.contracts.programmes import ExpiryTerms, MaturityTerms
from santong.membership.rules.calendar import day_of, end_of, plus_months

# An order of which nobody ever tells that it has come must not keep its points for ever.
LONGEST_WAY = timedelta(days=60)


def expiry_of(terms: ExpiryTerms, *, earned_on: date, timezone: str) -> datetime | None:
    """The instant at which points earned on a day are gone; None is never."""
    last_day = _last_day(terms, earned_on)
    return end_of(last_day, timezone=timezone) if last_day else None


def _last_day(terms: ExpiryTerms, earned_on: date) -> date | None:
    match terms.kind:
        case "never":
            return None
        case "months":
            return plus_months(earned_on, terms.months)
        case "end_of_year":
            return date(earned_on.year + terms.years, 12, 31)
        case "date":
            return terms.on


def maturity_of(
    terms: MaturityTerms,
    *,
    bought_at: datetime,
    delivered_at: datetime | None,
    awaits_delivery: bool = False,
    timezone: str,
) -> datetime:
    """When the return period is over, so that points are certain: at the end of its last day.

    Counted from a delivery that nobody has told of yet, it begins so late that it has surely come.
    """
    begun = bought_at
    if terms.counted_from == "delivery" and delivered_at:
        begun = delivered_at
    elif terms.counted_from == "delivery" and awaits_delivery:
        begun = bought_at + LONGEST_WAY
    if not terms.pending_days:
        return begun
    last_day = day_of(begun, timezone=timezone) + timedelta(days=terms.pending_days)
    return end_of(last_day, timezone=timezone)


def notices(terms: ExpiryTerms) -> list[tuple[int, int]]:
    """Which notice is due for points that end so many days ahead: `(days ahead, notice)`.

    Of notices 30 and 7 days before, the first is due from 30 down to 8 days ahead.
    """
    found: list[tuple[int, int]] = []
    nearer = 0
    for notice in sorted(set(terms.reminder_days)):
        found += [(ahead, notice) for ahead in range(nearer + 1, notice + 1)]
        nearer = notice
    return found
