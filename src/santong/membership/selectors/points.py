"""What members have, and what their points would buy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.membership import contracts
from santong.membership.errors import CardMissing
from santong.membership.models import Card
from santong.membership.rules.burn import quote
from santong.membership.rules.purchases import check_amount, check_points
from santong.membership.rules.tiers import tier_by_code
from santong.membership.selectors.authorisations import may_act, rates_for
from santong.membership.selectors.members import current_member_ids, member_by_id
from santong.membership.selectors.programmes import pools, programme_by_code, programme_by_id
from santong.membership.selectors.terms import terms_of
from santong.payments import public as payments

KINDS = ("available", "pending", "debt")


def points_shown(
    *, merchant_id: int, member_ids: Sequence[int], now: datetime
) -> dict[int, contracts.PointsShown]:
    """What members have at `now`, in all pools together."""
    by_pool = points_by_pool(merchant_id=merchant_id, member_ids=member_ids, now=now)
    return {
        member_id: contracts.PointsShown(
            available=sum(each.available for each in mine.values()),
            pending=sum(each.pending for each in mine.values()),
            debt=sum(each.debt for each in mine.values()),
        )
        for member_id, mine in by_pool.items()
    }


def points_by_pool(
    *, merchant_id: int, member_ids: Sequence[int], now: datetime
) -> dict[int, dict[str, contracts.PointsShown]]:
    """What members have at `now`, by the code of the pool. What has lapsed is not counted."""
    codes = [pool.code for pool in pools(merchant_id=merchant_id)]
    keys = {
        (member_id, code, kind): payments.AccountKey(f"points:{code}", kind, f"member:{member_id}")
        for member_id in member_ids
        for code in codes
        for kind in KINDS
    }
    found = payments.balances(merchant_id=merchant_id, accounts=list(keys.values()), now=now)

    def stands(member_id: int, code: str, kind: str) -> payments.Balance:
        return found[keys[member_id, code, kind]]

    return {
        member_id: {
            code: contracts.PointsShown(
                available=stands(member_id, code, "available").available,
                pending=stands(member_id, code, "pending").posted,
                debt=-stands(member_id, code, "debt").posted,
            )
            for code in codes
        }
        for member_id in member_ids
    }


def points_seen_by(
    *, merchant_id: int, member_id: int, brand_code: str, now: datetime
) -> dict[str, contracts.PointsShown]:
    """What a brand sees of a member's points, by the code of the pool.

    It sees a pool in which the member has a card of its own, or of a brand that lets it see.

    Raises NoSuch (member, brand).
    """
    member = member_by_id(merchant_id=merchant_id, member_id=member_id)
    found = points_by_pool(merchant_id=merchant_id, member_ids=[member_id], now=now)[member_id]
    seen = {
        programme.pool_code
        for card in member.cards
        if card.state != "merged"
        and may_act(
            merchant_id=merchant_id,
            programme=(
                programme := programme_by_id(
                    merchant_id=merchant_id, programme_id=card.programme_id
                )
            ),
            brand_code=brand_code,
            act="see",
            at=now,
        )
    }
    return {code: shown for code, shown in found.items() if code in seen}


def quote_burn(
    *,
    merchant_id: int,
    member_id: int,
    programme_code: str,
    requested: int,
    amount_minor: int,
    brand_code: str = "",
    now: datetime,
) -> contracts.Quote:
    """How many of the points asked for a member may use for an amount, and what they are worth.

    Raises NoSuch, CardMissing, NothingPromised, NotAuthorised, FieldInvalid.
    """
    check_points(requested, pointer="/requested")
    check_amount(amount_minor)
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    member_id = current_member_ids(merchant_id=merchant_id, member_ids=[member_id])[member_id]
    card = (
        Card.objects.of_merchant(merchant_id)
        .filter(member=member_id, programme=programme.id, state__in=("active", "dormant"))
        .first()
    )
    if card is None:
        raise CardMissing(member_id=member_id, programme_code=programme_code)
    rates_for(
        merchant_id=merchant_id, programme=programme, brand_code=brand_code, act="burn", at=now
    )
    terms = terms_of(merchant_id=merchant_id, programme_id=programme.id).terms
    account = payments.AccountKey(programme.points_asset, "available", f"member:{member_id}")
    balance = payments.balances(merchant_id=merchant_id, accounts=[account], now=now)[account]
    return quote(
        terms.burn,
        requested=requested,
        balance=balance.available,
        amount_minor=amount_minor,
        tier_percent=tier_by_code(terms.tiers, card.tier).burn_percent,
    )
