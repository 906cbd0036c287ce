"""Splitting amounts without losing or inventing a fen."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from santong.kernel.money import Money, spread

fen = st.integers(min_value=0, max_value=10_000_000)
basket = st.lists(fen, min_size=1, max_size=50)


class Case(NamedTuple):
    name: str
    total: int
    over: list[int]
    parts: list[int]


CASES = [
    Case("equal weights: the earlier places get what is left", 100, [1, 1, 1], [34, 33, 33]),
    Case("the largest remainder wins", 10, [1, 3, 3], [2, 4, 4]),
    Case("a weight of nothing gets nothing", 7, [0, 5, 2], [0, 5, 2]),
    Case("without weights the first takes all", 7, [0, 0], [7, 0]),
    Case("nothing over nothing is nothing", 0, [], []),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_spread(case: Case) -> None:
    assert spread(case.total, over=case.over) == case.parts


@given(total=fen, amounts=basket)
def test_not_one_fen_is_lost_or_invented(total: int, amounts: list[int]) -> None:
    assert sum(spread(total, over=amounts)) == total


@given(total=fen, amounts=basket)
def test_no_part_exceeds_its_weight_while_the_total_does_not(
    total: int, amounts: list[int]
) -> None:
    assume(total <= sum(amounts))

    for part, amount in zip(spread(total, over=amounts), amounts, strict=True):
        assert 0 <= part <= amount


@given(total=fen, amounts=basket)
def test_each_part_is_within_one_fen_of_its_exact_share(total: int, amounts: list[int]) -> None:
    assume(sum(amounts) > 0)

    for part, amount in zip(spread(total, over=amounts), amounts, strict=True):
        assert abs(part * sum(amounts) - total * amount) < sum(amounts)


@given(total=fen, amounts=basket)
def test_a_larger_weight_never_gets_less(total: int, amounts: list[int]) -> None:
    assume(sum(amounts) > 0)

    parts = spread(total, over=amounts)

    for one, other in zip(
        sorted(zip(amounts, parts, strict=True)),
        sorted(zip(amounts, parts, strict=True))[1:],
        strict=False,
    ):
        assert one[0] == other[0] or one[1] <= other[1]


def test_amounts_in_two_currencies_are_never_added() -> None:
    with pytest.raises(AssertionError):
        Money(1, "CNY") + Money(1, "BRL")
