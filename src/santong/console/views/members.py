"""Members: the list, and whom a number finds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect

from santong.console.selectors.member_cards import points_seen, tier_names
from santong.console.selectors.member_reach import Reach, openable, reach_of
from santong.console.views.frame import page, places_of, shown
from santong.customers import public as customers
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, cursor_after
from santong.membership import public as membership

SHOWN: Final = 50
LONGEST_NUMBER: Final = 100


@page("members.view")
def member_list(request: MerchantRequest) -> HttpResponse:
    """Members, newest first, of one programme or all."""
    reach = reach_of(merchant_id=request.merchant_id, actor=request.actor, now=datetime.now(UTC))
    programmes = _programmes(request, reach)
    asked = request.GET.get("programme", "")
    chosen = next((each for each in programmes if each.code == asked), None)
    if chosen is None and reach.location_ids is not None and programmes:
        chosen = programmes[0]
    found: list[membership.Member] = []
    if reach.may_browse and (programmes or reach.location_ids is None):
        found = membership.members_page(
            merchant_id=request.merchant_id,
            programme_ids=[chosen.id] if chosen else None,
            before_id=before_id(request.GET.get("cursor")),
            limit=SHOWN + 1,
        )
    filters = {"programme": chosen.code} if chosen else {}
    more = len(found) > SHOWN
    values = {
        **_listed(request, reach.of_members(found[:SHOWN]), reach),
        "programme": chosen.code if chosen else "",
        "next": (
            urlencode({**filters, "cursor": cursor_after(found[SHOWN - 1].id)}) if more else ""
        ),
    }
    return shown(request, "members", values, section="members")


@page("members.view", method="POST")
def member_search(request: MerchantRequest) -> HttpResponse:
    """Whom a whole number finds: of a phone, a card, a member; or an e-mail address.

    It is sent as a form, so that nobody's number stands in an address, a log or a history.
    """
    number = request.POST.get("number", "").strip()[:LONGEST_NUMBER]
    reach = reach_of(merchant_id=request.merchant_id, actor=request.actor, now=datetime.now(UTC))
    found = _found(request.merchant_id, number) if number.isprintable() else []
    seen = reach.of_members(found)
    values = _listed(request, seen, reach)
    if len(seen) == 1 and seen[0].id in values["opens"]:
        return HttpResponseRedirect(f"/console/members/{seen[0].id}/")
    values |= {"searched": True, "number": number, "programme": "", "next": ""}
    return shown(request, "members", values, section="members")


def _found(merchant_id: int, number: str) -> list[membership.Member]:
    if not number:
        return []
    if "@" in number:
        return membership.find_members(
            merchant_id=merchant_id, identities=[customers.Identifier("email", number)]
        )
    return membership.find_members(
        merchant_id=merchant_id, phone=number, card_number=number, member_number=number
    )


def _listed(
    request: MerchantRequest, members: Sequence[membership.Member], reach: Reach
) -> dict[str, Any]:
    """What the list shows of members, in a fixed number of queries but for a search's few."""
    merchant_id = request.merchant_id
    return {
        "members": members,
        "opens": openable(merchant_id=merchant_id, members=members, reach=reach),
        "persons": customers.persons_by_id(
            merchant_id=merchant_id, person_ids=[each.person_id for each in members]
        ),
        "programmes": _programmes(request, reach),
        "programme_by_id": {
            each.id: each for each in membership.programmes(merchant_id=merchant_id)
        },
        "tier_names": tier_names(merchant_id=merchant_id),
        "points": _points(request, members, reach),
        "may_browse": reach.may_browse,
        "searched": False,
        "number": "",
    }


def _points(
    request: MerchantRequest, members: Sequence[membership.Member], reach: Reach
) -> dict[int, membership.PointsShown] | None:
    if places_of(request, "points.view") == frozenset():
        return None
    return points_seen(
        merchant_id=request.merchant_id, members=members, reach=reach, now=datetime.now(UTC)
    )


def _programmes(request: MerchantRequest, reach: Reach) -> list[membership.Programme]:
    every = membership.programmes(merchant_id=request.merchant_id)
    return [each for each in every if reach.is_whole or each.id in reach.own_programme_ids]
