"""Orders over HTTP.

Placing one is the gateway's: an order is placed with its promise. Reading one is fulfilment's: who
works on an order may see it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, ConfigDict, Field

from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.orders import contracts
from santong.orders.rules.documents import order_document
from santong.orders.rules.holders import document_of
from santong.orders.selectors.orders import order_by_id, orders_page
from santong.orders.selectors.timeline import timeline_of
from santong.orders.services import cancel_order as cancelling
from santong.orders.services import record_payment as paying
from santong.orders.services import request_payment as asking
from santong.orders.services import reveal_recipient as revealing
from santong.payments import public as payments

router = Router(tags=["orders"])

Minor = Annotated[int, Field(strict=True, ge=0, le=contracts.MOST_MINOR)]


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


class PaymentIn(Body):
    """Money that came in, under the payment provider's own number."""

    external_id: Annotated[str, Field(min_length=1, max_length=100)]
    provider: Annotated[str, Field(max_length=40)] = ""
    amount_minor: Minor
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    paid_at: AwareDatetime


class OrderTenderIn(Body):
    """One part of what is to be paid, and the payment account where it is to come in."""

    account_code: Annotated[str, Field(min_length=1, max_length=40)]
    amount_minor: Annotated[int, Field(strict=True, ge=1, le=contracts.MOST_MINOR)]
    way: payments.Way = "qr"
    token: Annotated[str, Field(max_length=512)] = ""
    instalments: Annotated[int, Field(strict=True, ge=1, le=payments.MOST_INSTALMENTS)] = 1


class PaymentRequestIn(Body):
    """Ask for what is still to be paid, or a part of it."""

    amount_minor: Annotated[int, Field(strict=True, ge=1, le=contracts.MOST_MINOR)] | None = None
    tenders: Annotated[list[OrderTenderIn], Field(default_factory=list, max_length=8)]


class PaymentRequestOut(Schema):
    """An intent of the order, and what its buyer is shown for each part, once it is known."""

    intent_id: str
    document: str
    currency: str
    amount_minor: int
    received_minor: int
    state: str
    expires_at: datetime
    shown: list[str]


class PaymentRequestsOut(Schema):
    """What was asked of a buyer."""

    items: list[PaymentRequestOut]


