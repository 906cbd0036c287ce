"""What a coupon was used for comes back, in parts or whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from santong.benefits import public as benefits
from santong.benefits.events import (
    CouponReturned,
)
from santong.benefits.services.follow_return import follow_return
from santong.benefits.tests.factories import (
    NOW,
    facts_told,
    make_batch,
    make_coupon,
)
from santong.benefits.tests.steps import LINES, back, redeem, sound, state_of


def test_a_part_that_comes_back_restores_nothing(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id)
    redeem(merchant_id, coupon, lines=LINES)

    one = back(merchant_id, coupon, {"1": 1})
    two = back(merchant_id, coupon, {"2": 1})
    with pytest.raises(benefits.MoreThanBought), transaction.atomic():
        back(merchant_id, coupon, {"1": 2})
    last = back(merchant_id, coupon, {"1": 1})

    assert [one.outcome, two.outcome, last.outcome] == ["in_part", "in_part", "restored"]
    assert state_of(merchant_id, coupon) == "issued"
    assert facts_told(merchant_id=merchant_id, kind=CouponReturned) == [
        CouponReturned(coupon_id=coupon.id, outcome="restored", valid_until=coupon.valid_until)
    ]
    assert sound(merchant_id)


def test_the_whole_comes_back_after_a_part(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id)
    redeem(merchant_id, coupon, lines=LINES)
    back(merchant_id, coupon, {"1": 1})

    assert back(merchant_id, coupon).outcome == "restored"
    assert redeem(merchant_id, coupon, lines=LINES).attempt == 2
    assert back(merchant_id, coupon, {"2": 1}).outcome == "in_part"


@pytest.mark.parametrize("lines", [{"3": 1}, {"1": 3}, {"1": 1, "3": 1}])
def test_no_more_comes_back_than_was_bought(merchant_id: int, lines: dict[str, int]) -> None:
    coupon = make_coupon(merchant_id=merchant_id)
    redeem(merchant_id, coupon, lines=LINES)

    with pytest.raises(benefits.MoreThanBought), transaction.atomic():
        back(merchant_id, coupon, lines)

    assert back(merchant_id, coupon, {"1": 2, "2": 1}).outcome == "restored"


def test_a_return_takes_effect_once(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id)
    redeem(merchant_id, coupon, lines=LINES)

    first = back(merchant_id, coupon, {"1": 1}, key="r-1")
    again = back(merchant_id, coupon, {"1": 1}, key="r-1")
    whole = back(merchant_id, coupon, None, key="r-2")
    whole_again = back(merchant_id, coupon, None, key="r-2")

    assert (first.is_new, again.is_new, again.outcome) == (True, False, "in_part")
    assert (whole.is_new, whole_again.is_new, whole_again.outcome) == (True, False, "restored")
    assert len(facts_told(merchant_id=merchant_id, kind=CouponReturned)) == 1


@pytest.mark.parametrize(
    ("policy", "days_later", "outcome", "valid_days"),
    [
        ("restore", 3, "restored", 30),
        ("restore", 31, "forfeited", 30),
        ("restore_with_grace", 3, "restored", 30),
        ("restore_with_grace", 28, "restored", 35),
        ("restore_with_grace", 31, "restored", 38),
        ("forfeit", 3, "forfeited", 30),
    ],
)
def test_the_policy_says_what_a_return_restores(
    merchant_id: int, policy: str, days_later: int, outcome: str, valid_days: int
) -> None:
    batch = make_batch(merchant_id=merchant_id, return_policy=policy, grace_days=7)
    coupon = make_coupon(merchant_id=merchant_id, batch=batch)
    redeem(merchant_id, coupon)

    came_back = back(merchant_id, coupon, now=NOW + timedelta(days=days_later))

    assert came_back.outcome == outcome
    assert came_back.valid_until == NOW + timedelta(days=valid_days)
    wanted = "issued" if outcome == "restored" else "returned"
    assert state_of(merchant_id, coupon) == wanted


def test_only_what_was_used_comes_back(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id)

    with pytest.raises(benefits.CouponStatePassed), transaction.atomic():
        back(merchant_id, coupon)


def test_coupons_of_an_order_follow_the_goods_that_come_back(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id)
    redeem(merchant_id, coupon, lines=LINES, holder="order:17")

    def come(quantity_by_line: dict[int, int], key: str, *, is_whole: bool = False) -> str:
        follow_return(
            merchant_id=merchant_id,
            holder="order:17",
            quantity_by_line=quantity_by_line,
            is_whole=is_whole,
            key=key,
            now=NOW,
        )
        return state_of(merchant_id, coupon)

    states = [
        come({1: 1, 9: 4}, "case:1"),
        come({1: 1}, "case:1"),
        come({2: 1}, "case:2"),
        come({}, "case:3", is_whole=True),
    ]

    assert states == ["redeemed", "redeemed", "redeemed", "issued"]
    assert sound(merchant_id)
