"""Paying and joining over HTTP: where it is on, whom it made a member, and who declines."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of
from santong.orders import public as orders
from santong.storefront.contracts import PaidJoinState
from santong.storefront.selectors.paid_joins import paid_join_of
from santong.storefront.services.decline_join import decline_join
from santong.storefront.services.set_pay_to_join import set_pay_to_join

router = Router(tags=["storefront"])

Id = Annotated[str, Field(min_length=1, max_length=20)]


class PayToJoinIn(Schema):
    """Whether whoever pays becomes a member: on a storefront, or at one of its places."""

    model_config = ConfigDict(extra="forbid")

    storefront_id: Id
    location_id: Id | None = None
    programme_code: Annotated[str, Field(min_length=1, max_length=40)]
    is_on: bool


class PaidJoinOut(Schema):
    """Whom paying for an order made a member; `is_new` may still decline."""

    order_id: str
    member_id: str
    is_new: bool
    state: PaidJoinState
    joined_at: datetime


@router.post("/pay-to-join", response={204: None}, auth=requires("programmes.edit"))
def post_pay_to_join(request: MerchantRequest, body: PayToJoinIn) -> Any:
    """Switch paying and joining; what was said of the same place before is replaced."""
    set_pay_to_join(
        merchant_id=request.merchant_id,
        storefront_id=id_of(body.storefront_id, kind="storefront"),
        location_id=id_of(body.location_id, kind="location") if body.location_id else None,
        programme_code=body.programme_code,
        is_on=body.is_on,
        now=datetime.now(UTC),
    )
    return Status(204, None)


@router.get("/orders/{order_id}/paid-join", response=PaidJoinOut, auth=requires("members.recruit"))
def get_paid_join(request: MerchantRequest, order_id: str) -> Any:
    """Whom paying for an order made a member."""
    order = _order(request, order_id)
    found = paid_join_of(merchant_id=request.merchant_id, order_id=order.id)
    if found is None:
        raise NoSuch(kind="paid_join", key=order_id)
    return {
        "order_id": str(found.order_id),
        "member_id": str(found.member_id),
        "is_new": found.is_new,
        "state": found.state,
        "joined_at": found.joined_at,
    }


@router.post(
    "/orders/{order_id}/paid-join/decline", response={204: None}, auth=requires("members.recruit")
)
def post_decline(request: MerchantRequest, order_id: str) -> Any:
    """Whoever became a member by paying declines, at the till or in the shop's own app."""
    order = _order(request, order_id)
    decline_join(merchant_id=request.merchant_id, order_id=order.id, now=datetime.now(UTC))
    return Status(204, None)


def _order(request: MerchantRequest, order_id: str) -> orders.Order:
    return orders.order_by_id(
        merchant_id=request.merchant_id,
        order_id=id_of(order_id, kind="order"),
        location_ids=request.actor.location_ids,
    )
