"""What waits for a person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from santong.fulfilment.api.routes import router
from santong.fulfilment.api.schemas import CaseOut, CloseIn, FilledOut, FillIn
from santong.fulfilment.api.shown import caller, case_out, filled_out
from santong.fulfilment.selectors import work
from santong.fulfilment.services import close_case as closing
from santong.fulfilment.services import fill_rest as filling
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of
from santong.orders import public as orders


@router.get("/exceptions", response=list[CaseOut], auth=requires("fulfilment.view"))
def list_exceptions(request: MerchantRequest) -> Any:
    """What waits for a person, the oldest first: a hundred at the most."""
    cases = work.open_cases(
        merchant_id=request.merchant_id, location_ids=request.actor.location_ids
    )
    return [case_out(case) for case in cases]


@router.post("/exceptions/{case_id}/resolve", response=CaseOut, auth=requires("exceptions.handle"))
def resolve_exception(request: MerchantRequest, case_id: str, body: CloseIn) -> Any:
    """Decide what becomes of it."""
    case = closing.close_case(
        case_id=id_of(case_id, kind="exception case"),
        resolution=body.resolution,
        note=body.note,
        **caller(request),
    )
    return case_out(case)


@router.post("/orders/{order_id}/fill-rest", response=FilledOut, auth=requires("exceptions.handle"))
def fill_rest(request: MerchantRequest, order_id: str, body: FillIn) -> Any:
    """Seek stock again for what a paid order is short of, and bind what there is now."""
    order = orders.order_by_id(
        merchant_id=request.merchant_id,
        order_id=id_of(order_id, kind="order"),
        location_ids=request.actor.location_ids,
    )
    filled = filling.fill_rest(
        merchant_id=request.merchant_id,
        order_id=order.id,
        cause=body.reason,
        now=datetime.now(UTC),
    )
    return filled_out(filled)
