"""A till has sold; nobody was asked, and the goods are gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.inventory.events import TillSaleRecorded
from santong.inventory.rules.lines import check_quantities
from santong.inventory.services.book import book
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def record_till_sale(
    *,
    merchant_id: int,
    location_id: int,
    quantity_by_sku: Mapping[int, int],
    key: str,
    now: datetime,
) -> bool:
    """Book out what a till sold, also below zero. The same key again gives False.

    Where promises stand on what was sold, the gap is recorded as a shortfall with an open task.

    Raises FieldInvalid, NoSuch. Emits TillSaleRecorded, ShortfallOpened. Locks stock levels.
    """
    check_quantities(quantity_by_sku)
    booked = book(
        merchant_id=merchant_id,
        kind="till_sale",
        location_id=location_id,
        quantity_by_sku={sku_id: -quantity for sku_id, quantity in quantity_by_sku.items()},
        reason="",
        key=key,
        now=now,
    )
    if booked is None:
        return False
    fact = TillSaleRecorded(location_id=location_id, skus=booked.skus)
    outbox.publish(fact, *booked.settled, now=now)
    return True
