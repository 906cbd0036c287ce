"""Give promises back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.inventory.events import StockReleased
from santong.inventory.services.end_expired import end_expired
from santong.inventory.services.give_back import give_back
from santong.inventory.services.lock import lock_promises
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def release(
    *,
    merchant_id: int,
    holder: str,
    line_ids: Sequence[int] | None = None,
    reason: str,
    now: datetime,
) -> int:
    """End what is held or firm for a holder, or for some of its lines; say how many units.

    What has been consumed stays consumed, and what has expired is not taken again by a payment.
    Releasing twice releases once.

    Emits StockReleased, ShortfallClosed. Locks the holder, its reservations, then levels.
    """
    row_ids = lock_promises(merchant_id=merchant_id, holder=holder)
    end_expired(merchant_id=merchant_id, row_ids=row_ids, line_ids=line_ids, now=now)
    given_back = give_back(
        merchant_id=merchant_id,
        row_ids=row_ids,
        line_ids=line_ids,
        ending="released",
        reason=reason,
        now=now,
    )
    if given_back:
        lines = tuple(part.line for part in given_back)
        outbox.publish(StockReleased(holder=holder, reason=reason, lines=lines), now=now)
    return sum(part.line.quantity for part in given_back)
