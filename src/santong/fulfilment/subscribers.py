"""What fulfilment does when it hears facts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from santong.fulfilment.events import AwaitedStockCame
from santong.fulfilment.services.call_waiting import call_waiting
from santong.fulfilment.services.cancel_work import cancel_work
from santong.fulfilment.services.fill_rest import fill_rest
from santong.fulfilment.services.promise_shipping import (
    let_promise_rest,
    promise_shipping,
    settle_promise,
)
from santong.fulfilment.services.relieve_shortfall import relieve_shortfall
from santong.fulfilment.services.report_short import report_short
from santong.fulfilment.services.start_order import start_order
from santong.inventory.events import (
    ReservationExpired,
    ShortfallOpened,
    StockAdjusted,
    StockCounted,
    StockReceived,
    StockReleased,
)
from santong.kernel.facts import subscribe
from santong.orders.events import OrderCancelled, OrderPaid, OrderShipped, PaidWithoutStock
from santong.routing import public as routing


@subscribe(OrderPaid)
def begin_work(fact: OrderPaid, *, merchant_id: int, now: datetime) -> None:
    """Paid and firm: the places are asked, and the time runs in which it has to leave."""
    start_order(merchant_id=merchant_id, order_id=fact.order_id, now=now)
    promise_shipping(merchant_id=merchant_id, order_id=fact.order_id, now=now)


@subscribe(OrderCancelled)
def end_work(fact: OrderCancelled, *, merchant_id: int, now: datetime) -> None:
    """Cancelled: nothing more is sent."""
    cancel_work(
        merchant_id=merchant_id,
        order_id=fact.order_id,
        reason=f"order cancelled: {fact.why}",
        now=now,
    )
    settle_promise(merchant_id=merchant_id, order_id=fact.order_id, now=now)


@subscribe(OrderShipped)
def keep_promise(fact: OrderShipped, *, merchant_id: int, now: datetime) -> None:
    """All of it has left: the promise was kept, or was not."""
    if fact.is_whole:
        settle_promise(merchant_id=merchant_id, order_id=fact.order_id, now=now)


@subscribe(PaidWithoutStock)
def ask_somebody(fact: PaidWithoutStock, *, merchant_id: int, now: datetime) -> None:
    """Paid, but promised from nowhere: it waits for stock; what is firm is worked on."""
    report_short(merchant_id=merchant_id, order_id=fact.order_id, now=now)
    start_order(merchant_id=merchant_id, order_id=fact.order_id, now=now)
    let_promise_rest(merchant_id=merchant_id, order_id=fact.order_id, now=now)


@subscribe(AwaitedStockCame)
def fill_the_rest(fact: AwaitedStockCame, *, merchant_id: int, now: datetime) -> None:
    """Some of what the order waits for is there; it may be gone again."""
    try:
        with transaction.atomic():
            fill_rest(merchant_id=merchant_id, order_id=fact.order_id, cause="stock came", now=now)
    except (routing.NothingCanServe, routing.TooContended):
        return


@subscribe(StockReceived, StockAdjusted, StockCounted)
def call_who_waits(
    fact: StockReceived | StockAdjusted | StockCounted, *, merchant_id: int, now: datetime
) -> None:
    """More is there than was: orders that are short of it are told."""
    more = [sku.sku_id for sku in fact.skus if sku.delta > 0]
    if more:
        call_waiting(merchant_id=merchant_id, sku_ids=more, now=now)


@subscribe(StockReleased, ReservationExpired)
def call_who_waits_for_what_was_given_back(
    fact: StockReleased | ReservationExpired, *, merchant_id: int, now: datetime
) -> None:
    """Somebody needs it no longer: orders that are short of it are told."""
    call_waiting(merchant_id=merchant_id, sku_ids={line.sku_id for line in fact.lines}, now=now)


@subscribe(ShortfallOpened)
def relieve(fact: ShortfallOpened, *, merchant_id: int, now: datetime) -> None:
    """A place owes more than it has: the newest unpicked work goes elsewhere."""
    relieve_shortfall(
        merchant_id=merchant_id, location_id=fact.location_id, sku_id=fact.sku_id, now=now
    )
