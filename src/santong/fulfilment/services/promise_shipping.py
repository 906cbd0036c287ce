"""How long an order may take to leave: its clock `ship`, for merchants that have such a policy."""

from __future__ import annotations

from datetime import datetime

from santong.clocks import public as clocks
from santong.fulfilment.selectors.work import work_of
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.stores import public as stores

SHIP = "ship"


def subject_of(order_id: int) -> str:
    """What clocks call an order."""
    return f"order:{order_id}"


@all_or_nothing
def promise_shipping(*, merchant_id: int, order_id: int, now: datetime) -> None:
    """Start the clock of a paid order as it was paid; one that rested for want of stock goes on.

    Nothing for orders that are collected, and without a policy `ship` in use. Locks the clock.
    """
    clock = _started(merchant_id, order_id, now=now)
    if clock is not None and clock.state == "paused":
        clocks.resume(
            merchant_id=merchant_id,
            subject=clock.subject,
            term=SHIP,
            at=now,
            reason="its stock is firm",
            now=now,
        )


@all_or_nothing
def let_promise_rest(*, merchant_id: int, order_id: int, now: datetime) -> None:
    """Start the clock of an order that was paid without stock, and let it rest. Locks the clock."""
    known = clocks.clock_or_none(merchant_id=merchant_id, subject=subject_of(order_id), term=SHIP)
    clock = _started(merchant_id, order_id, now=now)
    if clock is not None:
        clocks.pause(
            merchant_id=merchant_id,
            subject=clock.subject,
            term=SHIP,
            at=clock.started_at if known is None else now,
            reason="paid without stock",
            now=now,
        )


@all_or_nothing
def settle_promise(*, merchant_id: int, order_id: int, now: datetime) -> None:
    """Stop the clock of an order of which all has left; cancel that of one that is cancelled.

    Nothing while some of it has still to leave. Locks the clock.
    """
    subject = subject_of(order_id)
    known = clocks.clock_or_none(merchant_id=merchant_id, subject=subject, term=SHIP)
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    if known is None or any(line.open_quantity for line in order.lines):
        return
    if not any(line.shipped_quantity for line in order.lines):
        clocks.cancel(
            merchant_id=merchant_id,
            subject=subject,
            term=SHIP,
            at=now,
            reason="the order is cancelled",
            now=now,
        )
        return
    clocks.stop(
        merchant_id=merchant_id,
        subject=subject,
        term=SHIP,
        at=_left_at(merchant_id, order, now=now),
        reason="all of it has left",
        now=now,
    )


def _started(merchant_id: int, order_id: int, *, now: datetime) -> clocks.Clock | None:
    policy = clocks.policy_or_none(merchant_id=merchant_id, code=SHIP)
    if policy is None or not policy.is_in_use:
        return None
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    if order.mode != "ship":
        return None
    return clocks.start(
        merchant_id=merchant_id,
        subject=subject_of(order_id),
        term=SHIP,
        policy_code=SHIP,
        started_at=order.paid_at or now,
        tags={"store": _store(merchant_id, order_id), "brand": _brand(merchant_id, order)},
        now=now,
    )


def _left_at(merchant_id: int, order: orders.Order, *, now: datetime) -> datetime:
    """When the last of it left; what is cancelled last has ended it last."""
    left = [each.handed_over_at for each in work_of(merchant_id=merchant_id, order_id=order.id)]
    known = [at for at in left if at is not None]
    is_cut = any(line.cancelled_quantity for line in order.lines)
    return now if is_cut or not known else max(known)


def _store(merchant_id: int, order_id: int) -> str:
    """The place that sends it, if it is one."""
    places = {each.location_id for each in work_of(merchant_id=merchant_id, order_id=order_id)}
    if len(places) != 1:
        return ""
    found = stores.locations_by_id(merchant_id=merchant_id, location_ids=places)
    return next((each.code for each in found.values()), "")


def _brand(merchant_id: int, order: orders.Order) -> str:
    storefront = merchants.storefront_by_id(
        merchant_id=merchant_id, storefront_id=order.storefront_id
    )
    if storefront.brand_id is None:
        return ""
    return merchants.brand_by_id(merchant_id=merchant_id, brand_id=storefront.brand_id).code
