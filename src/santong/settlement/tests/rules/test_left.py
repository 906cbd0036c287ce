"""What is left after money went back depends on how much, and on nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from santong.kernel.money import spread
from santong.settlement.rules.left import (
    Line,
    LinePart,
    evenly,
    left_of,
    left_of_shares,
    up_to,
)

fen = st.integers(0, 1_000_000)
weights = st.lists(fen, min_size=1, max_size=8)


@st.composite
def parts(draw: st.DrawFn) -> LinePart:
    """A part with shares that add up to what was paid; some may bear a cost."""
    paid = draw(fen)
    shares = draw(st.lists(st.integers(-200_000, 500_000), max_size=5))
    return LinePart(paid, (*shares, paid - sum(shares)))


lines = st.lists(
    st.builds(
        lambda some, returned: Line(tuple(some), returned),
        st.lists(parts(), min_size=1, max_size=3),
        fen,
    ),
    min_size=1,
    max_size=4,
)


def test_three_parties_lose_what_is_theirs() -> None:
    assert left_of_shares((300, 700, 9_000), paid_minor=10_000, left_minor=5_000) == [
        150,
        350,
        4_500,
    ]


def test_who_bears_a_discount_bears_less_of_it() -> None:
    assert left_of_shares((10_000, -2_000), paid_minor=8_000, left_minor=4_000) == [5_000, -1_000]


@given(over=weights, data=st.data())
def test_parts_add_up_and_none_exceeds_its_weight(over: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(over)))

    split = evenly(total, over=over)

    assert sum(split) == total
    assert all(0 <= part <= weight for part, weight in zip(split, over, strict=True))
    assert evenly(sum(over), over=over) == over


@given(over=weights, data=st.data())
def test_of_one_more_nobody_gets_less(over: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, max(0, sum(over) - 1)))

    before, after = evenly(total, over=over), evenly(min(total + 1, sum(over)), over=over)

    assert all(less <= more for less, more in zip(before, after, strict=True))


@given(part=parts(), data=st.data())
def test_shares_shrink_towards_nothing_and_never_beyond(
    part: LinePart, data: st.DataObject
) -> None:
    more = data.draw(st.integers(0, part.paid_minor))
    less = data.draw(st.integers(0, more))

    of_more = left_of_shares(part.shares, paid_minor=part.paid_minor, left_minor=more)
    of_less = left_of_shares(part.shares, paid_minor=part.paid_minor, left_minor=less)

    assert sum(of_less) == (less if part.paid_minor else 0)
    for whole, first, second in zip(part.shares, of_more, of_less, strict=True):
        assert abs(second) <= abs(first) <= abs(whole)
        assert whole * first >= 0
        assert whole * second >= 0


@given(part=parts())
def test_of_nothing_gone_back_all_is_left_and_of_all_nothing(part: LinePart) -> None:
    paid = part.paid_minor

    assert left_of_shares(part.shares, paid_minor=paid, left_minor=paid) == list(part.shares)
    if paid:
        assert not any(left_of_shares(part.shares, paid_minor=paid, left_minor=0))


@given(sale=lines, returned=fen)
def test_what_is_left_is_what_was_paid_less_what_went_back(sale: list[Line], returned: int) -> None:
    left = left_of(sale, returned_minor=returned)

    of_lines = [
        max(0, sum(part.paid_minor for part in line.parts) - line.returned_minor) for line in sale
    ]
    assert sum(minor for line in left for part in line for minor in part) == max(
        0, sum(of_lines) - returned
    )


@given(total=fen, pieces=st.integers(1, 50), data=st.data())
def test_pieces_are_worth_what_orders_say_they_are(
    total: int, pieces: int, data: st.DataObject
) -> None:
    kept = data.draw(st.integers(0, pieces))

    assert up_to(total, pieces=kept, of=pieces) == spread(total, over=[kept, pieces - kept])[0]
