"""Goods that broken terms owe, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from ninja import Schema, Status
from pydantic import Field

from santong.aftersales import contracts
from santong.aftersales.api.routes import Body, fields, router
from santong.aftersales.api.schemas import (
    AftersalesCaseOut,
    CaseLineIn,
    NewUnitIn,
    case_out,
)
from santong.aftersales.selectors.owed import owed_that_wait
from santong.aftersales.services.owe_goods import open_owed
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of


class OwedUnitOut(Schema):
    """So many of a SKU."""

    sku_code: str
    quantity: int


class OwedRemedyOut(Schema):
    """Goods that a broken term owes and of which somebody has to say which they are."""

    id: str
    breach_id: str
    reference: str
    document: str
    order_id: str | None
    term: str
    remedy: Literal["resend", "replace"]
    goods: list[OwedUnitOut]
    waits_for: str
    owed_at: datetime


class OwedGoodsCaseIn(Body):
    """Which units of which order it is about, and what is sent instead of the same again."""

    order_id: str
    lines: Annotated[list[CaseLineIn], Field(min_length=1, max_length=contracts.MOST_LINES)]
    units: Annotated[list[NewUnitIn], Field(max_length=contracts.MOST_LINES)] | None = None


@router.get("/owed-goods", response=list[OwedRemedyOut], auth=requires("cases.view"))
def list_owed_goods(request: MerchantRequest) -> Any:
    """Goods that broken terms owe and that wait for somebody, oldest first."""
    return [fields(row) for row in owed_that_wait(merchant_id=request.merchant_id)]


@router.post(
    "/owed-goods/{remedy_id}/case",
    response={201: AftersalesCaseOut},
    auth=requires("cases.decide"),
)
def open_owed_goods_case(request: MerchantRequest, remedy_id: str, body: OwedGoodsCaseIn) -> Any:
    """Say which goods are owed: their case is opened, once."""
    case = open_owed(
        merchant_id=request.merchant_id,
        remedy_id=id_of(remedy_id, kind="owed remedy"),
        order_id=id_of(body.order_id, kind="order"),
        units_by_line={
            id_of(line.order_line_id, kind="order line"): line.quantity for line in body.lines
        },
        instead=[contracts.NewUnit(**unit.dict()) for unit in body.units or ()],
        now=datetime.now(UTC),
    )
    return Status(201, case_out(case))
