"""Principal and bonus are divided to the minor unit, and come together again."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from santong.prepaid.contracts import SPENDS, Parts
from santong.prepaid.rules.split import newest_first, next_part, part_of, share, taken

fen = st.integers(0, 10**9)


@st.composite
def divisions(draw: st.DrawFn) -> tuple[Parts, list[int]]:
    """What was taken, and a sequence of refunds that makes up all of it."""
    whole = Parts(principal_minor=draw(fen), bonus_minor=draw(fen))
    cuts = draw(st.lists(st.integers(0, whole.amount_minor), max_size=12))
    places = [0, *sorted(cuts), whole.amount_minor]
    return whole, [later - sooner for sooner, later in itertools.pairwise(places)]


@given(principal=fen, bonus=fen, data=st.data(), spends=st.sampled_from(SPENDS))
def test_a_payment_takes_no_more_of_a_side_than_is_there(
    principal: int, bonus: int, data: st.DataObject, spends: str
) -> None:
    amount = data.draw(st.integers(0, principal + bonus))

    parts = taken(amount=amount, principal=principal, bonus=bonus, spends=spends)  # type: ignore[arg-type]

    assert parts.amount_minor == amount
    assert 0 <= parts.principal_minor <= principal
    assert 0 <= parts.bonus_minor <= bonus


@given(divided=divisions())
def test_however_it_is_divided_what_goes_back_is_what_was_taken(
    divided: tuple[Parts, list[int]],
) -> None:
    whole, amounts = divided

    before, parts = 0, []
    for amount in amounts:
        parts.append(next_part(whole, before=before, amount=amount))
        before += amount

    assert sum(part.principal_minor for part in parts) == whole.principal_minor
    assert sum(part.bonus_minor for part in parts) == whole.bonus_minor
    assert all(part.principal_minor >= 0 and part.bonus_minor >= 0 for part in parts)
    assert [part.amount_minor for part in parts] == amounts


@given(whole=st.builds(Parts, principal_minor=fen, bonus_minor=fen), data=st.data())
def test_a_part_is_at_most_half_a_unit_from_its_proportion(
    whole: Parts, data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, whole.amount_minor))

    part = part_of(whole, amount=amount)

    exact = amount * whole.principal_minor
    assert abs(2 * (part.principal_minor * whole.amount_minor - exact)) <= whole.amount_minor


def test_nothing_of_nothing_is_nothing() -> None:
    assert share(0, whole=0, of=0) == 0


@given(left=st.dictionaries(st.integers(1, 99), st.integers(0, 1000), max_size=8), data=st.data())
def test_principal_goes_back_along_the_newest_first(
    left: dict[int, int], data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, sum(left.values())))

    parts = newest_first(amount, left_by_id=left)

    assert sum(parts.values()) == amount
    assert all(0 < part <= left[each] for each, part in parts.items())
    assert all(
        parts[newer] == left[newer] for newer in parts if any(older < newer for older in parts)
    )
