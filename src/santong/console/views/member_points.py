"""A member's points: what they come to, which purchase brought what by which rule, each entry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse

from santong.console.selectors.member_cards import rule_names, visible_pools
from santong.console.views.frame import page
from santong.console.views.member import member_shown, reach_by, seen_member
from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import LARGEST_ID, before_id, cursor_after, id_of
from santong.membership import public as membership
from santong.payments import public as payments

SHOWN: Final = 20
LOTS_SHOWN: Final = 6


@page("points.view")
def points(request: MerchantRequest, member_id: str) -> HttpResponse:
    """Balances of a pool, what ends next, purchases with their points, and the statement."""
    member = seen_member(request, member_id)
    merchant_id, reach = request.merchant_id, reach_by(request)
    pools = visible_pools(merchant_id=merchant_id, member=member)
    asked = request.GET.get("pool", "")
    pool = next((each for each in pools if each.code == asked), pools[0] if pools else None)
    if pool is None:
        return member_shown(request, "member_points", member, {"pools": [], "pool": None})
    account = payments.AccountKey(pool.points_asset, "available", member.owner)
    by_pool = membership.points_by_pool(
        merchant_id=merchant_id, member_ids=[member.id], now=datetime.now(UTC)
    )
    accruals = membership.accruals_page(
        merchant_id=merchant_id,
        member_id=member.id,
        programme_ids=None if reach.is_whole else reach.programme_ids,
        before_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    # Entries of brands that are not seen stand in the same statement: then it is not shown at all.
    is_told = membership.sees_whole_pool(merchant_id=merchant_id, pool_code=pool.code, sight=reach)
    entries = (
        payments.entries_page(
            merchant_id=merchant_id,
            account=account,
            before_id=before_id(request.GET.get("entries")),
            limit=SHOWN + 1,
        )
        if is_told
        else []
    )
    lots = payments.lots_of(merchant_id=merchant_id, account=account)
    base = {"pool": pool.code}
    values = {
        "pools": pools,
        "pool": pool,
        "has": by_pool[member.id][pool.code],
        "lots": [lot for lot in lots if lot.expires_at][:LOTS_SHOWN],
        "accruals": accruals[:SHOWN],
        "is_told": is_told,
        "entries": entries[:SHOWN],
        "programme_by_code": {
            each.code: each for each in membership.programmes(merchant_id=merchant_id)
        },
        "next": (
            urlencode({**base, "cursor": cursor_after(accruals[SHOWN - 1].id)})
            if len(accruals) > SHOWN
            else ""
        ),
        "more_entries": (
            urlencode({**base, "entries": cursor_after(entries[SHOWN - 1].id)})
            if len(entries) > SHOWN
            else ""
        ),
    }
    return member_shown(request, "member_points", member, values)


@page("points.view")
def accrual(request: MerchantRequest, member_id: str, accrual_id: str) -> HttpResponse:
    """Why a purchase brought so many points: line by line, rule by rule."""
    member = seen_member(request, member_id)
    merchant_id = request.merchant_id
    number = id_of(accrual_id, kind="accrual")
    found = membership.accruals_page(
        merchant_id=merchant_id,
        member_id=member.id,
        before_id=min(number + 1, LARGEST_ID),
        limit=1,
    )
    if not found or found[0].id != number or member.card_of(found[0].programme_code) is None:
        raise NoSuch(kind="accrual", key=accrual_id)
    programme = membership.programme_by_code(merchant_id=merchant_id, code=found[0].programme_code)
    values = {
        "accrual": found[0],
        "programme": programme,
        "lines": membership.accrual_lines(merchant_id=merchant_id, accrual_id=number),
        "claw_backs": membership.claw_backs_of(merchant_id=merchant_id, accrual_id=number),
        "rule_names": rule_names(merchant_id=merchant_id, programme_id=programme.id),
        "is_proven": membership.replays_the_same(merchant_id=merchant_id, accrual_id=number),
    }
    return member_shown(request, "member_accrual", member, values)
