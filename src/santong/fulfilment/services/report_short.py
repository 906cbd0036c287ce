"""Say that a paid order waits for stock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.fulfilment.services.open_case import open_case
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders


@all_or_nothing
def report_short(*, merchant_id: int, order_id: int, now: datetime) -> bool:
    """Open a case for what an order is short of at this moment; whether it is short of anything.

    Raises NoSuch. Emits ExceptionOpened. Locks the order.
    """
    order, short = orders.claim_unfilled(merchant_id=merchant_id, order_id=order_id)
    if not short:
        return False
    open_case(
        merchant_id=merchant_id,
        order_id=order_id,
        fulfilment_order_id=None,
        location_id=None,
        kind="unfilled",
        details=case_details(order, short),
        now=now,
    )
    return True


def case_details(order: orders.Order, short: Mapping[int, int]) -> dict[str, object]:
    """What a case of missing units says: how many of which lines, and of which SKUs.

    The SKUs stand there once more as a list of texts, which the database can look into.
    """
    sku_by_line = {line.id: line.sku_id for line in order.lines if line.id in short}
    return {
        "quantity_by_line": dict(short),
        "sku_by_line": sku_by_line,
        "sku_ids": sorted(map(str, set(sku_by_line.values()))),
    }
