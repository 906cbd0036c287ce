"""Give lines that a place will not send to somebody else, or to a person to decide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from santong.fulfilment.contracts import ExceptionKind
from santong.fulfilment.errors import StatePassed
from santong.fulfilment.models import FulfilmentOrder
from santong.fulfilment.rules.offers import may_try_again
from santong.fulfilment.services.offer import offer
from santong.fulfilment.services.open_case import open_case
from santong.inventory import public as inventory
from santong.routing import public as routing


def hand_on(
    *,
    row: FulfilmentOrder,
    quantity_by_line: Mapping[int, int],
    sku_by_line: Mapping[int, int],
    cause: str,
    now: datetime,
) -> bool:
    """Re-route lines of this work, or open a case; whether they have found another place.

    A pickup never goes to another counter by itself: the buyer is asked. Without another place
    the stock stays promised from here, so that nobody else is sold it before somebody decides.

    Raises StatePassed where nothing is promised from here any more.
    Emits FulfilmentOffered for each new place, or ExceptionOpened. Locks stock levels.
    """
    kind: ExceptionKind = "nothing_can_serve"
    if row.mode == "pickup":
        kind = "pickup_declined"
    elif not may_try_again(attempt=row.attempt):
        kind = "too_many_attempts"
    elif _finds_others(row, quantity_by_line, cause, now):
        return True
    open_case(
        merchant_id=row.merchant_id,
        order_id=row.order_id,
        fulfilment_order_id=row.id,
        location_id=row.location_id,
        kind=kind,
        details={
            "cause": cause,
            "attempt": row.attempt,
            "quantity_by_line": dict(quantity_by_line),
            "sku_by_line": {line: sku_by_line[line] for line in quantity_by_line},
            "asked_location_ids": sorted(_refused(row)),
        },
        now=now,
    )
    return False


def offer_elsewhere(
    *,
    row: FulfilmentOrder,
    quantity_by_line: Mapping[int, int],
    cause: str,
    now: datetime,
) -> None:
    """Move the promises for these lines to other places, and ask those; all of it, or nothing.

    Raises StatePassed where nothing is promised from here any more, routing.NothingCanServe,
    routing.TooContended. Emits FulfilmentOffered. Locks stock levels.
    """
    refused = _refused(row)
    try:
        decision = routing.reroute(
            merchant_id=row.merchant_id,
            order_id=row.order_id,
            from_location_id=row.location_id,
            quantity_by_line=quantity_by_line,
            excluded_location_ids=refused,
            cause=cause,
            now=now,
        )
    except inventory.NotPromisedHere:
        # The order was cancelled, and the fact that says so is on its way to this work.
        raise StatePassed(
            fulfilment_order_id=row.id, state="cancelled", wanted="declined"
        ) from None
    for parcel in decision.choice.parcels:
        offer(
            merchant_id=row.merchant_id,
            order_id=row.order_id,
            location_id=parcel.location_id,
            mode="ship",
            attempt=_next_attempt(row, parcel.location_id),
            line_quantities={
                portion.line_id: (portion.sku_id, portion.quantity) for portion in parcel.portions
            },
            excluded_location_ids=tuple(sorted(refused)),
            now=now,
        )


def _finds_others(
    row: FulfilmentOrder, quantity_by_line: Mapping[int, int], cause: str, now: datetime
) -> bool:
    try:
        with transaction.atomic():
            offer_elsewhere(row=row, quantity_by_line=quantity_by_line, cause=cause, now=now)
    except (routing.NothingCanServe, routing.TooContended):
        return False
    return True


def _refused(row: FulfilmentOrder) -> set[int]:
    return {*row.excluded_location_ids, row.location_id}


def _next_attempt(row: FulfilmentOrder, location_id: int) -> int:
    """One more than this work's; more still if the place has other work of the order."""
    highest = (
        FulfilmentOrder.objects.of_merchant(row.merchant_id)
        .filter(order_id=row.order_id, location_id=location_id)
        .order_by("-attempt")
        .values_list("attempt", flat=True)
        .first()
    )
    return max(row.attempt, highest or 0) + 1
