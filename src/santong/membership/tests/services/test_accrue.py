"""A purchase brings points once, explained line by line, and they wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction

from santong.kernel.errors import FieldInvalid, NoSuch
from santong.membership import public as membership
from santong.membership.events import PointsAccrued, TierChanged
from santong.membership.models import Accrual, AccrualLine
from santong.membership.tests.factories import NOW, facts_told, make_member, make_programme
from santong.membership.tests.points import (
    A_POINT_A_YUAN,
    BASE_ONLY,
    WITH_TIERS,
    another_member,
    days,
    make_club,
    publish,
)

SEVEN_DAYS = replace(BASE_ONLY, maturity=membership.MaturityTerms(pending_days=7))
# The end, in China, of the seventh day after that of NOW.
RIPE = datetime(2026, 11, 18, 16, tzinfo=UTC)


def test_points_wait_until_the_return_period_is_over_and_are_then_a_lot(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=SEVEN_DAYS)

    bought = club.buy(10_000, 5_050)

    assert (bought.points, bought.state, bought.matures_at) == (150, "pending", RIPE)
    assert club.points() == membership.PointsShown(available=0, pending=150, debt=0)
    assert club.mature(now=RIPE - days(1)) == 0
    assert club.mature(now=RIPE) == 1
    assert club.mature(now=RIPE) == 0
    assert club.points(now=RIPE) == membership.PointsShown(available=150, pending=0, debt=0)
    ripe = membership.accrual_by_key(merchant_id=merchant_id, source="till", key=bought.key)
    assert ripe.state == "mature"
    # Twelve months after the day on which they were earned, to the end of that day.
    assert ripe.expires_at == datetime(2027, 11, 11, 16, tzinfo=UTC)


def test_the_same_purchase_again_brings_nothing_more(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=SEVEN_DAYS)
    purchase = club.purchase(10_000)

    first, again = (
        membership.accrue(merchant_id=merchant_id, purchase=purchase, now=NOW) for _ in range(2)
    )

    assert (first.is_new, again.is_new) == (True, False)
    assert replace(first, is_new=False) == again
    assert club.points().pending == 100
    assert len(facts_told(merchant_id=merchant_id, kind=PointsAccrued)) == 1


def test_the_same_key_with_another_purchase_is_refused(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    purchase = club.purchase(10_000)
    membership.accrue(merchant_id=merchant_id, purchase=purchase, now=NOW)

    with pytest.raises(membership.PointsKeyTaken):
        membership.accrue(
            merchant_id=merchant_id, purchase=club.purchase(10_001, key=purchase.key), now=NOW
        )


def test_every_line_says_which_rule_gave_what_and_it_can_be_worked_out_again(
    merchant_id: int,
) -> None:
    double = membership.AccrualRule(
        code="tops",
        effect="multiplier",
        percent=200,
        conditions=membership.Conditions(categories=("tops",)),
    )
    club = make_club(
        merchant_id=merchant_id, terms=replace(BASE_ONLY, rules=(A_POINT_A_YUAN, double))
    )

    bought = club.buy(10_000, 3_300)
    publish(merchant_id=merchant_id, programme=club.programme, terms=BASE_ONLY)

    lines = membership.accrual_lines(merchant_id=merchant_id, accrual_id=bought.id)
    assert [line.points_by_rule for line in lines] == [
        {"yuan": 100, "tops": 100},
        {"yuan": 33, "tops": 33},
    ]
    assert membership.replays_the_same(merchant_id=merchant_id, accrual_id=bought.id)
    assert club.buy(10_000).points == 100


def test_a_changed_line_no_longer_replays(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    bought = club.buy(10_000)

    AccrualLine.objects.filter(accrual=bought.id).update(points_parts=[])

    assert not membership.replays_the_same(merchant_id=merchant_id, accrual_id=bought.id)


def test_experience_raises_a_tier_at_once_and_the_next_purchase_earns_by_it(
    merchant_id: int,
) -> None:
    club = make_club(merchant_id=merchant_id, terms=WITH_TIERS)

    first, second = club.buy(100_000), club.buy(100_000)

    assert (first.points, second.points) == (1_000, 1_200)
    assert club.card().tier == "silver"
    (change,) = membership.tier_changes_of(
        merchant_id=merchant_id, card_id=club.card().id, before_id=2**62, limit=9
    )
    assert (change.from_tier, change.to_tier, change.why) == ("", "silver", "earned")
    assert (change.experience, change.kept_until) == (1_000, club.card().tier_until)
    (told,) = facts_told(merchant_id=merchant_id, kind=TierChanged)
    assert (told.member_id, told.from_tier, told.to_tier) == (club.member_id, "", "silver")


def test_several_purchases_of_one_member_in_one_call_count_one_after_the_other(
    merchant_id: int,
) -> None:
    club = make_club(merchant_id=merchant_id, terms=WITH_TIERS)
    other = another_member(club)

    made = membership.accrue_many(
        merchant_id=merchant_id,
        purchases=[club.purchase(100_000), other.purchase(100_000), club.purchase(100_000)],
        now=NOW,
    )

    assert [each.points for each in made] == [1_000, 1_000, 1_200]


def test_experience_may_wait_as_points_do(merchant_id: int) -> None:
    waits = membership.MaturityTerms(pending_days=7, experience="at_maturity")
    club = make_club(merchant_id=merchant_id, terms=replace(WITH_TIERS, maturity=waits))

    club.buy(100_000)

    assert club.card().tier == ""
    club.mature(now=RIPE)
    assert club.card().tier == "silver"


def test_a_cap_for_a_day_and_for_ever_counts_what_was_given_before(merchant_id: int) -> None:
    capped = replace(A_POINT_A_YUAN, caps=membership.Caps(per_day=150, per_member=300))
    club = make_club(merchant_id=merchant_id, terms=replace(BASE_ONLY, rules=(capped,)))

    given = [
        club.buy(10_000, now=at).points
        for at in (NOW, NOW, NOW, NOW + days(1), NOW + days(2), NOW + days(3))
    ]

    assert given == [100, 50, 0, 100, 50, 0]


def test_points_pay_first_what_is_owed(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=replace(BASE_ONLY, claw_back="negative"))
    bought = club.earn(100)
    club.burn(100)
    club.give_back_goods(bought, {1: 1})
    assert club.points() == membership.PointsShown(available=0, pending=0, debt=100)

    club.earn(60)
    assert club.points() == membership.PointsShown(available=0, pending=0, debt=40)

    club.earn(60)
    assert club.points() == membership.PointsShown(available=20, pending=0, debt=0)


def test_a_storefront_names_the_programme_of_its_brand(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)

    with pytest.raises(NoSuch):
        club.buy(100, programme_code="", storefront_code="nowhere")


def test_who_has_no_card_of_the_programme_gets_nothing(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    stranger = make_member(merchant_id=merchant_id).member

    with pytest.raises(membership.CardMissing), transaction.atomic():
        club.buy(10_000, member_id=stranger.id)

    assert not Accrual.objects.filter(merchant_id=merchant_id).exists()


def test_a_programme_without_terms_promises_nothing(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    silent = make_programme(merchant_id=merchant_id)
    member = make_member(merchant_id=merchant_id, programme=silent).member

    with pytest.raises(membership.NothingPromised):
        club.buy(10_000, member_id=member.id, programme_code=silent.code)


@pytest.mark.parametrize(
    ("pointer", "about"),
    [
        ("/lines", {"lines": ()}),
        ("/lines/0/quantity", {"lines": (membership.PurchaseLine(1, "a", "", 0, 1),)}),
        ("/lines/0/amount_minor", {"lines": (membership.PurchaseLine(1, "a", "", 1, -1),)}),
        ("/lines", {"lines": (membership.PurchaseLine(1, "a", "", 1, 1),) * 2}),
        ("/key", {"key": ""}),
        ("/source", {"source": "x" * 41}),
        ("/programme_code", {"programme_code": ""}),
        ("/bought_at", {"bought_at": datetime(2026, 11, 11)}),  # noqa: DTZ001  that is the mistake
    ],
)
def test_a_purchase_that_makes_no_sense_says_where(
    merchant_id: int, pointer: str, about: dict[str, Any]
) -> None:
    club = make_club(merchant_id=merchant_id)

    with pytest.raises(FieldInvalid) as refused:
        club.buy(100, **about)

    assert refused.value.pointer == pointer


def test_a_campaign_gives_more_on_its_day(merchant_id: int) -> None:
    singles = membership.AccrualRule(
        code="1111",
        effect="bonus",
        points=11,
        conditions=membership.Conditions(dates=(date(2026, 11, 11),)),
    )
    club = make_club(
        merchant_id=merchant_id, terms=replace(BASE_ONLY, rules=(A_POINT_A_YUAN, singles))
    )

    assert [club.buy(100, now=at).points for at in (NOW, NOW + days(1))] == [12, 1]
