from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.inventory.contracts import MOST_UNITS, Reservation, ReserveLine, State
from santong.inventory.rules.lines import (
    asked_by_place,
    check_holder,
    check_key,
    check_quantities,
    claim_keys,
    merged,
    missing_lines,
    next_attempts,
    quantity_by_line,
)
from santong.kernel.errors import FieldInvalid


def wish(
    *, location_id: int = 1, sku_id: int = 1, quantity: int = 1, line_id: int = 1
) -> ReserveLine:
    return ReserveLine(location_id=location_id, sku_id=sku_id, quantity=quantity, line_id=line_id)


def row(*, line_id: int, state: State, location_id: int = 1, attempt: int = 1) -> Reservation:
    return Reservation(
        id=1,
        holder="order:1",
        line_id=line_id,
        location_id=location_id,
        sku_id=1,
        quantity=1,
        state=state,
        expires_at=None,
        attempt=attempt,
    )


def test_the_same_line_at_the_same_place_is_one_portion() -> None:
    lines = merged([wish(quantity=2), wish(quantity=3)])

    assert lines == [wish(quantity=5)]


def test_levels_come_in_the_order_in_which_they_are_locked() -> None:
    lines = merged(
        [
            wish(sku_id=2, location_id=1, line_id=1),
            wish(sku_id=1, location_id=9, line_id=2),
            wish(sku_id=1, location_id=3, line_id=3),
        ]
    )

    assert [(line.sku_id, line.location_id) for line in lines] == [(1, 3), (1, 9), (2, 1)]


@pytest.mark.parametrize("quantity", [0, -1, MOST_UNITS + 1])
def test_refuses_a_quantity_that_is_none(quantity: int) -> None:
    with pytest.raises(FieldInvalid, match="units"):
        merged([wish(quantity=quantity)])


def test_refuses_a_line_of_two_skus() -> None:
    with pytest.raises(FieldInvalid, match="two SKUs"):
        merged([wish(sku_id=1), wish(sku_id=2, location_id=2)])


def test_refuses_to_reserve_nothing() -> None:
    with pytest.raises(FieldInvalid, match="at least one line"):
        merged([])


def test_lines_of_one_level_are_asked_together() -> None:
    lines = [wish(quantity=2, line_id=1), wish(quantity=3, line_id=2), wish(location_id=7)]

    assert asked_by_place(lines) == {(1, 1): 5, (7, 1): 1}


wishes = st.lists(
    st.builds(
        wish,
        location_id=st.integers(1, 4),
        quantity=st.integers(1, 9),
        line_id=st.integers(1, 5),
    ),
    min_size=1,
)


@given(wishes)
def test_merging_neither_loses_nor_invents_a_unit(lines: list[ReserveLine]) -> None:
    together = merged(lines)

    assert asked_by_place(together) == asked_by_place(lines)
    assert quantity_by_line(together) == quantity_by_line(lines)


@given(wishes)
def test_each_line_is_named_once(lines: list[ReserveLine]) -> None:
    together = merged(lines)

    keys = claim_keys(together, holder="order:1", attempt_by_line={})

    named = [key for key in keys if key is not None]
    assert sorted(named) == sorted({f"reserve/order:1/{line.line_id}" for line in lines})


def test_another_attempt_has_another_name() -> None:
    keys = claim_keys([wish(), wish(line_id=2)], holder="order:1", attempt_by_line={2: 3})

    assert keys == ["reserve/order:1/1", "reserve/order:1/2/3"]


def test_every_promise_so_far_counts_as_an_attempt() -> None:
    rows = [
        row(line_id=1, state="released", location_id=1, attempt=2),
        row(line_id=1, state="expired", location_id=2, attempt=1),
        row(line_id=2, state="expired"),
    ]

    assert next_attempts(rows) == {1: 4, 2: 2}


STANDING: Mapping[State, bool] = {
    "held": True,
    "allocated": True,
    "consumed": True,
    "released": False,
    "expired": False,
}


@pytest.mark.parametrize("state", STANDING)
def test_only_what_stands_is_not_asked_again(state: State) -> None:
    missing = missing_lines([wish()], rows=[row(line_id=1, state=state)])

    assert bool(missing) is not STANDING[state]


@pytest.mark.parametrize("holder", ["", "x" * 81, "line\nbreak"])
def test_refuses_a_holder_that_is_no_name(holder: str) -> None:
    with pytest.raises(FieldInvalid, match="printable"):
        check_holder(holder)


@pytest.mark.parametrize("key", ["", "x" * 101, "\x00"])
def test_refuses_a_key_that_is_no_name(key: str) -> None:
    with pytest.raises(FieldInvalid, match="printable"):
        check_key(key)


def test_a_count_may_find_nothing_and_a_receipt_may_not() -> None:
    check_quantities({1: 0}, least=0)

    with pytest.raises(FieldInvalid, match="1 to"):
        check_quantities({1: 0})
    with pytest.raises(FieldInvalid, match="at least one line"):
        check_quantities({})
