"""Repairs over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from santong.aftersales import contracts
from santong.aftersales.api.routes import (
    Body,
    Code,
    MinorOrNothing,
    Why,
    fields,
    router,
    seen_case,
)
from santong.aftersales.api.schemas import RepairOut
from santong.aftersales.services import go_on_repair as repairing
from santong.aftersales.services.visit_repair import ask_for_visit
from santong.kernel.http.auth import MerchantRequest, requires


class RepairQuoteIn(Body):
    """What is wrong, and what it costs; 0 is nothing."""

    quote_minor: MinorOrNothing
    diagnosis: Why


class RepairerIn(Body):
    """Who mends it."""

    repairer: contracts.Repairer
    repairer_code: Annotated[str, Field(max_length=60)] = ""


class CaseVisitIn(Body):
    """The kind of service that is done at the buyer's."""

    service_type: Code


class CaseVisitOut(Schema):
    """Who comes when is told by the visit itself."""

    visit_id: str
    state: str
    service_type: str
    document: str


class RepairedIn(Body):
    """What was done."""

    remark: Why


@router.post("/cases/{case_id}/repair/quote", response=RepairOut, auth=requires("cases.handle"))
def quote_case_repair(request: MerchantRequest, case_id: str, body: RepairQuoteIn) -> Any:
    """Say what is wrong and what it costs."""
    row = repairing.quote_repair(
        **_of(request, case_id), quote_minor=body.quote_minor, diagnosis=body.diagnosis
    )
    return fields(row)


@router.post("/cases/{case_id}/repair/assign", response=RepairOut, auth=requires("cases.handle"))
def assign_case_repair(request: MerchantRequest, case_id: str, body: RepairerIn) -> Any:
    """Say who mends it."""
    row = repairing.assign_repair(
        **_of(request, case_id), repairer=body.repairer, repairer_code=body.repairer_code
    )
    return fields(row)


@router.post("/cases/{case_id}/repair/visit", response=CaseVisitOut, auth=requires("cases.handle"))
def ask_for_case_visit(request: MerchantRequest, case_id: str, body: CaseVisitIn) -> Any:
    """Let somebody come to the buyer of a repair at home; while one is to come, it is that one."""
    visit = ask_for_visit(**_of(request, case_id), service_type_code=body.service_type)
    return {
        "visit_id": str(visit.id),
        "state": visit.state,
        "service_type": visit.service_type,
        "document": visit.document,
    }


@router.post("/cases/{case_id}/repair/accept", response=RepairOut, auth=requires("cases.handle"))
def accept_case_quote(request: MerchantRequest, case_id: str) -> Any:
    """The buyer has accepted the price, at the counter."""
    return fields(repairing.accept_quote(**_of(request, case_id)))


@router.post("/cases/{case_id}/repair/decline", response=RepairOut, auth=requires("cases.handle"))
def decline_case_quote(request: MerchantRequest, case_id: str) -> Any:
    """The buyer does not want it for this price."""
    return fields(repairing.decline_quote(**_of(request, case_id)))


@router.post("/cases/{case_id}/repair/finish", response=RepairOut, auth=requires("cases.handle"))
def finish_case_repair(request: MerchantRequest, case_id: str, body: RepairedIn) -> Any:
    """It is mended."""
    return fields(repairing.finish_repair(**_of(request, case_id), remark=body.remark))


@router.post("/cases/{case_id}/repair/hand-back", response=RepairOut, auth=requires("cases.handle"))
def hand_case_item_back(request: MerchantRequest, case_id: str) -> Any:
    """Its owner has it again."""
    return fields(repairing.hand_back(**_of(request, case_id)))


def _of(request: MerchantRequest, case_id: str) -> dict[str, Any]:
    case = seen_case(request, case_id)
    return {
        "merchant_id": request.merchant_id,
        "case_id": case.id,
        "now": datetime.now(UTC),
    }
