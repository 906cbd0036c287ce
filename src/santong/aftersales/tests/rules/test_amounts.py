"""What units are worth adds up, whatever comes back when."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from santong.aftersales.rules.amounts import (
    Part,
    Source,
    capped,
    points_to_give_back,
    share_of,
    spread_to,
    sum_of,
    without,
    worth,
)

fen = st.integers(min_value=0, max_value=10_000_000)
pieces = st.lists(st.integers(min_value=1, max_value=9), min_size=1, max_size=12)


def _source(left_minor: int, units_left: int, *, line_id: int = 1) -> Source:
    return Source(document="order:1", line_id=line_id, left_minor=left_minor, units_left=units_left)


@given(paid=fen, steps=pieces)
def test_any_sequence_of_partial_returns_adds_up_to_what_was_paid(
    paid: int, steps: list[int]
) -> None:
    left, units_left, given_back = paid, sum(steps), 0

    for units in steps:
        amount = share_of(left, units=units, units_left=units_left)
        left, units_left, given_back = left - amount, units_left - units, given_back + amount

    assert given_back == paid
    assert (left, units_left) == (0, 0)


@given(paid=fen, steps=pieces)
def test_no_unit_is_worth_a_minor_unit_more_than_its_share(paid: int, steps: list[int]) -> None:
    left, units_left = paid, sum(steps)
    low = paid // units_left

    for units in steps:
        amount = share_of(left, units=units, units_left=units_left)
        left, units_left = left - amount, units_left - units
        assert low * units <= amount <= (low + 1) * units


@given(paid=fen, carried=fen, steps=pieces)
def test_money_that_stands_behind_a_line_goes_with_its_units_exactly(
    paid: int, carried: int, steps: list[int]
) -> None:
    own, behind, units_left, roots = paid, carried, sum(steps), sum(steps)
    gone = [0, 0]

    for units in steps:
        parts = worth(
            [_source(own, units_left), _source(behind, roots, line_id=2)],
            units=units,
            units_left=units_left,
        )
        own, behind = own - parts[0].amount_minor, behind - parts[1].amount_minor
        units_left, roots = units_left - units, roots - parts[1].units
        gone = [gone[0] + parts[0].amount_minor, gone[1] + parts[1].amount_minor]

    assert gone == [paid, carried]
    assert roots == 0


@given(amounts=st.lists(fen, min_size=1, max_size=6), most=fen)
def test_what_is_capped_and_what_is_left_are_the_whole(amounts: list[int], most: int) -> None:
    parts = [
        Part(document="order:1", line_id=place, amount_minor=amount, units=1)
        for place, amount in enumerate(amounts)
    ]

    kept = capped(parts, most_minor=most)

    assert sum_of(kept) == min(most, sum(amounts))
    assert sum_of(kept) + sum_of(without(parts, kept)) == sum(amounts)


@given(amounts=st.lists(fen, min_size=1, max_size=6), share=st.integers(0, 100))
def test_an_amount_spread_over_parts_exceeds_none(amounts: list[int], share: int) -> None:
    parts = [
        Part(document="order:1", line_id=place, amount_minor=amount, units=1)
        for place, amount in enumerate(amounts)
    ]
    amount = sum(amounts) * share // 100

    given_back = spread_to(parts, amount_minor=amount)

    assert sum_of(given_back) == amount
    assert all(
        back.amount_minor <= part.amount_minor for back, part in zip(given_back, parts, strict=True)
    )


@given(points=st.integers(0, 100_000), steps=pieces)
def test_points_come_back_with_the_money_and_all_of_them_at_the_end(
    points: int, steps: list[int]
) -> None:
    total, gone, given_back = sum(steps), 0, 0

    for step in steps:
        gone += step
        given_back += points_to_give_back(
            points=points, gone_minor=gone, total_minor=total, given_back=given_back
        )
        assert given_back <= points

    assert given_back == points
