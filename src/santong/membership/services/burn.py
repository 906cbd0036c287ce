"""Spend points in the points shop, or for a benefit."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import TooFewPoints
from santong.membership.events import PointsBurned
from santong.membership.models import Burn
from santong.membership.rules.purchases import check_key, check_points, content_hash
from santong.membership.services.accounts import SOURCE, entries, lock_points, of_brand, of_member
from santong.membership.services.open_burn import burn_named, burned_of, spender
from santong.payments import public as payments


@all_or_nothing
def burn(
    *,
    merchant_id: int,
    source: str,
    key: str,
    member_id: int,
    programme_code: str,
    kind: contracts.BurnKind,
    points: int,
    brand_code: str = "",
    now: datetime,
) -> contracts.Burned:
    """Spend points at once, oldest-expiring first; the same source and key spend them once.

    Raises TooFewPoints, NoSuch, CardMissing, NothingPromised, NotAuthorised, PointsKeyTaken,
    FieldInvalid, Busy. Emits PointsBurned. Locks the member, then accounts.
    """
    check_key(source=source, key=key)
    check_points(points)
    if kind not in contracts.BURN_KINDS:
        raise FieldInvalid(pointer="/kind", reason=f"one of {', '.join(contracts.BURN_KINDS)}")
    request_hash = content_hash(
        member_id=member_id,
        programme=programme_code,
        brand=brand_code,
        kind=kind,
        points=points,
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
    asset = who.programme.points_asset
    has = lock_points(merchant_id=merchant_id, asset=asset, member_ids=[who.member_id], now=now)[
        who.member_id
    ]
    if has.available < points:
        raise TooFewPoints(wanted=points, available=has.available)
    txn = payments.post(
        merchant_id=merchant_id,
        source=SOURCE,
        txn=payments.NewTxn(
            key=f"burn:{source}:{key}",
            kind="burn",
            reference=f"{kind}:{who.programme.code}",
            occurred_at=now,
            entries=entries(
                (of_member(asset, "available", who.member_id), -points),
                (of_brand(asset, "redeemed", who.brand_id), points),
            ),
        ),
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
        kind=kind,
        state="burned",
        points=points,
        amount_minor=0,
        currency=who.terms.currency,
        txn_id=txn.id,
        asked_at=now,
        burned_at=now,
        ended_at=now,
    )
    outbox.publish(
        PointsBurned(
            burn_id=row.id,
            member_id=row.member_id,
            programme_id=row.programme_id,
            kind=kind,
            points=points,
        ),
        now=now,
    )
    return burned_of(merchant_id=merchant_id, row=row, is_new=True)
