from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from santong.customers import public as customers
from santong.kernel import tenancy
from santong.membership import public as membership
from santong.merchants import public as merchants
from santong.simulation.contracts import Progress
from santong.simulation.rules.demo.members import Bought, DemoMember
from santong.simulation.rules.demo.shape import CURRENCY, TIMEZONE, DemoMerchant

T = TypeVar("T")

POOL: Final = "group"
AT_ONCE: Final = 100
# By brand: code, name, from which experience, and how much more points are earned.
LADDERS: Final = {
    "CX": (
        ("base", "岫卡", 0, 100),
        ("silver", "银岫卡", 1_500, 120),
        ("gold", "金岫卡", 5_000, 150),
    ),
    "LQ": (
        ("base", "青卡", 0, 100),
        ("plus", "砾青卡", 1_000, 110),
        ("black", "玄青卡", 4_000, 140),
    ),
}
RATE: Final = 1_000  # fen for a thousand points, both ways
SPENT: Final = 300


@dataclass(frozen=True, slots=True)
class Welcomed:
    """The demo's members, by telephone number, and who they are."""

    number_by_phone: dict[str, str]
    id_by_phone: dict[str, int]
    person_ids: list[int]


def load_demo_members(
    *,
    merchant_id: int,
    demo: DemoMerchant,
    members: Sequence[DemoMember],
    now: datetime,
    progress: Progress,
) -> Welcomed:
    """Open a pool and two programmes, let members join, and give what they bought before.

    It goes through the doors, in many transactions; asked again, it changes nothing.
    """
    opened_at = now - timedelta(days=400)
    with tenancy.scope(merchant_id=merchant_id):
        _open_programmes(merchant_id, demo, opened_at)
    welcomed = Welcomed({}, {}, [])
    for several in _in_parts(members, AT_ONCE):
        with tenancy.scope(merchant_id=merchant_id):
            for member in several:
                joined = _join(merchant_id, member)
                welcomed.number_by_phone[member.phone] = joined.number
                welcomed.id_by_phone[member.phone] = joined.id
                welcomed.person_ids.append(joined.person_id)
                progress(1)
    purchases = [
        _purchase(bought, welcomed.id_by_phone[member.phone])
        for member in members
        for bought in member.bought
    ]
    for several_purchases in _in_parts(sorted(purchases, key=lambda p: p.bought_at), AT_ONCE):
        with tenancy.scope(merchant_id=merchant_id):
            membership.accrue_many(merchant_id=merchant_id, purchases=several_purchases, now=now)
    with tenancy.scope(merchant_id=merchant_id):
        membership.mature_due(merchant_id=merchant_id, now=now, limit=len(purchases) + 1)
    with tenancy.scope(merchant_id=merchant_id):
        _spend(merchant_id, members, welcomed, now)
    return welcomed


def _open_programmes(merchant_id: int, demo: DemoMerchant, now: datetime) -> None:
    if any(pool.code == POOL for pool in membership.pools(merchant_id=merchant_id)):
        return
    membership.open_pool(merchant_id=merchant_id, code=POOL, name="集团积分", now=now)
    membership.publish_pool_terms(
        merchant_id=merchant_id,
        pool_code=POOL,
        breakage_minor_per_1000=500,
        reason="opening",
        now=now,
    )
    brands = {brand.code: brand.id for brand in merchants.brands(merchant_id=merchant_id)}
    for number, brand in enumerate(demo.brands):
        membership.open_programme(
            merchant_id=merchant_id,
            code=brand.code.lower(),
            name=f"{brand.name}会员",
            brand_id=brands[brand.code],
            pool_code=POOL,
            card_prefix=f"8{number + 1}",
            now=now,
        )
        membership.publish_terms(
            merchant_id=merchant_id,
            programme_code=brand.code.lower(),
            terms=_terms(brand.code),
            reason="opening",
            now=now,
        )
        for other in demo.brands:
            membership.authorise(
                merchant_id=merchant_id,
                pool_code=POOL,
                by_brand_id=brands[brand.code],
                to_brand_id=brands[other.code],
                may_see=True,
                may_accrue=True,
                may_burn=True,
                earn_rate=RATE,
                burn_rate=RATE,
                valid_from=now,
                valid_until=None,
                reason="opening",
                now=now,
            )


