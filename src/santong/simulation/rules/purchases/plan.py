"""What the replay promises the members of a published shop, so simple that SQL can check it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from santong.membership.public import (
    AccrualRule,
    BurnTerms,
    Conditions,
    ExpiryTerms,
    MaturityTerms,
    Terms,
    Tier,
)
from santong.simulation.rules.purchases.invoices import CURRENCY as POUNDS
from santong.simulation.rules.purchases.journey import CURRENCY as DOLLARS
from santong.simulation.rules.purchases.tables import Basket, GivenBack, History

_DICE = 2**32


@dataclass(frozen=True, slots=True)
class Plan:
    """The terms, on which clock days begin, and how often somebody spends what they have.

    Of purchases after which a member has `burn_least` points or more, `burn_one_in` (by the
    purchase's own number, so always the same ones) are followed by spending whole hundreds of
    them in the evening; 0 is never.
    """

    terms: Terms
    burn_least: int = 0
    burn_one_in: int = 0

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.terms.timezone)


@dataclass(frozen=True, slots=True)
class Day:
    """What was bought and brought back on one day."""

    on: date
    baskets: tuple[Basket, ...]
    returns: tuple[GivenBack, ...]


# A point for each dollar of a basket, and more for a large one; good for three months, so that some
# run out within the year that is published.
GROCERY = Plan(
    terms=Terms(
        timezone="UTC",
        currency=DOLLARS,
        tiers=(
            Tier(code="base", name="Member", threshold=0),
            Tier(code="silver", name="Silver", threshold=1_000),
            Tier(code="gold", name="Gold", threshold=3_000),
        ),
        rules=(
            AccrualRule(code="a-point-a-dollar", points=1, per_minor=100),
            AccrualRule(
                code="large-basket",
                effect="bonus",
                points=25,
                conditions=Conditions(amount_minor_min=5_000),
            ),
            AccrualRule(code="experience", asset="experience", points=1, per_minor=100),
        ),
        maturity=MaturityTerms(pending_days=7),
        expiry=ExpiryTerms(kind="months", months=3),
        burn=BurnTerms(points_per_step=100, amount_per_step=100),
    ),
    burn_least=300,
    burn_one_in=4,
)
# A point for each penny, good for three months: what comes back takes its own points along, to the
# penny, also when they have been spent or have ended, and is owed where there are fewer.
GIFTS = Plan(
    terms=Terms(
        timezone="Europe/London",
        currency=POUNDS,
        value_minor_per_1000=10,
        tiers=(
            Tier(code="base", name="Member", threshold=0),
            Tier(code="silver", name="Silver", threshold=100_000),
            Tier(code="gold", name="Gold", threshold=500_000),
        ),
        rules=(
            AccrualRule(code="a-point-a-penny", points=1, per_minor=1),
            AccrualRule(code="experience", asset="experience", points=1, per_minor=1),
        ),
        maturity=MaturityTerms(pending_days=14),
        expiry=ExpiryTerms(kind="months", months=3),
        burn=BurnTerms(points_per_step=100, amount_per_step=1),
        claw_back="negative",
    ),
    burn_least=20_000,
    burn_one_in=6,
)


def plan_of(history: History) -> Plan:
    """The plan for a published set."""
    return GIFTS if history.currency == POUNDS else GROCERY


def ending(history: History, *, on: date, clock: ZoneInfo) -> History:
    """The same history, moved by whole days so that its last day is `on`.

    The time of day stays; so members are alive, and nothing ran out long ago.
    """
    last = max(
        [basket.bought_at for basket in history.baskets]
        + [back.returned_at for back in history.returns]
    )
    by = on - last.astimezone(clock).date()

    def moved(at: datetime) -> datetime:
        there = at.astimezone(clock).replace(tzinfo=None) + by
        return there.replace(tzinfo=clock)

    return replace(
        history,
        baskets=tuple(replace(b, bought_at=moved(b.bought_at)) for b in history.baskets),
        returns=tuple(replace(b, returned_at=moved(b.returned_at)) for b in history.returns),
    )


def days_of(history: History, *, clock: ZoneInfo) -> list[Day]:
    """Every day from the first purchase to the last, also those on which nothing happened."""
    baskets: dict[date, list[Basket]] = {}
    returns: dict[date, list[GivenBack]] = {}
    for basket in history.baskets:
        baskets.setdefault(basket.bought_at.astimezone(clock).date(), []).append(basket)
    for back in history.returns:
        returns.setdefault(back.returned_at.astimezone(clock).date(), []).append(back)
    seen = sorted(baskets.keys() | returns.keys())
    return [
        Day(on, tuple(baskets.get(on, ())), tuple(returns.get(on, ())))
        for on in (seen[0] + timedelta(days=n) for n in range((seen[-1] - seen[0]).days + 1))
    ]


def begins(on: date, *, clock: ZoneInfo) -> datetime:
    """The first moment of a day."""
    return datetime(on.year, on.month, on.day, tzinfo=clock)


def evening(on: date, *, clock: ZoneInfo) -> datetime:
    """The last second of a day."""
    return begins(on + timedelta(days=1), clock=clock) - timedelta(seconds=1)


def burned_after(basket: Basket, *, available: int, plan: Plan) -> int:
    """How many points a member spends in the evening of a purchase."""
    if not plan.burn_one_in or available < plan.burn_least:
        return 0
    drawn = int.from_bytes(sha256(basket.number.encode()).digest()[:4], "big")
    return available // 100 * 100 if drawn * plan.burn_one_in < _DICE else 0
