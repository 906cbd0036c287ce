"""Coupons over HTTP: claimed, shown, used, returned, taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Schema, Status
from pydantic import Field

from santong.benefits import contracts
from santong.benefits.api.fields import (
    Body,
    Code,
    Count,
    Id,
    Key,
    Minor,
    Nameless,
    Reason,
    place_of,
    written,
)
from santong.benefits.api.routes import router
from santong.benefits.errors import CodeUnknown, TooManyTries
from santong.benefits.rules.drawing import qr_svg
from santong.benefits.selectors.coupons import coupon_by_id, events_of, shown, wallet
from santong.benefits.services import freeze as freezing
from santong.benefits.services import unfreeze as unfreezing
from santong.benefits.services import void as voiding
from santong.benefits.services.claim import claim
from santong.benefits.services.open_code import open_code
from santong.benefits.services.redeem import redeem
from santong.benefits.services.return_redemption import return_redemption
from santong.benefits.services.take_code import take_code
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.kernel.http.problems import kept_refusal
from santong.membership import public as membership

COUPON = "coupon"
MOST_LINES = 500

Lines = Annotated[dict[Annotated[str, Nameless], Count], Field(max_length=MOST_LINES)]


class ClaimIn(Body):
    """A member takes a coupon of a batch. The same key gives the same coupon."""

    batch_id: Id
    member_id: Id
    channel: contracts.Channel
    key: Key


class TakeIn(Body):
    """A member takes the coupon whose printed code they have."""

    code: Code
    member_id: Id


class CodeIn(Body):
    code: Code


class RedemptionIn(Body):
    """A coupon is used at a place, by its code. `lines`: what for, so many units of each."""

    code: Code
    amount_minor: Minor = 0
    location_id: Id
    lines: Lines | None = None
    key: Key


class CouponReturnIn(Body):
    """What a coupon was used for comes back: so many units of lines, or without them the whole."""

    coupon_id: Id
    quantity_by_line: Lines | None = None
    reason: Reason
    key: Key


class StepIn(Body):
    reason: Reason
    key: Key


class CouponOut(Schema):
    """One coupon: whose it is, where it stands, until when it can be used."""

    id: str
    batch_id: str
    member_id: str | None
    state: contracts.CouponState
    is_frozen: bool
    valid_from: datetime
    valid_until: datetime | None
    holder: str
    amount_minor: int


class RedemptionOut(Schema):
    """A coupon that was used; false where this key had used it before."""

    coupon_id: str
    batch_id: str
    member_id: str | None
    amount_minor: int
    is_new: bool


class ReturnOut(Schema):
    """What a return made of the coupon."""

    coupon_id: str
    outcome: contracts.ReturnOutcome
    valid_until: datetime | None
    is_new: bool


class ShownOut(Schema):
    """A coupon's code, as text and as a QR code."""

    code: str
    qr_svg: str


class WalletIn(Schema):
    """Which part of a wallet; without a state, all of it."""

    state: list[contracts.WalletState] = Field(default_factory=list, max_length=7)
    cursor: str | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class WalletOut(Schema):
    """A line of the wallet. A coupon that cannot be used shows no code."""

    coupon_id: str
    batch_id: str
    batch_code: str
    name: str
    kind: contracts.Kind
    terms: dict[str, int | str]
    currency: str | None
    state: contracts.WalletState
    valid_from: datetime
    valid_until: datetime | None
    code: str | None
    supplier_code: str | None


class CouponEventOut(Schema):
    """One step of a coupon."""

    id: str
    kind: str
    from_state: str
    to_state: str
    at: datetime
    actor: str
    reason: str
    holder: str
    amount_minor: int
    channel: str
    location_id: str | None


class EventsOut(Schema):
    items: list[CouponEventOut]


_coupon = written(
    *("id", "batch_id", "member_id", "state", "is_frozen", "valid_from", "valid_until"),
    *("holder", "amount_minor"),
)
_redemption = written("coupon_id", "batch_id", "member_id", "amount_minor", "is_new")
_return = written("coupon_id", "outcome", "valid_until", "is_new")
_event = written(
    *("id", "kind", "from_state", "to_state", "at", "actor", "reason", "holder"),
    *("amount_minor", "channel", "location_id"),
)
_wallet = written(
    *("coupon_id", "batch_id", "batch_code", "name", "kind", "terms", "currency", "state"),
    *("valid_from", "valid_until", "code", "supplier_code"),
)


@router.post("/coupon-claims", response={201: CouponOut}, auth=requires("benefits.issue"))
def post_claim(request: MerchantRequest, body: ClaimIn) -> Any:
    """Give a member a coupon, within every limit."""
    made = claim(
        merchant_id=request.merchant_id,
        batch_id=id_of(body.batch_id, kind="batch"),
        member_id=_member(request, body.member_id),
        channel=body.channel,
        key=body.key,
        now=datetime.now(UTC),
    )
    return Status(201, _coupon(made))


@router.post("/coupon-takings", response=CouponOut, auth=requires("benefits.issue"))
def post_taking(request: MerchantRequest, body: TakeIn) -> Any:
    """Give a printed coupon to the member who has its code."""
    member_id, now = _member(request, body.member_id), datetime.now(UTC)
    found = open_code(merchant_id=request.merchant_id, code=body.code, now=now)
    if isinstance(found, CodeUnknown | TooManyTries):
        return kept_refusal(request, found)
    taken = take_code(
        merchant_id=request.merchant_id, coupon_id=found.id, member_id=member_id, now=now
    )
    return _coupon(taken)


