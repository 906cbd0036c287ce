"""A place has promised more than it has: somebody else must send the newest of it."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment.models import FulfilmentLine, FulfilmentOrder
from santong.fulfilment.services.decline import give_back
from santong.fulfilment.services.work import lines_of, lock_work
from santong.inventory import public as inventory
from santong.kernel.tenancy import all_or_nothing

UNPICKED = ("offered", "accepted")


@all_or_nothing
def relieve_shortfall(*, merchant_id: int, location_id: int, sku_id: int, now: datetime) -> int:
    """Hand on the newest unpicked work on a SKU until the place owes no more than it has.

    Says how many units found another place. What finds none waits in the exception queue.

    Emits FulfilmentDeclined, FulfilmentOffered, ExceptionOpened. Locks work, then stock levels.
    """
    ids = (
        FulfilmentLine.objects.of_merchant(merchant_id)
        .filter(
            sku_id=sku_id,
            fulfilment_order__location_id=location_id,
            fulfilment_order__state__in=UNPICKED,
        )
        .order_by("-fulfilment_order_id")
        .values_list("fulfilment_order_id", flat=True)
    )
    relieved = 0
    for work_id in list(dict.fromkeys(ids)):
        short = _short(merchant_id, location_id, sku_id)
        if not short:
            break
        relieved += _hand_on(merchant_id, work_id, sku_id, short, now)
    return relieved


def _short(merchant_id: int, location_id: int, sku_id: int) -> int:
    levels = inventory.levels_of(
        merchant_id=merchant_id, location_ids=[location_id], sku_ids=[sku_id]
    )
    return levels[0].shortfall if levels else 0


def _hand_on(merchant_id: int, work_id: int, sku_id: int, short: int, now: datetime) -> int:
    row = lock_work(merchant_id=merchant_id, fulfilment_order_id=work_id)
    if row.state not in UNPICKED:
        return 0
    lines = lines_of(row)
    declined: dict[int, int] = {}
    for line in lines:
        if line.sku_id == sku_id and short > 0:
            declined[line.order_line_id] = min(line.quantity, short)
            short -= declined[line.order_line_id]
    give_back(row=row, lines=lines, declined=declined, reason="shortfall", now=now)
    row.refresh_from_db()
    return 0 if _waits(row) else sum(declined.values())


def _waits(row: FulfilmentOrder) -> bool:
    return row.state == "exception"
