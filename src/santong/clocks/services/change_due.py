"""A clock is due at another instant."""

from __future__ import annotations

from datetime import datetime

from santong.clocks import contracts
from santong.clocks.rules.fields import check_instant, clean_text
from santong.clocks.services.record import event, lock_clock, record
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def change_due(
    *,
    merchant_id: int,
    subject: str,
    term: str,
    due_at: datetime,
    at: datetime,
    reason: str,
    now: datetime,
) -> contracts.Clock:
    """Let a clock be due at an instant, as said at another; resting after that puts it off.

    What it has counted stays. One that has ended stays as it is.

    Raises NoSuch, FieldInvalid, Busy. Emits ClockMended if it was broken and is not due yet.
    Locks the clock.
    """
    check_instant(due_at, pointer="/due_at")
    row = lock_clock(merchant_id=merchant_id, subject=subject, term=term)
    changed = event(
        row, kind="due_change", at=at, reason=clean_text(reason), due_at=due_at, now=now
    )
    return record(row, changed, now=now)
