"""A change order plans anew what is unpaid, and says what goes back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.kernel.errors import FieldInvalid
from santong.stagedsales.contracts import DraftStage, StageTerms, Standing
from santong.stagedsales.errors import BelowAccepted
from santong.stagedsales.rules.changes import replan
from santong.stagedsales.rules.terms import check_stages


def standing(number: int, amount: int, **more: Any) -> Standing:
    given: dict[str, Any] = {
        "paid_minor": 0,
        "deposit_minor": 0,
        "is_paid": False,
        "is_released": False,
        **more,
    }
    return Standing(number=number, amount_minor=amount, **given)


def paid(number: int, amount: int, *, released: bool = False) -> Standing:
    return standing(number, amount, paid_minor=amount, is_paid=True, is_released=released)


def draft(number: int = 0, *, fixed: int = 0, share: int = 0) -> DraftStage:
    basis: Any = "fixed" if fixed else "percent" if share else "remainder"
    terms = StageTerms(name="x", basis=basis, due="milestone", amount_minor=fixed, share_bp=share)
    return DraftStage(number=number, terms=terms)


def test_a_higher_total_goes_to_what_is_unpaid() -> None:
    found = replan(
        [paid(1, 300), standing(2, 200), standing(3, 500)],
        total_minor=1_500,
        drafts=[draft(2, fixed=250), draft(0, share=1_000), draft(3)],
    )

    assert found.amount_by_number == {1: 300, 2: 250, 3: 800}
    assert found.draft_amounts == (250, 150, 800)
    assert found.refund_minor == 0


def test_a_stage_that_is_left_out_is_over() -> None:
    found = replan(
        [paid(1, 300), standing(2, 200), standing(3, 500)], total_minor=700, drafts=[draft(3)]
    )

    assert found.amount_by_number == {1: 300, 2: 0, 3: 400}


def test_below_what_is_paid_the_last_paid_stage_shrinks_and_the_rest_is_over() -> None:
    found = replan(
        [paid(1, 300, released=True), paid(2, 200), paid(3, 100), standing(4, 400)],
        total_minor=450,
        drafts=[],
    )

    assert found.amount_by_number == {1: 300, 2: 150, 3: 0, 4: 0}
    assert found.refund_by_number == {3: 100, 2: 50}


def test_what_was_accepted_is_never_touched() -> None:
    with pytest.raises(BelowAccepted) as refused:
        replan([paid(1, 300, released=True), standing(2, 200)], total_minor=299, drafts=[])

    assert refused.value.accepted_minor == 300


def test_paid_stages_are_not_drafted_anew() -> None:
    with pytest.raises(FieldInvalid) as refused:
        replan([paid(1, 300), standing(2, 200)], total_minor=600, drafts=[draft(1), draft(2)])

    assert refused.value.pointer == "/stages/0/number"


def test_a_deposit_stays_where_it_is_credited() -> None:
    credited = standing(1, 300, paid_minor=50, deposit_minor=50)

    with pytest.raises(FieldInvalid, match="the deposit counts for"):
        replan([credited, standing(2, 700)], total_minor=900, drafts=[draft(2)])
    with pytest.raises(FieldInvalid) as below:
        replan([credited, standing(2, 700)], total_minor=900, drafts=[draft(1, fixed=49), draft(2)])
    assert below.value.pointer == "/stages/0/amount_minor"


def test_below_the_deposit_alone_the_rest_of_it_goes_back() -> None:
    credited = standing(1, 300, paid_minor=50, deposit_minor=50)

    found = replan([credited, standing(2, 700)], total_minor=20, drafts=[draft(1)])

    assert found.amount_by_number == {1: 20, 2: 0}
    assert found.refund_by_number == {1: 30}


@st.composite
def standings(draw: st.DrawFn) -> list[Standing]:
    amounts = draw(st.lists(st.integers(1, 1_000), min_size=1, max_size=5))
    kinds = draw(st.lists(st.sampled_from("uprx"), min_size=len(amounts), max_size=len(amounts)))
    found = []
    for number, (amount, kind) in enumerate(zip(amounts, kinds, strict=True), 1):
        if kind in "pr":
            found.append(paid(number, amount, released=kind == "r"))
        else:
            came = draw(st.integers(0, amount)) if number == 1 and kind == "u" else 0
            found.append(
                standing(number, amount, paid_minor=came, deposit_minor=came, is_over=kind == "x")
            )
    return found


@given(
    before=standings(),
    total=st.integers(1, 6_000),
    drafts=st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 800), st.integers(0, 4_000)), max_size=4
    ),
)
def test_whatever_is_asked_it_adds_up_or_is_refused(
    before: list[Standing], total: int, drafts: list[tuple[int, int, int]]
) -> None:
    asked = [draft(number, fixed=fixed, share=share) for number, fixed, share in drafts]

    try:
        found = replan(before, total_minor=total, drafts=asked)
    except (FieldInvalid, BelowAccepted):
        return

    new = sum(
        amount for each, amount in zip(asked, found.draft_amounts, strict=True) if not each.number
    )
    assert sum(found.amount_by_number.values()) + new == total
    by_number = {each.number: each for each in before}
    for number, amount in found.amount_by_number.items():
        stage = by_number[number]
        assert not stage.is_over
        assert not stage.is_released or amount == stage.amount_minor
        back = found.refund_by_number.get(number, 0)
        assert 0 <= back <= stage.paid_minor
        assert stage.paid_minor - back <= amount
    if asked:
        check_stages([each.terms for each in asked])