def _terms(brand: str) -> membership.Terms:
    return membership.Terms(
        timezone=TIMEZONE,
        currency=CURRENCY,
        tiers=tuple(
            membership.Tier(code=code, name=name, threshold=threshold, points_percent=percent)
            for code, name, threshold, percent in LADDERS[brand]
        ),
        rules=(
            membership.AccrualRule(code="base", name="消费积分", points=1, per_minor=100),
            membership.AccrualRule(
                code="growth", name="成长值", asset="experience", points=1, per_minor=100
            ),
            membership.AccrualRule(
                code="weekend",
                name="周末加赠",
                effect="bonus",
                points=50,
                conditions=membership.Conditions(weekdays=(5, 6), amount_minor_min=50_000),
            ),
        ),
        burn=membership.BurnTerms(points_per_step=100, amount_per_step=100, max_percent=30),
    )


def _join(merchant_id: int, member: DemoMember) -> membership.Member:
    joined = [
        membership.join(
            merchant_id=merchant_id,
            programme_code=brand.lower(),
            identifiers=[customers.Identifier("phone", member.phone)],
            profile=customers.Profile(
                name=member.name,
                birthday=member.birthday,
                gender=member.gender,
                province=member.province,
                city=member.city,
                district=member.district,
                address=member.address,
            ),
            source=membership.JoinSource(
                kind=member.kind,
                storefront_code=member.storefront,
                location_code=member.place,
                guide_code=member.guide,
            ),
            now=member.joined_at,
        )
        for brand in member.brands
    ]
    if joined[0].is_new and member.consents:
        customers.give_consent(
            merchant_id=merchant_id,
            person_id=joined[0].member.person_id,
            topic=customers.Topic(purpose="marketing", channel="sms"),
            text_version="2025-10",
            text_hash="5e" * 32,
            place=member.place or member.storefront,
            given_at=member.joined_at,
            now=member.joined_at,
        )
    if joined[0].is_new and member.is_bound and member.storefront.startswith("mall-"):
        membership.bind(
            merchant_id=merchant_id,
            storefront_code=member.storefront,
            phone=member.phone,
            identities=[
                customers.Identifier("storefront", f"ouid-{member.phone}", member.storefront)
            ],
            now=member.joined_at,
        )
    return joined[-1].member


def _purchase(bought: Bought, member_id: int) -> membership.Purchase:
    return membership.Purchase(
        source="demo-till",
        key=bought.key,
        member_id=member_id,
        programme_code=bought.brand.lower(),
        channel="pos",
        location_code=bought.place,
        bought_at=bought.at,
        currency=CURRENCY,
        lines=tuple(
            membership.PurchaseLine(
                number, line.sku, line.category, line.quantity, line.amount_minor
            )
            for number, line in enumerate(bought.lines, start=1)
        ),
    )


def _spend(
    merchant_id: int, members: Sequence[DemoMember], welcomed: Welcomed, now: datetime
) -> None:
    """Some use points in the points shop, if they have enough."""
    spenders = [member for member in members if member.spends]
    shown = membership.points_shown(
        merchant_id=merchant_id,
        member_ids=[welcomed.id_by_phone[member.phone] for member in spenders],
        now=now,
    )
    for number, member in enumerate(spenders):
        member_id = welcomed.id_by_phone[member.phone]
        if shown[member_id].available >= SPENT:
            membership.burn(
                merchant_id=merchant_id,
                source="demo-shop",
                key=f"{member.phone[-8:]}",
                member_id=member_id,
                programme_code=member.brands[0].lower(),
                kind="shop",
                points=SPENT,
                now=now - timedelta(days=number % 5, hours=1),
            )


def _in_parts(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for first in range(0, len(rows), size):
        yield rows[first : first + size]
