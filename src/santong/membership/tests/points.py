"""Programmes that give points, and purchases, for tests: say what the test is about."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from santong.membership import public as membership
from santong.membership.tests.factories import NOW, make_member, make_pool, make_programme

LADDER = (
    membership.Tier(code="base", name="普通", threshold=0),
    membership.Tier(
        code="silver", name="银卡", threshold=1_000, points_percent=120, burn_percent=110
    ),
    membership.Tier(
        code="gold", name="金卡", threshold=5_000, points_percent=150, burn_percent=125
    ),
)
A_POINT_A_YUAN = membership.AccrualRule(code="yuan", points=1, per_minor=100)
EXPERIENCE = membership.AccrualRule(code="growth", asset="experience", points=1, per_minor=100)
AT_ONCE = membership.MaturityTerms(pending_days=0)
BASE_ONLY = membership.Terms(
    tiers=LADDER[:1],
    rules=(A_POINT_A_YUAN,),
    maturity=AT_ONCE,
    burn=membership.BurnTerms(points_per_step=1, amount_per_step=1),
)
WITH_TIERS = replace(BASE_ONLY, tiers=LADDER, rules=(A_POINT_A_YUAN, EXPERIENCE))

_keys = itertools.count(1)


@dataclass(frozen=True)
class Club:
    """A programme with terms, and one of its members."""

    merchant_id: int
    programme: membership.Programme
    member_id: int

    def points(self, *, now: datetime = NOW) -> membership.PointsShown:
        return membership.points_shown(
            merchant_id=self.merchant_id, member_ids=[self.member_id], now=now
        )[self.member_id]

    def card(self) -> membership.Card:
        member = membership.member_by_id(merchant_id=self.merchant_id, member_id=self.member_id)
        card = member.card_of(self.programme.code)
        assert card is not None
        return card

    def buy(self, *amounts_minor: int, now: datetime = NOW, **about: Any) -> membership.Accrued:
        return self.tell(self.purchase(*amounts_minor, **{"bought_at": now, **about}), now=now)

    def tell(self, purchase: membership.Purchase, *, now: datetime = NOW) -> membership.Accrued:
        return membership.accrue(merchant_id=self.merchant_id, purchase=purchase, now=now)

    def purchase(self, *amounts_minor: int, **about: Any) -> membership.Purchase:
        lines = tuple(
            membership.PurchaseLine(number, "shirt", "tops", 1, amount)
            for number, amount in enumerate(amounts_minor, start=1)
        )
        return membership.Purchase(
            **{
                "source": "till",
                "key": f"p-{next(_keys)}",
                "member_id": self.member_id,
                "programme_code": self.programme.code,
                "bought_at": NOW,
                "currency": "CNY",
                "lines": lines,
                **about,
            }
        )

    def mature(self, *, now: datetime = NOW) -> int:
        return membership.mature_due(merchant_id=self.merchant_id, now=now, limit=100)

    def earn(self, points: int, *, now: datetime = NOW) -> membership.Accrued:
        """So many points that can be spent."""
        bought = self.buy(points * 100, now=now)
        self.mature(now=now)
        return bought

    def burn(self, points: int, *, now: datetime = NOW, **about: Any) -> membership.Burned:
        return membership.burn(
            **{
                "merchant_id": self.merchant_id,
                "source": "shop",
                "key": f"b-{next(_keys)}",
                "member_id": self.member_id,
                "programme_code": self.programme.code,
                "kind": "shop",
                "points": points,
                "now": now,
                **about,
            }
        )

    def give_back_goods(
        self,
        bought: membership.Accrued,
        quantity_by_line: Mapping[int, int],
        *,
        return_key: str = "r-1",
        now: datetime = NOW,
    ) -> membership.ClawedBack:
        return membership.claw_back(
            merchant_id=self.merchant_id,
            source=bought.source,
            key=bought.key,
            return_key=return_key,
            quantity_by_line=quantity_by_line,
            now=now,
        )


def make_club(
    *,
    merchant_id: int,
    terms: membership.Terms = BASE_ONLY,
    pool: membership.Pool | None = None,
) -> Club:
    """A programme with these terms, in a pool of its own or in that one, and a member."""
    programme = make_programme(
        merchant_id=merchant_id, pool=pool or make_pool(merchant_id=merchant_id)
    )
    publish(merchant_id=merchant_id, programme=programme, terms=terms)
    member = make_member(merchant_id=merchant_id, programme=programme).member
    return Club(merchant_id, programme, member.id)


def another_member(club: Club) -> Club:
    """Another member of the same programme."""
    member = make_member(merchant_id=club.merchant_id, programme=club.programme).member
    return replace(club, member_id=member.id)


def publish(
    *, merchant_id: int, programme: membership.Programme, terms: membership.Terms
) -> membership.PublishedTerms:
    return membership.publish_terms(
        merchant_id=merchant_id,
        programme_code=programme.code,
        terms=terms,
        reason="test",
        now=NOW,
    )


def days(count: int) -> timedelta:
    return timedelta(days=count)
