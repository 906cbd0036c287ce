"""Points that benefits bring: given once, paid for by their brand, and taken back exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.membership import public as membership
from santong.membership.tests.factories import NOW, give_points, lots_of, make_member, make_pool
from santong.membership.tests.points import BASE_ONLY, WITH_TIERS, Club, days, make_club
from santong.payments import public as payments

NOVEMBER = date(2026, 11, 1)
NEXT_YEAR = datetime(2027, 12, 31, 16, tzinfo=UTC)
IN_A_WEEK = datetime(2026, 11, 18, 16, tzinfo=UTC)
OWING = replace(BASE_ONLY, claw_back="negative")


def credit(club: Club, points: int, **about: Any) -> membership.PointsCredited:
    return membership.credit_points(
        **{
            "merchant_id": club.merchant_id,
            "source": "benefits",
            "key": "coupon:1:1",
            "member_id": club.member_id,
            "programme_code": club.programme.code,
            "points": points,
            "now": NOW,
            **about,
        }
    )


def take_back(club: Club, *, now: datetime = NOW) -> membership.PointsCredited:
    return membership.take_back_credit(
        merchant_id=club.merchant_id, source="benefits", key="coupon:1:1", now=now
    )


def lots(club: Club) -> list[tuple[int, datetime | None]]:
    return lots_of(merchant_id=club.merchant_id, programme=club.programme, member_id=club.member_id)


def of_brand(club: Club, kind: str) -> int:
    account = payments.AccountKey(
        club.programme.points_asset, kind, f"brand:{club.programme.brand_id}"
    )
    found = payments.balances(merchant_id=club.merchant_id, accounts=[account])
    return found[account].posted


def nothing_is_lost(club: Club) -> bool:
    totals = payments.totals(merchant_id=club.merchant_id, asset=club.programme.points_asset)
    return (
        sum(total.amount for total in totals) == 0
        and payments.check_invariants(merchant_id=club.merchant_id, now=NOW) == []
        and membership.check_invariants(merchant_id=club.merchant_id) == []
    )


def test_points_come_from_the_brand_and_end_as_its_terms_say(merchant_id: int) -> None:
    terms = replace(BASE_ONLY, expiry=membership.ExpiryTerms(kind="end_of_year", years=1))
    club = make_club(merchant_id=merchant_id, terms=terms)

    credited = credit(club, 500)

    assert (credited.points, credited.paid, credited.expires_at) == (500, 0, NEXT_YEAR)
    assert lots(club) == [(500, NEXT_YEAR)]
    assert of_brand(club, "issued") == -500
    assert nothing_is_lost(club)


def test_points_end_after_as_many_days_as_the_benefit_says(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)

    credit(club, 500, valid_days=7)

    assert lots(club) == [(500, IN_A_WEEK)]


def test_the_same_key_gives_once(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)

    first = credit(club, 500)
    again = credit(club, 500, now=NOW + days(3))
    with pytest.raises(membership.PointsKeyTaken), transaction.atomic():
        credit(club, 501)

    assert (first.is_new, again.is_new, again.id) == (True, False, first.id)
    assert club.points().available == 500


def test_whoever_has_no_card_there_gets_nothing(merchant_id: int) -> None:
    club, other = make_club(merchant_id=merchant_id), make_club(merchant_id=merchant_id)

    with pytest.raises(membership.CardMissing), transaction.atomic():
        credit(replace(club, member_id=other.member_id), 500)

    assert of_brand(club, "issued") == 0


def test_debts_are_paid_first_and_owed_again_afterwards(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=OWING)
    bought = club.earn(300)
    club.burn(300)
    club.give_back_goods(bought, {1: 1})

    credited = credit(club, 500)
    paid = club.points()
    take_back(club)

    assert credited.paid == 300
    assert (paid.available, paid.debt) == (200, 0)
    assert (club.points().available, club.points().debt) == (0, 300)
    assert nothing_is_lost(club)


def test_what_was_not_spent_goes_back_to_the_last_point(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    give_points(
        merchant_id=merchant_id,
        programme=club.programme,
        member_id=club.member_id,
        points=40,
        expires_at=IN_A_WEEK,
    )
    credit(club, 500)

    back = take_back(club)
    again = take_back(club)

    assert (back.taken_back, back.is_new, again.taken_back, again.is_new) == (500, True, 500, False)
    assert lots(club) == [(40, IN_A_WEEK)]
    assert (of_brand(club, "issued"), of_brand(club, "clawback")) == (-500, 500)
    assert nothing_is_lost(club)


@pytest.mark.parametrize(("policy", "debt"), [("clamp", 0), ("negative", 200)])
def test_of_what_was_spent_the_policy_says_who_bears_it(
    merchant_id: int, policy: Any, debt: int
) -> None:
    club = make_club(merchant_id=merchant_id, terms=replace(BASE_ONLY, claw_back=policy))
    credit(club, 500)
    club.burn(200)

    back = take_back(club)

    assert back.taken_back == 300 + debt
    assert (club.points().available, club.points().debt) == (0, debt)
    assert nothing_is_lost(club)


def test_points_that_have_ended_are_gone_already(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=OWING)
    credit(club, 500, valid_days=7)
    later = NOW + days(30)

    back = take_back(club, now=later)

    assert (back.taken_back, back.is_taken_back) == (0, True)
    assert club.points(now=later).debt == 0


def test_the_month_says_what_the_brand_owes_for_them(merchant_id: int) -> None:
    pool = make_pool(merchant_id=merchant_id)
    club = make_club(merchant_id=merchant_id, pool=pool)
    membership.publish_pool_terms(
        merchant_id=merchant_id,
        pool_code=pool.code,
        breakage_minor_per_1000=0,
        reason="test",
        now=NOW,
    )
    membership.authorise(
        merchant_id=merchant_id,
        pool_code=pool.code,
        by_brand_id=club.programme.brand_id,
        to_brand_id=club.programme.brand_id,
        may_see=True,
        may_accrue=True,
        may_burn=True,
        earn_rate=900,
        burn_rate=0,
        valid_from=NOW - days(1),
        valid_until=None,
        reason="agreed",
        now=NOW,
    )
    credit(club, 2_000)
    credit(club, 1_000, key="coupon:2:1")
    take_back(club)

    (brand,) = membership.settlement_statement(
        merchant_id=merchant_id, pool_code=pool.code, month=NOVEMBER
    ).brands

    assert (brand.earned_points, brand.pays_minor) == (1_000, 900)


def test_a_lent_tier_ends_before_its_time_once(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=WITH_TIERS)
    until = NOW + days(30)
    about: dict[str, Any] = {
        "merchant_id": merchant_id,
        "member_id": club.member_id,
        "programme_code": club.programme.code,
        "tier": "gold",
        "valid_until": until,
        "now": NOW,
    }
    membership.grant_tier(reason="to try", **about)
    lent = club.card()

    others = membership.end_granted_tier(reason="not this", **{**about, "tier": "silver"})
    ended = membership.end_granted_tier(reason="given back", **about)
    again = membership.end_granted_tier(reason="given back", **about)

    assert (lent.tier, lent.tier_until) == ("gold", until)
    assert (others, ended, again) == (False, True, False)
    assert (club.card().tier, club.card().tier_until) == ("base", None)
    assert membership.check_invariants(merchant_id=merchant_id) == []


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    before=st.integers(0, 400),
    points=st.integers(1, 500),
    spent=st.integers(0, 900),
    policy=st.sampled_from(["clamp", "negative"]),
)
def test_whatever_was_spent_nobody_has_more_afterwards_than_without_it(
    merchant_id: int, before: int, points: int, spent: int, policy: Any
) -> None:
    club = make_club(merchant_id=merchant_id, terms=replace(BASE_ONLY, claw_back=policy))
    member = make_member(merchant_id=merchant_id, programme=club.programme).member
    club = replace(club, member_id=member.id)
    if before:
        club.earn(before)
    key = f"coupon:{member.id}:1"
    credit(club, points, key=key)
    spent = min(spent, before + points)
    if spent:
        club.burn(spent)

    membership.take_back_credit(merchant_id=merchant_id, source="benefits", key=key, now=NOW)

    stands = club.points()
    missing = max(spent - before, 0)
    assert stands.available == max(before - spent, 0)
    assert stands.debt == (missing if policy == "negative" else 0)
    assert nothing_is_lost(club)
