"""A hold ran out: its checkout was given up."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.membership.models import Burn
from santong.membership.services.lock_current import lock_current


@all_or_nothing
def end_held_burn(*, merchant_id: int, hold_id: int, now: datetime) -> None:
    """Note that the points of a checkout are held no more. Locks the member."""
    rows = Burn.objects.of_merchant(merchant_id).filter(hold_id=hold_id, state="held")
    member_id = rows.values_list("member_id", flat=True).first()
    if member_id is None:
        return
    lock_current(merchant_id=merchant_id, member_ids=[member_id])
    rows.update(state="released", ended_at=now, reason="its time has run out")
