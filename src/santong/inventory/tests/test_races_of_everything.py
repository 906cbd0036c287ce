"""Every way to write, at once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from santong.inventory import public as inventory
from santong.inventory.tests.factories import (
    AFTER,
    LATER,
    NOW,
    Place,
    counters,
    line,
    make_level,
    make_reservation,
    new_holder,
    put,
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
    key = partial(next, fresh_keys)
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
