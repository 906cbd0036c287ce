"""A promise moves to other places as a whole, or stays."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction

from santong.inventory import public as inventory
from santong.inventory.events import ReservationMoved
from santong.inventory.tests.factories import (
    LATER,
    NOW,
    Place,
    counters,
    facts_told,
    line,
    make_level,
    make_reservation,
)
from santong.kernel.errors import FieldInvalid


def move(
    merchant_id: int, from_place: Place, *lines: inventory.ReserveLine
) -> list[inventory.Reservation]:
    return inventory.move(
        merchant_id=merchant_id,
        holder="order:1",
        from_location_id=from_place.location_id,
        lines=lines,
        reason="declined",
        now=NOW,
    )


def two_places(merchant_id: int, *, there: int) -> tuple[Place, Place]:
    here = make_level(merchant_id=merchant_id, on_hand=5)
    return here, make_level(merchant_id=merchant_id, on_hand=there, sku_id=here.sku_id)


@pytest.mark.parametrize("expires_at", [LATER, None], ids=["held", "firm"])
def test_what_is_held_stays_held_and_what_is_firm_stays_firm(
    merchant_id: int, expires_at: datetime | None
) -> None:
    here, there = two_places(merchant_id, there=3)
    make_reservation(
        merchant_id=merchant_id, place=here, quantity=3, holder="order:1", expires_at=expires_at
    )

    (moved,) = move(merchant_id, here, line(there, 3))

    assert (moved.location_id, moved.quantity, moved.expires_at) == (
        there.location_id,
        3,
        expires_at,
    )
    assert moved.state == ("held" if expires_at else "allocated")
    assert counters(merchant_id=merchant_id, place=here)["atp"] == 5
    assert counters(merchant_id=merchant_id, place=there)["atp"] == 0
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_a_line_may_be_spread_over_several_places(merchant_id: int) -> None:
    here, there = two_places(merchant_id, there=1)
    third = make_level(merchant_id=merchant_id, on_hand=2, sku_id=here.sku_id)
    make_reservation(merchant_id=merchant_id, place=here, quantity=3, holder="order:1")

    moved = move(merchant_id, here, line(there, 1), line(third, 2))

    assert sorted((each.location_id, each.quantity) for each in moved) == sorted(
        [(there.location_id, 1), (third.location_id, 2)]
    )
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_a_part_may_move_and_the_rest_stay(merchant_id: int) -> None:
    here, there = two_places(merchant_id, there=1)
    make_reservation(merchant_id=merchant_id, place=here, quantity=3, holder="order:1")

    moved = move(merchant_id, here, line(there, 1))

    assert {each.location_id: each.quantity for each in moved} == {
        here.location_id: 2,
        there.location_id: 1,
    }
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_moves_nothing_when_one_place_is_short(merchant_id: int) -> None:
    here, there = two_places(merchant_id, there=1)
    coat = make_level(merchant_id=merchant_id, location_id=here.location_id)
    full = make_level(merchant_id=merchant_id, sku_id=coat.sku_id)
    make_reservation(merchant_id=merchant_id, place=here, quantity=2, holder="order:1", line_id=1)
    make_reservation(merchant_id=merchant_id, place=coat, quantity=2, holder="order:1", line_id=2)

    with pytest.raises(inventory.InsufficientStock) as refused, transaction.atomic():
        move(merchant_id, here, line(there, 2, line_id=1), line(full, 2, line_id=2))

    assert [(s.location_id, s.available) for s in refused.value.short] == [(there.location_id, 1)]
    assert counters(merchant_id=merchant_id, place=full)["reserved"] == 0
    assert counters(merchant_id=merchant_id, place=here)["reserved"] == 2
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_refuses_to_move_what_is_not_there(merchant_id: int) -> None:
    here, there = two_places(merchant_id, there=5)
    make_reservation(merchant_id=merchant_id, place=here, quantity=2, holder="order:1", line_id=1)

    with pytest.raises(inventory.NotPromisedHere) as refused, transaction.atomic():
        move(merchant_id, here, line(there, 2, line_id=1), line(there, 1, line_id=2))

    assert refused.value.line_ids == [2]
    assert counters(merchant_id=merchant_id, place=here)["reserved"] == 2


def test_moving_twice_moves_once(merchant_id: int) -> None:
    here, there = two_places(merchant_id, there=4)
    make_reservation(merchant_id=merchant_id, place=here, quantity=2, holder="order:1")
    first = move(merchant_id, here, line(there, 2))

    again = move(merchant_id, here, line(there, 2))

    assert again == first
    assert counters(merchant_id=merchant_id, place=there)["reserved"] == 2
    assert len(facts_told(merchant_id=merchant_id, kind=ReservationMoved)) == 1


def test_a_promise_may_come_back(merchant_id: int) -> None:
    here, there = two_places(merchant_id, there=4)
    make_reservation(merchant_id=merchant_id, place=here, quantity=2, holder="order:1")
    move(merchant_id, here, line(there, 2))

    (back,) = move(merchant_id, there, line(here, 2))

    assert (back.location_id, back.quantity, back.attempt) == (here.location_id, 2, 2)
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_joins_what_the_other_place_promises_to_the_line_already(merchant_id: int) -> None:
    here, there = two_places(merchant_id, there=4)
    inventory.reserve(
        merchant_id=merchant_id,
        holder="order:1",
        lines=[line(here, 2), line(there, 1)],
        expires_at=None,
        now=NOW,
    )

    (together,) = move(merchant_id, here, line(there, 2))

    assert (together.location_id, together.quantity) == (there.location_id, 3)
    assert counters(merchant_id=merchant_id, place=there)["allocated"] == 3
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_what_has_left_stays_where_it_left(merchant_id: int) -> None:
    here, there = two_places(merchant_id, there=4)
    make_reservation(
        merchant_id=merchant_id, place=here, quantity=3, holder="order:1", expires_at=None
    )
    inventory.consume(
        merchant_id=merchant_id,
        holder="order:1",
        location_id=here.location_id,
        quantity_by_line={1: 1},
        now=NOW,
    )

    moved = move(merchant_id, here, line(there, 2))

    assert [(each.state, each.quantity, each.live_quantity) for each in moved] == [
        ("consumed", 1, 0),
        ("allocated", 2, 2),
    ]
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_takes_a_promise_off_a_place_that_is_short(merchant_id: int) -> None:
    here, there = two_places(merchant_id, there=4)
    make_reservation(
        merchant_id=merchant_id, place=here, quantity=2, holder="order:1", expires_at=None
    )
    inventory.count(
        merchant_id=merchant_id,
        location_id=here.location_id,
        counted_by_sku={here.sku_id: 0},
        key="c1",
        now=NOW,
    )

    move(merchant_id, here, line(there, 2))

    assert counters(merchant_id=merchant_id, place=here)["shortfall"] == 0
    assert inventory.open_shortfalls(merchant_id=merchant_id) == []
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_refuses_to_move_to_where_it_is(merchant_id: int) -> None:
    here, _ = two_places(merchant_id, there=1)

    with pytest.raises(FieldInvalid, match="where it is"):
        move(merchant_id, here, line(here, 1))
