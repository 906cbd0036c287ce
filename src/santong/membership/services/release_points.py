"""A checkout was given up: the points that it held can be spent again."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import BurnEnded
from santong.membership.rules.purchases import clean_reason
from santong.membership.services.open_burn import burned_of, lock_burn
from santong.payments import public as payments


@all_or_nothing
def release_points(
    *, merchant_id: int, source: str, key: str, reason: str, now: datetime
) -> contracts.Burned:
    """Let go of held points: the same lots, with the ends that they had.

    Released twice is released once. Raises NoSuch (burn), BurnEnded (burned), FieldInvalid, Busy.
    Locks the member, then accounts.
    """
    reason = clean_reason(reason)
    row = lock_burn(merchant_id=merchant_id, source=source, key=key)
    if row.state == "released":
        return burned_of(merchant_id=merchant_id, row=row)
    if row.state != "held":
        raise BurnEnded(state=row.state)
    assert row.hold_id is not None, "a held burn has its hold"
    payments.release(merchant_id=merchant_id, hold_id=row.hold_id, reason=reason, now=now)
    row.state, row.ended_at, row.reason = "released", now, reason
    row.save(update_fields=["state", "ended_at", "reason"])
    return burned_of(merchant_id=merchant_id, row=row, is_new=True)
