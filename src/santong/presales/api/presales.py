"""Presale orders over HTTP: joined, paid, let go, given up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Query, Schema, Status
from pydantic import Field

from santong.kernel.errors import FieldInvalid, PermissionMissing
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.orders import public as orders
from santong.payments import public as payments
from santong.presales import contracts
from santong.presales.api.routes import (
    Body,
    Limit,
    PresaleReasonIn,
    Units,
    fields,
    key_of,
    router,
)
from santong.presales.selectors.links import path_of
from santong.presales.selectors.presales import compensation_of, presale_by_id, presales_page
from santong.presales.services import ask_payment as asking
from santong.presales.services import cancel_presale as cancelling
from santong.presales.services import compensate as compensating
from santong.presales.services import join as joining
from santong.presales.services import renew_link as renewing
from santong.stores import public as stores


class PresaleWishIn(Body):
    """So many units of one SKU of the offer."""

    sku_code: Annotated[str, Field(min_length=1, max_length=60)]
    quantity: Units


class PresaleRecipientIn(Body):
    """Who gets the goods. The telephone number is also by which a buyer's units are counted."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    phone: Annotated[str, Field(min_length=1, max_length=40)]
    country: Annotated[str, Field(min_length=2, max_length=2)] = "CN"
    province: Annotated[str, Field(max_length=60)] = ""
    city: Annotated[str, Field(max_length=60)] = ""
    district: Annotated[str, Field(max_length=60)] = ""
    address: Annotated[str, Field(max_length=300)] = ""
    postcode: Annotated[str, Field(max_length=20)] = ""


class PresaleJoinIn(Body):
    """A buyer's wish."""

    lines: Annotated[list[PresaleWishIn], Field(min_length=1, max_length=100)]
    recipient: PresaleRecipientIn
    member_reference: Annotated[str, Field(max_length=100)] | None = None
    seller_location_code: Annotated[str, Field(max_length=60)] | None = None
    guide_code: Annotated[str, Field(max_length=60)] = ""


class PresalePaymentIn(Body):
    """Ask for the deposit or the balance at a payment account."""

    part: contracts.Part
    account_code: Annotated[str, Field(min_length=1, max_length=40)]


class PresaleCompensationIn(Body):
    """Under which number a compensation was paid by hand."""

    reference: Annotated[str, Field(min_length=1, max_length=120)]


class PresaleLineOut(Schema):
    """So many units of one SKU, at the amounts that were offered for one."""

    sku_code: str
    quantity: int
    price_minor: int
    deposit_minor: int
    worth_minor: int


class PresaleOut(Schema):
    """A presale order: what was agreed, and how far it has come."""

    id: str
    number: str
    presale_offer_id: str
    offer_code: str
    version: int
    order_id: str
    document: str
    state: contracts.PresaleState
    currency: str
    units: int
    lines: list[PresaleLineOut]
    price_minor: int
    deposit_minor: int
    worth_minor: int
    balance_minor: int
    total_minor: int
    forfeit: contracts.Forfeit
    forfeit_minor: int
    kept_minor: int
    stock: contracts.Stock
    ships_after: date | None
    joined_at: datetime
    deposit_by: datetime
    deposit_paid_at: datetime | None
    balance_from: datetime
    balance_until: datetime
    paid_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    link: str


class PresaleCompensationOut(Schema):
    """What is owed to the buyer beyond their money."""

    amount_minor: int
    currency: str
    state: contracts.CompensationState
    reference: str
    why: str
    owed_at: datetime
    paid_at: datetime | None


class PresaleWithCompensationOut(PresaleOut):
    """A presale order, and what its merchant owes for having failed, if it did."""

    compensation: PresaleCompensationOut | None


class PresalePaymentOut(Schema):
    """A payment that is asked for; `shown` is what the buyer opens or scans, once it is known."""

    intent_id: str
    amount_minor: int
    received_minor: int
    currency: str
    state: str
    expires_at: datetime
    shown: list[str]


class PresaleFilter(Schema):
    """Which presale orders are listed."""

    presale_offer_id: str | None = None
    state: contracts.PresaleState | None = None


@router.post(
    "/presale-offers/{presale_offer_id}/presales",
    response={201: PresaleOut},
    auth=requires("presales.sell"),
)
def join_presale(request: MerchantRequest, presale_offer_id: str, body: PresaleJoinIn) -> Any:
    """Take units for a buyer. The deposit is asked for next, and can be paid for half an hour."""
    quantity_by_sku = {line.sku_code: line.quantity for line in body.lines}
    if len(quantity_by_sku) < len(body.lines):
        raise FieldInvalid(pointer="/lines", reason="one line for each SKU")
    _check_place(request, body.seller_location_code)
    presale = joining.join(
        merchant_id=request.merchant_id,
        offer_id=id_of(presale_offer_id, kind="presale_offer"),
        key=key_of(request),
        quantity_by_sku=quantity_by_sku,
        recipient=orders.Recipient(**body.recipient.model_dump()),
        member_reference=body.member_reference,
        seller_location_code=body.seller_location_code,
        guide_code=body.guide_code,
        now=datetime.now(UTC),
    )
    return Status(201, _presale(request, presale))