class ReasonIn(Body):
    """Why somebody asks."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class OrderFilter(Schema):
    """Which orders. `placed_until` is excluded."""

    state: contracts.State | None = None
    storefront_id: str | None = None
    external_number: Annotated[str | None, Field(max_length=contracts.LONGEST_NUMBER)] = None
    placed_from: AwareDatetime | None = None
    placed_until: AwareDatetime | None = None
    cursor: str | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class RevealedOut(Schema):
    """A recipient in clear text. The answer is not stored anywhere on its way."""

    name: str
    phone: str
    country: str
    province: str
    city: str
    district: str
    address: str
    postcode: str
    latitude: float | None
    longitude: float | None
    buyer_note: str


class TimelineEntryOut(Schema):
    """One thing that happened to an order."""

    at: datetime
    kind: Literal["change", "fact", "payment"]
    name: str
    actor: str
    reason: str
    details: Mapping[str, Any]


class TimelineOut(Schema):
    """What happened to an order, oldest first."""

    items: list[TimelineEntryOut]


@router.get("/orders", response=Page[contracts.OrderDocument], auth=requires("orders.view"))
def list_orders(
    request: MerchantRequest, wanted: Query[OrderFilter]
) -> Page[contracts.OrderDocument]:
    """Orders, newest first; recipients are masked."""
    storefront_id = wanted.storefront_id
    found = orders_page(
        merchant_id=request.merchant_id,
        state=wanted.state,
        storefront_id=id_of(storefront_id, kind="storefront") if storefront_id else None,
        external_number=wanted.external_number,
        placed_from=wanted.placed_from,
        placed_until=wanted.placed_until,
        location_ids=request.actor.location_ids,
        below_id=before_id(wanted.cursor),
        limit=wanted.limit + 1,
    )
    return page_of(
        [order_document(order=order) for order in found],
        limit=wanted.limit,
        ids=[order.id for order in found],
    )


@router.post(
    "/orders/{order_id}/payments", response=contracts.OrderDocument, auth=requires("orders.pay")
)
def record_payment(
    request: MerchantRequest, order_id: str, body: PaymentIn
) -> contracts.OrderDocument:
    """Record money that came in, once for each number of the provider."""
    order = paying.record_payment(
        merchant_id=request.merchant_id,
        order_id=_visible(request, order_id).id,
        payment=contracts.NewPayment(**body.dict()),
        now=datetime.now(UTC),
    )
    return order_document(order=order)


@router.post(
    "/orders/{order_id}/cancel", response=contracts.OrderDocument, auth=requires("orders.cancel")
)
def cancel_order(
    request: MerchantRequest, order_id: str, body: ReasonIn
) -> contracts.OrderDocument:
    """Cancel what has not been shipped; cancelled twice is cancelled once."""
    order = cancelling.cancel_order(
        merchant_id=request.merchant_id,
        order_id=_visible(request, order_id).id,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return order_document(order=order)


@router.post(
    "/orders/{order_id}/reveal-recipient",
    response=RevealedOut,
    auth=requires("personal_data.reveal"),
)
def reveal_recipient(
    request: MerchantRequest, order_id: str, body: ReasonIn, response: HttpResponse
) -> RevealedOut:
    """The recipient in clear text, for a reason that goes into the audit trail."""
    response["Cache-Control"] = "no-store"
    revealed = revealing.reveal_recipient(
        merchant_id=request.merchant_id,
        order_id=_visible(request, order_id).id,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    recipient = revealed.recipient
    return RevealedOut(
        name=recipient.name,
        phone=recipient.phone,
        country=recipient.country,
        province=recipient.province,
        city=recipient.city,
        district=recipient.district,
        address=recipient.address,
        postcode=recipient.postcode,
        latitude=recipient.latitude,
        longitude=recipient.longitude,
        buyer_note=revealed.buyer_note,
    )


@router.get("/orders/{order_id}/timeline", response=TimelineOut, auth=requires("orders.view"))
def get_timeline(request: MerchantRequest, order_id: str) -> dict[str, Any]:
    """What happened to an order: changes with actor and reason, facts, payments."""
    entries = timeline_of(
        merchant_id=request.merchant_id,
        order_id=id_of(order_id, kind="order"),
        location_ids=request.actor.location_ids,
    )
    return {"items": entries}


@router.post(
    "/orders/{order_id}/payment-requests",
    response={201: PaymentRequestOut},
    auth=requires("payments.take"),
)
def request_payment(request: MerchantRequest, order_id: str, body: PaymentRequestIn) -> Any:
    """Ask the buyer for what is still to be paid of an order."""
    order = _visible(request, order_id)
    intent = asking.request_payment(
        merchant_id=request.merchant_id,
        order_id=order.id,
        key=request.headers["Idempotency-Key"][: asking.LONGEST_KEY],
        tenders=[
            payments.NewTender(
                account_code=tender.account_code,
                amount_minor=tender.amount_minor,
                way=tender.way,
                token=tender.token,
                instalments=tender.instalments,
            )
            for tender in body.tenders
        ],
        amount_minor=body.amount_minor,
        now=datetime.now(UTC),
    )
    return Status(201, _asked(intent))


@router.get(
    "/orders/{order_id}/payment-requests",
    response=PaymentRequestsOut,
    auth=requires("orders.view"),
)
def list_payment_requests(request: MerchantRequest, order_id: str) -> Any:
    """What was asked of the buyer of an order, oldest first."""
    order = _visible(request, order_id)
    found = payments.intents_of(
        merchant_id=request.merchant_id, document=document_of(order_id=order.id)
    )
    return PaymentRequestsOut(items=[_asked(intent) for intent in found])


def _asked(intent: payments.Intent) -> PaymentRequestOut:
    return PaymentRequestOut(
        intent_id=str(intent.id),
        document=intent.document,
        currency=intent.currency,
        amount_minor=intent.amount_minor,
        received_minor=intent.received_minor,
        state=intent.state,
        expires_at=intent.expires_at,
        shown=[tender.payload for tender in intent.tenders],
    )


def _visible(request: MerchantRequest, order_id: str) -> contracts.Order:
    """The order, if this credential's places may see it. Raises NoSuch."""
    return order_by_id(
        merchant_id=request.merchant_id,
        order_id=id_of(order_id, kind="order"),
        location_ids=request.actor.location_ids,
    )
