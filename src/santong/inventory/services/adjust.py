"""Correct the books by hand."""

from __future__ import annotations

from datetime import datetime

from santong.inventory.errors import BelowZero
from santong.inventory.events import StockAdjusted
from santong.inventory.rules.lines import check_quantities
from santong.inventory.selectors.levels import levels_of
from santong.inventory.services.book import book, was_booked
from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def adjust(
    *,
    merchant_id: int,
    location_id: int,
    sku_id: int,
    delta: int,
    reason: str,
    key: str,
    now: datetime,
) -> bool:
    """Change what is on hand by `delta`: breakage, theft, goods found. The same key gives False.

    Never ends below zero. Where promises stand on what is taken, the gap is recorded as a
    shortfall with an open task.

    Raises BelowZero, FieldInvalid, NoSuch. Emits StockAdjusted, ShortfallOpened, ShortfallClosed.
    Locks stock levels.
    """
    check_quantities({sku_id: abs(delta)})
    if not reason.strip():
        raise FieldInvalid(pointer="/reason", reason="a correction has a reason")
    booked = book(
        merchant_id=merchant_id,
        kind="adjust",
        location_id=location_id,
        quantity_by_sku={sku_id: delta},
        reason=reason,
        key=key,
        now=now,
        is_guarded=True,
    )
    if booked is None:
        if was_booked(merchant_id=merchant_id, kind="adjust", key=key):
            return False
        (level,) = levels_of(merchant_id=merchant_id, location_ids=[location_id], sku_ids=[sku_id])
        raise BelowZero(location_id=location_id, sku_id=sku_id, on_hand=level.on_hand, delta=delta)
    fact = StockAdjusted(location_id=location_id, reason=reason, skus=booked.skus)
    outbox.publish(fact, *booked.settled, now=now)
    return True
