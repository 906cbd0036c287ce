"""Goods that leave, arrive, are counted and change places while others want them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from santong.inventory import public as inventory
from santong.inventory.tests.factories import (
    Place,
    counters,
    line,
    make_level,
    make_location_id,
    make_reservation,
    make_sku_id,
    new_holder,
)
from santong.inventory.tests.races import (
    ROUNDS,
    AtOnce,
    assert_only_refusals,
    assert_sound,
    fresh_keys,
    in_scope,
    levels,
    reserve,
)
from santong.kernel import tenancy


def test_goods_leave_or_are_given_back_but_not_both(merchant: int, at_once: AtOnce) -> None:
    (shirt,) = levels(merchant, 1, on_hand=1_000)
    left = 0

    for _ in range(ROUNDS):
        holder = new_holder()
        in_scope(
            merchant,
            inventory.reserve,
            holder=holder,
            lines=[line(shirt, 2)],
            expires_at=None,
        )()
        consumed, released = at_once(
            in_scope(
                merchant,
                inventory.consume,
                holder=holder,
                location_id=shirt.location_id,
                quantity_by_line={1: 2},
            ),
            in_scope(merchant, inventory.release, holder=holder, reason="test"),
        )

        has_left = not isinstance(consumed, Exception)
        assert isinstance(consumed, inventory.NotPromisedHere) or has_left
        assert released == (0 if has_left else 2)
        left += 2 * has_left
    with tenancy.scope(merchant_id=merchant):
        assert counters(merchant_id=merchant, place=shirt)["on_hand"] == 1_000 - left
    assert_sound(merchant)


def test_one_parcel_leaves_once(merchant: int, at_once: AtOnce) -> None:
    (shirt,) = levels(merchant, 1, on_hand=1_000)

    for number in range(ROUNDS):
        holder = new_holder()
        in_scope(
            merchant, inventory.reserve, holder=holder, lines=[line(shirt, 3)], expires_at=None
        )()
        parcel = in_scope(
            merchant,
            inventory.consume,
            holder=holder,
            location_id=shirt.location_id,
            quantity_by_line={1: 1},
            key=f"parcel-{number}",
        )

        assert at_once(parcel, parcel, parcel) == [None] * 3
    with tenancy.scope(merchant_id=merchant):
        assert counters(merchant_id=merchant, place=shirt)["on_hand"] == 1_000 - ROUNDS
    assert_sound(merchant)


def test_a_count_and_a_reserve_meet_in_either_order(merchant: int, at_once: AtOnce) -> None:
    outcomes: Counter[bool] = Counter()
    for number, shirt in enumerate(levels(merchant, ROUNDS, on_hand=5)):
        counted, reserved = at_once(
            in_scope(
                merchant,
                inventory.count,
                location_id=shirt.location_id,
                counted_by_sku={shirt.sku_id: 2},
                key=f"count-{number}",
            ),
            reserve(merchant, new_holder(), line(shirt, 4)),
        )

        assert counted is True
        with tenancy.scope(merchant_id=merchant):
            found = counters(merchant_id=merchant, place=shirt)
        refused = isinstance(reserved, inventory.InsufficientStock)
        assert (found["on_hand"], found["reserved"], found["shortfall"]) == (
            (2, 0, 0) if refused else (2, 4, 2)
        )
        outcomes[refused] += 1
    assert_sound(merchant)


def test_a_move_and_a_count_of_the_new_place_meet_in_either_order(
    merchant: int, at_once: AtOnce
) -> None:
    for number in range(ROUNDS):
        with tenancy.scope(merchant_id=merchant):
            here = make_level(merchant_id=merchant, on_hand=3)
            there = make_level(merchant_id=merchant, on_hand=3, sku_id=here.sku_id)
            holder = new_holder()
            make_reservation(merchant_id=merchant, place=here, quantity=3, holder=holder)
        moved, counted = at_once(
            in_scope(
                merchant,
                inventory.move,
                holder=holder,
                from_location_id=here.location_id,
                lines=[line(there, 3)],
                reason="declined",
            ),
            in_scope(
                merchant,
                inventory.count,
                location_id=there.location_id,
                counted_by_sku={there.sku_id: 1},
                key=f"moved-{number}",
            ),
        )

        assert counted is True
        assert_only_refusals([moved])
    assert_sound(merchant)


def test_two_moves_of_one_promise_end_in_one_place(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        here = make_level(merchant_id=merchant, on_hand=1_000)
        others = [
            make_level(merchant_id=merchant, on_hand=1_000, sku_id=here.sku_id) for _ in range(2)
        ]

    for _ in range(ROUNDS):
        holder = new_holder()
        reserve(merchant, holder, line(here, 2))()
        results = at_once(
            *[
                in_scope(
                    merchant,
                    inventory.move,
                    holder=holder,
                    from_location_id=here.location_id,
                    lines=[line(there, 2)],
                    reason="declined",
                )
                for there in others
            ]
        )

        assert_only_refusals(results)
        assert sum(not isinstance(result, Exception) for result in results) == 1
    assert_sound(merchant)


def test_promises_that_change_places_do_not_block_one_another(
    merchant: int, at_once: AtOnce
) -> None:
    with tenancy.scope(merchant_id=merchant):
        first = make_level(merchant_id=merchant, on_hand=1_000)
        second = make_level(merchant_id=merchant, on_hand=1_000, sku_id=first.sku_id)

    def swap(holder: str, one: Place, other: Place) -> Callable[[], int]:
        def run() -> int:
            for turn in range(10):
                here, there = (one, other) if turn % 2 == 0 else (other, one)
                in_scope(
                    merchant,
                    inventory.move,
                    holder=holder,
                    from_location_id=here.location_id,
                    lines=[line(there, 2)],
                    reason="declined",
                )()
            return 10

        return run

    pairs = [(first, second), (second, first)] * 3
    holders = [new_holder() for _ in pairs]
    for holder, (one, _) in zip(holders, pairs, strict=True):
        reserve(merchant, holder, line(one, 2))()
    results = at_once(*[swap(holder, *pair) for holder, pair in zip(holders, pairs, strict=True)])

    assert results == [10] * 6
    assert_sound(merchant)


def test_one_delivery_is_booked_once(merchant: int, at_once: AtOnce) -> None:
    (shirt,) = levels(merchant, 1, on_hand=0)

    for number in range(ROUNDS):
        delivery = in_scope(
            merchant,
            inventory.receive,
            location_id=shirt.location_id,
            quantity_by_sku={shirt.sku_id: 2},
            reason="transfer",
            key=f"delivery-{number}",
        )

        assert sorted(at_once(delivery, delivery, delivery)) == [False, False, True]
    with tenancy.scope(merchant_id=merchant):
        assert counters(merchant_id=merchant, place=shirt)["on_hand"] == 2 * ROUNDS
    assert_sound(merchant)


def test_deliveries_of_goods_that_a_place_never_had_do_not_block_one_another(
    merchant: int, at_once: AtOnce
) -> None:
    with tenancy.scope(merchant_id=merchant):
        sku_ids = [make_sku_id(merchant_id=merchant) for _ in range(6)]

    for _ in range(4):
        with tenancy.scope(merchant_id=merchant):
            location_id = make_location_id(merchant_id=merchant)
        results = at_once(
            *[
                in_scope(
                    merchant,
                    inventory.receive,
                    location_id=location_id,
                    quantity_by_sku=dict.fromkeys(random.Random(seed).sample(sku_ids, 4), 1),
                    reason="transfer",
                    key=next(fresh_keys),
                )
                for seed in range(6)
            ]
        )

        assert results == [True] * 6
    assert_sound(merchant)


def test_tills_that_sell_at_once_open_one_task(merchant: int, at_once: AtOnce) -> None:
    for _ in range(ROUNDS):
        with tenancy.scope(merchant_id=merchant):
            shirt = make_level(merchant_id=merchant, on_hand=5, allocated=5)
        results = at_once(
            *[
                in_scope(
                    merchant,
                    inventory.record_till_sale,
                    location_id=shirt.location_id,
                    quantity_by_sku={shirt.sku_id: 1},
                    key=next(fresh_keys),
                )
                for _ in range(3)
            ]
        )

        assert results == [True] * 3
        with tenancy.scope(merchant_id=merchant):
            (task,) = inventory.open_shortfalls(
                merchant_id=merchant, location_ids=[shirt.location_id]
            )
            assert task.quantity == 3
    assert_sound(merchant)


def test_a_sale_and_a_receipt_at_once_leave_a_task_only_where_something_is_short(
    merchant: int, at_once: AtOnce
) -> None:
    for _ in range(ROUNDS):
        with tenancy.scope(merchant_id=merchant):
            shirt = make_level(merchant_id=merchant, on_hand=2, allocated=2)
        results = at_once(
            in_scope(
                merchant,
                inventory.record_till_sale,
                location_id=shirt.location_id,
                quantity_by_sku={shirt.sku_id: 1},
                key=next(fresh_keys),
            ),
            in_scope(
                merchant,
                inventory.receive,
                location_id=shirt.location_id,
                quantity_by_sku={shirt.sku_id: 1},
                reason="transfer",
                key=next(fresh_keys),
            ),
        )

        assert results == [True, True]
        with tenancy.scope(merchant_id=merchant):
            assert inventory.open_shortfalls(merchant_id=merchant) == []
    assert_sound(merchant)
