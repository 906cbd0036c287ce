"""Accounts on storefronts over HTTP: asked, bound, unbound; and programmes that are opened."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Schema, Status
from pydantic import Field

from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of
from santong.membership import contracts
from santong.membership.api.members import (
    BindingOut,
    MemberAccountIn,
    Phone,
    Place,
    binding_out,
)
from santong.membership.api.routes import Body, Code, Reason, check_programme, router, sight_by
from santong.membership.selectors import bindings as asking
from santong.membership.services import bind as binding
from santong.membership.services import open_pool as pooling
from santong.membership.services import open_programme as opening
from santong.membership.services import unbind as unbinding

Accounts = Annotated[list[MemberAccountIn], Field(min_length=1, max_length=5)]


class BindQueryIn(Body):
    """A shopper on a storefront, by telephone number."""

    storefront_code: Place
    phone: Phone
    accounts: Annotated[tuple[MemberAccountIn, ...], Field(max_length=5)] = ()


class BindIn(Body):
    """A shopper's account, and the number that finds the member."""

    storefront_code: Place
    phone: Phone
    accounts: Accounts


class UnbindIn(Body):
    """A shopper's account that is to show nobody any more."""

    storefront_code: Place
    accounts: Accounts
    reason: Reason


class SummaryOut(Schema):
    """What a storefront shows of a member."""

    member_id: str
    member_number: str
    card_number: str
    tier: str
    points: int


class BindAnswerOut(Schema):
    """Whether the account can be bound, and to whom."""

    kind: contracts.BindKind
    member: SummaryOut | None


class BoundOut(Schema):
    """Who is bound; `is_new` is false where the account was bound to them before."""

    member_id: str
    binding: BindingOut
    is_new: bool


class UnboundOut(Schema):
    """Whether anything was unbound now."""

    is_unbound: bool


class PoolIn(Body):
    """A pool of points that programmes may share."""

    code: Code
    name: Annotated[str, Field(min_length=1, max_length=120)]


class PoolOut(Schema):
    id: str
    code: str
    name: str


class NewProgrammeIn(Body):
    """A brand's programme, with its card face and a share in a pool."""

    code: Code
    name: Annotated[str, Field(min_length=1, max_length=120)]
    brand_id: str
    pool_code: Code
    card_name: Annotated[str, Field(max_length=60)] = ""
    card_prefix: Annotated[str, Field(min_length=1, max_length=8)] = "8"
    dormant_after_days: Annotated[int, Field(strict=True, ge=1, le=36_500)] = 365


class OpenedProgrammeOut(Schema):
    """A programme that takes members."""

    id: str
    code: str
    name: str
    brand_id: str
    pool_code: str
    card_name: str
    card_prefix: str
    dormant_after_days: int


@router.post("/member-bindings/query", response=BindAnswerOut, auth=requires("members.view"))
def bind_query(request: MerchantRequest, body: BindQueryIn) -> dict[str, Any]:
    """Whether a shopper's account can be bound to the member whom the number finds."""
    _check_storefront(request, body.storefront_code, "members.view")
    answer = asking.bind_query(
        merchant_id=request.merchant_id,
        storefront_code=body.storefront_code,
        phone=body.phone,
        identities=[account.as_contract() for account in body.accounts],
        now=datetime.now(UTC),
    )
    found = answer.member
    member = found and {
        "member_id": str(found.member_id),
        "member_number": found.member_number,
        "card_number": found.card_number,
        "tier": found.tier,
        "points": found.points,
    }
    return {"kind": answer.kind, "member": member}


@router.post(
    "/member-bindings",
    response={200: BoundOut, 201: BoundOut},
    auth=requires("members.recruit"),
)
def bind(request: MerchantRequest, body: BindIn) -> Status[dict[str, Any]]:
    """Bind a shopper's account to the member whom the number finds."""
    _check_storefront(request, body.storefront_code, "members.recruit")
    bound = binding.bind(
        merchant_id=request.merchant_id,
        storefront_code=body.storefront_code,
        phone=body.phone,
        identities=[account.as_contract() for account in body.accounts],
        now=datetime.now(UTC),
    )
    return Status(
        201 if bound.is_new else 200,
        {
            "member_id": str(bound.member.id),
            "binding": binding_out(bound.binding),
            "is_new": bound.is_new,
        },
    )


@router.post("/member-bindings/end", response=UnboundOut, auth=requires("members.recruit"))
def unbind(request: MerchantRequest, body: UnbindIn) -> dict[str, Any]:
    """Let an account show nobody any more."""
    _check_storefront(request, body.storefront_code, "members.recruit")
    is_unbound = unbinding.unbind(
        merchant_id=request.merchant_id,
        storefront_code=body.storefront_code,
        identities=[account.as_contract() for account in body.accounts],
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return {"is_unbound": is_unbound}


@router.post("/pools", response={201: PoolOut}, auth=requires("programmes.edit"))
def open_pool(request: MerchantRequest, body: PoolIn) -> Status[dict[str, Any]]:
    """Open a pool of points."""
    pool = pooling.open_pool(
        merchant_id=request.merchant_id, code=body.code, name=body.name, now=datetime.now(UTC)
    )
    return Status(201, {"id": str(pool.id), "code": pool.code, "name": pool.name})


@router.post("/programmes", response={201: OpenedProgrammeOut}, auth=requires("programmes.edit"))
def open_programme(request: MerchantRequest, body: NewProgrammeIn) -> Status[dict[str, Any]]:
    """Open a brand's programme; it gives nothing before its terms are published."""
    programme = opening.open_programme(
        merchant_id=request.merchant_id,
        code=body.code,
        name=body.name,
        brand_id=id_of(body.brand_id, kind="brand"),
        pool_code=body.pool_code,
        card_name=body.card_name,
        card_prefix=body.card_prefix,
        dormant_after_days=body.dormant_after_days,
        now=datetime.now(UTC),
    )
    return Status(
        201,
        {
            "id": str(programme.id),
            "code": programme.code,
            "name": programme.name,
            "brand_id": str(programme.brand_id),
            "pool_code": programme.pool_code,
            "card_name": programme.card_name,
            "card_prefix": programme.card_prefix,
            "dormant_after_days": programme.dormant_after_days,
        },
    )


def _check_storefront(request: MerchantRequest, storefront_code: str, permission: str) -> None:
    """A storefront shows its programme's cards: only those see them who see that programme."""
    sight = sight_by(request, permission)
    if sight.is_whole:
        return
    programme = asking.programme_of_storefront(
        merchant_id=request.merchant_id, storefront_code=storefront_code
    )
    if permission == "members.recruit":
        check_programme(programme, sight=sight)
    elif not sight.sees(programme.id):
        raise NoSuch(kind="storefront", key=storefront_code[:40])
