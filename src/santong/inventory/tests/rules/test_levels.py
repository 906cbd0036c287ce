from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.inventory.rules.levels import atp, shortfall


class Case(NamedTuple):
    name: str
    atp: int
    on_hand: int = 10
    allocated: int = 0
    reserved: int = 0
    safety_stock: int = 0


CASES = [
    Case("untouched stock is all promised", atp=10),
    Case("an allocation takes from the promise", atp=7, allocated=3),
    Case("a cart's hold takes from the promise", atp=6, reserved=4),
    Case("safety stock is never promised", atp=8, safety_stock=2),
    Case("all three take", atp=3, allocated=3, reserved=2, safety_stock=2),
    Case("the last unit can be promised", atp=1, allocated=9),
    Case("nothing is left when all is promised", atp=0, allocated=4, reserved=6),
    Case("a raised safety stock is not a debt", atp=0, allocated=9, safety_stock=5),
    Case("an offline till sale is not a debt", atp=0, on_hand=-2),
    Case("a shortfall is not a debt", atp=0, on_hand=3, allocated=5),
    Case("an empty shelf promises nothing", atp=0, on_hand=0),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_atp(case: Case) -> None:
    promised = atp(
        on_hand=case.on_hand,
        allocated=case.allocated,
        reserved=case.reserved,
        safety_stock=case.safety_stock,
    )

    assert promised == case.atp


class Gap(NamedTuple):
    name: str
    shortfall: int
    on_hand: int
    allocated: int = 0
    reserved: int = 0


GAPS = [
    Gap("promises that are covered lack nothing", shortfall=0, on_hand=5, allocated=3, reserved=2),
    Gap("a firm promise without goods is a gap", shortfall=2, on_hand=1, allocated=3),
    Gap("a hold without goods is a gap", shortfall=1, on_hand=2, reserved=3),
    Gap("less than nothing counts as nothing", shortfall=4, on_hand=-3, allocated=4),
    Gap("without promises there is no gap", shortfall=0, on_hand=-3),
]


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.name)
def test_shortfall(gap: Gap) -> None:
    missing = shortfall(on_hand=gap.on_hand, allocated=gap.allocated, reserved=gap.reserved)

    assert missing == gap.shortfall


units = st.integers(min_value=0, max_value=1_000_000)


@given(on_hand=st.integers(-1_000_000, 1_000_000), allocated=units, reserved=units, safety=units)
def test_what_can_be_promised_is_there(
    on_hand: int, allocated: int, reserved: int, safety: int
) -> None:
    free = atp(on_hand=on_hand, allocated=allocated, reserved=reserved, safety_stock=safety)

    assert free >= 0
    assert free == 0 or shortfall(on_hand=on_hand, allocated=allocated, reserved=reserved) == 0
    assert free == 0 or allocated + reserved + free + safety == on_hand
