"""The work on orders over HTTP: what stores' phones and carriers call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, ConfigDict, Field

from santong.fulfilment import contracts
from santong.fulfilment.errors import CodeLocked, CodeWrong
from santong.fulfilment.selectors import work
from santong.fulfilment.services import accept as accepting
from santong.fulfilment.services import close_case as closing
from santong.fulfilment.services import collect as collecting
from santong.fulfilment.services import decline as declining
from santong.fulfilment.services import hand_over as handing_over
from santong.fulfilment.services import make_ready as making_ready
from santong.fulfilment.services import pack as packing
from santong.fulfilment.services import record_picked as picking
from santong.fulfilment.services import record_tracking as tracking
from santong.fulfilment.services import start_picking as starting
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.kernel.http.problems import kept_refusal

router = Router(tags=["fulfilment"])

Units = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Picked = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Word = Annotated[str, Field(min_length=1, max_length=40)]
WORK = "fulfilment order"


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


class LineOut(Schema):
    order_line_id: str
    sku_id: str
    quantity: int
    picked_quantity: int | None


class OfferOut(Schema):
    location_id: str
    opened_at: datetime
    closes_at: datetime
    answer: contracts.OfferAnswer
    answered_at: datetime | None
    answered_by: str
    reason: str


class EventOut(Schema):
    state: contracts.ParcelState
    place: str
    at: datetime


class ParcelOut(Schema):
    """Goods on their way under a carrier's number."""

    id: str
    fulfilment_order_id: str
    order_id: str
    carrier: str
    tracking_number: str
    state: contracts.ParcelState
    handed_over_at: datetime
    delivered_at: datetime | None
    events: list[EventOut]


class WorkOut(Schema):
    """What one place has to do for one order."""

    id: str
    order_id: str
    location_id: str
    mode: contracts.Mode
    state: contracts.State
    attempt: int
    created_at: datetime
    offer_expires_at: datetime | None
    accepted_at: datetime | None
    packed_at: datetime | None
    handed_over_at: datetime | None
    delivered_at: datetime | None
    lines: list[LineOut]
    offers: list[OfferOut]
    parcels: list[ParcelOut]


class CaseOut(Schema):
    """Work that needs a person."""

    id: str
    order_id: str
    fulfilment_order_id: str | None
    location_id: str | None
    kind: contracts.ExceptionKind
    details: dict[str, Any]
    opened_at: datetime
    owner: str
    closed_at: datetime | None
    resolution: str


class ReadyOut(Schema):
    """The code is told only here: it goes to the buyer and nowhere else."""

    fulfilment_order: WorkOut
    code: str


class DeclineIn(Body):
    """Why, and how many units of which order lines; all of them if none are named."""

    reason: contracts.DeclineReason
    quantity_by_line: dict[str, Units] | None = None


class PickedIn(Body):
    """What was found of every order line; what is missing is sought elsewhere."""

    picked_by_line: dict[str, Picked]
    missing_reason: contracts.DeclineReason = "not_in_stock"


class HandOverIn(Body):
    carrier: Word
    tracking_number: Annotated[str, Field(min_length=1, max_length=60)]


class CollectIn(Body):
    code: Annotated[str, Field(min_length=1, max_length=40)]


class CloseIn(Body):
    resolution: contracts.Resolution
    note: Annotated[str, Field(max_length=500)] = ""


class TrackingIn(Body):
    """What a carrier tells; the same `event_id` twice is one event."""

    carrier: Word
    tracking_number: Annotated[str, Field(min_length=1, max_length=60)]
    event_id: Annotated[str, Field(min_length=1, max_length=80)]
    state: contracts.ParcelState
    place: Annotated[str, Field(max_length=120)] = ""
    at: AwareDatetime


class WorkFilter(Schema):
    state: list[contracts.State] = Field(default_factory=list)
    location_id: str | None = None
    cursor: str | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


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
        [_work(each) for each in found], limit=filters.limit, ids=[each.id for each in found]
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
    accepting.accept(fulfilment_order_id=number, **_who(request))
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
        **_who(request),
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
    starting.start_picking(fulfilment_order_id=number, **_who(request))
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
        **_who(request),
    )
    return _read(request, number)


@router.post(
    "/fulfilment-orders/{work_id}/pack", response=WorkOut, auth=requires("fulfilment.work")
)
def pack(request: MerchantRequest, work_id: str) -> Any:
    """The goods are in the box."""
    number = id_of(work_id, kind=WORK)
    packing.pack(fulfilment_order_id=number, **_who(request))
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
        **_who(request),
    )
    return _read(request, number)


