"""Who bears a refund gives the others what they lost by it, and no more than it cost."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import assume, given
from hypothesis import strategies as st

from santong.settlement.rules.borne import as_if_nobody_bore, borne_of
from santong.settlement.rules.left import Line, LinePart, left_of

DEALER, CLERK, OFFICE, FITTER = 1, 2, 3, 4
PARTIES = (DEALER, CLERK, OFFICE)

shares = st.tuples(*(st.integers(0, 500_000) for _ in PARTIES))
sales = st.lists(shares, min_size=1, max_size=4)


def left(sale: Sequence[Sequence[int]], returned_minor: int) -> list[tuple[int, int]]:
    """What is left of each party's share, line by line."""
    lines = [Line((LinePart(sum(line), tuple(line)),)) for line in sale]
    found = left_of(lines, returned_minor=returned_minor)
    return [
        (party, minor)
        for ((of_part,),) in zip(found, strict=True)
        for party, minor in zip(PARTIES, of_part, strict=True)
    ]


def borne(
    sale: Sequence[Sequence[int]], *, made_good: int, returned: int, bearer: int
) -> dict[int, int]:
    """What parties are given when a bearer made so much good and so much came back besides."""
    paid = sum(sum(line) for line in sale)
    scaled = as_if_nobody_bore(returned, paid_minor=paid, borne_minor=made_good)
    return borne_of(
        left(sale, made_good + returned), left(sale, scaled), bearers={bearer: made_good}
    )


@st.composite
def made_good(draw: st.DrawFn) -> tuple[list[tuple[int, ...]], int, int]:
    sale = draw(sales)
    paid = sum(sum(line) for line in sale)
    assume(paid > 0)
    amount = draw(st.integers(1, paid))
    return sale, amount, draw(st.integers(0, paid - amount))


def test_a_dealer_and_a_clerk_lose_nothing_by_what_head_office_makes_good() -> None:
    sale = [(1_000, 500, 8_500)]

    given_to = borne(sale, made_good=1_000, returned=0, bearer=OFFICE)

    assert given_to == {DEALER: 100, CLERK: 50, OFFICE: -150}
    assert dict(left(sale, 1_000))[OFFICE] + given_to[OFFICE] == 8_500 - 1_000


def test_a_provider_without_a_share_bears_all_of_it() -> None:
    given_to = borne([(1_000, 0, 9_000)], made_good=600, returned=0, bearer=FITTER)

    assert given_to == {DEALER: 60, OFFICE: 540, FITTER: -600}


def test_half_of_what_was_made_good_counts_where_half_of_the_goods_came_back() -> None:
    given_to = borne([(1_000, 0, 9_000)], made_good=1_000, returned=4_500, bearer=FITTER)

    assert given_to == {DEALER: 50, OFFICE: 450, FITTER: -500}


@given(made_good())
def test_what_is_given_is_what_is_borne(case: tuple[list[tuple[int, ...]], int, int]) -> None:
    sale, amount, returned = case

    given_to = borne(sale, made_good=amount, returned=returned, bearer=FITTER)

    assert sum(given_to.values()) == 0
    assert -amount <= given_to.get(FITTER, 0) <= 0
    assert all(minor > 0 for party, minor in given_to.items() if party != FITTER)


@given(made_good())
def test_as_long_as_all_is_kept_everybody_else_has_what_was_agreed(
    case: tuple[list[tuple[int, ...]], int, int],
) -> None:
    sale, amount, _returned = case

    given_to = borne(sale, made_good=amount, returned=0, bearer=FITTER)

    has = dict.fromkeys(PARTIES, 0)
    for party, minor in left(sale, amount):
        has[party] += minor
    assert {party: has[party] + given_to.get(party, 0) for party in PARTIES} == {
        party: sum(line[place] for line in sale) for place, party in enumerate(PARTIES)
    }


@given(made_good())
def test_nothing_is_borne_of_what_came_back_whole(
    case: tuple[list[tuple[int, ...]], int, int],
) -> None:
    sale, amount, _returned = case
    rest = sum(sum(line) for line in sale) - amount
    assume(rest > 0)

    assert borne(sale, made_good=amount, returned=rest, bearer=FITTER) == {}
