"""Tiers rise at once, fall at the end of a period by one step, and may be given by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from santong.kernel.errors import FieldInvalid
from santong.membership import public as membership
from santong.membership.events import TierChanged
from santong.membership.models import Card, TierGrant
from santong.membership.services import date_tiers as dating
from santong.membership.tests.factories import NOW, facts_told, make_member, make_programme
from santong.membership.tests.points import (
    BASE_ONLY,
    LADDER,
    WITH_TIERS,
    Club,
    another_member,
    days,
    make_club,
    publish,
)

ONE_PERIOD = replace(WITH_TIERS, tier=membership.TierTerms(grace="one_period"))


def review(club: Club, *, now: datetime) -> int:
    return membership.review_tiers(merchant_id=club.merchant_id, now=now, limit=100)


def end_of_period(club: Club) -> datetime:
    until = club.card().tier_until
    assert until is not None
    return until


def tiers_and_reasons(club: Club) -> list[tuple[str, str]]:
    changes = membership.tier_changes_of(
        merchant_id=club.merchant_id, card_id=club.card().id, before_id=2**62, limit=99
    )
    return [(change.to_tier, change.why) for change in reversed(changes)]


def grant(club: Club, tier: str, *, until: datetime) -> membership.Card:
    return membership.grant_tier(
        merchant_id=club.merchant_id,
        member_id=club.member_id,
        programme_code=club.programme.code,
        tier=tier,
        valid_until=until,
        reason="opening of the store",
        now=NOW,
    )


def test_a_tier_that_was_not_earned_again_falls_a_step_each_period(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=WITH_TIERS)
    club.buy(500_000)
    first = end_of_period(club)

    assert review(club, now=first - timedelta(seconds=1)) == 0
    assert review(club, now=first) == 1
    assert review(club, now=first) == 0
    assert club.card().tier == "silver"
    assert review(club, now=end_of_period(club)) == 1

    assert tiers_and_reasons(club) == [("gold", "earned"), ("silver", "missed"), ("base", "missed")]
    assert club.card().tier_until is None
    told = facts_told(merchant_id=merchant_id, kind=TierChanged)
    assert [(fact.from_tier, fact.to_tier, fact.why) for fact in told] == [
        ("", "gold", "earned"),
        ("gold", "silver", "missed"),
        ("silver", "base", "missed"),
    ]


def test_a_tier_that_was_earned_again_is_kept_and_nobody_is_told(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=WITH_TIERS)
    club.buy(100_000)
    first = end_of_period(club)
    club.buy(100_000, now=NOW + days(100))

    review(club, now=first)

    assert club.card().tier == "silver"
    assert end_of_period(club) == first.replace(year=first.year + 1)
    assert tiers_and_reasons(club) == [("silver", "earned"), ("silver", "kept")]
    assert len(facts_told(merchant_id=merchant_id, kind=TierChanged)) == 1


def test_a_period_of_grace_is_given_once(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=ONE_PERIOD)
    club.buy(500_000)

    for _ in range(2):
        review(club, now=end_of_period(club))

    assert tiers_and_reasons(club) == [("gold", "earned"), ("gold", "graced"), ("base", "missed")]


def test_a_review_after_several_periods_goes_through_them_one_by_one(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=WITH_TIERS)
    club.buy(500_000)
    much_later = NOW + days(1_500)

    assert [review(club, now=much_later) for _ in range(3)] == [1, 1, 0]
    assert club.card().tier == "base"


def test_many_are_reviewed_in_parts_and_each_once(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=WITH_TIERS)
    clubs = [club, *(another_member(club) for _ in range(4))]
    for each in clubs:
        each.buy(100_000)
    ends = end_of_period(club)

    reviewed = [
        membership.review_tiers(merchant_id=merchant_id, now=ends, limit=2) for _ in range(4)
    ]

    assert reviewed == [2, 2, 1, 0]
    assert {each.card().tier for each in clubs} == {"base"}


def test_a_tier_given_by_hand_ends_and_what_stood_before_stands_again(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=WITH_TIERS)
    club.buy(100_000)
    silver_until = end_of_period(club)

    given = grant(club, "gold", until=NOW + days(30))
    review(club, now=NOW + days(30))

    assert (given.tier, given.tier_until) == ("gold", NOW + days(30))
    assert (club.card().tier, end_of_period(club)) == ("silver", silver_until)
    assert tiers_and_reasons(club) == [
        ("silver", "earned"),
        ("gold", "granted"),
        ("silver", "grant_ended"),
    ]
    assert not TierGrant.objects.filter(merchant_id=merchant_id, ended_at=None).exists()


def test_what_is_earned_under_a_granted_tier_counts_when_that_ends(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=WITH_TIERS)
    grant(club, "silver", until=NOW + days(30))

    bought = club.buy(100_000)
    review(club, now=NOW + days(30))

    assert bought.points == 1_200
    assert club.card().tier == "silver"
    assert tiers_and_reasons(club) == [("silver", "granted"), ("silver", "kept")]


def test_a_higher_tier_is_earned_in_spite_of_a_granted_one(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=WITH_TIERS)
    grant(club, "silver", until=NOW + days(30))
    club.buy(500_000)
    gold_until = end_of_period(club)

    assert review(club, now=NOW + days(30)) == 0
    review(club, now=gold_until)

    assert club.card().tier == "silver"
    assert not TierGrant.objects.filter(merchant_id=merchant_id, ended_at=None).exists()


def test_only_a_higher_tier_is_given_and_one_at_a_time(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=WITH_TIERS)
    club.buy(100_000)

    for tier in ("base", "silver", "platinum"):
        with pytest.raises(FieldInvalid), transaction.atomic():
            grant(club, tier, until=NOW + days(1))
    with pytest.raises(FieldInvalid), transaction.atomic():
        grant(club, "gold", until=NOW)
    five = replace(
        WITH_TIERS, tiers=(*LADDER, membership.Tier(code="top", name="顶", threshold=9_999))
    )
    publish(merchant_id=merchant_id, programme=club.programme, terms=five)
    grant(club, "gold", until=NOW + days(1))
    with pytest.raises(membership.TierGranted):
        grant(club, "top", until=NOW + days(1))


def test_terms_may_not_lose_a_tier_that_somebody_has(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=WITH_TIERS)
    club.buy(100_000)

    with pytest.raises(membership.TierInUse), transaction.atomic():
        publish(
            merchant_id=merchant_id,
            programme=club.programme,
            terms=replace(WITH_TIERS, tiers=LADDER[:1]),
        )

    same = publish(merchant_id=merchant_id, programme=club.programme, terms=WITH_TIERS)
    more = publish(
        merchant_id=merchant_id,
        programme=club.programme,
        terms=replace(WITH_TIERS, value_minor_per_1000=5),
    )
    assert (same.version, more.version) == (1, 2)


def brought(club: Club, tier: str, *, since: datetime) -> None:
    """A tier as an import leaves it of which nobody says how long it is kept."""
    Card.objects.of_merchant(club.merchant_id).filter(id=club.card().id).update(
        tier=tier, tier_since=since, tier_until=None
    )


def date_tiers(club: Club, *, now: datetime = NOW) -> int:
    return dating.date_tiers(merchant_id=club.merchant_id, now=now, limit=100)


def test_a_tier_that_was_brought_along_gets_an_end_and_falls_there(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=WITH_TIERS)
    brought(club, "gold", since=NOW + days(40))

    dated = [date_tiers(club), date_tiers(club)]
    until = end_of_period(club)
    early = review(club, now=until - timedelta(seconds=1))
    reviewed = review(club, now=until)

    assert (dated, early, reviewed) == ([1, 0], 0, 1)
    # Twelve months from the day, in China, at whose end it is looked at.
    assert until == datetime(2027, 12, 21, 16, tzinfo=UTC)
    assert club.card().tier == "silver"
    assert tiers_and_reasons(club) == [("silver", "missed")]


def test_a_tier_that_was_brought_long_ago_counts_from_the_terms(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=WITH_TIERS)
    brought(club, "silver", since=NOW - days(4_000))

    dated = date_tiers(club, now=NOW + days(1))

    assert dated == 1
    assert end_of_period(club) == datetime(2027, 11, 11, 16, tzinfo=UTC)


@pytest.mark.parametrize("tier", ["base", "", "amber"])
def test_a_tier_that_cannot_be_lost_gets_no_end(merchant_id: int, tier: str) -> None:
    club = make_club(merchant_id=merchant_id, terms=WITH_TIERS)
    brought(club, tier, since=NOW)

    assert date_tiers(club) == 0
    assert club.card().tier_until is None


def test_without_terms_no_tier_gets_an_end_and_later_terms_must_have_it(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    member = make_member(merchant_id=merchant_id, programme=programme).member
    club = Club(merchant_id, programme, member.id)
    brought(club, "gold", since=NOW)

    before = date_tiers(club)
    with pytest.raises(membership.TierInUse), transaction.atomic():
        publish(merchant_id=merchant_id, programme=programme, terms=BASE_ONLY)
    publish(merchant_id=merchant_id, programme=programme, terms=WITH_TIERS)

    assert (before, date_tiers(club)) == (0, 1)
