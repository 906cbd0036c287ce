"""What is contended stays exact: real threads, real commits, on every way to write."""

from __future__ import annotations

import itertools
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from santong.inventory import public as inventory
from santong.inventory.events import StockReserved
from santong.inventory.tests.factories import (
    AFTER,
    LATER,
    NOW,
    Place,
    counters,
    facts_told,
    line,
    make_level,
    make_location_id,
    make_reservation,
    make_sku_id,
    new_holder,
    put,
)
from santong.kernel import tenancy

AtOnce = Callable[..., list[Any]]
ROUNDS = int(os.environ.get("SANTONG_RACE_ROUNDS", "12"))
REFUSALS = (inventory.InsufficientStock, inventory.NotPromisedHere, inventory.BelowZero)

_keys = map(str, itertools.count(1))


def in_scope(merchant: int, command: Callable[..., Any], **arguments: Any) -> Callable[[], Any]:
    """A command as another process would run it: in a scope and transaction of its own."""

    def run() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return command(merchant_id=merchant, now=NOW, **arguments)

    return run


def reserve(merchant: int, holder: str, *lines: inventory.ReserveLine) -> Callable[[], Any]:
    return in_scope(merchant, inventory.reserve, holder=holder, lines=lines, expires_at=LATER)


def assert_sound(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        assert inventory.check_invariants(merchant_id=merchant, now=NOW) == []


def assert_only_refusals(results: list[Any]) -> None:
    surprises = [r for r in results if isinstance(r, Exception) and not isinstance(r, REFUSALS)]
    assert surprises == []


def levels(merchant: int, count: int, *, on_hand: int) -> list[Place]:
    with tenancy.scope(merchant_id=merchant):
        return [make_level(merchant_id=merchant, on_hand=on_hand) for _ in range(count)]


def attempts(merchant: int, place: Place, count: int) -> Callable[[], list[bool]]:
    """Tries one unit for one holder after the other."""

    def run() -> list[bool]:
        got = []
        for _ in range(count):
            try:
                reserve(merchant, new_holder(), line(place))()
                got.append(True)
            except inventory.InsufficientStock:
                got.append(False)
        return got

    return run


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
                    key=next(_keys),
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
                    key=next(_keys),
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
                key=next(_keys),
            ),
            in_scope(
                merchant,
                inventory.receive,
                location_id=shirt.location_id,
                quantity_by_sku={shirt.sku_id: 1},
                reason="transfer",
                key=next(_keys),
            ),
        )

        assert results == [True, True]
        with tenancy.scope(merchant_id=merchant):
            assert inventory.open_shortfalls(merchant_id=merchant) == []
    assert_sound(merchant)


def test_two_sweepers_expire_each_hold_once(merchant: int, at_once: AtOnce) -> None:
    (shirt,) = levels(merchant, 1, on_hand=1_000)
    with tenancy.scope(merchant_id=merchant):
        for _ in range(40):
            make_reservation(merchant_id=merchant, place=shirt)

    def sweep() -> int:
        total = 0
        while True:
            with tenancy.scope(merchant_id=merchant):
                ended = inventory.expire_due(merchant_id=merchant, now=AFTER, limit=7)
            total += ended
            if not ended:
                return total

    results = at_once(sweep, sweep, sweep)

    assert sum(results) == 40
    with tenancy.scope(merchant_id=merchant):
        assert counters(merchant_id=merchant, place=shirt)["reserved"] == 0
    assert_sound(merchant)


def commands(merchant: int, holder: str, here: Place, there: Place) -> Iterator[Callable[[], Any]]:
    """Every way to write, all on one promise and its two levels."""
    key = partial(next, _keys)
    both = [line(here, 1, line_id=2), line(there, 1, line_id=3)]
    yield reserve(merchant, holder, *both)
    yield reserve(merchant, new_holder(), *both)
    yield in_scope(
        merchant,
        inventory.reserve_batch,
        claims=[inventory.Claim(holder=new_holder(), lines=tuple(both)) for _ in range(2)],
        expires_at=LATER,
    )
    yield in_scope(merchant, inventory.allocate, holder=holder)
    yield in_scope(merchant, inventory.release, holder=holder, reason="test")
    yield in_scope(
        merchant,
        inventory.move,
        holder=holder,
        from_location_id=here.location_id,
        lines=[line(there, 2, line_id=1)],
        reason="declined",
    )
    yield in_scope(
        merchant,
        inventory.consume,
        holder=holder,
        location_id=here.location_id,
        quantity_by_line={1: 1},
    )
    yield in_scope(merchant, inventory.expire_due)
    for place in (here, there):
        goods = {"location_id": place.location_id, "key": key()}
        yield in_scope(
            merchant,
            inventory.receive,
            quantity_by_sku={place.sku_id: 1},
            reason="transfer",
            **goods,
        )
        yield in_scope(merchant, inventory.count, counted_by_sku={place.sku_id: 1}, **goods)
        yield in_scope(
            merchant, inventory.record_till_sale, quantity_by_sku={place.sku_id: 2}, **goods
        )
        yield in_scope(
            merchant, inventory.adjust, sku_id=place.sku_id, delta=-1, reason="broken", **goods
        )
    yield in_scope(
        merchant,
        inventory.set_safety_stock,
        location_id=here.location_id,
        quantity_by_sku={here.sku_id: 1},
        reason="window",
    )


@pytest.mark.parametrize("expires_at", [NOW, None], ids=["held", "firm"])
@pytest.mark.parametrize("seed", range(6))
def test_every_way_to_write_at_once_leaves_everything_sound(
    merchant: int, at_once: AtOnce, seed: int, expires_at: Any
) -> None:
    dice = random.Random(seed)
    for _ in range(ROUNDS // 3):
        with tenancy.scope(merchant_id=merchant):
            here = make_level(merchant_id=merchant, on_hand=4)
            there = make_level(merchant_id=merchant, on_hand=4, sku_id=here.sku_id)
            holder = new_holder()
            make_reservation(
                merchant_id=merchant,
                place=here,
                quantity=3,
                holder=holder,
                expires_at=expires_at,
            )
            put(merchant_id=merchant, place=there, quantity=1)
        every = list(commands(merchant, holder, here, there))
        dice.shuffle(every)

        results = at_once(*every)

        assert_only_refusals(results)
        assert_sound(merchant)