@router.get("/presales", response=Page[PresaleOut], auth=requires("presales.view"))
def list_presales(
    request: MerchantRequest,
    wanted: Query[PresaleFilter],
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """Presale orders, newest first."""
    offer = wanted.presale_offer_id
    rows = presales_page(
        merchant_id=request.merchant_id,
        offer_id=id_of(offer, kind="presale_offer") if offer else None,
        state=wanted.state,
        location_ids=request.actor.location_ids,
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    items = [_presale(request, row) for row in rows]
    return page_of(items, limit=limit, ids=[row.id for row in rows])


@router.get(
    "/presales/{presale_id}", response=PresaleWithCompensationOut, auth=requires("presales.view")
)
def show_presale(request: MerchantRequest, presale_id: str) -> Any:
    """A presale order."""
    presale = _visible(request, presale_id)
    owed = compensation_of(merchant_id=request.merchant_id, presale_id=presale.id)
    return {**_presale(request, presale), "compensation": fields(owed) if owed else None}


@router.post(
    "/presales/{presale_id}/payment-requests",
    response={201: PresalePaymentOut},
    auth=requires("presales.sell"),
)
def ask_presale_payment(request: MerchantRequest, presale_id: str, body: PresalePaymentIn) -> Any:
    """Ask for the deposit, or for the balance in its window; what was asked before is given up."""
    intent = asking.ask_another_way(
        merchant_id=request.merchant_id,
        presale_id=_visible(request, presale_id).id,
        part=body.part,
        key=key_of(request),
        account_code=body.account_code,
        now=datetime.now(UTC),
    )
    return Status(201, _payment(intent))


@router.get(
    "/presales/{presale_id}/payment-requests",
    response=Page[PresalePaymentOut],
    auth=requires("presales.view"),
)
def list_presale_payments(request: MerchantRequest, presale_id: str) -> Any:
    """What was asked of the buyer, oldest first."""
    presale = _visible(request, presale_id)
    found = payments.intents_of(merchant_id=request.merchant_id, document=presale.document)
    return {"items": [_payment(intent) for intent in found], "next_cursor": None}


@router.post("/presales/{presale_id}/cancel", response=PresaleOut, auth=requires("presales.sell"))
def cancel_presale(request: MerchantRequest, presale_id: str, body: PresaleReasonIn) -> Any:
    """Let it go for its buyer before the balance: of the deposit, what was agreed is kept."""
    ended = cancelling.cancel_presale(
        merchant_id=request.merchant_id,
        presale_id=_visible(request, presale_id).id,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return _presale(request, ended)


@router.post("/presales/{presale_id}/link", response=PresaleOut, auth=requires("presales.sell"))
def renew_presale_link(request: MerchantRequest, presale_id: str) -> Any:
    """Another link for the buyer; the ones that were given so far open nothing any more."""
    renewed = renewing.renew_link(
        merchant_id=request.merchant_id,
        presale_id=_visible(request, presale_id).id,
        now=datetime.now(UTC),
    )
    return _presale(request, renewed)


@router.post("/presales/{presale_id}/fail", response=PresaleOut, auth=requires("presales.edit"))
def fail_presale(request: MerchantRequest, presale_id: str, body: PresaleReasonIn) -> Any:
    """The merchant cannot deliver: all goes back, and for an earnest as much again on top."""
    ended = compensating.fail_presale(
        merchant_id=request.merchant_id,
        presale_id=_visible(request, presale_id).id,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return _presale(request, ended)


@router.post(
    "/presales/{presale_id}/compensation",
    response=PresaleCompensationOut,
    auth=requires("presales.edit"),
)
def pay_presale_compensation(
    request: MerchantRequest, presale_id: str, body: PresaleCompensationIn
) -> Any:
    """Note that a compensation was paid by hand."""
    paid = compensating.pay_compensation(
        merchant_id=request.merchant_id,
        presale_id=_visible(request, presale_id).id,
        reference=body.reference,
        now=datetime.now(UTC),
    )
    return fields(paid)


def _visible(request: MerchantRequest, presale_id: str) -> contracts.Presale:
    """The presale order, if this credential's places may see it. Raises NoSuch."""
    return presale_by_id(
        merchant_id=request.merchant_id,
        presale_id=id_of(presale_id, kind="presale"),
        location_ids=request.actor.location_ids,
    )


def _check_place(request: MerchantRequest, code: str | None) -> None:
    """Who works at some places sells there, and nowhere else. Raises PermissionMissing."""
    places = request.actor.location_ids
    if places is None:
        return
    known = stores.location_map(merchant_id=request.merchant_id).id_by_code
    if known.get(code or "") not in places:
        raise PermissionMissing(permission="presales.sell")


def _presale(request: MerchantRequest, presale: contracts.Presale) -> dict[str, Any]:
    amounts = presale.amounts
    return fields(
        presale,
        presale_offer_id=str(presale.offer_id),
        document=presale.document,
        price_minor=amounts.price_minor,
        deposit_minor=amounts.deposit_minor,
        worth_minor=amounts.worth_minor,
        balance_minor=amounts.balance_minor,
        total_minor=amounts.total_minor,
        link=request.build_absolute_uri(path_of(merchant_id=request.merchant_id, presale=presale)),
    )


def _payment(intent: payments.Intent) -> dict[str, Any]:
    return {
        "intent_id": str(intent.id),
        "amount_minor": intent.amount_minor,
        "received_minor": intent.received_minor,
        "currency": intent.currency,
        "state": intent.state,
        "expires_at": intent.expires_at,
        "shown": [tender.payload for tender in intent.tenders],
    }
