"""Cases over HTTP: what can be asked for, ask for it, decide it, see how it stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Header, Query, Status

from santong.aftersales import contracts
from santong.aftersales.api.routes import (
    CaseReasonIn,
    Limit,
    fields,
    router,
    seen_case,
)
from santong.aftersales.api.schemas import (
    AftersalesCaseOut,
    CaseDecisionIn,
    CaseFilter,
    CaseIn,
    CaseLinkOut,
    CaseMessageIn,
    CaseMessageOut,
    CaseStoryOut,
    ClaimableOut,
    case_out,
)
from santong.aftersales.rules.decide import facts_to_json
from santong.aftersales.selectors.cases import (
    cases_page,
    decisions_of,
    messages_of,
    receipts_of,
    refunds_of,
    repair_of,
    replacements_of,
)
from santong.aftersales.selectors.claimable import claimable_of
from santong.aftersales.selectors.links import page_path
from santong.aftersales.selectors.proposals import proposal_of
from santong.aftersales.services.cancel_case import cancel_case as cancelling
from santong.aftersales.services.decide_case import decide_case as deciding
from santong.aftersales.services.open_case import open_case as opening
from santong.aftersales.services.open_link import open_link as linking
from santong.aftersales.services.open_link import renew_link as renewing
from santong.aftersales.services.write_message import write_message as writing
from santong.evidence import public as evidence
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.orders import public as orders

DAYS_OF_A_LINK = 30
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key")]


@router.get(
    "/orders/{order_id}/claimable", response=list[ClaimableOut], auth=requires("cases.view")
)
def list_claimable(request: MerchantRequest, order_id: str) -> Any:
    """What of an order a case can be about. Any store serves any order."""
    order = orders.order_by_id(
        merchant_id=request.merchant_id, order_id=id_of(order_id, kind="order")
    )
    return [fields(row) for row in claimable_of(merchant_id=request.merchant_id, order=order)]


@router.get("/cases", response=Page[AftersalesCaseOut], auth=requires("cases.view"))
def list_cases(
    request: MerchantRequest,
    wanted: Annotated[CaseFilter, Query()],
    cursor: Annotated[str | None, Query()] = None,
    limit: Limit = 50,
) -> Any:
    """Cases, newest first; who works at some places has what was opened at or came to these."""
    rows = cases_page(
        merchant_id=request.merchant_id,
        states=[wanted.state] if wanted.state else (),
        kind=wanted.kind or "",
        order_id=id_of(wanted.order_id, kind="order") if wanted.order_id else None,
        location_ids=request.actor.location_ids,
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([case_out(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.post("/cases", response={201: AftersalesCaseOut}, auth=requires("cases.open"))
def open_case(request: MerchantRequest, body: CaseIn, idempotency_key: IdempotencyKey) -> Any:
    """Ask for something after the sale. Nothing moves before it is decided."""
    places = request.actor.location_ids
    location_id = id_of(body.location_id, kind="place") if body.location_id else None
    if location_id is None and places is not None and len(places) == 1:
        (location_id,) = places
    row = opening(
        merchant_id=request.merchant_id,
        new=contracts.NewCase(
            order_id=id_of(body.order_id, kind="order"),
            kind=body.kind,
            way_back=body.way_back,
            reason=body.reason,
            lines=tuple(
                contracts.NewCaseLine(
                    order_line_id=id_of(line.order_line_id, kind="order line"),
                    quantity=line.quantity,
                )
                for line in body.lines
            ),
            channel="service" if location_id is None else "store",
            key=f"api:{idempotency_key}"[: contracts.LONGEST_KEY],
            words=body.words,
            location_id=location_id,
        ),
        now=datetime.now(UTC),
    )
    return Status(201, case_out(row))


@router.get("/cases/{case_id}", response=CaseStoryOut, auth=requires("cases.view"))
def show_case(request: MerchantRequest, case_id: str) -> Any:
    """A case with all that happened to it, and what the facts come to while it is not decided."""
    case = seen_case(request, case_id)
    of = {"merchant_id": request.merchant_id, "case_id": case.id}
    repair = repair_of(**of)
    return {
        **case_out(case),
        "words": case.words,
        "proposal": proposal_of(**of) if case.state == "requested" else None,
        "decisions": [fields(row, facts=facts_to_json(row.facts)) for row in decisions_of(**of)],
        "refunds": [fields(row) for row in refunds_of(**of)],
        "replacements": [fields(row) for row in replacements_of(**of)],
        "receipts": [
            fields(row, lines=[fields(line) for line in row.lines]) for row in receipts_of(**of)
        ],
        "repair": fields(repair) if repair else None,
        "messages": [fields(row) for row in messages_of(**of)],
    }


@router.post("/cases/{case_id}/decide", response=AftersalesCaseOut, auth=requires("cases.decide"))
def decide_case(request: MerchantRequest, case_id: str, body: CaseDecisionIn) -> Any:
    """Accept or refuse a case, as proposed or otherwise."""
    case = seen_case(request, case_id)
    units = tuple(contracts.NewUnit(**unit.dict()) for unit in body.units) if body.units else None
    row = deciding(
        merchant_id=request.merchant_id,
        case_id=case.id,
        decided=contracts.Decided(
            verdict=body.verdict,
            kind=body.kind,
            needs_return=body.needs_return,
            refund_minor=body.refund_minor,
            freight_minor=body.freight_minor,
            units=units,
            location_code=body.location_code,
        ),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return case_out(row)


@router.post("/cases/{case_id}/cancel", response=AftersalesCaseOut, auth=requires("cases.open"))
def cancel_case(request: MerchantRequest, case_id: str, body: CaseReasonIn) -> Any:
    """Give a case up of which nothing has come back."""
    case = seen_case(request, case_id)
    return case_out(
        cancelling(
            merchant_id=request.merchant_id,
            case_id=case.id,
            reason=body.reason,
            now=datetime.now(UTC),
        )
    )


@router.post(
    "/cases/{case_id}/messages", response={201: CaseMessageOut}, auth=requires("cases.handle")
)
def write_case_message(
    request: MerchantRequest, case_id: str, body: CaseMessageIn, idempotency_key: IdempotencyKey
) -> Any:
    """Write to the buyer about a case."""
    case = seen_case(request, case_id)
    row = writing(
        merchant_id=request.merchant_id,
        case_id=case.id,
        text=body.text,
        key=f"api:{idempotency_key}"[: contracts.LONGEST_KEY],
        by_buyer=False,
        now=datetime.now(UTC),
    )
    return Status(201, fields(row))


@router.post(
    "/orders/{order_id}/case-links", response={201: CaseLinkOut}, auth=requires("cases.open")
)
def open_case_link(request: MerchantRequest, order_id: str, response: HttpResponse) -> Any:
    """The link of an order's buyer: they choose what it is about, and follow it."""
    response["Cache-Control"] = "no-store"
    token = linking(
        merchant_id=request.merchant_id,
        order_id=id_of(order_id, kind="order"),
        days=DAYS_OF_A_LINK,
        now=datetime.now(UTC),
    )
    return Status(201, {"path": page_path(token=token)})


@router.post(
    "/orders/{order_id}/case-links/renewals",
    response={201: CaseLinkOut},
    auth=requires("cases.open"),
)
def renew_case_link(request: MerchantRequest, order_id: str, response: HttpResponse) -> Any:
    """Another link for the buyer; those that were given so far open nothing any more."""
    response["Cache-Control"] = "no-store"
    token = renewing(
        merchant_id=request.merchant_id,
        order_id=id_of(order_id, kind="order"),
        days=DAYS_OF_A_LINK,
        now=datetime.now(UTC),
    )
    return Status(201, {"path": page_path(token=token)})


def _subject(request: MerchantRequest, case_id: str) -> str:
    return seen_case(request, case_id).subject


evidence.evidence_endpoints(
    router=router,
    path="/cases/{case_id}",
    thing="case",
    view="evidence.view",
    edit="cases.open",
    subject_of=_subject,
)
