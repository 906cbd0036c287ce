"""Statements with faults in them: each is found under its own name, and all of it adds up."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.reconciliation.contracts import Row
from santong.reconciliation.tests.factories import (
    DAY,
    Move,
    assert_sound,
    at,
    differences,
    line,
    move,
    open_account,
    reconcile,
)

EXAMPLES = int(os.environ.get("SANTONG_STATE_MACHINE_EXAMPLES", "10"))
PER_MILLION = 6_000


@dataclass
class Sides:
    """Both sides of a day, and what is to be found."""

    rows: list[Row] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    expected: Counter[tuple[str, str]] = field(default_factory=Counter)

    def row(self, reference: str, amount: int, **named: object) -> None:
        fee = named.pop("fee_minor", agreed(amount))
        self.rows.append(line(reference, amount, fee_minor=fee, **named))  # type: ignore[arg-type]

    def both(self, reference: str, amount: int) -> None:
        self.row(reference, amount)
        self.moves.append(Move("payment", reference, amount))

    def expect(self, reference: str, category: str) -> None:
        self.expected[reference, category] += 1


def agreed(amount: int) -> int:
    return (amount * PER_MILLION + 500_000) // 1_000_000


def whole(sides: Sides, reference: str, amount: int) -> None:
    sides.both(reference, amount)


def lost_there(sides: Sides, reference: str, amount: int) -> None:
    sides.moves.append(Move("payment", reference, amount))
    sides.expect(reference, "missing_at_provider")


def lost_here(sides: Sides, reference: str, amount: int) -> None:
    sides.row(reference, amount)
    sides.expect(reference, "missing_in_books")


def other_amount(sides: Sides, reference: str, amount: int) -> None:
    sides.row(reference, amount)
    sides.moves.append(Move("payment", reference, amount + 2))
    sides.expect(reference, "amount_differs")


def rounded(sides: Sides, reference: str, amount: int) -> None:
    sides.row(reference, amount)
    sides.moves.append(Move("payment", reference, amount + 1))
    sides.expect(reference, "rounding")


def other_fee(sides: Sides, reference: str, amount: int) -> None:
    sides.row(reference, amount, fee_minor=agreed(amount) + 2)
    sides.moves.append(Move("payment", reference, amount))
    sides.expect(reference, "fee_differs")


def fee_known_before(sides: Sides, reference: str, amount: int) -> None:
    fee = agreed(amount)
    sides.both(reference, amount)
    sides.moves.extend([Move("fee", reference, -fee)] if fee else [])


def told_twice(sides: Sides, reference: str, amount: int) -> None:
    sides.both(reference, amount)
    sides.row(reference, amount)
    sides.expect(reference, "duplicate_at_provider")


def had_twice(sides: Sides, reference: str, amount: int) -> None:
    sides.both(reference, amount)
    sides.moves.append(Move("payment", f"{reference}-b", amount, f"S-{reference}"))
    sides.expect(f"{reference}-b", "duplicate_here")


def at_midnight(sides: Sides, reference: str, amount: int) -> None:
    sides.moves.append(Move("payment", reference, amount, at=at("23:59:59")))
    sides.expect(reference, "day_border")


def counted_a_day_early(sides: Sides, reference: str, amount: int) -> None:
    sides.row(reference, amount, clock="23:59:59")
    after = at("00:00:01", day=DAY + timedelta(days=1))
    sides.moves.append(Move("payment", reference, amount, at=after))


def disputed(sides: Sides, reference: str, amount: int) -> None:
    sides.row(reference, -amount, kind="chargeback", fee_minor=0)
    sides.expect(reference, "dispute")


def paid_out_and_back(sides: Sides, reference: str, amount: int) -> None:
    sides.row(reference, amount, kind="transfer_returned", fee_minor=0)
    sides.expect(reference, "payout_returned")


def nobody_knows(sides: Sides, reference: str, amount: int) -> None:
    sides.row(reference, amount, kind="other", fee_minor=0)
    sides.expect(reference, "unknown_kind")


def under_their_number(sides: Sides, reference: str, amount: int) -> None:
    sides.row("", amount, their_reference=f"S-{reference}")
    sides.moves.append(Move("payment", reference, amount))


Fault = Callable[[Sides, str, int], None]
FAULTS: list[Fault] = [
    whole,
    lost_there,
    lost_here,
    other_amount,
    rounded,
    other_fee,
    fee_known_before,
    told_twice,
    had_twice,
    at_midnight,
    counted_a_day_early,
    disputed,
    paid_out_and_back,
    nobody_knows,
    under_their_number,
]
days = st.lists(
    st.tuples(st.sampled_from(FAULTS), st.integers(min_value=1, max_value=10**8)),
    max_size=25,
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_alone_is_found_under_its_name(merchant: int, fault: Fault) -> None:
    check(merchant, [(fault, 12_345)])


@given(day=days)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_fault_of_a_day_is_found_under_its_name(
    new_merchant: Callable[..., int], day: list[tuple[Fault, int]]
) -> None:
    check(new_merchant(), day)


def check(merchant: int, day: list[tuple[Fault, int]]) -> None:
    open_account(merchant, fee_per_million=PER_MILLION)
    sides = Sides()
    for number, (fault, amount) in enumerate(day, start=1):
        fault(sides, f"T{number}", amount)
    move(merchant, *sides.moves)

    file = reconcile(merchant, sides.rows)

    found = differences(merchant)
    assert Counter((each.reference, each.category) for each in found) == sides.expected
    assert file.lines == len(sides.rows)
    assert file.unexplained_minor == 0
    gap = file.theirs_minor - file.ours_minor - file.booked_minor
    assert gap == sum(each.difference_minor for each in found)
    assert_sound(merchant)
