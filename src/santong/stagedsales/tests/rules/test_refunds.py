"""What is kept when a sale is cancelled: by the frozen rules, and never of more than came in."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.stagedsales.contracts import RefundTerms, Standing
from santong.stagedsales.rules.refunds import Fault, kept_of

RULES = RefundTerms(deposit_kept_bp=10_000, paid_kept_bp=1_000, done_kept_bp=8_000)


class Case(NamedTuple):
    name: str
    kept: int
    paid: int = 1_000
    deposit: int = 0
    is_done: bool = False
    is_released: bool = False
    is_over: bool = False
    fault: Fault = "buyer"


CASES = [
    Case("of work not begun a tenth", kept=100),
    Case("of work that is done four fifths", kept=800, is_done=True),
    Case("of accepted work all", kept=1_000, is_released=True),
    Case("of the deposit all, of the rest a tenth", kept=280, deposit=200),
    Case("of a deposit alone no more than came in", kept=150, paid=150, deposit=200),
    Case("of what is over nothing", kept=0, is_over=True),
    Case("nothing where it is the shop's doing", kept=0, deposit=200, is_done=True, fault="shop"),
    Case("but of accepted work all the same", kept=1_000, is_released=True, fault="shop"),
    Case("rounded for the buyer", kept=0, paid=9),
]


def stage(**given: Any) -> Standing:
    return Standing(number=1, amount_minor=2_000, **given)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_kept(case: Case) -> None:
    standing = stage(
        paid_minor=case.paid,
        deposit_minor=case.deposit,
        is_paid=True,
        is_done=case.is_done,
        is_released=case.is_released,
        is_over=case.is_over,
    )

    assert kept_of(standing, refunds=RULES, fault=case.fault) == case.kept


bp = st.integers(0, 10_000)


@given(
    paid=st.integers(0, 10**9),
    deposit=st.integers(0, 10**9),
    done=st.booleans(),
    rules=st.builds(RefundTerms, deposit_kept_bp=bp, paid_kept_bp=bp, done_kept_bp=bp),
)
def test_no_more_is_kept_than_came_in(
    paid: int,
    deposit: int,
    done: bool,  # noqa: FBT001  drawn
    rules: RefundTerms,
) -> None:
    standing = stage(
        paid_minor=paid, deposit_minor=deposit, is_paid=False, is_released=False, is_done=done
    )

    assert 0 <= kept_of(standing, refunds=rules, fault="buyer") <= paid
