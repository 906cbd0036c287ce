"""Keep points for a checkout, until it is paid or given up."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import TooFewPoints
from santong.membership.models import Burn
from santong.membership.rules.burn import quote
from santong.membership.rules.purchases import (
    check_amount,
    check_key,
    check_points,
    content_hash,
)
from santong.membership.rules.tiers import tier_by_code
from santong.membership.services.accounts import SOURCE, lock_points, of_member
from santong.membership.services.open_burn import Spender, burn_named, burned_of, spender
from santong.payments import public as payments


@all_or_nothing
def hold_points(
    *,
    merchant_id: int,
    source: str,
    key: str,
    member_id: int,
    programme_code: str,
    requested: int,
    amount_minor: int,
    brand_code: str = "",
    expires_at: datetime,
    now: datetime,
) -> contracts.Burned:
    """Keep as many of the points asked for as may be used for an amount, and say their worth.

    It is the quote of this moment; nothing of it is changed later. The same source and key again
    give the first answer.

    Raises TooFewPoints (none may be used), NoSuch, CardMissing, NothingPromised, NotAuthorised,
    PointsKeyTaken, FieldInvalid, Busy. Locks the member, then accounts.
    """
    check_key(source=source, key=key)
    check_points(requested, pointer="/requested")
    check_amount(amount_minor)
    if expires_at <= now:
        raise FieldInvalid(pointer="/expires_at", reason="a hold ends later than now")
    request_hash = content_hash(
        member_id=member_id,
        programme=programme_code,
        brand=brand_code,
        requested=requested,
        amount_minor=amount_minor,
    )
    who = spender(
        merchant_id=merchant_id,
        member_id=member_id,
        programme_code=programme_code,
        brand_code=brand_code,
        now=now,
    )
    before = burn_named(merchant_id=merchant_id, source=source, key=key, request_hash=request_hash)
    if before:
        return before
    offered = _offered(merchant_id, who, requested, amount_minor, now)
    held = payments.hold(
        merchant_id=merchant_id,
        source=SOURCE,
        key=f"burn:{source}:{key}",
        account=of_member(who.programme.points_asset, "available", who.member_id),
        amount=offered.points,
        expires_at=expires_at,
        reference=f"checkout:{who.programme.code}",
        now=now,
    )
    row = Burn.objects.create(
        merchant_id=merchant_id,
        source=source,
        key=key,
        request_hash=request_hash,
        member_id=who.member_id,
        programme_id=who.programme.id,
        brand_id=who.brand_id,
        burn_rate=who.rates.burn,
        kind="checkout",
        state="held",
        points=offered.points,
        amount_minor=offered.amount_minor,
        currency=who.terms.currency,
        hold_id=held.id,
        expires_at=expires_at,
        asked_at=now,
    )
    return burned_of(merchant_id=merchant_id, row=row, is_new=True)


def _offered(
    merchant_id: int, who: Spender, requested: int, amount_minor: int, now: datetime
) -> contracts.Quote:
    has = lock_points(
        merchant_id=merchant_id,
        asset=who.programme.points_asset,
        member_ids=[who.member_id],
        now=now,
    )[who.member_id]
    offered = quote(
        who.terms.burn,
        requested=requested,
        balance=has.available,
        amount_minor=amount_minor,
        tier_percent=tier_by_code(who.terms.tiers, who.card.tier).burn_percent,
    )
    if not offered.points:
        raise TooFewPoints(wanted=requested, available=has.available)
    return offered
