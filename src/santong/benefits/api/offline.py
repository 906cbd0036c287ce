"""Offline codes over HTTP: keys for tills, codes for members, what tills have taken."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Schema, Status
from pydantic import Field

from santong.benefits.api.coupons import ShownOut
from santong.benefits.api.fields import (
    Body,
    Id,
    Limit,
    Minor,
    Moment,
    Nameless,
    Reason,
    place_of,
    written,
)
from santong.benefits.api.routes import router
from santong.benefits.contracts.offline import OfflineUse, PublicKey, UploadOutcome
from santong.benefits.rules.drawing import qr_svg
from santong.benefits.selectors.offline import double_uses, offline_code, public_keys
from santong.benefits.services.add_signing_key import add_signing_key
from santong.benefits.services.redeem_offline import MOST_AT_ONCE, redeem_offline
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of


class KeyIn(Body):
    reason: Reason


class KeyOut(Schema):
    """An Ed25519 public key, base64."""

    version: int
    public: str


class KeysOut(Schema):
    merchant_id: str
    items: list[KeyOut]


class UseIn(Body):
    """One coupon that a till took offline; `key` names it among the till's."""

    key: Annotated[str, Field(min_length=1, max_length=39), Nameless]
    code: Annotated[str, Field(min_length=1, max_length=400)]
    amount_minor: Minor = 0
    redeemed_at: Moment


class UploadIn(Body):
    """What a till at a place took while nobody could be asked."""

    till: Annotated[str, Field(min_length=1, max_length=60), Nameless]
    location_id: Id
    uses: Annotated[list[UseIn], Field(min_length=1, max_length=MOST_AT_ONCE)]


class ResultOut(Schema):
    """What became of one use: counted, used elsewhere before, or refused, and why."""

    key: str
    coupon_id: str | None
    outcome: UploadOutcome
    why: str
    first_till: str
    is_new: bool


class ResultsOut(Schema):
    items: list[ResultOut]


class DoubleUseOut(Schema):
    id: str
    coupon_id: str
    till: str
    first_till: str
    amount_minor: int
    redeemed_at: datetime
    uploaded_at: datetime


_result = written("key", "coupon_id", "outcome", "why", "first_till", "is_new")
_double = written(
    *("id", "coupon_id", "till", "first_till", "amount_minor", "redeemed_at", "uploaded_at")
)


@router.get("/coupon-keys", response=KeysOut, auth=requires("benefits.redeem"))
def list_keys(request: MerchantRequest) -> Any:
    """By which a till knows the merchant's codes, newest first."""
    keys = public_keys(merchant_id=request.merchant_id)
    return {"merchant_id": str(request.merchant_id), "items": [_key(key) for key in keys]}


@router.post("/coupon-keys", response={201: KeyOut}, auth=requires("benefits.approve"))
def post_key(request: MerchantRequest, body: KeyIn) -> Any:
    """Another key pair; codes signed before hold as long as they would have."""
    made = add_signing_key(
        merchant_id=request.merchant_id, reason=body.reason, now=datetime.now(UTC)
    )
    return Status(201, _key(made))


@router.get("/coupons/{coupon_id}/offline-code", response=ShownOut, auth=requires("benefits.issue"))
def get_offline_code(request: MerchantRequest, response: HttpResponse, coupon_id: str) -> Any:
    """A coupon's code for tills that cannot ask."""
    response["Cache-Control"] = "no-store"
    code = offline_code(merchant_id=request.merchant_id, coupon_id=id_of(coupon_id, kind="coupon"))
    return {"code": code, "qr_svg": qr_svg(code)}


@router.post("/coupon-offline-uses", response=ResultsOut, auth=requires("benefits.redeem"))
def post_uses(request: MerchantRequest, body: UploadIn) -> Any:
    """Tell what a till took offline, as often as need be; each counts once."""
    location_id = place_of(request, body.location_id)
    results = redeem_offline(
        merchant_id=request.merchant_id,
        till=body.till,
        uses=[
            OfflineUse(
                key=each.key,
                code=each.code,
                amount_minor=each.amount_minor,
                redeemed_at=each.redeemed_at,
                location_id=location_id,
            )
            for each in body.uses
        ],
        now=datetime.now(UTC),
    )
    return {"items": [_result(result) for result in results]}


@router.get("/coupon-double-uses", response=Page[DoubleUseOut], auth=requires("benefits.approve"))
def list_double_uses(request: MerchantRequest, cursor: str | None = None, limit: Limit = 50) -> Any:
    """Coupons that two tills took, newest first."""
    rows = double_uses(
        merchant_id=request.merchant_id, before_id=before_id(cursor), limit=limit + 1
    )
    return page_of([_double(row) for row in rows], limit=limit, ids=[row.id for row in rows])


def _key(key: PublicKey) -> dict[str, Any]:
    return {"version": key.version, "public": base64.b64encode(key.public).decode()}
