"""What fulfilment does when it hears facts."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment.services.cancel_work import cancel_work
from santong.fulfilment.services.open_case import open_case
from santong.fulfilment.services.relieve_shortfall import relieve_shortfall
from santong.fulfilment.services.start_order import start_order
from santong.inventory.events import ShortfallOpened
from santong.kernel.facts import subscribe
from santong.orders.events import OrderCancelled, OrderPaid, PaidWithoutStock


@subscribe(OrderPaid)
def begin_work(fact: OrderPaid, *, merchant_id: int, now: datetime) -> None:
    """Paid and firm: the places are asked."""
    start_order(merchant_id=merchant_id, order_id=fact.order_id, now=now)


@subscribe(OrderCancelled)
def end_work(fact: OrderCancelled, *, merchant_id: int, now: datetime) -> None:
    """Cancelled: nothing more is sent."""
    cancel_work(
        merchant_id=merchant_id,
        order_id=fact.order_id,
        reason=f"order cancelled: {fact.why}",
        now=now,
    )


@subscribe(PaidWithoutStock)
def ask_somebody(fact: PaidWithoutStock, *, merchant_id: int, now: datetime) -> None:
    """Paid, but promised from nowhere: a person decides; what is firm is worked on."""
    open_case(
        merchant_id=merchant_id,
        order_id=fact.order_id,
        fulfilment_order_id=None,
        location_id=None,
        kind="unfilled",
        details={"quantity_by_line": fact.short_by_line},
        now=now,
    )
    start_order(merchant_id=merchant_id, order_id=fact.order_id, now=now)


@subscribe(ShortfallOpened)
def relieve(fact: ShortfallOpened, *, merchant_id: int, now: datetime) -> None:
    """A place owes more than it has: the newest unpicked work goes elsewhere."""
    relieve_shortfall(
        merchant_id=merchant_id, location_id=fact.location_id, sku_id=fact.sku_id, now=now
    )
