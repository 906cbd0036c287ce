"""Titles that a member lets us remember."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ninja import Schema, Status

from santong.invoicing import contracts
from santong.invoicing.api.routes import Body, TitleIn, router
from santong.invoicing.rules.masking import masked
from santong.invoicing.selectors.titles import KeptTitle, titles_of
from santong.invoicing.services.drop_title import drop_title
from santong.invoicing.services.keep_title import keep_title
from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of
from santong.membership import public as membership


class KeptTitleIn(Body):
    title: TitleIn


class KeptTitleOut(Schema):
    slot: int
    kind: contracts.TitleKind
    name: str
    number: str
    used_at: datetime


@router.get(
    "/members/{member_id}/invoice-titles",
    response=list[KeptTitleOut],
    auth=requires("invoices.view"),
)
def list_titles(request: MerchantRequest, member_id: str) -> Any:
    """What a member lets us remember, the last used first."""
    member = _member(request, member_id)
    return [
        _title(each) for each in titles_of(merchant_id=request.merchant_id, member_id=member.id)
    ]


@router.post(
    "/members/{member_id}/invoice-titles",
    response={201: list[KeptTitleOut]},
    auth=requires("invoices.issue"),
)
def post_title(request: MerchantRequest, member_id: str, body: KeptTitleIn) -> Any:
    """Remember a title; of more than ten, the one that was not used for longest goes."""
    member = _member(request, member_id)
    keep_title(
        merchant_id=request.merchant_id,
        member_id=member.id,
        title=body.title.title(),
        now=datetime.now(UTC),
    )
    return Status(201, list_titles(request, member_id))


@router.delete(
    "/members/{member_id}/invoice-titles/{slot}",
    response={204: None},
    auth=requires("invoices.issue"),
)
def delete_title(request: MerchantRequest, member_id: str, slot: int) -> Any:
    """Forget a title; forgotten twice is forgotten once."""
    member = _member(request, member_id)
    drop_title(merchant_id=request.merchant_id, member_id=member.id, slot=slot)
    return Status(204, None)


def _member(request: MerchantRequest, member_id: str) -> membership.Member:
    """Members are everybody's; their titles are not: a place asks for them anew."""
    if request.actor.location_ids is not None:
        raise NoSuch(kind="member", key=member_id[:40])
    return membership.member_by_id(
        merchant_id=request.merchant_id, member_id=id_of(member_id, kind="member")
    )


def _title(row: KeptTitle) -> dict[str, Any]:
    title = masked(row.title)
    return {
        "slot": row.slot,
        "kind": title.kind,
        "name": title.name,
        "number": title.number,
        "used_at": row.used_at,
    }
