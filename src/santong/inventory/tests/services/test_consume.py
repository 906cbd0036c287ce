"""Goods leave under firm promises."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.db import transaction

from santong.inventory import public as inventory
from santong.inventory.events import StockConsumed
from santong.inventory.tests.factories import (
    NOW,
    Place,
    counters,
    facts_told,
    make_level,
    make_reservation,
)


def consume(
    merchant_id: int, place: Place, quantity_by_line: Mapping[int, int], *, key: str = ""
) -> None:
    inventory.consume(
        merchant_id=merchant_id,
        holder="order:1",
        location_id=place.location_id,
        quantity_by_line=quantity_by_line,
        key=key,
        now=NOW,
    )


def firm(merchant_id: int, place: Place, quantity: int, *, line_id: int = 1) -> None:
    make_reservation(
        merchant_id=merchant_id,
        place=place,
        quantity=quantity,
        holder="order:1",
        line_id=line_id,
        expires_at=None,
    )


def test_what_leaves_is_neither_there_nor_promised(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=5)
    coat = make_level(merchant_id=merchant_id, on_hand=5, location_id=shirt.location_id)
    firm(merchant_id, shirt, 2, line_id=1)
    firm(merchant_id, coat, 3, line_id=2)

    consume(merchant_id, shirt, {1: 2, 2: 3})

    assert counters(merchant_id=merchant_id, place=shirt) == {
        "on_hand": 3,
        "allocated": 0,
        "reserved": 0,
        "shortfall": 0,
        "atp": 3,
    }
    rows = inventory.reservations_of(merchant_id=merchant_id, holder="order:1")
    assert [row.state for row in rows] == ["consumed", "consumed"]
    (fact,) = facts_told(merchant_id=merchant_id, kind=StockConsumed)
    assert [(each.line_id, each.quantity) for each in fact.lines] == [(1, 2), (2, 3)]
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_a_part_may_leave_first(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=5)
    firm(merchant_id, shirt, 3)

    consume(merchant_id, shirt, {1: 1})

    (row,) = inventory.reservations_of(merchant_id=merchant_id, holder="order:1")
    assert (row.state, row.quantity, row.live_quantity) == ("allocated", 3, 2)
    assert counters(merchant_id=merchant_id, place=shirt)["allocated"] == 2
    consume(merchant_id, shirt, {1: 2})
    assert counters(merchant_id=merchant_id, place=shirt)["allocated"] == 0
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_nothing_leaves_when_one_line_is_not_promised_so_much(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=5)
    firm(merchant_id, shirt, 2, line_id=1)
    firm(merchant_id, shirt, 1, line_id=2)

    with pytest.raises(inventory.NotPromisedHere) as refused, transaction.atomic():
        consume(merchant_id, shirt, {1: 2, 2: 2, 3: 1})

    assert refused.value.line_ids == [2, 3]
    assert counters(merchant_id=merchant_id, place=shirt)["on_hand"] == 5


def test_what_is_only_held_may_not_leave(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id)
    make_reservation(merchant_id=merchant_id, place=shirt, holder="order:1")

    with pytest.raises(inventory.NotPromisedHere):
        consume(merchant_id, shirt, {1: 1})


def test_nothing_leaves_from_a_place_that_did_not_promise(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id)
    elsewhere = make_level(merchant_id=merchant_id, sku_id=shirt.sku_id)
    firm(merchant_id, shirt, 1)

    with pytest.raises(inventory.NotPromisedHere):
        consume(merchant_id, elsewhere, {1: 1})


def test_the_same_key_leaves_once(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=5)
    firm(merchant_id, shirt, 3, line_id=1)
    firm(merchant_id, shirt, 2, line_id=2)

    consume(merchant_id, shirt, {1: 1, 2: 1}, key="parcel-1")
    consume(merchant_id, shirt, {1: 1, 2: 1}, key="parcel-1")

    assert counters(merchant_id=merchant_id, place=shirt)["on_hand"] == 3
    consume(merchant_id, shirt, {1: 2, 2: 1}, key="parcel-2")
    consume(merchant_id, shirt, {1: 2, 2: 1}, key="parcel-2")
    assert counters(merchant_id=merchant_id, place=shirt)["on_hand"] == 0
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_what_was_found_after_all_may_leave_although_the_books_had_none(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=2)
    firm(merchant_id, shirt, 2)
    inventory.count(
        merchant_id=merchant_id,
        location_id=shirt.location_id,
        counted_by_sku={shirt.sku_id: 0},
        key="c1",
        now=NOW,
    )

    consume(merchant_id, shirt, {1: 2})

    assert counters(merchant_id=merchant_id, place=shirt) == {
        "on_hand": -2,
        "allocated": 0,
        "reserved": 0,
        "shortfall": 0,
        "atp": 0,
    }
    assert inventory.open_shortfalls(merchant_id=merchant_id) == []
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []
