"""A payment was given up."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.prepaid import contracts
from santong.prepaid.rules.fields import clean_reason
from santong.prepaid.services.let_go import let_go
from santong.prepaid.services.lock import lock_use


@all_or_nothing
def release_use(*, merchant_id: int, reference: str, reason: str, now: datetime) -> contracts.Use:
    """Let go of what is kept for a payment. What was taken stays taken: the state says so.

    Released twice is released once. Raises NoSuch, FieldInvalid, Busy. Locks the card, then
    accounts.
    """
    reason = clean_reason(reason)
    _, row = lock_use(merchant_id=merchant_id, reference=reference)
    if row.state == "held":
        let_go(row, reason=reason, now=now)
    found: contracts.Use = row.as_contract()
    return found
