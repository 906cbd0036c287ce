"""Points: what there is, what comes, what goes next, and every entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpResponse

from santong.kernel.http.pages import before_id, cursor_after
from santong.membership import public as membership
from santong.payments import public as payments
from santong.storefront.rules.lots import Ending, next_to_end
from santong.storefront.views.card import cards_of
from santong.storefront.views.frame import MemberRequest, page, shown

SHOWN = 20
# What waits for the end of its return period is looked for among this many newest purchases.
LOOKED_AT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """What a member has in one pool."""

    pool: membership.Pool
    points: membership.PointsShown
    ending: Ending | None


@page("GET", "HEAD")
def points_page(request: MemberRequest) -> HttpResponse:
    """What a member has in a pool, and its statement, newest first, page by page."""
    now = datetime.now(UTC)
    pools = pools_of(request)
    if not pools:
        return shown(request, "points", {"purse": None}, tab="points")
    chosen = request.GET.get("pool", "")
    pool = next((each for each in pools if each.code == chosen), pools[0])
    account = _account(request, pool)
    found = payments.entries_page(
        merchant_id=request.house.id,
        account=account,
        before_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    entries = found[:SHOWN]
    values = {
        "pool": pool,
        "entries": entries,
        "cursor": cursor_after(entries[-1].id) if len(found) > SHOWN else "",
    }
    if "HX-Request" in request.headers:
        return shown(request, "entries", values)
    values |= {
        "pools": pools,
        "purse": purse_of(request, pool, now),
        "pending": [] if request.GET.get("cursor") else _pending(request, pool),
    }
    return shown(request, "points", values, tab="points")


def pools_of(request: MemberRequest) -> list[membership.Pool]:
    """The pools in which a member's cards have a share."""
    codes = {each.programme.pool_code for each in cards_of(request)}
    return [pool for pool in membership.pools(merchant_id=request.house.id) if pool.code in codes]


def purse_of(request: MemberRequest, pool: membership.Pool, now: datetime) -> Purse:
    """What a member has in a pool, and which points end next."""
    merchant_id, member_id = request.house.id, request.member.id
    by_pool = membership.points_by_pool(merchant_id=merchant_id, member_ids=[member_id], now=now)
    lots = payments.lots_of(merchant_id=merchant_id, account=_account(request, pool))
    return Purse(
        pool=pool,
        points=by_pool[member_id][pool.code],
        ending=next_to_end(
            [(lot.expires_at, lot.rest - lot.held) for lot in lots],
            now=now,
            timezone=request.house.merchant.timezone,
        ),
    )


def _account(request: MemberRequest, pool: membership.Pool) -> payments.AccountKey:
    return payments.AccountKey(pool.points_asset, "available", request.member.owner)


def _pending(request: MemberRequest, pool: membership.Pool) -> list[membership.Accrued]:
    """Purchases whose points wait for the end of the return period, the next to come first."""
    codes = {each.code for each in request.house.programmes if each.pool_code == pool.code}
    found = membership.accruals_page(
        merchant_id=request.house.id,
        member_id=request.member.id,
        before_id=before_id(None),
        limit=LOOKED_AT,
    )
    waiting = [
        each
        for each in found
        if each.state == "pending" and each.programme_code in codes and each.points > each.taken
    ]
    return sorted(waiting, key=lambda each: each.matures_at)
