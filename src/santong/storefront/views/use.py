"""One coupon, and using it alone: what brings its member points or a tier needs no till."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from santong.benefits import public as benefits
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch
from santong.kernel.http.pages import id_of
from santong.kernel.nameless import check_name
from santong.membership import public as membership
from santong.storefront.views.frame import MemberRequest, page, shown

LONGEST_KEY: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGain:
    """What a coupon brought, as its member reads it: points, or a tier by its name."""

    points: int
    tier_name: str
    tier_until: datetime | None


@page("GET", "HEAD")
def coupon_page(request: MemberRequest, coupon_id: str) -> HttpResponse:
    """One coupon of the member: code, terms, time, what it brought. Anybody else's is not there."""
    return _coupon(request, _own(request, coupon_id))


@page("POST")
def use_coupon(request: MemberRequest, coupon_id: str) -> HttpResponse:
    """Use a coupon that brings something at once. The form's key makes two taps one."""
    entry = _own(request, coupon_id)
    if entry.kind not in benefits.BRING_AT_ONCE:
        raise NoSuch(kind="coupon", key=str(entry.coupon_id))
    key = request.POST.get("key", "")[:LONGEST_KEY]
    try:
        check_name(key)
        with transaction.atomic():
            benefits.redeem(
                merchant_id=request.house.id,
                coupon_id=entry.coupon_id,
                channel="online",
                key=f"centre-use:{request.member.id}:{entry.coupon_id}:{key}",
                now=datetime.now(UTC),
            )
    except DomainError as refused:
        return _coupon(request, _own(request, coupon_id), refused)
    where = reverse("storefront:coupon", args=[request.house.code, entry.coupon_id])
    return HttpResponseRedirect(where)


def _own(request: MemberRequest, coupon_id: str) -> benefits.WalletEntry:
    number = id_of(coupon_id, kind="coupon")
    found = benefits.wallet(
        merchant_id=request.house.id,
        member_id=request.member.id,
        now=datetime.now(UTC),
        before_id=number + 1,
        limit=1,
    )
    if not found or found[0].coupon_id != number:
        raise NoSuch(kind="coupon", key=str(number))
    return found[0]


def _coupon(
    request: MemberRequest, entry: benefits.WalletEntry, refused: DomainError | None = None
) -> HttpResponse:
    values = {
        "entry": entry,
        "gain": _gain(request, entry),
        "may_use": entry.state == "usable" and entry.kind in benefits.BRING_AT_ONCE,
        "key": uuid.uuid4().hex,
        "refusal": _why_not(refused) if refused else "",
    }
    status = HTTPStatus.OK if refused is None else refused.status
    return shown(request, "coupon", values, tab="wallet", status=status)


def _gain(request: MemberRequest, entry: benefits.WalletEntry) -> ShownGain | None:
    if entry.state != "used":
        return None
    brought = benefits.brought_by(merchant_id=request.house.id, coupon_id=entry.coupon_id)
    if brought is None:
        return None
    return ShownGain(
        points=brought.points,
        tier_name=_tier_name(request, brought) if brought.tier else "",
        tier_until=brought.tier_until,
    )


def _tier_name(request: MemberRequest, brought: benefits.Brought) -> str:
    """What the programme calls the tier now; its code where it has it no more."""
    for programme in request.house.programmes:
        if programme.code == brought.programme_code:
            published = membership.terms_of(merchant_id=request.house.id, programme_id=programme.id)
            names = {tier.code: tier.name for tier in published.terms.tiers}
            return names.get(brought.tier, brought.tier)
    return brought.tier


def _why_not(refused: DomainError) -> str:
    """Why a member cannot use a coupon, said to the member."""
    match refused:
        case FieldInvalid(pointer="/tier"):
            return gettext("You have this tier or a higher one already. Keep this card for later.")
        case membership.TierGranted():
            return gettext("You are trying a tier already. Use this card when that is over.")
        case membership.CardMissing():
            return gettext("You have no card of the programme that this belongs to.")
        case membership.NothingPromised() | membership.NotAuthorised():
            return gettext("This cannot be used at the moment. Please ask in a store.")
        case _:
            return gettext(refused.code)
