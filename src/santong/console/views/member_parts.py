"""What else is known of a member: orders, identities, consents, what happened."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse

from santong.console.selectors.member_identity import identifiers_seen
from santong.console.selectors.member_timeline import timeline_of
from santong.console.views.frame import page
from santong.console.views.member import may, member_shown, reach_by, seen_member
from santong.customers import public as customers
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, cursor_after
from santong.membership import public as membership
from santong.merchants import public as merchants
from santong.orders import public as orders

SHOWN: Final = 30


@page("orders.view")
def order_list(request: MerchantRequest, member_id: str) -> HttpResponse:
    """The member's orders on all channels that carry the member, newest first."""
    member = seen_member(request, member_id)
    found = orders.orders_page(
        merchant_id=request.merchant_id,
        member_id=member.id,
        location_ids=request.actor.location_ids,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    shops = merchants.storefronts(merchant_id=request.merchant_id)
    more = len(found) > SHOWN
    values = {
        "orders": found[:SHOWN],
        "name_by_storefront": {each.id: each.name for each in shops},
        "next": urlencode({"cursor": cursor_after(found[SHOWN - 1].id)}) if more else "",
    }
    return member_shown(request, "member_orders", member, values)


@page("customers.view")
def identity(request: MerchantRequest, member_id: str) -> HttpResponse:
    """By what the member is recognised, where they are bound, what they consented to."""
    return identity_page(request, seen_member(request, member_id))


def identity_page(
    request: MerchantRequest,
    member: membership.Member,
    *,
    refused: DomainError | None = None,
    failed: str = "",
) -> HttpResponse:
    """Identifiers, accounts, merges and consents; with a refusal beside the refused form."""
    merchant_id = request.merchant_id
    shops = merchants.storefronts(merchant_id=merchant_id)
    reach = reach_by(request)
    bindings = membership.bindings_in_sight(
        merchant_id=merchant_id, member_id=member.id, sight=reach
    )
    values = {
        "identifiers": identifiers_seen(merchant_id=merchant_id, member=member, reach=reach),
        "bindings": list(reversed(bindings)),
        "shop_by_code": {each.code: each.name for each in shops},
        "merges": list(
            reversed(customers.merges_of(merchant_id=merchant_id, person_id=member.person_id))
        ),
        "consents": list(
            reversed(customers.consents_of(merchant_id=merchant_id, person_id=member.person_id))
        ),
        "can_unbind": may(request, "members.edit"),
        "can_undo": may(request, "customers.merge"),
    }
    return member_shown(request, "member_identity", member, values, refused=refused, failed=failed)


@page("members.view")
def timeline(request: MerchantRequest, member_id: str) -> HttpResponse:
    """What happened to the member, newest first."""
    member = seen_member(request, member_id)
    values = {
        "timeline": timeline_of(
            merchant_id=request.merchant_id, member=member, reach=reach_by(request)
        )
    }
    return member_shown(request, "member_timeline", member, values)
