from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from santong.kernel import tenancy
from santong.membership import public as membership
from santong.payments import public as payments
from santong.simulation.contracts import Bars
from santong.simulation.rules.purchases.outcome import Burnt, MonthEnd, Replayed
from santong.simulation.rules.purchases.plan import (
    Day,
    Plan,
    begins,
    burned_after,
    days_of,
    evening,
)
from santong.simulation.rules.purchases.tables import Basket, GivenBack, History
from santong.simulation.services.begin_process import without_waiting_for_disk
from santong.simulation.services.find_findings import find_findings
from santong.simulation.services.open_purchases_merchant import PROGRAMME, SOURCE

AT_ONCE = 500
LOTS_AT_ONCE = 1_000


def replay_purchases(
    *,
    merchant_id: int,
    history: History,
    plan: Plan,
    member_by_name: Mapping[str, int],
    bars: Bars,
) -> Replayed:
    """Let every day happen: points ripen and run out, purchases bring, returns take, some spend.

    Each day's purchases are one transaction, so that a day is there whole or not at all.
    """
    begun = time.perf_counter()
    days = days_of(history, clock=plan.clock)
    world = _World(merchant_id, plan, member_by_name, {b.number: b for b in history.baskets})
    progress = bars("天 days", len(days))
    months: list[MonthEnd] = []
    burnt: list[Burnt] = []
    with without_waiting_for_disk():
        for day in days:
            burnt += _live(world, day)
            tomorrow = begins(day.on + timedelta(days=1), clock=plan.clock)
            if tomorrow.day == 1 or day is days[-1]:
                _ripen(world, tomorrow)
                months.append(_month_end(world, tomorrow))
            progress(1)
    return Replayed(
        until=months[-1].at,
        months=tuple(months),
        burnt=tuple(burnt),
        findings=tuple(find_findings(merchant_id=merchant_id)),
        seconds=time.perf_counter() - begun,
    )


@dataclass(frozen=True, slots=True)
class _World:
    merchant_id: int
    plan: Plan
    member_by_name: Mapping[str, int]
    basket_by_number: Mapping[str, Basket]


def _live(world: _World, day: Day) -> list[Burnt]:
    _ripen(world, begins(day.on, clock=world.plan.clock))
    now = evening(day.on, clock=world.plan.clock)
    for start in range(0, len(day.baskets), AT_ONCE):
        part = day.baskets[start : start + AT_ONCE]
        with tenancy.scope(merchant_id=world.merchant_id):
            membership.accrue_many(
                merchant_id=world.merchant_id,
                purchases=[_purchase(basket, world) for basket in part],
                now=now,
            )
    with tenancy.scope(merchant_id=world.merchant_id):
        for back in day.returns:
            _take_back(world, back, now)
        return _burn(world, day, now)


def _purchase(basket: Basket, world: _World) -> membership.Purchase:
    return membership.Purchase(
        source=SOURCE,
        key=basket.number,
        member_id=world.member_by_name[basket.member],
        programme_code=PROGRAMME,
        bought_at=basket.bought_at,
        currency=world.plan.terms.currency,
        channel="store",
        lines=tuple(
            membership.PurchaseLine(
                line=line.number,
                sku_code=line.product,
                category=line.category,
                quantity=line.quantity,
                amount_minor=line.amount_minor,
            )
            for line in basket.lines
        ),
    )


def _take_back(world: _World, back: GivenBack, now: datetime) -> None:
    membership.claw_back(
        merchant_id=world.merchant_id,
        source=SOURCE,
        key=back.basket,
        return_key=f"{back.number}/{back.basket}",
        quantity_by_line=back.quantity_by_line,
        now=now,
    )


def _burn(world: _World, day: Day, now: datetime) -> list[Burnt]:
    """In the evening, once for each member at most."""
    if not world.plan.burn_one_in:
        return []
    last_by_member = {basket.member: basket for basket in day.baskets}
    shown = membership.points_shown(
        merchant_id=world.merchant_id,
        member_ids=[world.member_by_name[name] for name in last_by_member],
        now=now,
    )
    burnt: list[Burnt] = []
    for name, basket in last_by_member.items():
        member_id = world.member_by_name[name]
        points = burned_after(basket, available=shown[member_id].available, plan=world.plan)
        if points:
            membership.burn(
                merchant_id=world.merchant_id,
                source=SOURCE,
                key=basket.number,
                member_id=member_id,
                programme_code=PROGRAMME,
                kind="shop",
                points=points,
                now=now,
            )
            burnt.append(Burnt(name, now, points))
    return burnt


def _ripen(world: _World, now: datetime) -> None:
    """What is due by the clock: points become spendable, others end, tiers are looked at."""
    asset = f"points:{PROGRAMME}"
    while True:
        with tenancy.scope(merchant_id=world.merchant_id):
            ripe = membership.mature_due(merchant_id=world.merchant_id, now=now, limit=AT_ONCE)
        if ripe < AT_ONCE:
            break
    while True:
        with tenancy.scope(merchant_id=world.merchant_id):
            ended = payments.expire_lots(
                merchant_id=world.merchant_id, asset=asset, now=now, limit=LOTS_AT_ONCE
            )
        if ended < LOTS_AT_ONCE:
            break
    while True:
        with tenancy.scope(merchant_id=world.merchant_id):
            reviewed = membership.review_tiers(
                merchant_id=world.merchant_id, now=now, limit=LOTS_AT_ONCE
            )
        if reviewed < LOTS_AT_ONCE:
            break


def _month_end(world: _World, at: datetime) -> MonthEnd:
    with tenancy.scope(merchant_id=world.merchant_id):
        total_by_kind = {
            total.kind: total.amount
            for total in payments.totals(merchant_id=world.merchant_id, asset=f"points:{PROGRAMME}")
        }
    return MonthEnd(
        at=at,
        available=total_by_kind.get("available", 0) + total_by_kind.get("debt", 0),
        pending=total_by_kind.get("pending", 0),
        burned=total_by_kind.get("redeemed", 0),
        expired=total_by_kind.get("expired", 0),
    )
