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
from santong.stores import public as stores


def seek_others(
    *,
    row: FulfilmentOrder,
    quantity_by_line: Mapping[int, int],
    cause: str,
    now: datetime,
) -> routing.Decision | None:
    """Move the promises for lines of this work to other places, where any can and may be asked.

    A pickup never goes to another counter by itself: the buyer is asked. Without another place
    the stock stays promised from here, so that nobody else is sold it before somebody decides.

    Raises StatePassed where nothing is promised from here any more. Locks stock levels.
    """
    if row.mode == "pickup" or not may_try_again(attempt=row.attempt):
        return None
    try:
        with transaction.atomic():
            return move_elsewhere(row=row, quantity_by_line=quantity_by_line, cause=cause, now=now)
    except (routing.NothingCanServe, routing.TooContended):
        return None


def move_elsewhere(
    *,
    row: FulfilmentOrder,
    quantity_by_line: Mapping[int, int],
    cause: str,
    now: datetime,
    only_to: int | None = None,
) -> routing.Decision:
    """Move the promises for these lines to other places, or to one; all of it, or nothing.

    Raises StatePassed where nothing is promised from here any more, routing.NothingCanServe,
    routing.TooContended. Locks stock levels.
    """
    try:
        return routing.reroute(
            merchant_id=row.merchant_id,
            order_id=row.order_id,
            from_location_id=row.location_id,
            quantity_by_line=quantity_by_line,
            excluded_location_ids=_refused(row) | _all_but(row.merchant_id, only_to),
            cause=cause,
            now=now,
        )
    except inventory.NotPromisedHere:
        # The order was cancelled, and the fact that says so is on its way to this work.
        raise StatePassed(
            fulfilment_order_id=row.id, state="cancelled", wanted="declined"
        ) from None


def _all_but(merchant_id: int, location_id: int | None) -> set[int]:
    """Every place but one; nothing where any will do."""
    if location_id is None:
        return set()
    return {int(each) for each in stores.location_map(merchant_id=merchant_id).ids} - {location_id}


def ask_others(*, row: FulfilmentOrder, decision: routing.Decision, now: datetime) -> None:
    """Offer what was moved from this work to the places where it is promised now.

    Written down after what became of this work: that is why they are asked.

    Emits FulfilmentOffered.
    """
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
            excluded_location_ids=tuple(sorted(_refused(row))),
            now=now,
        )


def leave_to_a_person(
    *,
    row: FulfilmentOrder,
    quantity_by_line: Mapping[int, int],
    sku_by_line: Mapping[int, int],
    cause: str,
    now: datetime,
) -> None:
    """Open the case of lines for which no other place was found. Emits ExceptionOpened."""
    kind: ExceptionKind = "nothing_can_serve"
    if row.mode == "pickup":
        kind = "pickup_declined"
    elif not may_try_again(attempt=row.attempt):
        kind = "too_many_attempts"
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
