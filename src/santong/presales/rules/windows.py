"""When what can be paid. Every end is excluded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

from santong.presales.contracts import Terms

# How long a buyer may take over the deposit, and for how long money that was paid in time may be on
# its way before the order is given up.
DEPOSIT_ASKED_FOR: Final = timedelta(minutes=30)
GRACE: Final = timedelta(minutes=15)
LINK_LASTS: Final = timedelta(minutes=30)

Stage = Literal["before", "deposit", "between", "balance", "over"]


def stage_of(*, terms: Terms, now: datetime) -> Stage:
    """In which window an offer is."""
    if now < terms.deposit_from:
        return "before"
    if now < terms.deposit_until:
        return "deposit"
    if now < terms.balance_from:
        return "between"
    return "balance" if now < terms.balance_until else "over"


def deposit_by(*, terms: Terms, now: datetime) -> datetime:
    """Until when the deposit of who joins now can be paid."""
    return min(now + DEPOSIT_ASKED_FOR, terms.deposit_until)


def closes_at(*, until: datetime) -> datetime:
    """When nobody waits any longer for money that was to be paid until a moment."""
    return until + GRACE


def link_until(*, until: datetime, now: datetime) -> datetime:
    """How long a link can be paid that is opened now: never beyond the window."""
    return min(now + LINK_LASTS, until)
