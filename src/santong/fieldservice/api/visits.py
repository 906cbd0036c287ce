"""Visits: ask, offer, hold, book, move, call off."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Header, Query, Schema, Status
from pydantic import AwareDatetime, Field

from santong.evidence import public as evidence
from santong.fieldservice import contracts
from santong.fieldservice.api.routes import (
    Body,
    Latitude,
    Limit,
    Longitude,
    Reason,
    VisitReasonIn,
    router,
    seen_by,
    seen_technician,
    seen_visit,
    shown,
)
from santong.fieldservice.selectors import visits as reading
from santong.fieldservice.selectors.offers import windows_for
from santong.fieldservice.services import book_visit as booking
from santong.fieldservice.services import cancel_visit as cancelling
from santong.fieldservice.services import hold_slot as holding
from santong.fieldservice.services import request_visit as requesting
from santong.fieldservice.services import reveal_contact as revealing
from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, page_of

VIEW, DISPATCH = "visits.view", "visits.dispatch"
IDS = (
    "id",
    "service_type_id",
    "seller_location_id",
    "provider_id",
    "technician_id",
    "follows_id",
)


class VisitWindowOut(Schema):
    """A time in which somebody can arrive."""

    starts_at: datetime
    ends_at: datetime


class VisitContactOut(Schema):
    """Whom and where, masked."""

    name: str
    phone: str
    address: str


class VisitOut(Schema):
    """A visit: what for, how far it is, who comes when."""

    id: str
    document: str
    service_type_id: str
    service_type: str
    service_name: str
    state: contracts.State
    contact: VisitContactOut
    waits_for_goods: bool
    seller_location_id: str | None
    provider_id: str | None
    provider_code: str
    technician_id: str | None
    technician_name: str
    window: VisitWindowOut | None
    starts_at: datetime | None
    ends_at: datetime | None
    follows_id: str | None
    follow_reason: str
    requested_at: datetime
    booked_at: datetime | None
    arrived_at: datetime | None
    checked_in_by: str
    done_at: datetime | None
    accepted_at: datetime | None
    accepted_by: str
    missed_by: str
    cancelled_by: str
    is_late: bool
    fee_minor: int
    version: int


class VisitContactIn(Body):
    """Whom to ask for."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    phone: Annotated[str, Field(max_length=40)] = ""


class VisitPlaceIn(Body):
    """Where the work is; without a point the address is looked up."""

    province: Annotated[str, Field(max_length=60)] = ""
    city: Annotated[str, Field(max_length=60)] = ""
    district: Annotated[str, Field(max_length=60)] = ""
    address: Annotated[str, Field(max_length=300)] = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class VisitIn(Body):
    """What is asked for: for `document`, such as `order:17`."""

    document: Annotated[str, Field(min_length=3, max_length=80)]
    service_type: str
    contact: VisitContactIn
    place: VisitPlaceIn
    wait_for_goods: bool = False


class VisitWindowIn(Body):
    """The window that begins then; a dispatcher may say who comes."""

    window_from: AwareDatetime
    technician_id: str | None = None


class VisitMoveIn(VisitWindowIn):
    """Another window, or another technician, and why."""

    reason: Reason


class VisitSlotOut(Schema):
    """Somebody's time for a visit."""

    id: str
    visit_id: str
    technician_id: str
    state: str
    window: VisitWindowOut
    starts_at: datetime
    held_until: datetime | None


class OfferedDayOut(Schema):
    """The windows of a day in which somebody can come."""

    on: date
    windows: list[VisitWindowOut]


class DispatchOfferOut(Schema):
    """What a technician would have cost, or why they could not be sent."""

    technician_id: str
    code: str
    refused: contracts.Refusal | None
    starts_at: datetime | None
    added_minutes: int
    load_minutes: int
    cost: int


class DispatchDecisionOut(Schema):
    """Why this technician."""

    id: str
    at: datetime
    window: VisitWindowOut
    chosen_id: str | None
    offers: list[DispatchOfferOut]


class RevealedContactOut(Schema):
    """Whom and where, in clear text."""

    name: str
    phone: str
    province: str
    city: str
    district: str
    address: str


@router.post("/visits", response={201: VisitOut}, auth=requires(DISPATCH))
def request_visit(
    request: MerchantRequest,
    body: VisitIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key")],
) -> Any:
    """Ask for a visit for a document whose visits the caller sees. Safe to send again."""
    row = requesting.request_visit(
        merchant_id=request.merchant_id,
        document=body.document,
        service_type_code=body.service_type,
        contact=contracts.Contact(**body.contact.dict()),
        place=contracts.Place(**body.place.dict()),
        wait_for_goods=body.wait_for_goods,
        key=f"api:{idempotency_key}"[: requesting.LONGEST["key"]],
        now=datetime.now(UTC),
    )
    try:
        seen_visit(request, str(row.id))
    except NoSuch:  # of what belongs to another place; nothing of it stays
        raise NoSuch(kind="document", key=body.document) from None
    return Status(201, shown(row, VisitOut, IDS))


@router.get("/visits", response=Page[VisitOut], auth=requires(VIEW))
def list_visits(
    request: MerchantRequest,
    state: contracts.State | None = None,
    document: str = "",
    cursor: Annotated[str | None, Query()] = None,
    limit: Limit = 50,
) -> Any:
    """The visits that the caller sees, the newest first."""
    rows = reading.visits_page(
        merchant_id=request.merchant_id,
        states=[state] if state else [],
        document=document,
        below_id=before_id(cursor),
        limit=limit + 1,
        sight=seen_by(request),
    )
    items = [shown(row, VisitOut, IDS) for row in rows]
    return page_of(items, limit=limit, ids=[row.id for row in rows])


