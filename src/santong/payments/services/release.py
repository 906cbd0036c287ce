"""Give back what a hold keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import LONGEST_REASON, Hold
from santong.payments.errors import HoldEnded
from santong.payments.rules.lots import ended
from santong.payments.rules.txns import check_text
from santong.payments.selectors.holds import hold_of_row, hold_row
from santong.payments.services.end_hold import end, free, parts_by_hold
from santong.payments.services.lapse import Lapsing, lapse_or_extend
from santong.payments.services.lock import lock_ids

NO_GRACE = timedelta(0)


@all_or_nothing
def release(
    *, merchant_id: int, hold_id: int, reason: str, grace: timedelta = NO_GRACE, now: datetime
) -> Hold:
    """Let go of a hold: what it kept can be spent again, by the old lots with their old ends.

    What has ended meanwhile expires now; with `grace`, it can be spent for so much longer. A hold
    that was released or has expired stays as it is.

    Raises NoSuchHold, HoldEnded (captured), FieldInvalid. Emits LotsExpired. Locks the account.
    """
    check_text(reason, most=LONGEST_REASON, pointer="/reason")
    account_id = hold_row(merchant_id=merchant_id, hold_id=hold_id).account_id
    lock_ids(merchant_id=merchant_id, account_ids=[account_id])
    hold = hold_of_row(hold_row(merchant_id=merchant_id, hold_id=hold_id))
    if hold.state == "captured":
        raise HoldEnded(hold_id=hold_id, state=hold.state)
    if hold.state != "held":
        return hold
    parts = parts_by_hold(merchant_id=merchant_id, hold_ids=[hold_id])[hold_id]
    free(merchant_id=merchant_id, hold_ids=[hold_id])
    end(merchant_id=merchant_id, hold_ids=[hold_id], state="released", reason=reason, now=now)
    lapse_or_extend(
        merchant_id=merchant_id,
        lapsing=Lapsing(account_id, hold.account, ended(parts, at=now)),
        grace=grace,
        now=now,
    )
    return replace(hold, state="released")
