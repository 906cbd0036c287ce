"""What money that comes in does to an order."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.orders.contracts import State
from santong.orders.rules.payment import effect_of_payment


class Case(NamedTuple):
    name: str
    state: State
    paid: int
    amount: int
    completes: bool
    refund: int
    why: str | None


CASES = [
    Case("a part of it", "placed", 0, 400, completes=False, refund=0, why=None),
    Case("the rest of it", "placed", 400, 600, completes=True, refund=0, why=None),
    Case("all of it", "placed", 0, 1_000, completes=True, refund=0, why=None),
    Case("more than all of it", "placed", 0, 1_200, completes=True, refund=200, why="overpaid"),
    Case("paid twice", "paid", 1_000, 1_000, completes=False, refund=1_000, why="overpaid"),
    Case("overpaid again", "paid", 1_200, 100, completes=False, refund=100, why="overpaid"),
    Case(
        "too late",
        "cancelled",
        0,
        1_000,
        completes=False,
        refund=1_000,
        why="paid_after_cancellation",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_effect(case: Case) -> None:
    effect = effect_of_payment(
        state=case.state, total_minor=1_000, paid_minor=case.paid, amount_minor=case.amount
    )

    assert effect.paid_minor == case.paid + case.amount
    assert effect.completes is case.completes
    assert (effect.refund_minor, effect.why_refund) == (case.refund, case.why)


@given(
    total=st.integers(0, 10_000), amounts=st.lists(st.integers(1, 5_000), min_size=1, max_size=8)
)
def test_what_goes_back_is_what_lies_beyond_the_total(total: int, amounts: list[int]) -> None:
    paid = refunds = completed = 0

    for amount in amounts:
        effect = effect_of_payment(
            state="paid" if completed else "placed",
            total_minor=total,
            paid_minor=paid,
            amount_minor=amount,
        )
        paid, refunds = effect.paid_minor, refunds + effect.refund_minor
        completed += effect.completes

    assert paid == sum(amounts)
    assert refunds == max(0, paid - total)
    assert completed == (paid >= total)
