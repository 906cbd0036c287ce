"""Find stock for what a paid order is still short of."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment import contracts
from santong.fulfilment.models import ExceptionCase, FulfilmentOrder
from santong.fulfilment.services.end_case import close_row
from santong.fulfilment.services.offer import offer
from santong.fulfilment.services.report_short import case_details
from santong.fulfilment.services.start_order import WORKABLE, start_order
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.routing import public as routing


@all_or_nothing
def fill_rest(
    *, merchant_id: int, order_id: int, cause: str, now: datetime
) -> contracts.FilledRest:
    """Bind what there is now of an order's missing units, ask the places, and say what is wanting.

    When nothing is wanting any more the order goes on as a paid one, and its case ends. An order
    that is short of nothing is left as it is.

    Raises NoSuch, routing.NothingCanServe if nobody has any of it, routing.TooContended. Emits
    FulfilmentOffered, ExceptionClosed. Locks the case, the order, then stock levels.
    """
    cases = list(
        ExceptionCase.objects.of_merchant(merchant_id)
        .filter(order_id=order_id, kind="unfilled", closed_at__isnull=True)
        .lock()
    )
    order, short = orders.claim_unfilled(merchant_id=merchant_id, order_id=order_id)
    if order.state not in WORKABLE:
        return contracts.FilledRest(order_id=order_id, quantity_by_line={}, short_by_line={})
    # What was promised before is offered first: it would be taken for begun once the rest is.
    start_order(merchant_id=merchant_id, order_id=order_id, now=now)
    wanting: dict[int, int] = {}
    if short:
        wanting = _fill(order, short, merchant_id=merchant_id, cause=cause, now=now)
    if wanting:
        _keep_waiting(order, cases, wanting)
    else:
        _settle(order, cases, merchant_id=merchant_id, cause=cause, now=now)
    return contracts.FilledRest(
        order_id=order_id,
        quantity_by_line={
            line_id: units - wanting.get(line_id, 0)
            for line_id, units in short.items()
            if units > wanting.get(line_id, 0)
        },
        short_by_line=wanting,
    )


def _fill(
    order: orders.Order, short: dict[int, int], *, merchant_id: int, cause: str, now: datetime
) -> dict[int, int]:
    """Bind and offer what there is; what is still wanting, by line."""
    decision = routing.source_rest(
        merchant_id=merchant_id, order=order, quantity_by_line=short, cause="stock came", now=now
    )
    for parcel in decision.choice.parcels:
        offer(
            merchant_id=merchant_id,
            order_id=order.id,
            location_id=parcel.location_id,
            mode=order.mode,
            attempt=_next_attempt(merchant_id, order.id, parcel.location_id),
            line_quantities={
                portion.line_id: (portion.sku_id, portion.quantity) for portion in parcel.portions
            },
            now=now,
        )
    wanting = {line.line_id: line.quantity for line in decision.choice.unfilled}
    audit.record(
        audit.Change(
            action="fulfilment.filled",
            subject="order",
            subject_id=order.id,
            reason=cause,
            before={"short_by_line": short},
            after={"short_by_line": wanting},
        ),
        now=now,
    )
    return wanting


def _keep_waiting(order: orders.Order, cases: list[ExceptionCase], wanting: dict[int, int]) -> None:
    for case in cases:
        case.details = case_details(order, wanting)
        case.save(update_fields=["details"])


def _settle(
    order: orders.Order,
    cases: list[ExceptionCase],
    *,
    merchant_id: int,
    cause: str,
    now: datetime,
) -> None:
    if order.state == "paid_without_stock":
        orders.resume_with_stock(merchant_id=merchant_id, order_id=order.id, reason=cause, now=now)
    for case in cases:
        close_row(case, resolution="rerouted", note=cause, now=now)


def _next_attempt(merchant_id: int, order_id: int, location_id: int) -> int:
    """The first at a place that has no work of the order; else one more than its highest."""
    highest = (
        FulfilmentOrder.objects.of_merchant(merchant_id)
        .filter(order_id=order_id, location_id=location_id)
        .order_by("-attempt")
        .values_list("attempt", flat=True)
        .first()
    )
    return (highest or 0) + 1
