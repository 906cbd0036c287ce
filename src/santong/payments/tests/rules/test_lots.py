from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from santong.payments.rules.lots import (
    Part,
    ended,
    first_of,
    in_order,
    last_of,
    rest_of,
    spread_from_the_end,
)

NOW = datetime(2026, 11, 11, tzinfo=UTC)

ends = st.none() | st.integers(-3, 3).map(lambda days: NOW + timedelta(days=days))
parts = st.lists(
    st.builds(Part, st.integers(1, 1000), st.integers(1, 50), ends),
    max_size=6,
    unique_by=lambda part: part.lot_id,
)
amounts = st.lists(st.integers(1, 100), min_size=1, max_size=6)


def total(some: list[Part]) -> int:
    return sum(part.amount for part in some)


@given(some=parts)
def test_what_ends_first_comes_first_and_what_never_ends_last(some: list[Part]) -> None:
    found = in_order(some)

    instants = [part.expires_at for part in found]
    dated = [at for at in instants if at is not None]
    assert dated == sorted(dated)
    assert instants[len(dated) :] == [None] * (len(found) - len(dated))
    assert sorted(found, key=lambda part: part.lot_id) == sorted(some, key=lambda p: p.lot_id)


@given(some=parts, amount=st.integers(0, 300))
def test_what_is_taken_and_what_is_left_are_the_whole(some: list[Part], amount: int) -> None:
    taken = first_of(some, amount=amount)

    assert total(taken) == min(amount, total(some))
    assert total(rest_of(some, uses=taken)) == total(some) - total(taken)
    assert all(part.amount > 0 for part in taken)


@given(some=parts, amount=st.integers(0, 300))
def test_what_goes_back_first_was_taken_last(some: list[Part], amount: int) -> None:
    back = last_of(some, amount=amount)
    stays = first_of(some, amount=total(some) - total(back))

    left = {part.lot_id: part.amount for part in rest_of(some, uses=back)}
    assert left == {part.lot_id: part.amount for part in stays}


@given(some=parts)
def test_what_has_ended_has_an_end_that_is_past(some: list[Part]) -> None:
    gone = ended(some, at=NOW)

    assert all(part.expires_at is not None and part.expires_at <= NOW for part in gone)
    assert all(
        part.expires_at is None or part.expires_at > NOW for part in some if part not in gone
    )


@given(given_out=amounts, cuts=st.lists(st.integers(0, 40), max_size=10))
def test_parts_given_back_one_by_one_are_those_given_back_at_once(
    given_out: list[int], cuts: list[int]
) -> None:
    sums, given_so_far = [0] * len(given_out), 0
    for cut in cuts:
        more = min(cut, sum(given_out) - given_so_far)
        step = spread_from_the_end(given_out, given=given_so_far, more=more)
        sums = [a + b for a, b in zip(sums, step, strict=True)]
        given_so_far += more

    assert sums == spread_from_the_end(given_out, given=0, more=given_so_far)
    assert sum(sums) == given_so_far
    assert all(0 <= back <= out for back, out in zip(sums, given_out, strict=True))