@router.get("/members/{member_id}/wallet", response=Page[WalletOut], auth=requires("benefits.view"))
def get_wallet(
    request: MerchantRequest,
    response: HttpResponse,
    member_id: str,
    asked: Annotated[WalletIn, Query()],
) -> Any:
    """What a member holds and held, newest first; with `state`, those alone that stand so now."""
    response["Cache-Control"] = "no-store"
    rows = wallet(
        merchant_id=request.merchant_id,
        member_id=_member(request, member_id),
        now=datetime.now(UTC),
        states=asked.state,
        before_id=before_id(asked.cursor),
        limit=asked.limit + 1,
    )
    ids = [row.coupon_id for row in rows]
    return page_of([_wallet(row) for row in rows], limit=asked.limit, ids=ids)


@router.get("/coupons/{coupon_id}", response=CouponOut, auth=requires("benefits.view"))
def get_coupon(request: MerchantRequest, coupon_id: str) -> Any:
    """One coupon."""
    return _coupon(
        coupon_by_id(merchant_id=request.merchant_id, coupon_id=id_of(coupon_id, kind=COUPON))
    )


@router.get("/coupons/{coupon_id}/events", response=EventsOut, auth=requires("benefits.view"))
def get_events(request: MerchantRequest, coupon_id: str) -> Any:
    """Every step of a coupon, oldest first."""
    number = id_of(coupon_id, kind=COUPON)
    coupon_by_id(merchant_id=request.merchant_id, coupon_id=number)
    rows = events_of(merchant_id=request.merchant_id, coupon_id=number)
    return {"items": [_event(row) for row in rows]}


@router.get("/coupons/{coupon_id}/code", response=ShownOut, auth=requires("benefits.issue"))
def get_code(request: MerchantRequest, response: HttpResponse, coupon_id: str) -> Any:
    """A coupon's code, for its member to show."""
    response["Cache-Control"] = "no-store"
    found = shown(merchant_id=request.merchant_id, coupon_id=id_of(coupon_id, kind=COUPON))
    return {"code": found.code, "qr_svg": qr_svg(found.code)}


@router.post("/coupon-lookups", response=CouponOut, auth=requires("benefits.redeem"))
def post_lookup(request: MerchantRequest, body: CodeIn) -> Any:
    """The coupon that a code opens. Twenty wrong codes, and the caller has to wait."""
    found = open_code(merchant_id=request.merchant_id, code=body.code, now=datetime.now(UTC))
    if isinstance(found, CodeUnknown | TooManyTries):
        return kept_refusal(request, found)
    return _coupon(found)


@router.post("/coupon-redemptions", response=RedemptionOut, auth=requires("benefits.redeem"))
def post_redemption(request: MerchantRequest, body: RedemptionIn) -> Any:
    """Use a coupon at a place, once."""
    now, location_id = datetime.now(UTC), place_of(request, body.location_id)
    found = open_code(merchant_id=request.merchant_id, code=body.code, now=now)
    if isinstance(found, CodeUnknown | TooManyTries):
        return kept_refusal(request, found)
    used = redeem(
        merchant_id=request.merchant_id,
        coupon_id=found.id,
        amount_minor=body.amount_minor,
        lines=[
            contracts.RedemptionLine(line=line, quantity=quantity)
            for line, quantity in (body.lines or {}).items()
        ],
        channel="store",
        location_id=location_id,
        key=body.key,
        now=now,
    )
    return _redemption(used)


@router.post("/coupon-returns", response=ReturnOut, auth=requires("benefits.redeem"))
def post_return(request: MerchantRequest, body: CouponReturnIn) -> Any:
    """What a coupon was used for comes back; once all is back, the batch's policy decides."""
    done = return_redemption(
        merchant_id=request.merchant_id,
        coupon_id=id_of(body.coupon_id, kind=COUPON),
        quantity_by_line=body.quantity_by_line,
        reason=body.reason,
        key=body.key,
        now=datetime.now(UTC),
    )
    return _return(done)


@router.post("/coupons/{coupon_id}/void", response=CouponOut, auth=requires("benefits.edit"))
def post_void(request: MerchantRequest, coupon_id: str, body: StepIn) -> Any:
    """Take a coupon back for good."""
    return _coupon(voiding.void(**_step(request, coupon_id, body)))


@router.post("/coupons/{coupon_id}/freeze", response=CouponOut, auth=requires("benefits.edit"))
def post_freeze(request: MerchantRequest, coupon_id: str, body: StepIn) -> Any:
    """Let nobody use a coupon until it is unfrozen."""
    return _coupon(freezing.freeze(**_step(request, coupon_id, body)))


@router.post("/coupons/{coupon_id}/unfreeze", response=CouponOut, auth=requires("benefits.edit"))
def post_unfreeze(request: MerchantRequest, coupon_id: str, body: StepIn) -> Any:
    """Let a frozen coupon be used again."""
    return _coupon(unfreezing.unfreeze(**_step(request, coupon_id, body)))


def _member(request: MerchantRequest, text: str) -> int:
    """A member of the merchant's. Raises NoSuch."""
    member_id = id_of(text, kind="member")
    return membership.member_by_id(merchant_id=request.merchant_id, member_id=member_id).id


def _step(request: MerchantRequest, coupon_id: str, body: StepIn) -> dict[str, Any]:
    return {
        "merchant_id": request.merchant_id,
        "coupon_id": id_of(coupon_id, kind=COUPON),
        "reason": body.reason,
        "key": body.key,
        "now": datetime.now(UTC),
    }
