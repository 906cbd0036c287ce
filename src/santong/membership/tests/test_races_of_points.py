"""One member's points, worked on from many sides at once: real threads, real commits."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Literal

import pytest

from santong.kernel import tenancy
from santong.membership import public as membership
from santong.membership.tests.factories import NOW
from santong.membership.tests.points import (
    BASE_ONLY,
    WITH_TIERS,
)
from santong.membership.tests.races_of_points import (
    ROUNDS,
    AtOnce,
    assert_sound,
    in_scope,
    opened,
    refused,
    stands,
)


def test_a_purchase_told_many_times_at_once_brings_points_once(
    merchant: int, at_once: AtOnce
) -> None:
    club = opened(merchant, WITH_TIERS)

    for number in range(ROUNDS):
        purchase = club.purchase(10_000)
        results = at_once(*[in_scope(club, partial(club.tell, purchase))] * 5)
        assert refused(results) == 0
        assert sum(result.is_new for result in results) == 1
        assert stands(club).pending == 100 * (number + 1)
    assert_sound(club)


def test_many_purchases_of_one_member_at_once_all_count_and_raise_a_tier_once(
    merchant: int, at_once: AtOnce
) -> None:
    club = opened(merchant, replace(WITH_TIERS, tiers=WITH_TIERS.tiers[:1] + WITH_TIERS.tiers[2:]))

    results = at_once(*[in_scope(club, lambda: club.buy(100_000)) for _ in range(8)])

    assert refused(results) == 0
    with tenancy.scope(merchant_id=merchant):
        changes = membership.tier_changes_of(
            merchant_id=merchant, card_id=club.card().id, before_id=2**62, limit=99
        )
    # The fifth makes it gold; the three that follow earn half as much again.
    assert [(change.to_tier, change.experience) for change in changes] == [("gold", 5_000)]
    assert sorted(result.points for result in results) == [1_000] * 5 + [1_500] * 3
    assert_sound(club)


def test_what_is_due_matures_once_however_many_look(merchant: int, at_once: AtOnce) -> None:
    club = opened(merchant)
    with tenancy.scope(merchant_id=merchant):
        for _ in range(20):
            club.buy(1_000)

    at_once(*[in_scope(club, club.mature) for _ in range(6)])
    in_scope(club, club.mature)()

    assert stands(club) == membership.PointsShown(available=200, pending=0, debt=0)
    assert_sound(club)


def test_burns_at_once_never_spend_more_than_there_is(merchant: int, at_once: AtOnce) -> None:
    club = opened(merchant)
    with tenancy.scope(merchant_id=merchant):
        club.earn(100)

    results = at_once(*[in_scope(club, lambda: club.burn(30)) for _ in range(10)])

    assert refused(results, membership.TooFewPoints) == 7
    assert stands(club).available == 10
    assert_sound(club)


def test_a_burn_told_many_times_at_once_burns_once(merchant: int, at_once: AtOnce) -> None:
    club = opened(merchant)
    with tenancy.scope(merchant_id=merchant):
        club.earn(100)

    results = at_once(*[in_scope(club, lambda: club.burn(30, key="gift")) for _ in range(6)])

    assert refused(results) == 0
    assert stands(club).available == 70
    assert_sound(club)


@pytest.mark.parametrize("policy", ["clamp", "negative"])
def test_a_return_and_a_burn_at_once_account_for_every_point(
    merchant: int, at_once: AtOnce, policy: Literal["clamp", "negative"]
) -> None:
    club = opened(merchant, replace(BASE_ONLY, claw_back=policy))

    for _ in range(ROUNDS):
        with tenancy.scope(merchant_id=merchant):
            before = club.points()
            bought = club.earn(100)
        back = in_scope(club, partial(club.give_back_goods, bought, {1: 1}))
        first, burned, again = at_once(back, in_scope(club, lambda: club.burn(60)), back)

        assert refused([first, burned, again], membership.TooFewPoints) <= 1
        spent = 0 if isinstance(burned, Exception) else 60
        after = stands(club)
        gained = (after.available - after.debt) - (before.available - before.debt)
        assert gained == 100 - spent - first.from_available - first.to_debt
        assert (first.is_new, again.is_new) in {(True, False), (False, True)}
    assert_sound(club)


def test_a_hold_is_captured_or_released_and_not_both(merchant: int, at_once: AtOnce) -> None:
    club = opened(merchant)
    with tenancy.scope(merchant_id=merchant):
        club.earn(100 * ROUNDS)
    burned = 0

    for number in range(ROUNDS):
        key = f"o-{number}"
        with tenancy.scope(merchant_id=merchant):
            membership.hold_points(
                merchant_id=merchant,
                source="checkout",
                key=key,
                member_id=club.member_id,
                programme_code=club.programme.code,
                requested=50,
                amount_minor=10_000,
                expires_at=NOW.replace(hour=8),
                now=NOW,
            )
        names: dict[str, Any] = {
            "merchant_id": merchant,
            "source": "checkout",
            "key": key,
            "now": NOW,
        }
        results = at_once(
            in_scope(club, partial(membership.capture_points, **names)),
            in_scope(club, partial(membership.release_points, **names, reason="left")),
        )
        assert refused(results, membership.BurnEnded) == 1
        burned += 50 * (not isinstance(results[0], Exception))

    assert stands(club).available == 100 * ROUNDS - burned
    assert_sound(club)
