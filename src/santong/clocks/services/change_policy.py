"""A clock goes by another policy."""

from __future__ import annotations

from datetime import datetime

from santong.clocks import contracts
from santong.clocks.rules.fields import clean_text
from santong.clocks.selectors.calendars import calendar_by_code
from santong.clocks.selectors.policies import policy_by_code
from santong.clocks.services.record import event, lock_clock, record
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def change_policy(
    *,
    merchant_id: int,
    subject: str,
    term: str,
    policy_code: str,
    at: datetime,
    reason: str,
    now: datetime,
) -> contracts.Clock:
    """Let a clock go by a policy as it holds now; what it has counted and rested stays.

    One that has ended stays as it is.

    Raises NoSuch, FieldInvalid, Busy. Emits ClockMended if it was broken and is not due yet.
    Locks the clock.
    """
    policy = policy_by_code(merchant_id=merchant_id, code=policy_code)
    calendar = calendar_by_code(merchant_id=merchant_id, code=policy.calendar_code)
    row = lock_clock(merchant_id=merchant_id, subject=subject, term=term)
    changed = event(
        row,
        kind="policy_change",
        at=at,
        reason=clean_text(reason),
        policy_version_id=policy.version_id,
        calendar_version_id=calendar.version_id,
        now=now,
    )
    return record(row, changed, now=now)
