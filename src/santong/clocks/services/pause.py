"""A clock rests."""

from __future__ import annotations

from datetime import datetime

from santong.clocks import contracts
from santong.clocks.rules.fields import clean_text
from santong.clocks.services.record import event, lock_clock, record
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def pause(
    *, merchant_id: int, subject: str, term: str, at: datetime, reason: str, now: datetime
) -> contracts.Clock:
    """Let a clock rest from an instant on. One that rests or has ended stays as it is.

    Raises NoSuch, FieldInvalid, Busy. Emits ClockMended where it had not broken after all.
    Locks the clock.
    """
    row = lock_clock(merchant_id=merchant_id, subject=subject, term=term)
    return record(row, event(row, kind="pause", at=at, reason=clean_text(reason), now=now), now=now)
