"""What technicians do: set out, check in, begin, report, and what they need."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from santong.fieldservice import contracts
from santong.fieldservice.api.routes import (
    Body,
    PointIn,
    Reason,
    router,
    seen_visit,
    shown,
)
from santong.fieldservice.api.visits import DISPATCH, IDS, VIEW, VisitOut
from santong.fieldservice.selectors.visits import parts_of
from santong.fieldservice.services import accept_visit as accepting
from santong.fieldservice.services import check_in as arriving
from santong.fieldservice.services import follow_visit as following
from santong.fieldservice.services import offer_visit as offering
from santong.fieldservice.services import report_done as reporting
from santong.fieldservice.services import report_no_show as missing
from santong.fieldservice.services import set_out as going
from santong.kernel.http.auth import MerchantRequest, requires

WORK = "visits.work"
Parts = Annotated[dict[str, Annotated[int, Field(ge=1, le=10_000)]], Field(max_length=50)]


class BuyerCodeIn(Body):
    """The buyer's code."""

    code: Annotated[str, Field(min_length=1, max_length=12)]


class CodeTriedOut(Schema):
    """What came of a code; with `wait_seconds` it was tried too often."""

    is_right: bool
    wait_seconds: int


class DoneIn(Body):
    """The work is done, with these parts."""

    used_by_sku: Parts = Field(default_factory=dict[str, int])


class NoShowIn(Body):
    """Who says that the other side was not there, and how they know."""

    by: contracts.Side
    reason: Reason


class FollowIn(Body):
    """Why somebody has to come again, and which parts have to be there first."""

    reason: contracts.FollowReason
    needed_by_sku: Parts = Field(default_factory=dict[str, int])


class PartsThereIn(Body):
    """The parts that have come."""

    sku_codes: Annotated[list[str], Field(min_length=1, max_length=50)]


class VisitPartOut(Schema):
    """A part that was used or is needed."""

    kind: contracts.PartKind
    sku_code: str
    quantity: int
    is_there: bool


@router.post("/visits/{visit_id}/set-out", response=VisitOut, auth=requires(WORK))
def set_out(request: MerchantRequest, visit_id: str) -> Any:
    """The technician is on the way."""
    visit = seen_visit(request, visit_id)
    row = going.set_out(merchant_id=request.merchant_id, visit_id=visit.id, now=datetime.now(UTC))
    return shown(row, VisitOut, IDS)


@router.post("/visits/{visit_id}/check-in", response=VisitOut, auth=requires(WORK))
def check_in(request: MerchantRequest, visit_id: str, body: PointIn) -> Any:
    """The technician is where the work is."""
    row = arriving.check_in_by_place(
        merchant_id=request.merchant_id,
        visit_id=seen_visit(request, visit_id).id,
        at=contracts.Point(body.latitude, body.longitude),
        now=datetime.now(UTC),
    )
    return shown(row, VisitOut, IDS)


@router.post("/visits/{visit_id}/check-in-code", response=CodeTriedOut, auth=requires(WORK))
def check_in_by_code(request: MerchantRequest, visit_id: str, body: BuyerCodeIn) -> Any:
    """The buyer has shown the code of arrival."""
    tried = arriving.check_in_by_code(
        merchant_id=request.merchant_id,
        visit_id=seen_visit(request, visit_id).id,
        code=body.code,
        now=datetime.now(UTC),
    )
    return shown(tried, CodeTriedOut, [])


@router.post("/visits/{visit_id}/begin", response=VisitOut, auth=requires(WORK))
def begin_work(request: MerchantRequest, visit_id: str) -> Any:
    """The work begins."""
    visit = seen_visit(request, visit_id)
    row = going.begin_work(
        merchant_id=request.merchant_id, visit_id=visit.id, now=datetime.now(UTC)
    )
    return shown(row, VisitOut, IDS)


@router.post("/visits/{visit_id}/done", response=VisitOut, auth=requires(WORK))
def report_done(request: MerchantRequest, visit_id: str, body: DoneIn) -> Any:
    """The work is done; the buyer accepts it."""
    row = reporting.report_done(
        merchant_id=request.merchant_id,
        visit_id=seen_visit(request, visit_id).id,
        used_by_sku=body.used_by_sku,
        now=datetime.now(UTC),
    )
    return shown(row, VisitOut, IDS)


@router.post("/visits/{visit_id}/accept-code", response=CodeTriedOut, auth=requires(WORK))
def accept_by_code(request: MerchantRequest, visit_id: str, body: BuyerCodeIn) -> Any:
    """The buyer's code accepts the work."""
    tried = accepting.accept_by_code(
        merchant_id=request.merchant_id,
        visit_id=seen_visit(request, visit_id).id,
        code=body.code,
        now=datetime.now(UTC),
    )
    return shown(tried, CodeTriedOut, [])


@router.post("/visits/{visit_id}/no-show", response=VisitOut, auth=requires(WORK))
def report_no_show(request: MerchantRequest, visit_id: str, body: NoShowIn) -> Any:
    """One side was not there: it counts once a second signal agrees."""
    row = missing.report_no_show(
        merchant_id=request.merchant_id,
        visit_id=seen_visit(request, visit_id).id,
        by=body.by,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return shown(row, VisitOut, IDS)


@router.get("/visits/{visit_id}/parts", response=list[VisitPartOut], auth=requires(VIEW))
def list_parts(request: MerchantRequest, visit_id: str) -> Any:
    """Parts that were used, and parts that are needed."""
    visit = seen_visit(request, visit_id)
    rows = parts_of(merchant_id=request.merchant_id, visit_id=visit.id)
    return [shown(row, VisitPartOut, []) for row in rows]


@router.post("/visits/{visit_id}/follow", response=VisitOut, auth=requires(WORK))
def follow_visit(request: MerchantRequest, visit_id: str, body: FollowIn) -> Any:
    """Somebody has to come again."""
    row = following.follow_visit(
        merchant_id=request.merchant_id,
        visit_id=seen_visit(request, visit_id).id,
        reason=body.reason,
        needed_by_sku=body.needed_by_sku,
        now=datetime.now(UTC),
    )
    return shown(row, VisitOut, IDS)


@router.post("/visits/{visit_id}/parts-there", response=VisitOut, auth=requires(DISPATCH))
def parts_arrived(request: MerchantRequest, visit_id: str, body: PartsThereIn) -> Any:
    """Parts that a visit needs have come."""
    row = offering.parts_arrived(
        merchant_id=request.merchant_id,
        visit_id=seen_visit(request, visit_id).id,
        sku_codes=body.sku_codes,
        now=datetime.now(UTC),
    )
    return shown(row, VisitOut, IDS)
