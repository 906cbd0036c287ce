"""Where an order may go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.orders.contracts import OrderLine, ProgressKind, State
from santong.orders.rules.progress import (
    advanced,
    kept_minor,
    lines_beyond_ordered,
    short_by_line,
    state_of,
    with_rest_cancelled,
)
from santong.orders.rules.states import MOVES, OPEN, PAID_IN_FULL, SHIPPABLE, STATES, may_move
from santong.orders.tests.factories import make_order_line

END: set[State] = {"delivered", "cancelled"}


@st.composite
def order_lines(draw: st.DrawFn) -> OrderLine:
    quantity = draw(st.integers(1, 20))
    shipped = draw(st.integers(0, quantity))
    total = draw(st.integers(0, 1_000_000))
    return make_order_line(
        quantity=quantity,
        shipped_quantity=shipped,
        delivered_quantity=draw(st.integers(0, shipped)),
        cancelled_quantity=draw(st.integers(0, quantity - shipped)),
        unit_price_minor=total,
        line_total_minor=total,
    )


def test_every_state_has_its_row_and_leads_to_known_states() -> None:
    assert set(MOVES) == set(STATES)
    assert set().union(*MOVES.values()) <= set(STATES)


def test_only_delivered_and_cancelled_are_the_end() -> None:
    assert {state for state, moves in MOVES.items() if not moves} == END
    assert set(OPEN) == set(STATES) - END


def test_nothing_unpaid_is_shipped() -> None:
    assert set(PAID_IN_FULL) >= SHIPPABLE
    assert not may_move(state="placed", to="shipped")


def test_what_has_been_shipped_is_not_cancelled() -> None:
    assert [state for state in STATES if may_move(state=state, to="cancelled")] == [
        "placed",
        "paid",
        "paid_without_stock",
    ]


@pytest.mark.parametrize(
    ("kind", "shipped", "delivered", "state"),
    [
        ("shipped", 1, 0, "partly_shipped"),
        ("shipped", 2, 0, "shipped"),
        ("collected", 2, 2, "delivered"),
        ("collected", 1, 1, "partly_shipped"),
    ],
)
def test_units_that_leave_move_the_order(
    kind: ProgressKind, shipped: int, delivered: int, state: State
) -> None:
    line = make_order_line(quantity=2)

    after = advanced([line], quantity_by_line={line.id: shipped}, kind=kind)

    assert (after[0].shipped_quantity, after[0].delivered_quantity) == (shipped, delivered)
    assert state_of(after, before="paid") == state


def test_more_than_was_ordered_is_noticed() -> None:
    line = make_order_line(quantity=2, shipped_quantity=1, cancelled_quantity=1)

    after = advanced([line], quantity_by_line={line.id: 1}, kind="shipped")

    assert lines_beyond_ordered(after) == (line.id,)


def test_what_never_left_is_not_delivered() -> None:
    line = make_order_line(quantity=2, shipped_quantity=1)

    after = advanced([line], quantity_by_line={line.id: 2}, kind="delivered")

    assert lines_beyond_ordered(after) == (line.id,)


@given(lines=st.lists(order_lines(), min_size=1, max_size=6))
def test_cancelling_the_rest_leaves_only_what_was_shipped(lines: list[OrderLine]) -> None:
    after = with_rest_cancelled(lines)

    assert all(line.open_quantity == 0 for line in after)
    assert lines_beyond_ordered(after) == ()
    assert state_of(after, before="paid") in {"shipped", "delivered", "cancelled"}


@given(lines=st.lists(order_lines(), min_size=1, max_size=6), freight=st.integers(0, 10_000))
def test_an_order_is_never_worth_more_than_its_total(lines: list[OrderLine], freight: int) -> None:
    worth = kept_minor(lines, freight_minor=freight)

    assert 0 <= worth <= sum(line.line_total_minor for line in lines) + freight


def test_an_order_without_cancellations_is_worth_its_total() -> None:
    lines = [make_order_line(line_total_minor=19_999), make_order_line(line_total_minor=1)]

    assert kept_minor(lines, freight_minor=800) == 20_800


def test_a_cancelled_order_is_worth_nothing_not_even_freight() -> None:
    lines = with_rest_cancelled([make_order_line(line_total_minor=19_999)])

    assert kept_minor(lines, freight_minor=800) == 0


def test_what_is_promised_from_nowhere_is_counted_by_line() -> None:
    promised = make_order_line(quantity=2)
    short = make_order_line(quantity=3, shipped_quantity=1)

    assert short_by_line([promised, short], promised_by_line={promised.id: 2, short.id: 1}) == {
        short.id: 1
    }
