"""Rules by event act once for a member and an occasion, whoever tells how often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.benefits import public as benefits
from santong.benefits.contracts.events import Event, EventRule
from santong.benefits.events import MessageDue
from santong.benefits.jobs import celebrate_for_merchant
from santong.benefits.rules.occasions import days_celebrated
from santong.benefits.selectors.event_rules import firings_of
from santong.benefits.services.create_event_rule import create_event_rule
from santong.benefits.services.create_package import create_package
from santong.benefits.services.switch_event_rule import switch_event_rule
from santong.benefits.subscribers import celebrate_tier, thank_for_purchase, wake, welcome
from santong.benefits.tests.factories import (
    NOW,
    facts_told,
    make_batch,
    make_coupon,
    new_key,
)
from santong.benefits.tests.races import AtOnce
from santong.customers import public as customers
from santong.customers.tests.factories import new_phone
from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.membership import public as membership
from santong.membership.events import MemberDormant, MemberJoined, PointsAccrued, TierChanged
from santong.membership.tests.factories import AT_THE_TILL, make_member, make_programme


def make_rule(merchant_id: int, event: Event, **named: Any) -> EventRule:
    batch = make_batch(merchant_id=merchant_id, total=1_000)
    return create_event_rule(
        merchant_id=merchant_id,
        code=new_key(),
        name="关怀",
        event=event,
        **{"batch_id": batch.id, "now": NOW, **named},
    )


def a_person(merchant_id: int, *, birthday: date | None = None, agrees: bool = False) -> int:
    person_id = customers.resolve(
        merchant_id=merchant_id,
        identifiers=[new_phone()],
        profile=customers.Profile(name="王小明", birthday=birthday),
        source="test",
        now=NOW,
    ).person_id
    if agrees:
        customers.give_consent(
            merchant_id=merchant_id,
            person_id=person_id,
            topic=customers.Topic(purpose="marketing", channel="sms"),
            text_version="v1",
            text_hash="0" * 64,
            place="till",
            given_at=NOW - timedelta(days=1),
            now=NOW,
        )
    return person_id


def joined(member: membership.Joined, *, is_new: bool = True) -> MemberJoined:
    return MemberJoined(
        member_id=member.member.id,
        card_id=member.card.id,
        programme_id=member.card.programme_id,
        programme_code=member.card.programme_code,
        kind="till",
        channel="pos",
        storefront_code="",
        location_code="",
        guide_code="",
        is_new=is_new,
    )


def tier_of(member: membership.Joined, to_tier: str) -> TierChanged:
    return TierChanged(
        member_id=member.member.id,
        programme_id=member.card.programme_id,
        card_id=member.card.id,
        from_tier="silver",
        to_tier=to_tier,
        why="experience",
    )


def bought(member: membership.Joined, accrual_id: int) -> PointsAccrued:
    return PointsAccrued(
        accrual_id=accrual_id,
        member_id=member.member.id,
        programme_id=member.card.programme_id,
        source="test",
        key=new_key(),
        points=1,
        experience=1,
        matures_at=NOW,
    )


def wallet_of(merchant_id: int, member: membership.Joined) -> int:
    found = benefits.wallet(merchant_id=merchant_id, member_id=member.member.id, now=NOW)
    return len(found)


def test_whoever_joins_is_welcomed_once_however_often_it_is_told(merchant_id: int) -> None:
    make_rule(merchant_id, "joined", message_template="welcome")
    member = make_member(merchant_id=merchant_id, person_id=a_person(merchant_id, agrees=True))

    for _ in range(3):
        welcome(joined(member), merchant_id=merchant_id, now=NOW)

    (firing,) = firings_of(merchant_id=merchant_id, member_id=member.member.id)
    assert (firing.outcome, firing.is_told, len(firing.coupon_ids)) == ("given", True, 1)
    assert wallet_of(merchant_id, member) == 1
    assert facts_told(merchant_id=merchant_id, kind=MessageDue) == [
        MessageDue(
            member_id=member.member.id,
            rule_id=firing.rule_id,
            occasion="joined",
            template="welcome",
            channel="sms",
            coupon_ids=firing.coupon_ids,
        )
    ]


def test_two_workers_who_hear_one_fact_give_one_coupon(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_rule(merchant, "joined", message_template="welcome")
        members = [
            make_member(merchant_id=merchant, person_id=a_person(merchant, agrees=True))
            for _ in range(4)
        ]

    def hear(member: membership.Joined) -> Callable[[], None]:
        def run() -> None:
            with tenancy.scope(merchant_id=merchant):
                welcome(joined(member), merchant_id=merchant, now=NOW)

        return run

    for member in members:
        results = at_once(*[hear(member)] * 4)
        assert results == [None] * 4

    with tenancy.scope(merchant_id=merchant):
        assert [wallet_of(merchant, member) for member in members] == [1] * 4
        assert len(facts_told(merchant_id=merchant, kind=MessageDue)) == 4
        assert benefits.check_invariants(merchant_id=merchant, now=NOW) == []


def test_nobody_is_told_who_has_not_agreed(merchant_id: int) -> None:
    make_rule(merchant_id, "joined", message_template="welcome")
    member = make_member(merchant_id=merchant_id, person_id=a_person(merchant_id))

    welcome(joined(member), merchant_id=merchant_id, now=NOW)

    (firing,) = firings_of(merchant_id=merchant_id, member_id=member.member.id)
    assert (firing.outcome, firing.is_told) == ("given", False)
    assert facts_told(merchant_id=merchant_id, kind=MessageDue) == []


def test_what_a_limit_stops_is_noted_and_not_told(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, total=1)
    make_coupon(merchant_id=merchant_id, batch=batch)
    make_rule(merchant_id, "joined", batch_id=batch.id, message_template="welcome")
    member = make_member(merchant_id=merchant_id, person_id=a_person(merchant_id, agrees=True))

    for _ in range(2):
        welcome(joined(member), merchant_id=merchant_id, now=NOW)

    (firing,) = firings_of(merchant_id=merchant_id, member_id=member.member.id)
    assert (firing.outcome, firing.why, firing.is_told) == ("refused", "total", False)
    assert facts_told(merchant_id=merchant_id, kind=MessageDue) == []


def test_a_package_is_given_whole_or_not_at_all(merchant_id: int) -> None:
    plenty, one = (make_batch(merchant_id=merchant_id, total=total) for total in (9, 1))
    package = create_package(
        merchant_id=merchant_id,
        code="welcome",
        name="新人礼包",
        quantity_by_batch={plenty.id: 2, one.id: 1},
        now=NOW,
    )
    make_rule(merchant_id, "joined", batch_id=None, package_id=package.id)
    first, second = (make_member(merchant_id=merchant_id) for _ in range(2))

    for member in (first, second):
        welcome(joined(member), merchant_id=merchant_id, now=NOW)

    assert (wallet_of(merchant_id, first), wallet_of(merchant_id, second)) == (3, 0)
    assert benefits.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_a_tier_is_celebrated_once_even_if_it_is_lost_and_reached_again(merchant_id: int) -> None:
    member = make_member(merchant_id=merchant_id)
    make_rule(merchant_id, "tier_changed", to_tier="gold")
    make_rule(merchant_id, "tier_changed")

    for tier in ("gold", "silver", "gold"):
        celebrate_tier(tier_of(member, tier), merchant_id=merchant_id, now=NOW)

    occasions = [
        each.occasion for each in firings_of(merchant_id=merchant_id, member_id=member.member.id)
    ]
    there = member.card.programme_id
    assert occasions == [f"tier:{there}:gold", f"tier:{there}:gold", f"tier:{there}:silver"]


def test_a_rule_of_one_programme_leaves_others_alone(merchant_id: int) -> None:
    here, there = (make_programme(merchant_id=merchant_id) for _ in range(2))
    make_rule(merchant_id, "joined", programme_id=here.id)
    mine, other = (
        make_member(merchant_id=merchant_id, programme=programme) for programme in (here, there)
    )

    for member in (mine, other):
        welcome(joined(member), merchant_id=merchant_id, now=NOW)

    assert (wallet_of(merchant_id, mine), wallet_of(merchant_id, other)) == (1, 0)


def test_a_second_card_is_no_second_welcome(merchant_id: int) -> None:
    make_rule(merchant_id, "joined")
    member = make_member(merchant_id=merchant_id)

    welcome(joined(member, is_new=False), merchant_id=merchant_id, now=NOW)

    assert wallet_of(merchant_id, member) == 0


def test_each_sleep_is_answered_once(merchant_id: int) -> None:
    make_rule(merchant_id, "dormant")
    member = make_member(merchant_id=merchant_id)

    for days in (400, 400, 30):
        fact = MemberDormant(
            member_id=member.member.id,
            card_id=member.card.id,
            programme_id=member.card.programme_id,
            programme_code=member.card.programme_code,
            last_active_at=NOW - timedelta(days=days),
        )
        wake(fact, merchant_id=merchant_id, now=NOW)

    assert wallet_of(merchant_id, member) == 2


def test_there_is_one_first_purchase(merchant_id: int) -> None:
    make_rule(merchant_id, "first_purchase")
    member = make_member(merchant_id=merchant_id)

    for accrual_id in (10, 11, 10):
        thank_for_purchase(bought(member, accrual_id), merchant_id=merchant_id, now=NOW)

    assert wallet_of(merchant_id, member) == 1


def test_birthdays_and_anniversaries_come_once_a_year(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_rule(merchant, "birthday", days_before=3)
        make_rule(merchant, "anniversary")
        programme = make_programme(merchant_id=merchant)
        born = a_person(merchant, birthday=date(1990, 11, 14))
        others = a_person(merchant, birthday=date(1990, 11, 15))
        celebrated, other = (
            membership.enrol(
                merchant_id=merchant,
                programme_code=programme.code,
                person_id=person_id,
                source=AT_THE_TILL,
                now=NOW - timedelta(days=1),
            )
            for person_id in (born, others)
        )
    next_year = datetime(2027, 11, 11, 3, tzinfo=UTC)

    for now in (NOW, NOW, NOW + timedelta(hours=1), next_year, next_year):
        celebrate_for_merchant(merchant_id=merchant, now=now)
    celebrate_for_merchant(merchant_id=merchant, now=next_year - timedelta(days=1))

    with tenancy.scope(merchant_id=merchant):
        named = [
            [each.occasion for each in firings_of(merchant_id=merchant, member_id=member.member.id)]
            for member in (celebrated, other)
        ]
    assert named == [
        ["birthday:2026", "birthday:2027", "anniversary:2027"],
        ["anniversary:2027"],
    ]


def test_two_workers_celebrate_a_birthday_once(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_rule(merchant, "birthday")
        members = [
            make_member(
                merchant_id=merchant,
                person_id=a_person(merchant, birthday=date(1990, 11, 11)),
            )
            for _ in range(5)
        ]

    results = at_once(*[lambda: celebrate_for_merchant(merchant_id=merchant, now=NOW)] * 3)

    assert results == [None] * 3
    with tenancy.scope(merchant_id=merchant):
        assert [wallet_of(merchant, member) for member in members] == [1] * 5


@pytest.mark.parametrize(
    ("today", "before", "days"),
    [
        (date(2026, 11, 11), 0, [date(2026, 11, 11)]),
        (date(2026, 12, 30), 3, [date(2027, 1, 2)]),
        (date(2027, 2, 28), 0, [date(2027, 2, 28), date(2024, 2, 29)]),
        (date(2028, 2, 28), 0, [date(2028, 2, 28)]),
        (date(2028, 2, 29), 0, [date(2028, 2, 29)]),
    ],
)
def test_the_29th_of_february_is_celebrated_every_year(
    today: date, before: int, days: list[date]
) -> None:
    assert list(days_celebrated(today=today, days_before=before)) == days


def test_a_rule_that_rests_does_nothing(merchant_id: int) -> None:
    rule = make_rule(merchant_id, "joined")
    member = make_member(merchant_id=merchant_id)
    switch_event_rule(
        merchant_id=merchant_id, rule_id=rule.id, is_active=False, reason="over", now=NOW
    )

    welcome(joined(member), merchant_id=merchant_id, now=NOW)

    assert wallet_of(merchant_id, member) == 0


@pytest.mark.parametrize(
    ("named", "refusal"),
    [
        ({"batch_id": None}, FieldInvalid),
        ({"batch_id": 404}, NoSuch),
        ({"package_id": 404}, NoSuch),
        ({"programme_id": 404}, NoSuch),
        ({"days_before": 61}, FieldInvalid),
        ({"message_channel": "pigeon"}, FieldInvalid),
    ],
)
def test_rules_that_make_no_sense_are_refused(
    merchant_id: int, named: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal), transaction.atomic():
        make_rule(merchant_id, "joined", **named)
