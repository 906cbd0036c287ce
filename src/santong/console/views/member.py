"""One member: who they are, which cards they have, what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse

from santong.console.selectors.member_cards import cards_of, points_seen
from santong.console.selectors.member_reach import Reach, opened, reach_of
from santong.console.views.frame import page, places_of, sentence_of, shown
from santong.customers import public as customers
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.membership import public as membership
from santong.stores import public as stores

# The parts of a member's page, and who sees them.
PARTS: Final = (
    ("member", "members.view"),
    ("member_points", "points.view"),
    ("member_orders", "orders.view"),
    ("member_benefits", "benefits.view"),
    ("member_identity", "customers.view"),
    ("member_timeline", "members.view"),
)


@page("members.view")
def overview(request: MerchantRequest, member_id: str) -> HttpResponse:
    """Who a member is, the cards with their tiers, what the points come to."""
    return overview_page(request, seen_member(request, member_id))


def seen_member(request: MerchantRequest, member_id: str) -> membership.Member:
    """The member, if this person sees them, by `members.view`. Raises NoSuch."""
    return opened(
        merchant_id=request.merchant_id,
        member_id=id_of(member_id, kind="member"),
        reach=reach_by(request),
    )


def reach_by(request: MerchantRequest) -> Reach:
    """How far this person sees members, whatever the page is for."""
    whole = request.whole_actor  # type: ignore[attr-defined]
    return reach_of(merchant_id=request.merchant_id, actor=whole, now=datetime.now(UTC))


def overview_page(
    request: MerchantRequest,
    member: membership.Member,
    *,
    refused: DomainError | None = None,
    failed: str = "",
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The first page of a member; with a refusal beside the form that was refused."""
    merchant_id = request.merchant_id
    won = membership.attributions_in_sight(
        merchant_id=merchant_id, member_id=member.id, sight=reach_by(request)
    )
    places = {each.location_id for each in won if each.location_id}
    values = {
        "cards": cards_of(merchant_id=merchant_id, member=member),
        "won_by_card": {each.card_id: each for each in won},
        "places": stores.locations_by_id(merchant_id=merchant_id, location_ids=places),
        "can_reveal": may(request, "personal_data.reveal"),
        "can_edit": may(request, "members.edit") and member.state != "merged",
        "can_correct": may(request, "points.correct"),
        "can_export": may(request, "customers.erase") and may(request, "personal_data.reveal"),
        "can_erase": may(request, "customers.erase"),
        "has": _points(request, member) if may(request, "points.view") else None,
        **(extra or {}),
    }
    return member_shown(request, "member", member, values, refused=refused, failed=failed)


def _points(request: MerchantRequest, member: membership.Member) -> membership.PointsShown:
    """What a member has in the pools of all cards that are seen, together."""
    return points_seen(
        merchant_id=request.merchant_id,
        members=[member],
        reach=reach_by(request),
        now=datetime.now(UTC),
    )[member.id]


def member_shown(
    request: MerchantRequest,
    part: str,
    member: membership.Member,
    values: Mapping[str, Any],
    *,
    refused: DomainError | None = None,
    failed: str = "",
) -> HttpResponse:
    """A part of a member's page below the head that all parts have."""
    person = customers.persons_by_id(
        merchant_id=request.merchant_id, person_ids=[member.person_id]
    ).get(member.person_id)
    frame = {
        "member": member,
        "holder": person,
        "part": part,
        "parts": [name for name, permission in PARTS if may(request, permission)],
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, part, {**frame, **values}, section="members", status=status)


def may(request: MerchantRequest, permission: str) -> bool:
    """Whether somebody has a permission anywhere."""
    return places_of(request, permission) != frozenset()
