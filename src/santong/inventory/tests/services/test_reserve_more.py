"""Reserving more for lines that are promised in part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from santong.inventory import public as inventory
from santong.inventory.tests.factories import LATER, Place, counters, line, make_level
from santong.kernel import tenancy
from santong.kernel.errors import Busy

HOLDER = "order:1"


def more(merchant_id: int, *lines: inventory.ReserveLine) -> list[inventory.Reservation]:
    return inventory.reserve_more(merchant_id=merchant_id, holder=HOLDER, lines=lines, now=LATER)


def promised(merchant_id: int, place: Place, quantity: int, *, firm: bool = True) -> None:
    inventory.reserve(
        merchant_id=merchant_id,
        holder=HOLDER,
        lines=[line(place, quantity, line_id=1)],
        expires_at=None if firm else LATER,
        now=LATER,
    )


def test_a_line_gets_the_rest_from_another_place(merchant_id: int) -> None:
    here = make_level(merchant_id=merchant_id, on_hand=2)
    there = make_level(merchant_id=merchant_id, on_hand=5, sku_id=here.sku_id)
    promised(merchant_id, here, 2)

    (made,) = more(merchant_id, line(there, 1, line_id=1))

    assert (made.location_id, made.quantity, made.state) == (there.location_id, 1, "allocated")
    assert counters(merchant_id=merchant_id, place=here)["allocated"] == 2
    assert counters(merchant_id=merchant_id, place=there)["allocated"] == 1
    assert inventory.check_invariants(merchant_id=merchant_id, now=LATER) == []


def test_the_same_place_promises_more_on_top_of_what_it_has_promised(merchant_id: int) -> None:
    here = make_level(merchant_id=merchant_id, on_hand=5)
    promised(merchant_id, here, 2)

    (made,) = more(merchant_id, line(here, 3, line_id=1))

    assert made.quantity == 5
    assert counters(merchant_id=merchant_id, place=here)["allocated"] == 5
    assert inventory.check_invariants(merchant_id=merchant_id, now=LATER) == []


def test_what_has_left_is_not_promised_again(merchant_id: int) -> None:
    here = make_level(merchant_id=merchant_id, on_hand=5)
    promised(merchant_id, here, 2)
    inventory.consume(
        merchant_id=merchant_id,
        holder=HOLDER,
        location_id=here.location_id,
        quantity_by_line={1: 2},
        key="gone",
        now=LATER,
    )

    (made,) = more(merchant_id, line(here, 1, line_id=1))

    assert (made.quantity, made.live_quantity) == (3, 1)
    assert counters(merchant_id=merchant_id, place=here)["allocated"] == 1
    assert inventory.check_invariants(merchant_id=merchant_id, now=LATER) == []


def test_all_lines_get_more_or_none(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        plenty = make_level(merchant_id=merchant, on_hand=5)
        little = make_level(merchant_id=merchant, on_hand=1)

    with pytest.raises(inventory.InsufficientStock) as refused, tenancy.scope(merchant_id=merchant):
        more(merchant, line(plenty, 1, line_id=1), line(little, 2, line_id=2))

    with tenancy.scope(merchant_id=merchant):
        assert [short.location_id for short in refused.value.short] == [little.location_id]
        assert counters(merchant_id=merchant, place=plenty)["allocated"] == 0


def test_a_line_that_is_held_until_a_moment_is_left_alone(merchant_id: int) -> None:
    here = make_level(merchant_id=merchant_id, on_hand=5)
    promised(merchant_id, here, 2, firm=False)

    with pytest.raises(Busy):
        more(merchant_id, line(here, 1, line_id=1))


def test_of_the_last_units_no_more_are_promised_than_there_are(
    merchant: int, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        place = make_level(merchant_id=merchant, on_hand=5)

    def one(number: int) -> Callable[[], Any]:
        def ask() -> Any:
            with tenancy.scope(merchant_id=merchant):
                return inventory.reserve_more(
                    merchant_id=merchant,
                    holder=f"order:{number}",
                    lines=[line(place, 1, line_id=number)],
                    now=LATER,
                )

        return ask

    outcomes = at_once(*[one(number) for number in range(1, 9)])

    with tenancy.scope(merchant_id=merchant):
        refused = [each for each in outcomes if isinstance(each, inventory.InsufficientStock)]
        assert len(refused) == 3
        assert counters(merchant_id=merchant, place=place)["allocated"] == 5
        assert inventory.check_invariants(merchant_id=merchant, now=LATER) == []
