"""Payment makes a hold firm; late payment takes it again, where it was, or not at all."""

from __future__ import annotations

import pytest
from django.db import transaction

from santong.inventory import public as inventory
from santong.inventory.events import StockAllocated
from santong.inventory.tests.factories import (
    AFTER,
    LATER,
    NOW,
    counters,
    facts_told,
    line,
    make_level,
    make_reservation,
)


def allocate(merchant_id: int, holder: str = "order:1") -> list[inventory.Reservation]:
    return inventory.allocate(merchant_id=merchant_id, holder=holder, now=AFTER)


def test_what_is_held_becomes_firm(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=5)
    make_reservation(merchant_id=merchant_id, place=shirt, quantity=2, holder="order:1")

    (firm,) = allocate(merchant_id)

    assert (firm.state, firm.expires_at, firm.attempt) == ("allocated", None, 1)
    assert counters(merchant_id=merchant_id, place=shirt) == {
        "on_hand": 5,
        "allocated": 2,
        "reserved": 0,
        "shortfall": 0,
        "atp": 3,
    }
    assert inventory.check_invariants(merchant_id=merchant_id, now=AFTER) == []


def test_a_firm_promise_does_not_expire(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id)
    make_reservation(merchant_id=merchant_id, place=shirt, holder="order:1")
    allocate(merchant_id)

    assert inventory.expire_due(merchant_id=merchant_id, now=AFTER) == 0


def test_paying_twice_makes_it_firm_once(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id)
    make_reservation(merchant_id=merchant_id, place=shirt, quantity=2, holder="order:1")
    first = allocate(merchant_id)

    again = allocate(merchant_id)

    assert again == first
    assert counters(merchant_id=merchant_id, place=shirt)["allocated"] == 2
    assert len(facts_told(merchant_id=merchant_id, kind=StockAllocated)) == 1


def test_what_has_expired_is_taken_again_where_it_was(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=2)
    make_reservation(merchant_id=merchant_id, place=shirt, quantity=2, holder="order:1")
    inventory.expire_due(merchant_id=merchant_id, now=AFTER)

    (firm,) = allocate(merchant_id)

    assert (firm.state, firm.attempt) == ("allocated", 2)
    assert counters(merchant_id=merchant_id, place=shirt)["allocated"] == 2
    assert inventory.check_invariants(merchant_id=merchant_id, now=AFTER) == []


def test_what_has_expired_and_is_gone_is_refused_and_the_rest_stays_held(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=1)
    coat = make_level(merchant_id=merchant_id, on_hand=1)
    make_reservation(merchant_id=merchant_id, place=shirt, holder="order:1", line_id=1)
    inventory.expire_due(merchant_id=merchant_id, now=AFTER)
    make_reservation(merchant_id=merchant_id, place=coat, holder="order:1", line_id=2)
    make_reservation(merchant_id=merchant_id, place=shirt, holder="order:2")

    with pytest.raises(inventory.InsufficientStock) as refused, transaction.atomic():
        allocate(merchant_id)

    assert refused.value.short == [
        inventory.Shortage(
            location_id=shirt.location_id, sku_id=shirt.sku_id, wanted=1, available=0
        )
    ]
    assert [
        row.state for row in inventory.reservations_of(merchant_id=merchant_id, holder="order:1")
    ] == ["expired", "held"]
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_held_and_expired_lines_become_firm_together(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=3)
    make_reservation(merchant_id=merchant_id, place=shirt, holder="order:1", line_id=1)
    inventory.expire_due(merchant_id=merchant_id, now=AFTER)
    make_reservation(merchant_id=merchant_id, place=shirt, holder="order:1", line_id=2, quantity=2)

    firm = allocate(merchant_id)

    assert [(row.line_id, row.state) for row in firm] == [(1, "allocated"), (2, "allocated")]
    assert counters(merchant_id=merchant_id, place=shirt)["allocated"] == 3
    assert inventory.check_invariants(merchant_id=merchant_id, now=AFTER) == []


def test_what_is_gone_in_one_place_may_be_promised_in_another(merchant_id: int) -> None:
    here = make_level(merchant_id=merchant_id, on_hand=1)
    there = make_level(merchant_id=merchant_id, on_hand=1, sku_id=here.sku_id)
    make_reservation(merchant_id=merchant_id, place=here, holder="order:1")
    inventory.expire_due(merchant_id=merchant_id, now=AFTER)
    make_reservation(merchant_id=merchant_id, place=here, holder="order:2")
    with pytest.raises(inventory.InsufficientStock), transaction.atomic():
        allocate(merchant_id)

    (made,) = inventory.reserve(
        merchant_id=merchant_id,
        holder="order:1",
        lines=[line(there)],
        expires_at=None,
        now=AFTER,
    )

    assert (made.location_id, made.state) == (there.location_id, "allocated")
    assert inventory.check_invariants(merchant_id=merchant_id, now=LATER) == []


def test_for_a_holder_without_anything_there_is_nothing_to_make_firm(merchant_id: int) -> None:
    assert allocate(merchant_id, holder="order:404") == []


def test_what_was_released_is_not_taken_again(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id)
    make_reservation(merchant_id=merchant_id, place=shirt, holder="order:1")
    inventory.release(merchant_id=merchant_id, holder="order:1", reason="test", now=NOW)

    firm = allocate(merchant_id)

    assert firm == []
    assert counters(merchant_id=merchant_id, place=shirt)["atp"] == 10
