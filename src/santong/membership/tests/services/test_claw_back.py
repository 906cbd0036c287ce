"""A return takes back what its goods had brought, by the programme's policy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.kernel.errors import FieldInvalid, NoSuch
from santong.membership import public as membership
from santong.membership.events import PointsClawedBack
from santong.membership.tests.factories import NOW, facts_told
from santong.membership.tests.points import (
    A_POINT_A_YUAN,
    BASE_ONLY,
    WITH_TIERS,
    Club,
    days,
    make_club,
)

WAITING = replace(BASE_ONLY, maturity=membership.MaturityTerms(pending_days=7))
KEEP_MONEY = replace(BASE_ONLY, claw_back="from_refund_money", value_minor_per_1000=12_500)


def buy_units(club: Club, quantity: int, amount_minor: int) -> membership.Accrued:
    line = membership.PurchaseLine(1, "sock", "socks", quantity, amount_minor)
    return club.buy(lines=(line,))


def shown(available: int, pending: int = 0, debt: int = 0) -> membership.PointsShown:
    return membership.PointsShown(available=available, pending=pending, debt=debt)


def test_points_that_wait_are_cancelled(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=WAITING)
    bought = club.buy(10_000, 5_000)

    clawed = club.give_back_goods(bought, {1: 1})

    assert (clawed.points, clawed.from_pending, clawed.money_minor) == (100, 100, 0)
    assert club.points() == shown(0, pending=50)
    assert club.mature(now=NOW + days(9)) == 1
    assert club.points(now=NOW + days(9)) == shown(50)


def test_a_purchase_that_is_all_back_never_matures(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=WAITING)
    bought = club.buy(10_000)

    club.give_back_goods(bought, {1: 1})

    kept = membership.accrual_by_key(merchant_id=merchant_id, source="till", key=bought.key)
    assert kept.state == "cancelled"
    assert club.mature(now=NOW + days(9)) == 0
    assert club.points() == shown(0)


@pytest.mark.parametrize(
    ("terms", "taken", "money_minor", "left"),
    [
        (BASE_ONLY, 50, 0, shown(0)),
        (replace(BASE_ONLY, claw_back="negative"), 50, 0, shown(0, debt=100)),
        (KEEP_MONEY, 50, 1_250, shown(0)),
    ],
    ids=["clamp", "negative", "from the refund"],
)
def test_points_that_were_spent_are_settled_by_policy(
    merchant_id: int,
    terms: membership.Terms,
    taken: int,
    money_minor: int,
    left: membership.PointsShown,
) -> None:
    club = make_club(merchant_id=merchant_id, terms=terms)
    bought = club.earn(150)
    club.burn(100)

    clawed = club.give_back_goods(bought, {1: 1})

    assert (clawed.from_available, clawed.money_minor) == (taken, money_minor)
    assert club.points() == left
    (told,) = facts_told(merchant_id=merchant_id, kind=PointsClawedBack)
    assert (told.points, told.money_minor) == (150 if left.debt else 50, money_minor)


def test_the_same_return_twice_takes_back_once(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    bought = club.earn(150)

    first, again = (club.give_back_goods(bought, {1: 1}) for _ in range(2))

    assert (first.is_new, again.is_new) == (True, False)
    assert replace(first, is_new=False) == again
    assert club.points() == shown(0)


def test_the_same_return_with_other_goods_is_refused(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    bought = club.buy(10_000, 5_000)
    club.give_back_goods(bought, {1: 1})

    with pytest.raises(membership.PointsKeyTaken):
        club.give_back_goods(bought, {2: 1})


def test_no_more_comes_back_than_was_bought_and_a_refusal_leaves_nothing(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    bought = buy_units(club, 3, 10_000)
    club.give_back_goods(bought, {1: 2})

    with pytest.raises(membership.MoreThanBought) as refused, transaction.atomic():
        club.give_back_goods(bought, {1: 2}, return_key="r-2")

    assert (refused.value.wanted, refused.value.left) == (2, 1)
    assert len(membership.claw_backs_of(merchant_id=merchant_id, accrual_id=bought.id)) == 1


def test_a_return_names_a_purchase_and_its_lines(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    bought = club.buy(10_000)

    with pytest.raises(FieldInvalid), transaction.atomic():
        club.give_back_goods(bought, {7: 1})
    with pytest.raises(FieldInvalid), transaction.atomic():
        club.give_back_goods(bought, {})
    with pytest.raises(NoSuch):
        club.give_back_goods(replace(bought, key="another"), {1: 1})


def test_the_lot_of_the_purchase_goes_first(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    earlier = club.earn(100)
    later = club.earn(100, now=NOW + days(30))

    club.give_back_goods(later, {1: 1}, now=NOW + days(31))

    # What is left ends when the earlier purchase's points end.
    ends = NOW + days(367)
    assert club.points(now=NOW + days(31)).available == 100
    assert club.points(now=ends).available == 0
    assert earlier.points == 100


@pytest.mark.parametrize(("on_return", "tier"), [("at_period_end", "silver"), ("at_once", "base")])
def test_experience_goes_back_and_the_tier_falls_as_the_terms_say(
    merchant_id: int, on_return: Any, tier: str
) -> None:
    terms = replace(WITH_TIERS, tier=membership.TierTerms(on_return=on_return))
    club = make_club(merchant_id=merchant_id, terms=terms)
    bought = club.buy(100_000)

    clawed = club.give_back_goods(bought, {1: 1})

    assert clawed.experience == 1_000
    assert club.card().tier == tier


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    parts=st.lists(st.integers(1, 4), min_size=1, max_size=5),
    amount=st.integers(0, 100_000),
    ripe=st.booleans(),
)
def test_partial_returns_take_back_exactly_the_whole(
    merchant_id: int, *, parts: list[int], amount: int, ripe: bool
) -> None:
    with transaction.atomic():
        terms = replace(WAITING, rules=(replace(A_POINT_A_YUAN, rounding="up"),))
        club = make_club(merchant_id=merchant_id, terms=terms)
        bought = buy_units(club, sum(parts), amount)
        at = NOW + days(9) if ripe else NOW
        club.mature(now=at)

        clawed = [
            club.give_back_goods(bought, {1: part}, return_key=f"r-{number}", now=at)
            for number, part in enumerate(parts)
        ]

        assert sum(each.points for each in clawed) == bought.points
        assert club.points(now=at) == shown(0)
        transaction.set_rollback(True)