@router.get("/visits/{visit_id}", response=VisitOut, auth=requires(VIEW))
def show_visit(request: MerchantRequest, visit_id: str) -> Any:
    """One visit."""
    return shown(seen_visit(request, visit_id), VisitOut, IDS)


@router.get("/visits/{visit_id}/windows", response=list[OfferedDayOut], auth=requires(VIEW))
def list_windows(
    request: MerchantRequest,
    visit_id: str,
    on: date | None = None,
    days: Annotated[int, Query(ge=1, le=14)] = 7,
) -> Any:
    """The windows in which somebody can come, with the way there and on from there; from today."""
    visit = seen_visit(request, visit_id)
    rows = windows_for(
        merchant_id=request.merchant_id,
        visit_id=visit.id,
        on=on or datetime.now(UTC).date(),
        days=days,
        now=datetime.now(UTC),
    )
    return [shown(row, OfferedDayOut, []) for row in rows]


@router.post("/visits/{visit_id}/hold", response=VisitSlotOut, auth=requires(DISPATCH))
def hold_slot(request: MerchantRequest, visit_id: str, body: VisitWindowIn) -> Any:
    """Keep a window free for ten minutes while the buyer decides."""
    row = holding.hold_slot(
        merchant_id=request.merchant_id,
        visit_id=seen_visit(request, visit_id).id,
        window_from=body.window_from,
        now=datetime.now(UTC),
    )
    return shown(row, VisitSlotOut, ["id", "visit_id", "technician_id"])


@router.post("/visits/{visit_id}/book", response=VisitOut, auth=requires(DISPATCH))
def book_visit(request: MerchantRequest, visit_id: str, body: VisitWindowIn) -> Any:
    """Book a window, with who is held for it, who is named, or who costs least."""
    row = booking.book(
        merchant_id=request.merchant_id,
        visit_id=seen_visit(request, visit_id).id,
        window_from=body.window_from,
        technician_id=_named(request, body),
        now=datetime.now(UTC),
    )
    return shown(row, VisitOut, IDS)


@router.post("/visits/{visit_id}/reschedule", response=VisitOut, auth=requires(DISPATCH))
def reschedule_visit(request: MerchantRequest, visit_id: str, body: VisitMoveIn) -> Any:
    """Come in another window, or let somebody else come; refused, the old time stays."""
    row = booking.reschedule(
        merchant_id=request.merchant_id,
        visit_id=seen_visit(request, visit_id).id,
        window_from=body.window_from,
        technician_id=_named(request, body),
        by="technician",
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return shown(row, VisitOut, IDS)


@router.post("/visits/{visit_id}/confirm", response=VisitOut, auth=requires(DISPATCH))
def confirm_visit(request: MerchantRequest, visit_id: str) -> Any:
    """The booked time is confirmed."""
    row = booking.confirm(
        merchant_id=request.merchant_id,
        visit_id=seen_visit(request, visit_id).id,
        now=datetime.now(UTC),
    )
    return shown(row, VisitOut, IDS)


@router.post("/visits/{visit_id}/cancel", response=VisitOut, auth=requires(DISPATCH))
def cancel_visit(request: MerchantRequest, visit_id: str, body: VisitReasonIn) -> Any:
    """Call a visit off on the shop's or the provider's side: no fee is owed."""
    row = cancelling.cancel(
        merchant_id=request.merchant_id,
        visit_id=seen_visit(request, visit_id).id,
        by="technician",
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return shown(row, VisitOut, IDS)


@router.get("/visits/{visit_id}/decisions", response=list[DispatchDecisionOut], auth=requires(VIEW))
def list_decisions(request: MerchantRequest, visit_id: str) -> Any:
    """Why who was sent: what everybody would have cost."""
    visit = seen_visit(request, visit_id)
    rows = reading.decisions_of(merchant_id=request.merchant_id, visit_id=visit.id)
    return [
        {
            **shown(row, DispatchDecisionOut, ["id", "chosen_id"]),
            "offers": [shown(each, DispatchOfferOut, ["technician_id"]) for each in row.offers],
        }
        for row in rows
    ]


@router.post("/visits/{visit_id}/reveal-contact", response=RevealedContactOut, auth=requires(VIEW))
def reveal_visit_contact(
    request: MerchantRequest, visit_id: str, body: VisitReasonIn, response: HttpResponse
) -> Any:
    """Whom and where in clear text, for whoever goes there or may see personal data."""
    response["Cache-Control"] = "no-store"
    known = revealing.reveal_contact(
        merchant_id=request.merchant_id,
        visit_id=seen_visit(request, visit_id).id,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return {
        "name": known.contact.name,
        "phone": known.contact.phone,
        "province": known.place.province,
        "city": known.place.city,
        "district": known.place.district,
        "address": known.place.address,
    }


evidence.evidence_endpoints(
    router=router,
    path="/visits/{visit_id}",
    thing="visit",
    view=VIEW,
    edit="visits.work",
    subject_of=lambda request, text: f"visit:{seen_visit(request, text).id}",
)


def _named(request: MerchantRequest, body: VisitWindowIn) -> int | None:
    return None if body.technician_id is None else seen_technician(request, body.technician_id).id
