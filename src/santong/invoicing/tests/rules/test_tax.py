"""Tax within a price: nothing is lost, and every line fits its rate."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.invoicing.rules.tax import (
    Split,
    is_within_tolerance,
    payable_by_line,
    split,
    taken_back,
)

totals = st.integers(0, 10**11)
rates = st.sampled_from([0, 50, 100, 300, 500, 600, 900, 1_300, 5_000])


class Case(NamedTuple):
    name: str
    total: int
    rate: int
    amount: int
    tax: int


CASES = [
    Case("a coat at 13 %", total=19_900, rate=1_300, amount=17_611, tax=2_289),
    Case("exactly divisible", total=11_300, rate=1_300, amount=10_000, tax=1_300),
    Case("books at 9 %", total=10_900, rate=900, amount=10_000, tax=900),
    Case("exempt", total=500, rate=0, amount=500, tax=0),
    Case("a gift", total=0, rate=1_300, amount=0, tax=0),
    Case("one fen", total=1, rate=1_300, amount=1, tax=0),
    Case("half a fen goes up", total=1, rate=10_000, amount=0, tax=1),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_split(case: Case) -> None:
    assert split(case.total, rate_basis_points=case.rate) == Split(case.amount, case.tax)


@given(total=totals, rate=rates)
def test_amount_and_tax_are_what_was_paid_and_fit_the_rate(total: int, rate: int) -> None:
    parts = split(total, rate_basis_points=rate)

    assert parts.total_minor == total
    assert parts.amount_minor >= 0
    assert parts.tax_minor >= 0
    assert is_within_tolerance(parts, rate_basis_points=rate)


@given(total=totals, rate=rates, cuts=st.lists(st.integers(0, 10**6), max_size=8))
def test_in_whatever_parts_it_comes_back_all_of_it_comes_back(
    total: int, rate: int, cuts: list[int]
) -> None:
    blue = split(total, rate_basis_points=rate)
    left, left_tax, amounts, taxes = total, blue.tax_minor, [], []

    for part in [*cuts, total]:
        wanted = min(part, left)
        back = taken_back(wanted, left_minor=left, left_tax_minor=left_tax, rate_basis_points=rate)
        assert back.total_minor == wanted
        assert back.amount_minor >= 0
        assert back.tax_minor >= 0
        left, left_tax = left - wanted, left_tax - back.tax_minor
        assert 0 <= left_tax <= left
        amounts.append(back.amount_minor)
        taxes.append(back.tax_minor)

    assert (sum(amounts), sum(taxes)) == (blue.amount_minor, blue.tax_minor)


@given(total=totals, rate=rates, part=st.integers(0, 10**6))
def test_a_part_that_comes_back_fits_its_rate_within_two_minor_units(
    total: int, rate: int, part: int
) -> None:
    blue = split(total, rate_basis_points=rate)

    back = taken_back(
        min(part, total), left_minor=total, left_tax_minor=blue.tax_minor, rate_basis_points=rate
    )

    assert is_within_tolerance(back, rate_basis_points=rate, minor=2)


@given(
    lines=st.lists(st.integers(0, 10**8), max_size=20),
    freight=st.integers(0, 10**5),
    stored=st.integers(0, 10**9),
)
def test_stored_value_is_taken_off_and_nothing_else(
    lines: list[int], freight: int, stored: int
) -> None:
    payable = payable_by_line(lines, freight_minor=freight, without_invoice_minor=stored)

    assert sum(payable) == max(0, sum(lines) + freight - stored)
    assert all(0 <= p <= paid for p, paid in zip(payable, [*lines, freight], strict=True))
