"""What two brands of the pages' merchant let one another do."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.membership import public as membership
from santong.merchants import public as merchants


def make_between_brands(*, merchant_id: int, now: datetime) -> None:
    """The first brand lets the second one see and take points; its card has a face of its own."""
    first, second = merchants.brands(merchant_id=merchant_id)[:2]
    membership.authorise(
        merchant_id=merchant_id,
        pool_code="club",
        by_brand_id=first.id,
        to_brand_id=second.id,
        may_see=True,
        may_accrue=False,
        may_burn=True,
        earn_rate=1_250,
        burn_rate=900,
        valid_from=now - timedelta(days=30),
        valid_until=None,
        reason="contract of the group",
        now=now - timedelta(days=30),
    )
    membership.set_card_face(
        merchant_id=merchant_id,
        programme_code=second.code,
        card_name=f"{second.name}会员",
        face=membership.CardFace(ground="#fff4d6", ink="#3b2a00"),
        now=now,
    )
