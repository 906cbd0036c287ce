"""A person decides what becomes of an exception."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment import contracts
from santong.fulfilment.errors import CaseClosed, StatePassed
from santong.fulfilment.models import ExceptionCase, FulfilmentOrder
from santong.fulfilment.services.end_case import close_row
from santong.fulfilment.services.fill_rest import fill_rest
from santong.fulfilment.services.offer import offer
from santong.fulfilment.services.work import lines_of, lock_work, step
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.routing import public as routing


@all_or_nothing
def close_case(
    *,
    merchant_id: int,
    case_id: int,
    resolution: contracts.Resolution,
    note: str,
    location_ids: frozenset[int] | None = None,
    now: datetime,
) -> contracts.ExceptionCase:
    """Close a case in the way that a person has chosen.

    "rerouted" looks for a place again, "waited" asks the same place again, "cancelled" cancels
    the order, "resent" and "noted" write down what was done by hand. Where units were promised
    from nowhere, "rerouted" takes what there is now; the case ends when nothing is wanting.

    Raises NoSuch, CaseClosed, StatePassed, routing.NothingCanServe (the case stays open), and what
    orders refuses. Emits ExceptionClosed, FulfilmentOffered. Locks work, orders, stock levels.
    """
    case = _case(merchant_id, case_id, location_ids)
    if case.kind == "unfilled" and resolution == "rerouted":
        return _fill(case, note, now)
    if case.fulfilment_order_id is not None:
        lock_work(merchant_id=merchant_id, fulfilment_order_id=case.fulfilment_order_id)
    case = ExceptionCase.objects.of_merchant(merchant_id).filter(id=case_id).lock().get()
    if case.closed_at is not None:
        raise CaseClosed(case_id=case_id, resolution=case.resolution)
    if resolution == "cancelled":
        orders.cancel_order(
            merchant_id=merchant_id, order_id=case.order_id, reason=note or case.kind, now=now
        )
    elif resolution in {"rerouted", "waited"}:
        _try_again(case, resolution, now)
    close_row(case, resolution=resolution, note=note, now=now)
    return case.as_contract()


def _case(merchant_id: int, case_id: int, location_ids: frozenset[int] | None) -> ExceptionCase:
    cases = ExceptionCase.objects.of_merchant(merchant_id).filter(id=case_id)
    if location_ids is not None:
        cases = cases.filter(location_id__in=sorted(location_ids))
    case: ExceptionCase | None = cases.first()
    if case is None:
        raise NoSuch(kind="exception case", key=str(case_id))
    return case


def _fill(case: ExceptionCase, note: str, now: datetime) -> contracts.ExceptionCase:
    fill_rest(
        merchant_id=case.merchant_id, order_id=case.order_id, cause=note or "asked again", now=now
    )
    case.refresh_from_db()
    return case.as_contract()


def _try_again(case: ExceptionCase, resolution: contracts.Resolution, now: datetime) -> None:
    """Offer the lines of the case anew: elsewhere, or where they were."""
    if case.fulfilment_order_id is None:
        raise StatePassed(fulfilment_order_id=0, state=case.kind, wanted=resolution)
    row = FulfilmentOrder.objects.of_merchant(case.merchant_id).get(id=case.fulfilment_order_id)
    quantities = {line.order_line_id: (line.sku_id, line.quantity) for line in lines_of(row)}
    asked = {int(line): quantity for line, quantity in case.details["quantity_by_line"].items()}
    lines = {line: (quantities[line][0], units) for line, units in asked.items()}
    targets = {row.location_id: lines}
    if resolution == "rerouted":
        decision = routing.reroute(
            merchant_id=case.merchant_id,
            order_id=case.order_id,
            from_location_id=row.location_id,
            quantity_by_line=asked,
            excluded_location_ids=(),
            cause="asked again",
            now=now,
        )
        targets = {
            parcel.location_id: {
                portion.line_id: (portion.sku_id, portion.quantity) for portion in parcel.portions
            }
            for parcel in decision.choice.parcels
        }
    if row.state == "exception":
        row.closed_at = now
        step(row, to="cancelled", reason="handed on by hand", now=now, changed=["closed_at"])
    else:
        _take_out(row, asked)
    for location_id, line_quantities in targets.items():
        offer(
            merchant_id=case.merchant_id,
            order_id=case.order_id,
            location_id=location_id,
            mode="pickup" if row.mode == "pickup" else "ship",
            attempt=_highest_attempt(case) + 1,
            line_quantities=line_quantities,
            now=now,
        )


def _take_out(row: FulfilmentOrder, asked: dict[int, int]) -> None:
    """Units that were missing from work that went on without them."""
    for line in lines_of(row):
        units = asked.get(line.order_line_id, 0)
        if units == line.quantity:
            line.delete()
        elif units:
            line.quantity -= units
            line.save(update_fields=["quantity"])


def _highest_attempt(case: ExceptionCase) -> int:
    return (
        FulfilmentOrder.objects.of_merchant(case.merchant_id)
        .filter(order_id=case.order_id)
        .order_by("-attempt")
        .values_list("attempt", flat=True)
        .first()
        or 0
    )
