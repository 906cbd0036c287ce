"""Reserving: every line or none, and each line of a holder once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from santong.inventory import public as inventory
from santong.inventory.events import PromisedLine, StockReserved
from santong.inventory.models import Reservation, StockMovement
from santong.inventory.tests.factories import (
    LATER,
    counters,
    facts_told,
    line,
    make_level,
    make_location_id,
    make_sku_id,
    put,
)
from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid


def reserve(
    merchant_id: int, *lines: inventory.ReserveLine, holder: str = "order:1", firm: bool = False
) -> list[inventory.Reservation]:
    return inventory.reserve(
        merchant_id=merchant_id,
        holder=holder,
        lines=lines,
        expires_at=None if firm else LATER,
        now=LATER,
    )


def test_holds_every_line_until_it_expires(merchant_id: int) -> None:
    shirt, coat = make_level(merchant_id=merchant_id), make_level(merchant_id=merchant_id)

    made = reserve(merchant_id, line(shirt, 2, line_id=1), line(coat, 3, line_id=2))

    assert [(r.line_id, r.quantity, r.state, r.expires_at) for r in made] == [
        (1, 2, "held", LATER),
        (2, 3, "held", LATER),
    ]
    assert counters(merchant_id=merchant_id, place=shirt)["reserved"] == 2
    assert counters(merchant_id=merchant_id, place=coat)["atp"] == 7
    assert inventory.check_invariants(merchant_id=merchant_id, now=LATER) == []


def test_without_an_end_the_promise_is_firm_at_once(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=5)

    (made,) = reserve(merchant_id, line(shirt, 5), firm=True)

    assert (made.state, made.expires_at) == ("allocated", None)
    assert counters(merchant_id=merchant_id, place=shirt) == {
        "on_hand": 5,
        "allocated": 5,
        "reserved": 0,
        "shortfall": 0,
        "atp": 0,
    }


def test_holds_nothing_when_one_line_is_short(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=5)
    coat = make_level(merchant_id=merchant_id, on_hand=1)

    with pytest.raises(inventory.InsufficientStock) as refused, transaction.atomic():
        reserve(merchant_id, line(shirt, 2, line_id=1), line(coat, 2, line_id=2))

    assert refused.value.short == [
        inventory.Shortage(location_id=coat.location_id, sku_id=coat.sku_id, wanted=2, available=1)
    ]


def test_a_refusal_has_written_nothing_even_before_it_is_rolled_back(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=5)
    coat = make_level(merchant_id=merchant_id, on_hand=1)
    movements = StockMovement.objects.count()
    told = len(facts_told(merchant_id=merchant_id))
    seen: dict[str, Any] = {}

    try:
        with transaction.atomic():
            try:
                reserve(merchant_id, line(shirt, 2, line_id=1), line(coat, 2, line_id=2))
            except inventory.InsufficientStock:
                transaction.set_rollback(False)
                seen["reservations"] = Reservation.objects.count()
                seen["movements"] = StockMovement.objects.count() - movements
                seen["told"] = len(facts_told(merchant_id=merchant_id)) - told
                seen["atp"] = counters(merchant_id=merchant_id, place=shirt)["atp"]
                raise
    except inventory.InsufficientStock:
        pass

    assert seen == {"reservations": 0, "movements": 0, "told": 0, "atp": 5}


def test_safety_stock_is_not_promised(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=5, safety_stock=2)

    with pytest.raises(inventory.InsufficientStock), transaction.atomic():
        reserve(merchant_id, line(shirt, 4))

    assert reserve(merchant_id, line(shirt, 3))[0].quantity == 3


def test_two_lines_of_one_sku_are_asked_together(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=3)

    with pytest.raises(inventory.InsufficientStock), transaction.atomic():
        reserve(merchant_id, line(shirt, 2, line_id=1), line(shirt, 2, line_id=2))

    made = reserve(merchant_id, line(shirt, 2, line_id=1), line(shirt, 1, line_id=2))
    assert sum(each.quantity for each in made) == 3
    assert counters(merchant_id=merchant_id, place=shirt)["reserved"] == 3


def test_a_place_that_never_had_the_sku_has_none(merchant_id: int) -> None:
    nowhere = inventory.ReserveLine(
        location_id=make_location_id(merchant_id=merchant_id),
        sku_id=make_sku_id(merchant_id=merchant_id),
        quantity=1,
        line_id=1,
    )

    with pytest.raises(inventory.InsufficientStock) as refused:
        reserve(merchant_id, nowhere)

    assert [each.available for each in refused.value.short] == [0]


def test_a_line_may_be_split_over_places(merchant_id: int) -> None:
    here = make_level(merchant_id=merchant_id, on_hand=2)
    there = make_level(merchant_id=merchant_id, on_hand=2, sku_id=here.sku_id)

    made = reserve(merchant_id, line(here, 2), line(there, 1))

    assert sorted((each.location_id, each.quantity) for each in made) == sorted(
        [(here.location_id, 2), (there.location_id, 1)]
    )


def test_the_same_holder_again_gets_its_first_reservations(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=1)
    first = reserve(merchant_id, line(shirt))

    again = reserve(merchant_id, line(shirt))

    assert again == first
    assert counters(merchant_id=merchant_id, place=shirt)["reserved"] == 1


def test_the_first_reservations_count_wherever_the_holder_looks_next(merchant_id: int) -> None:
    here = make_level(merchant_id=merchant_id, on_hand=2)
    there = make_level(merchant_id=merchant_id, on_hand=2, sku_id=here.sku_id)
    first = reserve(merchant_id, line(here, 2))

    again = reserve(merchant_id, line(there, 2))

    assert again == first
    assert counters(merchant_id=merchant_id, place=there)["atp"] == 2


def test_what_was_consumed_is_not_promised_again(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=2)
    reserve(merchant_id, line(shirt), firm=True)
    inventory.consume(
        merchant_id=merchant_id,
        holder="order:1",
        location_id=shirt.location_id,
        quantity_by_line={1: 1},
        now=LATER,
    )

    (again,) = reserve(merchant_id, line(shirt), firm=True)

    assert again.state == "consumed"
    assert counters(merchant_id=merchant_id, place=shirt)["atp"] == 1


def test_a_line_that_comes_later_is_promised_and_the_first_ones_stay(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=1)
    coat = make_level(merchant_id=merchant_id, on_hand=1)
    (first,) = reserve(merchant_id, line(shirt, line_id=1))

    made = reserve(merchant_id, line(shirt, line_id=1), line(coat, line_id=2))

    assert [each.line_id for each in made] == [1, 2]
    assert made[0] == first
    assert inventory.check_invariants(merchant_id=merchant_id, now=LATER) == []


@pytest.mark.parametrize("elsewhere", [False, True], ids=["same place", "other place"])
def test_what_was_released_can_be_promised_anew(merchant_id: int, *, elsewhere: bool) -> None:
    here = make_level(merchant_id=merchant_id, on_hand=2)
    there = make_level(merchant_id=merchant_id, on_hand=2, sku_id=here.sku_id)
    reserve(merchant_id, line(here, 2))
    inventory.release(merchant_id=merchant_id, holder="order:1", reason="test", now=LATER)

    (made,) = reserve(merchant_id, line(there if elsewhere else here, 1))

    assert (made.quantity, made.state) == (1, "held")
    assert made.attempt == (1 if elsewhere else 2)
    assert inventory.check_invariants(merchant_id=merchant_id, now=LATER) == []


def test_can_be_released_and_promised_as_often_as_you_like(merchant_id: int) -> None:
    places = [make_level(merchant_id=merchant_id, on_hand=1) for _ in range(2)]
    places[1] = make_level(merchant_id=merchant_id, on_hand=1, sku_id=places[0].sku_id)

    for turn in range(6):
        (made,) = reserve(merchant_id, line(places[turn % 2]))
        assert made.state == "held"
        inventory.release(merchant_id=merchant_id, holder="order:1", reason="test", now=LATER)

    assert inventory.check_invariants(merchant_id=merchant_id, now=LATER) == []


def test_a_refused_holder_may_come_back_when_there_is_stock(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=1)
    with pytest.raises(inventory.InsufficientStock), transaction.atomic():
        reserve(merchant_id, line(shirt, 2))
    put(merchant_id=merchant_id, place=shirt, quantity=1)

    (made,) = reserve(merchant_id, line(shirt, 2))

    assert made.quantity == 2


def test_tells_one_fact_whatever_the_number_of_lines(merchant_id: int) -> None:
    shirt, coat = make_level(merchant_id=merchant_id), make_level(merchant_id=merchant_id)

    reserve(merchant_id, line(shirt, 2, line_id=1), line(coat, 3, line_id=2))
    reserve(merchant_id, line(shirt, 2, line_id=1), line(coat, 3, line_id=2))

    assert facts_told(merchant_id=merchant_id, kind=StockReserved) == [
        StockReserved(
            holder="order:1",
            expires_at=LATER,
            lines=tuple(
                PromisedLine(
                    line_id=line_id,
                    location_id=place.location_id,
                    sku_id=place.sku_id,
                    quantity=quantity,
                )
                for line_id, place, quantity in ((1, shirt, 2), (2, coat, 3))
            ),
        )
    ]


def test_every_movement_says_who_when_and_for_whom(merchant_id: int, now: datetime) -> None:
    shirt = make_level(merchant_id=merchant_id)

    reserve(merchant_id, line(shirt, 2, line_id=7))

    newest = inventory.movements_of(
        merchant_id=merchant_id, location_id=shirt.location_id, sku_id=shirt.sku_id, limit=1
    )
    assert [(m.kind, m.reserved_delta, m.holder, m.line_id, m.actor, m.at) for m in newest] == [
        ("reserve", 2, "order:1", 7, "system:system", LATER)
    ]


@pytest.mark.parametrize("quantity", [0, -1])
def test_refuses_a_quantity_that_is_none(merchant_id: int, quantity: int) -> None:
    shirt = make_level(merchant_id=merchant_id)

    with pytest.raises(FieldInvalid):
        reserve(merchant_id, line(shirt, quantity))


def test_another_merchants_stock_is_not_there(new_merchant: Callable[..., int]) -> None:
    ours, theirs = new_merchant(), new_merchant()
    with tenancy.scope(merchant_id=theirs):
        place = make_level(merchant_id=theirs)

    with pytest.raises(inventory.InsufficientStock), tenancy.scope(merchant_id=ours):
        reserve(ours, line(place))
