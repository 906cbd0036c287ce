"""What is contended is promised exactly: real threads, real commits."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from santong.inventory import public as inventory
from santong.inventory.events import StockReserved
from santong.inventory.tests.factories import (
    AFTER,
    LATER,
    counters,
    facts_told,
    line,
    make_level,
    new_holder,
)
from santong.inventory.tests.races import (
    ROUNDS,
    AtOnce,
    assert_only_refusals,
    assert_sound,
    attempts,
    in_scope,
    levels,
    reserve,
)
from santong.kernel import tenancy


def test_of_50_units_under_200_attempts_exactly_50_are_sold(merchant: int, at_once: AtOnce) -> None:
    (drop,) = levels(merchant, 1, on_hand=50)

    results = at_once(*[attempts(merchant, drop, 10) for _ in range(20)])

    assert sum(sum(got) for got in results) == 50
    with tenancy.scope(merchant_id=merchant):
        assert counters(merchant_id=merchant, place=drop)["reserved"] == 50
        assert len(facts_told(merchant_id=merchant, kind=StockReserved)) == 50
    assert_sound(merchant)


def test_of_50_units_under_200_claims_in_batches_exactly_50_are_sold(
    merchant: int, at_once: AtOnce
) -> None:
    (drop,) = levels(merchant, 1, on_hand=50)

    def batch(size: int) -> Callable[[], Any]:
        claims = [inventory.Claim(holder=new_holder(), lines=(line(drop),)) for _ in range(size)]
        return in_scope(merchant, inventory.reserve_batch, claims=claims, expires_at=LATER)

    results = at_once(*[batch(20) for _ in range(8)], *[attempts(merchant, drop, 5)] * 8)

    batched = sum(bool(each.reservations) for result in results[:8] for each in result)
    assert batched + sum(sum(got) for got in results[8:]) == 50
    assert_sound(merchant)


def test_a_whole_order_or_nothing_when_many_want_the_last_ones(
    merchant: int, at_once: AtOnce
) -> None:
    shirt, coat = levels(merchant, 2, on_hand=7)

    results = at_once(
        *[
            reserve(merchant, new_holder(), line(shirt, 2, line_id=1), line(coat, 1, line_id=2))
            for _ in range(10)
        ]
    )

    assert sum(not isinstance(result, Exception) for result in results) == 3
    assert_only_refusals(results)
    assert_sound(merchant)


def test_crossed_orders_wait_for_one_another_and_never_block_one_another(
    merchant: int, at_once: AtOnce
) -> None:
    places = levels(merchant, 6, on_hand=10_000)
    dice = random.Random(7)

    def buyer(seed: int) -> Callable[[], int]:
        mine = random.Random(seed)

        def run() -> int:
            for _ in range(25):
                two = mine.sample(places, 2)
                reserve(
                    merchant,
                    new_holder(),
                    *[line(place, line_id=n) for n, place in enumerate(two)],
                )()
            return 25

        return run

    results = at_once(*[buyer(dice.randrange(10**6)) for _ in range(8)])

    assert results == [25] * 8
    assert_sound(merchant)


def test_the_same_holder_twice_at_once_is_served_once(merchant: int, at_once: AtOnce) -> None:
    (shirt,) = levels(merchant, 1, on_hand=1_000)

    for _ in range(ROUNDS):
        holder = new_holder()
        results = at_once(*[reserve(merchant, holder, line(shirt, 2)) for _ in range(4)])

        assert all(result == results[0] for result in results)
    with tenancy.scope(merchant_id=merchant):
        assert counters(merchant_id=merchant, place=shirt)["reserved"] == 2 * ROUNDS
        assert len(facts_told(merchant_id=merchant, kind=StockReserved)) == ROUNDS
    assert_sound(merchant)


def test_the_last_unit_goes_to_a_holder_once_and_it_is_told_so_each_time(
    merchant: int, at_once: AtOnce
) -> None:
    for shirt in levels(merchant, ROUNDS, on_hand=1):
        holder = new_holder()

        results = at_once(*[reserve(merchant, holder, line(shirt)) for _ in range(3)])

        assert all(result == results[0] for result in results)
    assert_sound(merchant)


def test_the_same_holder_at_two_places_at_once_is_served_in_one(
    merchant: int, at_once: AtOnce
) -> None:
    with tenancy.scope(merchant_id=merchant):
        here = make_level(merchant_id=merchant, on_hand=1_000)
        there = make_level(merchant_id=merchant, on_hand=1_000, sku_id=here.sku_id)

    for _ in range(ROUNDS):
        holder = new_holder()
        results = at_once(
            reserve(merchant, holder, line(here, 3)),
            reserve(merchant, holder, line(there, 3)),
            reserve(merchant, holder, line(here, 1), line(there, 2)),
        )

        assert all(result == results[0] for result in results)
        assert sum(each.quantity for each in results[0]) == 3
    assert_sound(merchant)


def test_lines_that_overlap_are_each_served_once(merchant: int, at_once: AtOnce) -> None:
    shirt, coat, shoe = levels(merchant, 3, on_hand=1_000)

    for _ in range(ROUNDS):
        holder = new_holder()
        results = at_once(
            reserve(merchant, holder, line(shirt, line_id=1), line(coat, line_id=2)),
            reserve(merchant, holder, line(coat, line_id=2), line(shoe, line_id=3)),
        )

        assert_only_refusals(results)
        served = [sorted(each.line_id for each in result) for result in results]
        assert served == [[1, 2], [2, 3]]
    with tenancy.scope(merchant_id=merchant):
        assert counters(merchant_id=merchant, place=coat)["reserved"] == ROUNDS
    assert_sound(merchant)


def test_what_was_released_is_promised_anew_once(merchant: int, at_once: AtOnce) -> None:
    (shirt,) = levels(merchant, 1, on_hand=1_000)

    for _ in range(ROUNDS):
        holder = new_holder()
        reserve(merchant, holder, line(shirt))()
        in_scope(merchant, inventory.release, holder=holder, reason="test")()
        results = at_once(*[reserve(merchant, holder, line(shirt)) for _ in range(3)])

        assert all(result == results[0] for result in results)
    with tenancy.scope(merchant_id=merchant):
        assert counters(merchant_id=merchant, place=shirt)["reserved"] == ROUNDS
    assert_sound(merchant)


def test_a_payment_and_the_sweeper_never_both_have_it(merchant: int, at_once: AtOnce) -> None:
    shirt, coat = levels(merchant, 2, on_hand=1_000)

    def sweep() -> int:
        with tenancy.scope(merchant_id=merchant):
            return inventory.expire_due(merchant_id=merchant, now=AFTER)

    for _ in range(ROUNDS):
        holder = new_holder()
        reserve(merchant, holder, line(shirt, line_id=1), line(coat, line_id=2))()
        paid, *_ = at_once(in_scope(merchant, inventory.allocate, holder=holder), sweep, sweep)

        assert [each.state for each in paid] == ["allocated", "allocated"]
    with tenancy.scope(merchant_id=merchant):
        assert counters(merchant_id=merchant, place=shirt)["allocated"] == ROUNDS
        assert counters(merchant_id=merchant, place=shirt)["reserved"] == 0
    assert_sound(merchant)
