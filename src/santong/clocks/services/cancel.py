"""Nothing is promised any more."""

from __future__ import annotations

from datetime import datetime

from santong.clocks import contracts
from santong.clocks.rules.fields import clean_text
from santong.clocks.services.record import event, lock_clock, record
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def cancel(
    *, merchant_id: int, subject: str, term: str, at: datetime, reason: str, now: datetime
) -> contracts.Clock:
    """End a clock that neither kept nor broke its promise from now on. Once.

    Raises NoSuch, FieldInvalid, Busy. Emits nothing. Locks the clock.
    """
    row = lock_clock(merchant_id=merchant_id, subject=subject, term=term)
    return record(
        row, event(row, kind="cancel", at=at, reason=clean_text(reason), now=now), now=now
    )
