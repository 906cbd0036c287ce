"""Somebody has looked what is there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.inventory.events import StockCounted
from santong.inventory.rules.lines import check_quantities
from santong.inventory.services.book import book
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def count(
    *,
    merchant_id: int,
    location_id: int,
    counted_by_sku: Mapping[int, int],
    reason: str = "",
    key: str,
    now: datetime,
) -> bool:
    """Set what is on hand to what was found, promises or not. The same key again gives False.

    Where less was found than is promised, the gap is recorded as a shortfall with an open task.

    Raises FieldInvalid, NoSuch. Emits StockCounted, ShortfallOpened, ShortfallClosed. Locks stock
    levels.
    """
    check_quantities(counted_by_sku, least=0)
    booked = book(
        merchant_id=merchant_id,
        kind="count",
        location_id=location_id,
        quantity_by_sku=counted_by_sku,
        reason=reason,
        key=key,
        now=now,
    )
    if booked is None:
        return False
    fact = StockCounted(location_id=location_id, skus=booked.skus)
    outbox.publish(fact, *booked.settled, now=now)
    return True
