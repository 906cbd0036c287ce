"""What is done for a case over HTTP: goods that come, money that would not go back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from ninja import Header, Schema
from pydantic import Field

from santong.aftersales import contracts
from santong.aftersales.api.routes import (
    Body,
    CaseReasonIn,
    Key,
    Units,
    UnitsOrNone,
    Why,
    fields,
    router,
    seen_case,
)
from santong.aftersales.api.schemas import AftersalesCaseOut, case_out
from santong.aftersales.selectors.cases import case_by_id
from santong.aftersales.selectors.damaged import damaged_at
from santong.aftersales.services.follow_refund import retry_refund as retrying
from santong.aftersales.services.receive_goods import receive_goods as receiving
from santong.aftersales.services.refuse_goods import close_short as closing
from santong.aftersales.services.refuse_goods import refuse_goods as refusing
from santong.aftersales.services.settle_damaged import settle_damaged as settling
from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of

IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key")]


class CaseReceivedIn(Body):
    """Units of a line of the case that came back, by what can become of them."""

    case_line_id: str
    sellable: UnitsOrNone = 0
    damaged: UnitsOrNone = 0


class CaseReceiptIn(Body):
    """What came to which place."""

    location_id: str
    lines: Annotated[list[CaseReceivedIn], Field(min_length=1, max_length=contracts.MOST_LINES)]


class DamagedOut(Schema):
    """Units that lie damaged at a place, in no stock."""

    id: str
    case_id: str
    location_id: str
    sku_id: str
    left: int
    at: datetime


class SettledIn(Body):
    """What becomes of damaged units."""

    units: Units
    becomes: Literal["restored", "scrapped"]
    reason: Why
    key: Key


@router.post("/cases/{case_id}/receipts", response=AftersalesCaseOut, auth=requires("cases.handle"))
def receive_case_goods(
    request: MerchantRequest, case_id: str, body: CaseReceiptIn, idempotency_key: IdempotencyKey
) -> Any:
    """Take goods of a case in; any place that takes returns serves any case."""
    location_id = id_of(body.location_id, kind="place")
    _check_at(request, location_id)
    row = receiving(
        merchant_id=request.merchant_id,
        case_id=id_of(case_id, kind="case"),
        location_id=location_id,
        lines=[
            contracts.ReceivedLine(
                case_line_id=id_of(line.case_line_id, kind="case line"),
                sellable=line.sellable,
                damaged=line.damaged,
            )
            for line in body.lines
        ],
        key=f"api:{idempotency_key}"[: contracts.LONGEST_KEY],
        now=datetime.now(UTC),
    )
    return case_out(row)


@router.post(
    "/cases/{case_id}/refuse-goods", response=AftersalesCaseOut, auth=requires("cases.decide")
)
def refuse_case_goods(request: MerchantRequest, case_id: str, body: CaseReasonIn) -> Any:
    """Hand back what was brought: it is not what was agreed on."""
    case = seen_case(request, case_id)
    row = refusing(
        merchant_id=request.merchant_id,
        case_id=case.id,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return case_out(row)


@router.post(
    "/cases/{case_id}/close-short", response=AftersalesCaseOut, auth=requires("cases.decide")
)
def close_case_short(request: MerchantRequest, case_id: str, body: CaseReasonIn) -> Any:
    """End a return of which only a part came."""
    case = seen_case(request, case_id)
    row = closing(
        merchant_id=request.merchant_id,
        case_id=case.id,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return case_out(row)


@router.post(
    "/cases/{case_id}/refunds/{step_id}/retry",
    response=AftersalesCaseOut,
    auth=requires("cases.decide"),
)
def retry_case_refund(
    request: MerchantRequest, case_id: str, step_id: str, body: CaseReasonIn
) -> Any:
    """Ask again for money that would not go back."""
    case = seen_case(request, case_id)
    retrying(
        merchant_id=request.merchant_id,
        case_id=case.id,
        step_id=id_of(step_id, kind="refund"),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return case_out(case_by_id(merchant_id=request.merchant_id, case_id=case.id))


@router.get("/damaged-goods", response=list[DamagedOut], auth=requires("cases.view"))
def list_damaged_goods(request: MerchantRequest) -> Any:
    """Goods that came back damaged and of which nothing has become yet."""
    found = damaged_at(merchant_id=request.merchant_id, location_ids=request.actor.location_ids)
    return [fields(row) for row in found]


@router.post(
    "/damaged-goods/{line_id}/settle", response=list[DamagedOut], auth=requires("cases.handle")
)
def settle_damaged_goods(request: MerchantRequest, line_id: str, body: SettledIn) -> Any:
    """Let damaged goods be stock again, or be gone."""
    places = request.actor.location_ids
    wanted = id_of(line_id, kind="damaged goods")
    seen = damaged_at(merchant_id=request.merchant_id, location_ids=places)
    if wanted not in {row.id for row in seen}:
        raise NoSuch(kind="damaged goods", key=line_id[:40])
    settling(
        merchant_id=request.merchant_id,
        receipt_line_id=wanted,
        units=body.units,
        becomes=body.becomes,
        reason=body.reason,
        key=body.key,
        now=datetime.now(UTC),
    )
    left = damaged_at(merchant_id=request.merchant_id, location_ids=places)
    return [fields(row) for row in left]


def _check_at(request: MerchantRequest, location_id: int) -> None:
    places = request.actor.location_ids
    if places is not None and location_id not in places:
        raise NoSuch(kind="place", key=str(location_id))
