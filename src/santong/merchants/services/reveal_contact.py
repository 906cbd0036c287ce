from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.merchants.selectors.parts import dealer_by_id


@all_or_nothing
def reveal_contact(*, merchant_id: int, dealer_id: int, reason: str, now: datetime) -> str:
    """Whom to call at a dealer's, in plain words; who looked, when and why is kept.

    Raises NoSuch.
    """
    dealer = dealer_by_id(merchant_id=merchant_id, dealer_id=dealer_id)
    audit.record(
        audit.Change(
            action="merchants.reveal_contact",
            subject="dealer",
            subject_id=dealer.id,
            reason=reason,
        ),
        now=now,
    )
    return dealer.contact
