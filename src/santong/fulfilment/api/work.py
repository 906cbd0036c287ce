"""What stores' phones call: work from the offer to the counter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from ninja import Query

from santong.fulfilment.api.routes import router
from santong.fulfilment.api.schemas import (
    CollectIn,
    DeclineIn,
    HandOverIn,
    PickedIn,
    ReadyOut,
    ReassignIn,
    WorkFilter,
    WorkOut,
)
from santong.fulfilment.api.shown import caller, work_out
from santong.fulfilment.errors import CodeLocked, CodeWrong
from santong.fulfilment.selectors import work
from santong.fulfilment.services import accept as accepting
from santong.fulfilment.services import collect as collecting
from santong.fulfilment.services import decline as declining
from santong.fulfilment.services import hand_over as handing_over
from santong.fulfilment.services import make_ready as making_ready
from santong.fulfilment.services import pack as packing
from santong.fulfilment.services import reassign as reassigning
from santong.fulfilment.services import record_picked as picking
from santong.fulfilment.services import start_picking as starting
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.kernel.http.problems import kept_refusal

WORK = "fulfilment order"


@router.get("/fulfilment-orders", response=Page[WorkOut], auth=requires("fulfilment.view"))
def list_work(request: MerchantRequest, filters: Query[WorkFilter]) -> Any:
    """Work of the places that the caller may see, newest first."""
    found = work.work_page(
        merchant_id=request.merchant_id,
        location_ids=request.actor.location_ids,
        at_location_id=(
            id_of(filters.location_id, kind="location") if filters.location_id else None
        ),
        states=filters.state,
        before_id=before_id(filters.cursor),
        limit=filters.limit + 1,
    )
    return page_of(
        [work_out(each) for each in found], limit=filters.limit, ids=[each.id for each in found]
    )


@router.get("/fulfilment-orders/{work_id}", response=WorkOut, auth=requires("fulfilment.view"))
def get_work(request: MerchantRequest, work_id: str) -> Any:
    """One piece of work with its offers and parcels."""
    return _read(request, id_of(work_id, kind=WORK))


@router.post(
    "/fulfilment-orders/{work_id}/accept", response=WorkOut, auth=requires("fulfilment.work")
)
def accept(request: MerchantRequest, work_id: str) -> Any:
    """The place will send."""
    number = id_of(work_id, kind=WORK)
    accepting.accept(fulfilment_order_id=number, **caller(request))
    return _read(request, number)


@router.post(
    "/fulfilment-orders/{work_id}/decline", response=WorkOut, auth=requires("fulfilment.work")
)
def decline(request: MerchantRequest, work_id: str, body: DeclineIn) -> Any:
    """The place will not send; what it saw corrects its stock, and others are asked."""
    number = id_of(work_id, kind=WORK)
    declining.decline(
        fulfilment_order_id=number,
        reason=body.reason,
        quantity_by_line=_by_line(body.quantity_by_line),
        **caller(request),
    )
    return _read(request, number)


@router.post(
    "/fulfilment-orders/{work_id}/reassign",
    response=WorkOut,
    auth=requires("exceptions.handle"),
)
def reassign(request: MerchantRequest, work_id: str, body: ReassignIn) -> Any:
    """Head office gives it to another place; the place it was at has not declined."""
    number = id_of(work_id, kind=WORK)
    reassigning.reassign(
        fulfilment_order_id=number,
        reason=body.reason,
        note=body.note.strip(),
        override=body.override.strip(),
        **caller(request),
    )
    return _read(request, number)


@router.post(
    "/fulfilment-orders/{work_id}/start-picking",
    response=WorkOut,
    auth=requires("fulfilment.work"),
)
def start_picking(request: MerchantRequest, work_id: str) -> Any:
    """Somebody goes to fetch the goods."""
    number = id_of(work_id, kind=WORK)
    starting.start_picking(fulfilment_order_id=number, **caller(request))
    return _read(request, number)


@router.post(
    "/fulfilment-orders/{work_id}/picked", response=WorkOut, auth=requires("fulfilment.work")
)
def record_picked(request: MerchantRequest, work_id: str, body: PickedIn) -> Any:
    """What was found, line by line."""
    number = id_of(work_id, kind=WORK)
    picking.record_picked(
        fulfilment_order_id=number,
        picked_by_line=_by_line(body.picked_by_line) or {},
        missing_reason=body.missing_reason,
        **caller(request),
    )
    return _read(request, number)


@router.post(
    "/fulfilment-orders/{work_id}/pack", response=WorkOut, auth=requires("fulfilment.work")
)
def pack(request: MerchantRequest, work_id: str) -> Any:
    """The goods are in the box."""
    number = id_of(work_id, kind=WORK)
    packing.pack(fulfilment_order_id=number, **caller(request))
    return _read(request, number)


@router.post(
    "/fulfilment-orders/{work_id}/hand-over", response=WorkOut, auth=requires("fulfilment.work")
)
def hand_over(request: MerchantRequest, work_id: str, body: HandOverIn) -> Any:
    """A carrier takes the parcel: the goods leave the stock."""
    number = id_of(work_id, kind=WORK)
    handing_over.hand_over(
        fulfilment_order_id=number,
        carrier=body.carrier,
        tracking_number=body.tracking_number,
        **caller(request),
    )
    return _read(request, number)


@router.post(
    "/fulfilment-orders/{work_id}/ready", response=ReadyOut, auth=requires("fulfilment.work")
)
def make_ready(request: MerchantRequest, response: HttpResponse, work_id: str) -> Any:
    """The goods wait at the counter; the answer has the buyer's code, and is stored nowhere."""
    number = id_of(work_id, kind=WORK)
    response["Cache-Control"] = "no-store"
    ready = making_ready.make_ready(fulfilment_order_id=number, **caller(request))
    return {"fulfilment_order": _read(request, number), "code": ready.code}


@router.post(
    "/fulfilment-orders/{work_id}/collect", response=WorkOut, auth=requires("fulfilment.work")
)
def collect(request: MerchantRequest, work_id: str, body: CollectIn) -> Any:
    """The buyer takes the goods against the code. Five wrong codes lock it for a while."""
    number = id_of(work_id, kind=WORK)
    outcome = collecting.collect(fulfilment_order_id=number, code=body.code, **caller(request))
    if isinstance(outcome, CodeWrong | CodeLocked):
        return kept_refusal(request, outcome)
    return _read(request, number)


def _read(request: MerchantRequest, number: int) -> dict[str, Any]:
    return work_out(
        work.work_by_id(
            merchant_id=request.merchant_id,
            fulfilment_order_id=number,
            location_ids=request.actor.location_ids,
        )
    )


def _by_line(quantities: Mapping[str, int] | None) -> dict[int, int] | None:
    if quantities is None:
        return None
    return {id_of(line, kind="order line"): count for line, count in quantities.items()}
