from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from santong.benefits import public as benefits
from santong.kernel import tenancy
from santong.kernel.actors import Actor
from santong.simulation.rules.demo.shape import CURRENCY
from santong.stores import public as stores

# Nobody approves what they have drafted themselves.
FINANCE: Final = Actor(kind="staff", id="0", name="finance")
EVERY, USED_EVERY = 3, 2  # of members, who has one; of those, who has used it
WORTH: Final = 5_000


def load_demo_benefits(*, merchant_id: int, member_ids: Sequence[int], now: datetime) -> None:
    """A batch of cash coupons that some members have, and some have used; once.

    Emits what issuing and redeeming emit.
    """
    with tenancy.scope(merchant_id=merchant_id):
        if benefits.batches_page(merchant_id=merchant_id, limit=1):
            return
        opened_at = now - timedelta(days=14)
        batch = _batch(merchant_id, opened_at)
        place = next(
            iter(stores.locations_page(merchant_id=merchant_id, kind="store", limit=1)), None
        )
        for number, member_id in enumerate(member_ids[::EVERY]):
            coupon = benefits.claim(
                merchant_id=merchant_id,
                batch_id=batch.id,
                member_id=member_id,
                channel="store" if number % 2 else "online",
                key=f"demo-claim-{member_id}",
                now=opened_at + timedelta(hours=1 + number % 240),
            )
            if place is not None and number % USED_EVERY == 0:
                benefits.redeem(
                    merchant_id=merchant_id,
                    coupon_id=coupon.id,
                    amount_minor=WORTH,
                    channel="store",
                    location_id=place.id,
                    key=f"demo-redeem-{member_id}",
                    now=opened_at + timedelta(days=11, hours=number % 48),
                )


def _batch(merchant_id: int, now: datetime) -> benefits.Batch:
    benefit = benefits.create_benefit(
        merchant_id=merchant_id,
        code="cash-50",
        name="50 元代金券",
        kind="cash",
        terms={"value_minor": WORTH},
        currency=CURRENCY,
        now=now,
    )
    batch = benefits.draft_batch(
        merchant_id=merchant_id,
        benefit_id=benefit.id,
        code="cash-50-autumn",
        name="秋季 50 元代金券",
        limits=benefits.Limits(total=1_000, per_member=2),
        window=benefits.ClaimWindow(opens_at=now),
        validity=benefits.Validity(days=30),
        budget_minor=5_000_000,
        now=now,
    )
    with tenancy.scope(merchant_id=merchant_id, actor=FINANCE):
        benefits.approve_batch(merchant_id=merchant_id, batch_id=batch.id, now=now)
    return benefits.activate_batch(merchant_id=merchant_id, batch_id=batch.id, now=now)
