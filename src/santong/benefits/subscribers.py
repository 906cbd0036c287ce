"""What benefits does when it hears of members: rules by event act, once for each occasion."""

from __future__ import annotations

from datetime import datetime

from santong.aftersales.events import GoodsReturned
from santong.benefits.contracts.events import EventRule
from santong.benefits.rules import occasions
from santong.benefits.rules.validity import day_of
from santong.benefits.selectors.event_rules import rules_of_event
from santong.benefits.services.fire import fire
from santong.benefits.services.follow_return import follow_return
from santong.benefits.services.mark_revisited import mark_revisited
from santong.kernel.errors import NoSuch
from santong.kernel.facts import subscribe
from santong.membership import public as membership
from santong.membership.events import MemberDormant, MemberJoined, PointsAccrued, TierChanged

AT_HOME = "Asia/Shanghai"
PURCHASES_LOOKED_AT = 100


@subscribe(MemberJoined)
def welcome(fact: MemberJoined, *, merchant_id: int, now: datetime) -> None:
    """A card in a programme, or the member's first of all."""
    for rule in rules_of_event(
        merchant_id=merchant_id, event="joined", programme_id=fact.programme_id
    ):
        if rule.programme_id is None and not fact.is_new:
            continue
        fire(
            merchant_id=merchant_id,
            rule=rule,
            member_id=fact.member_id,
            occasion=occasions.joined(programme_id=rule.programme_id),
            now=now,
        )


@subscribe(TierChanged)
def celebrate_tier(fact: TierChanged, *, merchant_id: int, now: datetime) -> None:
    """A tier that a rule waits for, or any."""
    for rule in rules_of_event(
        merchant_id=merchant_id, event="tier_changed", programme_id=fact.programme_id
    ):
        if rule.to_tier and rule.to_tier != fact.to_tier:
            continue
        fire(
            merchant_id=merchant_id,
            rule=rule,
            member_id=fact.member_id,
            occasion=occasions.tier(programme_id=fact.programme_id, to_tier=fact.to_tier),
            now=now,
        )


@subscribe(MemberDormant)
def wake(fact: MemberDormant, *, merchant_id: int, now: datetime) -> None:
    """A member who was not seen for long, once for each time that they were awake before."""
    since = day_of(at=fact.last_active_at, timezone=AT_HOME)
    for rule in rules_of_event(
        merchant_id=merchant_id, event="dormant", programme_id=fact.programme_id
    ):
        fire(
            merchant_id=merchant_id,
            rule=rule,
            member_id=fact.member_id,
            occasion=occasions.dormant(programme_id=fact.programme_id, since=since),
            now=now,
        )


@subscribe(PointsAccrued)
def thank_for_purchase(fact: PointsAccrued, *, merchant_id: int, now: datetime) -> None:
    """A purchase: the first one has its rules, and whoever had used a coupon has come back."""
    for rule in rules_of_event(
        merchant_id=merchant_id, event="first_purchase", programme_id=fact.programme_id
    ):
        if _bought_before(fact, rule, merchant_id=merchant_id):
            continue
        fire(
            merchant_id=merchant_id,
            rule=rule,
            member_id=fact.member_id,
            occasion=occasions.first_purchase(programme_id=rule.programme_id),
            now=now,
        )
    try:
        purchase = membership.accrual_by_key(
            merchant_id=merchant_id, source=fact.source, key=fact.key
        )
    except NoSuch:
        return
    # When they bought, not when it was heard of: a marketplace may tell of it days later.
    mark_revisited(merchant_id=merchant_id, member_id=fact.member_id, visited_at=purchase.bought_at)


@subscribe(GoodsReturned)
def follow_goods(fact: GoodsReturned, *, merchant_id: int, now: datetime) -> None:
    """Units of an order are off the sale: coupons that it had used follow."""
    follow_return(
        merchant_id=merchant_id,
        holder=fact.document,
        quantity_by_line=fact.quantity_by_line,
        is_whole=fact.is_whole,
        key=fact.key,
        now=now,
    )


def _bought_before(fact: PointsAccrued, rule: EventRule, *, merchant_id: int) -> bool:
    """Whether the member had bought something already, where the rule looks."""
    earlier = membership.accruals_page(
        merchant_id=merchant_id,
        member_id=fact.member_id,
        before_id=fact.accrual_id,
        limit=PURCHASES_LOOKED_AT,
    )
    if rule.programme_id is None:
        return bool(earlier)
    there = membership.programme_by_id(merchant_id=merchant_id, programme_id=rule.programme_id)
    return any(each.programme_code == there.code for each in earlier)
