"""Programmes whose members benefits bring something: points, tiers, money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from santong.benefits import public as benefits
from santong.benefits.tests.factories import NOW, facts_told, make_batch, make_coupon
from santong.kernel import tenancy
from santong.membership import public as membership
from santong.membership.events import PointsAccrued
from santong.membership.tests.factories import make_member, make_pool, make_programme
from santong.payments import public as payments

TERMS = membership.Terms(
    tiers=(
        membership.Tier(code="base", name="普通", threshold=0),
        membership.Tier(code="gold", name="金卡", threshold=5_000),
    ),
    rules=(membership.AccrualRule(code="yuan", points=1, per_minor=100),),
    maturity=membership.MaturityTerms(pending_days=0),
    burn=membership.BurnTerms(points_per_step=1, amount_per_step=1),
    claw_back="negative",
)


@dataclass(frozen=True)
class Club:
    """A programme with terms, and one of its members."""

    merchant_id: int
    programme: membership.Programme
    member_id: int

    def coupon(self, kind: Any, *, terms: Any, **named: Any) -> benefits.Coupon:
        batch = make_batch(merchant_id=self.merchant_id, kind=kind, terms=terms, **named)
        return make_coupon(merchant_id=self.merchant_id, batch=batch, member_id=self.member_id)

    def points_coupon(self, points: int = 500, **named: Any) -> benefits.Coupon:
        terms = {"pool_code": self.programme.pool_code, "points": points}
        return self.coupon("points", terms=terms, **named)

    def packet(self, value_minor: int = 2_000, **named: Any) -> benefits.Coupon:
        return self.coupon("red_packet", terms={"value_minor": value_minor}, **named)

    def buy(self, *, bought_at: datetime) -> PointsAccrued:
        """A purchase, and what is told of it."""
        membership.accrue(
            merchant_id=self.merchant_id,
            purchase=membership.Purchase(
                source="till",
                key=f"sale-{bought_at.isoformat()}",
                member_id=self.member_id,
                programme_code=self.programme.code,
                bought_at=bought_at,
                currency="CNY",
                lines=(membership.PurchaseLine(1, "shirt", "tops", 1, 10_000),),
            ),
            now=NOW,
        )
        return facts_told(merchant_id=self.merchant_id, kind=PointsAccrued)[-1]  # type: ignore[no-any-return]

    def points(self) -> tuple[int, int]:
        """What the member can spend, and owes."""
        shown = membership.points_shown(
            merchant_id=self.merchant_id, member_ids=[self.member_id], now=NOW
        )[self.member_id]
        return (shown.available, shown.debt)

    def tier(self) -> str:
        member = membership.member_by_id(merchant_id=self.merchant_id, member_id=self.member_id)
        card = member.card_of(self.programme.code)
        assert card is not None
        return card.tier

    def owed(self) -> int:
        """What red packets owe the member."""
        account = payments.AccountKey("coupon_money:CNY", "available", f"member:{self.member_id}")
        return payments.balances(merchant_id=self.merchant_id, accounts=[account])[account].posted


def make_club(merchant_id: int, *, terms: membership.Terms = TERMS) -> Club:
    programme = make_programme(merchant_id=merchant_id, pool=make_pool(merchant_id=merchant_id))
    membership.publish_terms(
        merchant_id=merchant_id,
        programme_code=programme.code,
        terms=terms,
        reason="test",
        now=NOW,
    )
    member = make_member(merchant_id=merchant_id, programme=programme).member
    return Club(merchant_id, programme, member.id)


def a_club(merchant: int) -> Club:
    with tenancy.scope(merchant_id=merchant):
        return make_club(merchant)


def sums(merchant_id: int, asset: str) -> dict[str, int]:
    """What went through an asset by kind of account; together it is nothing."""
    found: dict[str, int] = {}
    for total in payments.totals(merchant_id=merchant_id, asset=asset):
        found[total.kind] = found.get(total.kind, 0) + total.amount
    assert sum(found.values()) == 0
    return {kind: amount for kind, amount in found.items() if amount}


def books_agree(merchant_id: int) -> bool:
    return (
        benefits.check_invariants(merchant_id=merchant_id, now=NOW) == []
        and membership.check_invariants(merchant_id=merchant_id) == []
        and payments.check_invariants(merchant_id=merchant_id, now=NOW) == []
    )
