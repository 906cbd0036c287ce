"""Goods arrive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.inventory.events import StockReceived
from santong.inventory.rules.lines import check_quantities
from santong.inventory.services.book import book
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def receive(
    *,
    merchant_id: int,
    location_id: int,
    quantity_by_sku: Mapping[int, int],
    reason: str,
    key: str,
    now: datetime,
) -> bool:
    """Book goods in at a place. The same key again changes nothing and gives False.

    Raises FieldInvalid, NoSuch. Emits StockReceived, ShortfallClosed. Locks stock levels.
    """
    check_quantities(quantity_by_sku)
    booked = book(
        merchant_id=merchant_id,
        kind="receive",
        location_id=location_id,
        quantity_by_sku=quantity_by_sku,
        reason=reason,
        key=key,
        now=now,
    )
    if booked is None:
        return False
    fact = StockReceived(location_id=location_id, reason=reason, skus=booked.skus)
    outbox.publish(fact, *booked.settled, now=now)
    return True
