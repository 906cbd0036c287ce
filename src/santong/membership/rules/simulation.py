"""What a draft programme would have given for purchases of the past, and who would stand where.

A pure function over its arguments: the same draft and the same past give the same answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from santong.membership.contracts.points import Basket, PurchaseLine, Used
from santong.membership.contracts.programmes import Terms
from santong.membership.contracts.simulation import PastPurchase, Simulated
from santong.membership.rules.accrual import ALL_RULES, by_rule, explain, total
from santong.membership.rules.calendar import day_of, is_birthday
from santong.membership.rules.claw_back import worth
from santong.membership.rules.tiers import (
    Standing,
    Window,
    at_period_end,
    upgraded,
    window_at,
    window_of_period,
)


@dataclass(slots=True)
class _Member:
    standing: Standing
    # (when, how much) of experience, oldest first.
    experience: list[tuple[datetime, int]] = field(default_factory=list[tuple[datetime, int]])
    given: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    given_today: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    today: object = None


def simulate(
    *, draft: Terms, purchases: Iterable[PastPurchase], redeemed_percent: int, until: datetime
) -> Simulated:
    """What the draft would have cost over some purchases, and how large its tiers would be.

    Purchases are taken oldest first. A purchase is counted with the tier that its member had
    before it; tiers fall at the end of their periods as they would have, until `until`. The cost is
    what the points are worth, of which `redeemed_percent` is expected to be used.
    """
    members: dict[int, _Member] = {}
    points = amount = count = 0
    points_by_rule: dict[str, int] = defaultdict(int)
    for purchase in sorted(purchases, key=lambda each: (each.bought_at, each.member_id)):
        member = members.setdefault(purchase.member_id, _Member(Standing(_lowest(draft), None)))
        _let_periods_end(draft, member, purchase.bought_at)
        given = _buy(draft, member, purchase)
        for rule, share in given.items():
            points_by_rule[rule] += share
            points += share
        amount += sum(line.amount_minor for line in purchase.lines)
        count += 1
    for member in members.values():
        _let_periods_end(draft, member, until)
    return Simulated(
        purchases=count,
        members=len(members),
        amount_minor=amount,
        points=points,
        points_by_rule=dict(sorted(points_by_rule.items())),
        cost_minor=worth(
            points * redeemed_percent // 100, value_minor_per_1000=draft.value_minor_per_1000
        ),
        members_by_tier=_sizes(draft, members.values()),
    )


def _lowest(draft: Terms) -> str:
    return min(draft.tiers, key=lambda tier: tier.threshold).code


def _sizes(draft: Terms, members: Iterable[_Member]) -> Mapping[str, int]:
    sizes = {tier.code: 0 for tier in sorted(draft.tiers, key=lambda tier: tier.threshold)}
    for member in members:
        sizes[member.standing.tier] += 1
    return sizes


def _buy(draft: Terms, member: _Member, purchase: PastPurchase) -> dict[str, int]:
    basket = _basket(draft, member, purchase)
    if member.today != basket.bought_on:
        member.today = basket.bought_on
        member.given_today.clear()
    explained = explain(
        draft, basket=basket, used=Used(day=member.given_today, member=member.given)
    )
    given = by_rule(explained.points)
    for rule, share in given.items():
        for sums in (member.given, member.given_today):
            sums[rule] += share
            sums[ALL_RULES] += share
    gained = total(explained.experience)
    if gained:
        member.experience.append((purchase.bought_at, gained))
        _raise(draft, member, purchase.bought_at)
    return given


def _basket(draft: Terms, member: _Member, purchase: PastPurchase) -> Basket:
    day = day_of(purchase.bought_at, timezone=draft.timezone)
    birthday = purchase.birthday
    return Basket(
        bought_at=purchase.bought_at,
        bought_on=day,
        channel=purchase.channel,
        location_code=purchase.location_code,
        tier=member.standing.tier,
        is_birthday=birthday is not None and is_birthday(day, birthday=birthday),
        is_birthday_month=birthday is not None and birthday.month == day.month,
        lines=tuple(_numbered(purchase.lines)),
    )


def _numbered(lines: Iterable[PurchaseLine]) -> Iterable[PurchaseLine]:
    """What is simulated needs lines that differ, whatever the past called them."""
    return (replace(line, line=number) for number, line in enumerate(lines, start=1))


def _raise(draft: Terms, member: _Member, at: datetime) -> None:
    verdict = upgraded(
        draft.tiers,
        draft.tier,
        now_has=member.standing,
        experience=_experience(member, window_at(draft.tier, at=at, timezone=draft.timezone)),
        at=at,
        timezone=draft.timezone,
    )
    member.standing = verdict.standing


def _let_periods_end(draft: Terms, member: _Member, now: datetime) -> None:
    while (ends := member.standing.until) is not None and ends <= now:
        member.standing = at_period_end(
            draft.tiers,
            draft.tier,
            now_has=member.standing,
            experience=_experience(
                member, window_of_period(draft.tier, until=ends, timezone=draft.timezone)
            ),
            at=ends,
            timezone=draft.timezone,
        ).standing


def _experience(member: _Member, window: Window) -> int:
    return sum(
        amount
        for when, amount in member.experience
        if window.counted_from <= when < window.counted_until
    )
