from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.kernel.errors import FieldInvalid
from santong.payments.rules.recognition import Redemption, recognised

minor = st.integers(0, 10**12)
points = st.integers(1, 10**9)


@st.composite
def ending_whole(draw: st.DrawFn) -> list[Redemption]:
    """Periods in which redemptions only grow, until all that was expected has been redeemed."""
    total = draw(points)
    redeemed = sorted(draw(st.lists(st.integers(0, total), max_size=8)))
    more = draw(st.integers(0, 1000))
    return [*(Redemption(each, total + more) for each in redeemed), Redemption(total, total)]


def test_the_second_year_recognises_what_the_first_did_not() -> None:
    periods = [Redemption(4500, 9700), Redemption(8500, 9900)]

    assert recognised(deferred_minor=9000, periods=periods) == [4175, 3552]


@given(deferred_minor=minor, periods=ending_whole())
def test_not_one_fen_is_lost_or_invented(deferred_minor: int, periods: list[Redemption]) -> None:
    assert sum(recognised(deferred_minor=deferred_minor, periods=periods)) == deferred_minor


@given(deferred_minor=minor, periods=ending_whole())
def test_never_more_is_recognised_than_was_deferred(
    deferred_minor: int, periods: list[Redemption]
) -> None:
    found = recognised(deferred_minor=deferred_minor, periods=periods)

    assert all(0 <= sum(found[:n]) <= deferred_minor for n in range(len(found)))


@pytest.mark.parametrize("period", [Redemption(1, 0), Redemption(-1, 5), Redemption(6, 5)])
def test_more_than_was_expected_makes_no_sense(period: Redemption) -> None:
    with pytest.raises(FieldInvalid):
        recognised(deferred_minor=100, periods=[period])
