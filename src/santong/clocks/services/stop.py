"""What was promised has happened."""

from __future__ import annotations

from datetime import datetime

from santong.clocks import contracts
from santong.clocks.rules.fields import clean_text
from santong.clocks.services.record import event, lock_clock, record
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def stop(
    *, merchant_id: int, subject: str, term: str, at: datetime, reason: str, now: datetime
) -> contracts.Clock:
    """Stop a clock at an instant: kept if that is not after its due time. Once.

    Raises NoSuch, FieldInvalid, Busy. Emits ClockStopped; before it ClockBroken if it is late and
    nobody was told, ClockMended if it was said to be late and is not. Locks the clock.
    """
    row = lock_clock(merchant_id=merchant_id, subject=subject, term=term)
    return record(row, event(row, kind="stop", at=at, reason=clean_text(reason), now=now), now=now)
