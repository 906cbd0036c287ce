"""A member has bought something."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.services.accrue_many import accrue_many


@all_or_nothing
def accrue(*, merchant_id: int, purchase: contracts.Purchase, now: datetime) -> contracts.Accrued:
    """Give what a purchase brings, once for its source and key.

    Points wait until the return period is over; experience counts at once or then, as the terms
    say, and raises a tier at once. The same purchase again gives the first answer.

    Raises NoSuch, CardMissing, NothingPromised, NotAuthorised, PointsKeyTaken, FieldInvalid, Busy.
    Emits PointsAccrued, TierChanged, MemberWoken. Locks the member, then accounts.
    """
    (accrued,) = accrue_many(merchant_id=merchant_id, purchases=[purchase], now=now)
    return accrued
