"""Not one minor unit is lost or invented between deposit, balance and what is kept."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from santong.presales.contracts import Amounts, Forfeit, PresaleLine
from santong.presales.rules.amounts import (
    amounts_of,
    compensation_minor,
    forfeit_minor,
    is_lawful_earnest,
    share_of_kept,
)

fen = st.integers(min_value=1, max_value=10_000_000)
forfeits = st.sampled_from(["none", "all", "part"])


class Case(NamedTuple):
    name: str
    price: int
    deposit: int
    worth: int
    balance: int
    total: int


CASES = [
    Case("a plain deposit is a part of the price", 100_000, 10_000, 10_000, 90_000, 100_000),
    Case("a deposit that grows makes it cheaper", 100_000, 10_000, 20_000, 80_000, 90_000),
    Case("one fen counts for two", 3, 1, 2, 1, 2),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_amounts(case: Case) -> None:
    amounts = Amounts(price_minor=case.price, deposit_minor=case.deposit, worth_minor=case.worth)

    assert (amounts.balance_minor, amounts.total_minor) == (case.balance, case.total)


@st.composite
def lines(draw: st.DrawFn) -> PresaleLine:
    deposit = draw(fen)
    worth = deposit + draw(st.integers(0, 1_000_000))
    price = worth + draw(fen)
    return PresaleLine(
        sku_code="A",
        quantity=draw(st.integers(1, 1_000)),
        price_minor=price,
        deposit_minor=deposit,
        worth_minor=worth,
    )


@given(st.lists(lines(), min_size=1, max_size=20))
def test_deposit_and_balance_are_the_price_without_the_growth(bought: list[PresaleLine]) -> None:
    whole = amounts_of(lines=bought)

    assert whole.deposit_minor + whole.balance_minor == whole.price_minor - whole.growth_minor
    assert whole.deposit_minor + whole.balance_minor == whole.total_minor
    assert whole.balance_minor > 0


@given(st.lists(lines(), min_size=1, max_size=20))
def test_what_is_paid_in_all_is_the_sum_of_what_is_paid_for_each_unit(
    bought: list[PresaleLine],
) -> None:
    whole = amounts_of(lines=bought)
    units = [amounts_of(lines=[line]) for line in bought]

    assert whole.total_minor == sum(unit.total_minor for unit in units)
    assert whole.balance_minor == sum(unit.balance_minor for unit in units)
    for line, unit in zip(bought, units, strict=True):
        assert unit.deposit_minor == line.quantity * line.deposit_minor


@given(fen, forfeits, st.integers(1, 9_999))
def test_never_more_than_the_deposit_is_kept(deposit: int, forfeit: Forfeit, bp: int) -> None:
    kept = forfeit_minor(deposit_minor=deposit, forfeit=forfeit, forfeit_bp=bp)

    assert 0 <= kept <= deposit
    if forfeit == "part":
        assert kept * 10_000 <= deposit * bp < (kept + 1) * 10_000


@given(fen, fen)
def test_an_earnest_is_at_most_a_fifth_of_what_is_paid(deposit: int, rest: int) -> None:
    amounts = Amounts(price_minor=deposit + rest, deposit_minor=deposit, worth_minor=deposit)

    assert is_lawful_earnest(amounts) == (deposit * 5 <= deposit + rest)


def test_growth_makes_the_contract_smaller_and_so_the_fifth() -> None:
    plain = Amounts(price_minor=100_000, deposit_minor=20_000, worth_minor=20_000)
    growing = Amounts(price_minor=100_000, deposit_minor=20_000, worth_minor=30_000)

    assert is_lawful_earnest(plain)
    assert not is_lawful_earnest(growing)


@given(fen)
def test_only_an_earnest_is_given_back_twofold(deposit: int) -> None:
    assert compensation_minor(deposit_minor=deposit, forfeit="none") == 0
    assert compensation_minor(deposit_minor=deposit, forfeit="part") == deposit
    assert compensation_minor(deposit_minor=deposit, forfeit="all") == deposit


@given(fen, fen, fen, fen)
def test_income_is_what_is_there_once_all_that_is_owed_has_gone_back(
    kept: int, received: int, gone: int, owed: int
) -> None:
    assume(received >= owed)

    shared = share_of_kept(
        kept_minor=kept, received_minor=received, gone_minor=gone, owed_minor=owed
    )

    assert 0 <= shared <= kept
    assert shared == 0 or shared + gone + owed <= received
