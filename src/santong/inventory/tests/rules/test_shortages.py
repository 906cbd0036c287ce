from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from santong.inventory.contracts import Claim, ReserveLine, Shortage
from santong.inventory.rules.lines import asked_by_place
from santong.inventory.rules.shortages import share_out, shortages


def claim(number: int, *wanted: tuple[int, int]) -> Claim:
    """`wanted` are pairs of SKU and quantity, all at one place."""
    return Claim(
        holder=f"order:{number}",
        lines=tuple(
            ReserveLine(location_id=1, sku_id=sku_id, quantity=quantity, line_id=line_id)
            for line_id, (sku_id, quantity) in enumerate(wanted)
        ),
    )


def test_names_every_level_that_is_short_and_what_it_has() -> None:
    short = shortages(asked={(1, 1): 5, (1, 2): 1, (2, 1): 4}, atp_by_place={(1, 1): 4, (1, 2): 1})

    assert short == [
        Shortage(location_id=1, sku_id=1, wanted=5, available=4),
        Shortage(location_id=2, sku_id=1, wanted=4, available=0),
    ]


def test_claims_are_served_in_their_order() -> None:
    shared = share_out(
        [claim(1, (1, 2)), claim(2, (1, 2)), claim(3, (1, 1))], atp_by_place={(1, 1): 3}
    )

    assert shared.accepted == [0, 2]
    assert shared.short_by_claim == {1: (Shortage(location_id=1, sku_id=1, wanted=2, available=1),)}


def test_a_claim_that_is_short_of_one_sku_takes_nothing_of_the_other() -> None:
    shared = share_out(
        [claim(1, (1, 1), (2, 1)), claim(2, (1, 1))], atp_by_place={(1, 1): 1, (1, 2): 0}
    )

    assert shared.accepted == [1]


def test_two_lines_of_one_level_are_asked_together() -> None:
    shared = share_out([claim(1, (1, 2), (1, 2))], atp_by_place={(1, 1): 3})

    assert shared.accepted == []


wanted = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), min_size=1, max_size=3)


@given(claims=st.lists(wanted, max_size=30), stock=st.lists(st.integers(0, 20), min_size=3))
def test_nothing_is_given_twice_and_nobody_is_refused_without_need(
    claims: list[list[tuple[int, int]]], stock: list[int]
) -> None:
    atp = {(1, sku_id): stock[sku_id - 1] for sku_id in (1, 2, 3)}
    asked = [claim(number, *pairs) for number, pairs in enumerate(claims)]

    shared = share_out(asked, atp_by_place=atp)

    left = dict(atp)
    for position, each in enumerate(asked):
        fits = all(left[place] >= units for place, units in asked_by_place(each.lines).items())
        assert fits == (position in shared.accepted) == (position not in shared.short_by_claim)
        if fits:
            for place, units in asked_by_place(each.lines).items():
                left[place] -= units
    assert min(left.values()) >= 0
