"""Where channels hand in orders over HTTP."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import Field

from santong.gateway.contracts import IfShort
from santong.gateway.rules.documents import TakenInDocument, taken_in_document
from santong.gateway.rules.handed_in import OrderIn, new_order
from santong.gateway.services.take_in_many import take_in_many
from santong.gateway.services.take_in_order import TakenIn, take_in_order
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.problems import problem

router = Router(tags=["orders"])

MOST_ORDERS = 100
CREATED = 201
SAME_AGAIN = 200


class ManyIn(Schema):
    """Orders, each as for `POST /orders`."""

    orders: Annotated[list[Any], Field(min_length=1, max_length=MOST_ORDERS)]


class RowOut(Schema):
    """What became of one of many orders: taken in, or refused with a problem."""

    index: int
    status: int
    result: TakenInDocument | None = None
    problem: dict[str, Any] | None = None


class ManyOut(Schema):
    """One answer for each order, in the order in which they came."""

    items: list[RowOut]


@router.post(
    "/orders",
    response={CREATED: TakenInDocument, SAME_AGAIN: TakenInDocument},
    auth=requires("orders.place"),
)
def place_order(
    request: MerchantRequest, body: OrderIn, if_short: IfShort | None = None
) -> HttpResponse:
    """Hand in an order; it is promised from the best places before it is answered.

    201 for a new order, 200 for the same order again, 409 for the same number with other content.
    """
    taken = take_in_order(
        merchant_id=request.merchant_id,
        order=new_order(handed=body),
        if_short=if_short,
        now=datetime.now(UTC),
    )
    # Written here, and not by way of a response schema: this is the path that must be fast.
    written = json.dumps(_document(taken), ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(written, status=_status(taken), content_type="application/json")


@router.post("/orders/bulk", response=ManyOut, auth=requires("orders.place"))
def place_orders(
    request: MerchantRequest, body: ManyIn, if_short: IfShort | None = None
) -> dict[str, Any]:
    """Hand in up to a hundred orders. Each is taken in or refused on its own.

    All are committed together; the same request again gives the same orders.
    """
    outcomes = take_in_many(
        merchant_id=request.merchant_id,
        documents=body.orders,
        if_short=if_short,
        now=datetime.now(UTC),
    )
    return {"items": [_row(index, outcome) for index, outcome in enumerate(outcomes)]}


def _document(taken: TakenIn) -> TakenInDocument:
    return taken_in_document(order=taken.order, promise=taken.promise)


def _status(taken: TakenIn) -> int:
    return CREATED if taken.promise.is_new else SAME_AGAIN


def _row(index: int, outcome: TakenIn | DomainError) -> dict[str, Any]:
    if isinstance(outcome, TakenIn):
        return {"index": index, "status": _status(outcome), "result": _document(outcome)}
    refusal = problem(status=outcome.status, code=outcome.code, members=outcome.members())
    return {"index": index, "status": outcome.status, "problem": json.loads(refusal.content)}