@router.post(
    "/fulfilment-orders/{work_id}/ready", response=ReadyOut, auth=requires("fulfilment.work")
)
def make_ready(request: MerchantRequest, response: HttpResponse, work_id: str) -> Any:
    """The goods wait at the counter; the answer has the buyer's code, and is stored nowhere."""
    number = id_of(work_id, kind=WORK)
    response["Cache-Control"] = "no-store"
    ready = making_ready.make_ready(fulfilment_order_id=number, **_who(request))
    return {"fulfilment_order": _read(request, number), "code": ready.code}


@router.post(
    "/fulfilment-orders/{work_id}/collect", response=WorkOut, auth=requires("fulfilment.work")
)
def collect(request: MerchantRequest, work_id: str, body: CollectIn) -> Any:
    """The buyer takes the goods against the code. Five wrong codes lock it for a while."""
    number = id_of(work_id, kind=WORK)
    outcome = collecting.collect(fulfilment_order_id=number, code=body.code, **_who(request))
    if isinstance(outcome, CodeWrong | CodeLocked):
        return kept_refusal(request, outcome)
    return _read(request, number)


@router.get("/orders/{order_id}/parcels", response=list[ParcelOut], auth=requires("orders.view"))
def list_parcels(request: MerchantRequest, order_id: str) -> Any:
    """An order's parcels with what their carriers told."""
    seen = work.work_of(
        merchant_id=request.merchant_id,
        order_id=id_of(order_id, kind="order"),
        location_ids=request.actor.location_ids,
    )
    return [_parcel(parcel) for each in seen for parcel in each.parcels]


@router.post("/carrier-events", response=ParcelOut, auth=requires("fulfilment.dispatch"))
def record_tracking(request: MerchantRequest, body: TrackingIn) -> Any:
    """A carrier tells what happened to a parcel."""
    parcel = tracking.record_tracking(
        merchant_id=request.merchant_id,
        carrier=body.carrier,
        tracking_number=body.tracking_number,
        key=body.event_id,
        state=body.state,
        place=body.place,
        at=body.at,
        now=datetime.now(UTC),
    )
    return _parcel(parcel)


@router.get("/exceptions", response=list[CaseOut], auth=requires("fulfilment.view"))
def list_exceptions(request: MerchantRequest) -> Any:
    """What waits for a person, the oldest first: a hundred at the most."""
    cases = work.open_cases(
        merchant_id=request.merchant_id, location_ids=request.actor.location_ids
    )
    return [_case(case) for case in cases]


@router.post("/exceptions/{case_id}/resolve", response=CaseOut, auth=requires("exceptions.handle"))
def resolve_exception(request: MerchantRequest, case_id: str, body: CloseIn) -> Any:
    """Decide what becomes of it."""
    case = closing.close_case(
        case_id=id_of(case_id, kind="exception case"),
        resolution=body.resolution,
        note=body.note,
        **_who(request),
    )
    return _case(case)


def _who(request: MerchantRequest) -> dict[str, Any]:
    return {
        "merchant_id": request.merchant_id,
        "location_ids": request.actor.location_ids,
        "now": datetime.now(UTC),
    }


def _read(request: MerchantRequest, number: int) -> dict[str, Any]:
    return _work(
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


def _work(found: contracts.FulfilmentOrder) -> dict[str, Any]:
    return {
        **asdict(found),
        "id": str(found.id),
        "order_id": str(found.order_id),
        "location_id": str(found.location_id),
        "lines": _with_text_ids(found.lines, "order_line_id", "sku_id"),
        "offers": _with_text_ids(found.offers, "location_id"),
        "parcels": [_parcel(parcel) for parcel in found.parcels],
    }


def _parcel(parcel: contracts.Parcel) -> dict[str, Any]:
    (written,) = _with_text_ids([parcel], "id", "fulfilment_order_id", "order_id")
    return written


def _case(case: contracts.ExceptionCase) -> dict[str, Any]:
    return {
        **asdict(case),
        "id": str(case.id),
        "order_id": str(case.order_id),
        "fulfilment_order_id": _text(case.fulfilment_order_id),
        "location_id": _text(case.location_id),
    }


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _with_text_ids(rows: Sequence[Any], *names: str) -> list[dict[str, Any]]:
    """Ids leave as text: they do not fit the numbers of JavaScript."""
    return [
        {**(written := asdict(row)), **{name: str(written[name]) for name in names}} for row in rows
    ]
