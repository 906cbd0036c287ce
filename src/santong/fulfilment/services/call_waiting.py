"""Stock came: the orders that wait for it are told, the oldest first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from santong.fulfilment.events import AwaitedStockCame
from santong.fulfilment.models import ExceptionCase
from santong.inventory import public as inventory
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def call_waiting(
    *, merchant_id: int, sku_ids: Collection[int] | None, now: datetime, limit: int = 500
) -> int:
    """Tell orders that are short of these SKUs, or of any, if some can be promised; say how many.

    Each order is filled in a transaction of its own, so that none holds up another.

    Emits AwaitedStockCame.
    """
    waiting = list(_waiting(merchant_id, sku_ids))
    if not waiting:
        return 0
    there = inventory.atp_by_sku(
        merchant_id=merchant_id, sku_ids=set().union(*(wanted for _, wanted in waiting))
    )
    called = [
        order_id for order_id, wanted in waiting if any(there.get(sku_id) for sku_id in wanted)
    ][:limit]
    outbox.publish(*(AwaitedStockCame(order_id=order_id) for order_id in called), now=now)
    return len(called)


def _waiting(
    merchant_id: int, sku_ids: Collection[int] | None
) -> Iterator[tuple[int, frozenset[int]]]:
    """Orders that wait for stock, the longest first, and the SKUs that each is short of."""
    cases = ExceptionCase.objects.of_merchant(merchant_id).filter(
        kind="unfilled", closed_at__isnull=True
    )
    if sku_ids is not None:
        cases = cases.filter(details__sku_ids__has_any_keys=[str(sku_id) for sku_id in sku_ids])
    for order_id, details in cases.order_by("opened_at", "id").values_list("order_id", "details"):
        yield order_id, frozenset(int(sku_id) for sku_id in details.get("sku_ids", ()))
