"""Frozen prices add up to the last fen."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.orders.contracts import NewLine, NewOrder
from santong.orders.errors import Problem
from santong.orders.rules.pricing import frozen, line_amount, wrong_sums
from santong.orders.tests.factories import make_new_line, make_new_order


@st.composite
def priced_lines(draw: st.DrawFn) -> NewLine:
    quantity = draw(st.integers(1, 50))
    price = draw(st.integers(0, 1_000_000))
    discount = draw(st.integers(0, quantity * price))
    return make_new_line(quantity=quantity, unit_price_minor=price, discount_minor=discount)


@st.composite
def priced_orders(draw: st.DrawFn) -> NewOrder:
    lines = draw(st.lists(priced_lines(), min_size=1, max_size=20))
    goods = sum(line_amount(line) for line in lines)
    return make_new_order(
        lines=lines,
        discount_minor=draw(st.integers(0, goods)),
        freight_minor=draw(st.integers(0, 100_000)),
    )


@given(new=priced_orders())
def test_lines_and_freight_add_up_to_the_total(new: NewOrder) -> None:
    prices = frozen(new)

    assert sum(prices.line_totals) + new.freight_minor == prices.total_minor


@given(new=priced_orders())
def test_the_orders_discount_is_spread_over_its_lines_to_the_last_fen(new: NewOrder) -> None:
    prices = frozen(new)

    assert sum(prices.order_discounts) == new.discount_minor


@given(new=priced_orders())
def test_no_line_falls_below_zero(new: NewOrder) -> None:
    prices = frozen(new)

    assert min(prices.line_totals) >= 0


@given(new=priced_orders())
def test_sums_that_hold_are_not_complained_about(new: NewOrder) -> None:
    assert wrong_sums(new) == []


def test_an_indivisible_discount_loses_no_fen() -> None:
    new = make_new_order(
        lines=[make_new_line(unit_price_minor=1_000) for _ in range(3)], discount_minor=100
    )

    prices = frozen(new)

    assert prices.order_discounts == (34, 33, 33)
    assert prices.line_totals == (966, 967, 967)
    assert (prices.goods_minor, prices.total_minor) == (3_000, 2_900)


class Case(NamedTuple):
    name: str
    new: NewOrder
    problem: Problem


CASES = [
    Case(
        "a line's discount above its price",
        make_new_order(lines=[make_new_line(), make_new_line(discount_minor=19_901)]),
        Problem(pointer="/lines/1/discount_minor", reason="more_than_the_line"),
    ),
    Case(
        "the order's discount above its goods",
        make_new_order(discount_minor=19_901),
        Problem(pointer="/discount_minor", reason="more_than_the_goods"),
    ),
    Case(
        "a line total that does not add up",
        make_new_order(lines=[make_new_line(line_total_minor=19_899)]),
        Problem(pointer="/lines/0/line_total_minor", reason="does_not_add_up"),
    ),
    Case(
        "a total that does not add up",
        make_new_order(freight_minor=800, discount_minor=100, total_minor=20_000),
        Problem(pointer="/total_minor", reason="does_not_add_up"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_wrong_sum_is_named(case: Case) -> None:
    assert wrong_sums(case.new) == [case.problem]


def test_a_total_that_adds_up_is_accepted() -> None:
    new = make_new_order(freight_minor=800, discount_minor=100, total_minor=20_600)

    assert wrong_sums(new) == []
