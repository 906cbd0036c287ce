"""What is contended is given out exactly: real threads, real commits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from santong.benefits import public as benefits
from santong.benefits.contracts import RedemptionLine
from santong.benefits.events import CouponIssued, CouponRedeemed, CouponReturned, CouponsExpired
from santong.benefits.selectors.limits import batch_by_id
from santong.benefits.tests.factories import (
    ANOTHER,
    LATER,
    NOW,
    facts_told,
    make_draft,
    new_key,
)
from santong.benefits.tests.races import (
    ROUNDS,
    AtOnce,
    a_batch,
    a_coupon,
    assert_sound,
    claim,
    claims,
    given,
    good,
    in_scope,
)
from santong.kernel import tenancy


def told(merchant: int, kind: type[Any]) -> list[Any]:
    with tenancy.scope(merchant_id=merchant):
        return facts_told(merchant_id=merchant, kind=kind)


def spent(merchant: int, batch: benefits.Batch) -> int:
    with tenancy.scope(merchant_id=merchant):
        return batch_by_id(merchant_id=merchant, batch_id=batch.id).spent_minor


def redeem(merchant: int, coupon: benefits.Coupon, **named: Any) -> Any:
    return in_scope(
        merchant,
        benefits.redeem,
        coupon_id=coupon.id,
        **{"channel": "store", "key": new_key(), **named},
    )


@pytest.mark.parametrize("limit", [1, 7, 50])
def test_of_a_limit_under_200_claims_exactly_the_limit_is_given(
    merchant: int, at_once: AtOnce, limit: int
) -> None:
    batch = a_batch(merchant, total=limit, per_member=1)

    results = at_once(*[claims(merchant, batch, 10) for _ in range(20)])

    assert sum(sum(got) for got in good(results)) == limit
    assert given(merchant, batch) == limit
    assert len(told(merchant, CouponIssued)) == limit
    assert_sound(merchant)


def test_of_a_days_limit_exactly_that_is_given(merchant: int, at_once: AtOnce) -> None:
    batch = a_batch(merchant, total=1_000, per_day=25)

    results = at_once(*[claims(merchant, batch, 10) for _ in range(12)])

    assert sum(sum(got) for got in good(results)) == 25
    assert_sound(merchant)


def test_a_day_that_begins_for_many_at_once_is_laid_out_once(
    merchant: int, at_once: AtOnce
) -> None:
    batch = a_batch(merchant, total=1_000, per_day=5)
    tomorrow = NOW + timedelta(days=1)

    def take(member_id: int) -> Any:
        return in_scope(
            merchant,
            benefits.claim,
            batch_id=batch.id,
            member_id=member_id,
            channel="online",
            key=new_key(),
            now=tomorrow,
        )

    results = at_once(*[take(3_000_000 + number) for number in range(12)])

    assert len(good(results)) == 5
    assert_sound(merchant)


def test_a_member_who_asks_often_at_once_gets_their_share(merchant: int, at_once: AtOnce) -> None:
    batch = a_batch(merchant, total=1_000, per_member=2)

    results = at_once(*[claim(merchant, batch, member_id=17) for _ in range(12)])

    assert len(good(results)) == 2
    assert given(merchant, batch) == 2
    assert_sound(merchant)


def test_the_same_claim_many_times_at_once_is_one_coupon(merchant: int, at_once: AtOnce) -> None:
    batch = a_batch(merchant, total=1_000, per_member=5)

    for _ in range(ROUNDS):
        key = new_key()
        results = at_once(*[claim(merchant, batch, member_id=17, key=key) for _ in range(4)])

        got = good(results)
        assert len({coupon.id for coupon in got}) <= 1
    assert given(merchant, batch) == min(ROUNDS, 5)
    assert_sound(merchant)


def test_claims_a_mass_issue_and_a_raised_limit_meet(merchant: int, at_once: AtOnce) -> None:
    batch = a_batch(merchant, total=60, per_member=1)
    members = list(range(4_000_000, 4_000_050))
    begun = in_scope(
        merchant,
        benefits.issue,
        batch_id=batch.id,
        member_ids=members,
        channel="console",
        key=new_key(),
    )()

    def issue_on() -> int:
        done = begun
        while done.state == "running":
            done = in_scope(merchant, benefits.continue_issue, run_id=begun.run_id, limit=10)()
        return int(done.issued)

    def level() -> None:
        for _ in range(5):
            with tenancy.scope(merchant_id=merchant):
                benefits.rebalance(merchant_id=merchant, batch_id=batch.id)

    more = in_scope(
        merchant, benefits.raise_limit, batch_id=batch.id, limit_total=80, reason="more"
    )
    results = at_once(
        *[claims(merchant, batch, 12) for _ in range(6)], issue_on, issue_on, more, level
    )

    assert not [result for result in results if isinstance(result, Exception)]
    assert given(merchant, batch) <= 80
    assert_sound(merchant)


def test_a_coupon_is_redeemed_once_however_many_try(merchant: int, at_once: AtOnce) -> None:
    batch = a_batch(merchant, total=1_000, budget_minor=10_000_000)

    for _ in range(ROUNDS):
        coupon = a_coupon(merchant, batch)
        results = at_once(*[redeem(merchant, coupon, amount_minor=100) for _ in range(5)])

        assert len(good(results)) == 1
    assert len(told(merchant, CouponRedeemed)) == ROUNDS
    assert spent(merchant, batch) == 100 * ROUNDS
    assert_sound(merchant)


def test_the_same_redemption_at_once_is_one(merchant: int, at_once: AtOnce) -> None:
    batch = a_batch(merchant, total=1_000)

    for _ in range(ROUNDS):
        coupon, key = a_coupon(merchant, batch), new_key()
        results = at_once(*[redeem(merchant, coupon, key=key) for _ in range(4)])

        assert sorted(each.is_new for each in good(results)) == [False, False, False, True]
    assert_sound(merchant)


def test_a_budget_is_never_overspent(merchant: int, at_once: AtOnce) -> None:
    batch = a_batch(merchant, total=1_000, budget_minor=1_000)
    coupons = [a_coupon(merchant, batch) for _ in range(12)]

    results = at_once(*[redeem(merchant, coupon, amount_minor=300) for coupon in coupons])

    assert len(good(results)) == 3
    assert spent(merchant, batch) == 900
    assert_sound(merchant)


def test_two_orders_never_hold_one_coupon(merchant: int, at_once: AtOnce) -> None:
    batch = a_batch(merchant, total=1_000)

    def hold(coupon: benefits.Coupon, number: int) -> Any:
        return in_scope(
            merchant,
            benefits.hold_for_order,
            coupon_id=coupon.id,
            holder=f"order:{number}",
            amount_minor=1,
            held_until=LATER,
            key=new_key(),
        )

    for _ in range(ROUNDS):
        coupon = a_coupon(merchant, batch)
        results = at_once(*[hold(coupon, number) for number in range(4)], redeem(merchant, coupon))

        assert len(good(results)) == 1
    assert_sound(merchant)


def test_an_order_that_pays_and_the_sweeper_never_both_have_it(
    merchant: int, at_once: AtOnce
) -> None:
    batch = a_batch(merchant, total=1_000, budget_minor=1_000_000)

    for _ in range(ROUNDS):
        coupon = a_coupon(merchant, batch)
        in_scope(
            merchant,
            benefits.hold_for_order,
            coupon_id=coupon.id,
            holder="order:1",
            amount_minor=50,
            held_until=LATER,
            key=new_key(),
        )()
        paid, ended, again = at_once(
            redeem(merchant, coupon, holder="order:1", amount_minor=50, now=LATER),
            in_scope(merchant, benefits.expire_due, now=LATER),
            in_scope(merchant, benefits.expire_due, now=LATER),
        )

        good([paid, ended, again])
        assert ended + again in {0, 1}
    assert_sound(merchant)


def test_lines_come_back_once(merchant: int, at_once: AtOnce) -> None:
    batch = a_batch(merchant, total=1_000)

    for _ in range(ROUNDS):
        coupon = a_coupon(merchant, batch)
        lines = (RedemptionLine(line="1", quantity=2), RedemptionLine(line="2", quantity=1))
        redeem(merchant, coupon, lines=lines)()
        parts: list[Any] = [{"1": 1}, {"1": 1}, {"2": 1}, {"1": 1}, {"2": 1}]
        results = at_once(
            *[
                in_scope(
                    merchant,
                    benefits.return_redemption,
                    coupon_id=coupon.id,
                    quantity_by_line=part,
                    key=new_key(),
                )
                for part in parts
            ]
        )

        outcomes = sorted(each.outcome for each in good(results))
        assert outcomes == ["in_part", "in_part", "restored"]
    assert len(told(merchant, CouponReturned)) == ROUNDS
    assert_sound(merchant)


def test_a_coupon_ends_one_way(merchant: int, at_once: AtOnce) -> None:
    batch = a_batch(merchant, total=1_000)

    for _ in range(ROUNDS):
        coupon = a_coupon(merchant, batch)
        named = {"coupon_id": coupon.id, "reason": "test"}
        results = at_once(
            redeem(merchant, coupon),
            in_scope(merchant, benefits.void, key=new_key(), **named),
            in_scope(merchant, benefits.freeze, key=new_key(), **named),
            in_scope(merchant, benefits.expire_due, now=NOW + timedelta(days=31)),
        )

        good(results)
    assert_sound(merchant)


def test_sweepers_expire_a_coupon_once(merchant: int, at_once: AtOnce) -> None:
    batch = a_batch(merchant, total=1_000)
    coupons = [a_coupon(merchant, batch) for _ in range(30)]
    after = NOW + timedelta(days=31)

    results = at_once(*[in_scope(merchant, benefits.expire_due, now=after) for _ in range(4)])

    assert sum(good(results)) == len(coupons)
    expired = [number for fact in told(merchant, CouponsExpired) for number in fact.coupon_ids]
    assert sorted(expired) == sorted(coupon.id for coupon in coupons)
    assert_sound(merchant)


def test_a_draft_is_approved_once_and_opened_once(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        batch = make_draft(merchant_id=merchant)

    def approve() -> Any:
        with tenancy.scope(merchant_id=merchant, actor=ANOTHER):
            return benefits.approve_batch(merchant_id=merchant, batch_id=batch.id, now=NOW)

    approved = at_once(approve, approve, approve)
    opened = at_once(*[in_scope(merchant, benefits.activate_batch, batch_id=batch.id)] * 3)

    assert (len(good(approved)), len(good(opened))) == (1, 1)
    assert_sound(merchant)


def test_a_batch_that_ends_while_it_is_claimed_stays_sound(merchant: int, at_once: AtOnce) -> None:
    for _ in range(ROUNDS):
        batch = a_batch(merchant, total=1_000)
        results = at_once(
            *[claim(merchant, batch) for _ in range(5)],
            in_scope(merchant, benefits.end_batch, batch_id=batch.id),
        )

        assert given(merchant, batch) == len(good(results)) - 1
    assert_sound(merchant)
