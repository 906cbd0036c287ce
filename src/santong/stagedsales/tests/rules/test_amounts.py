"""A plan and a total become amounts that add up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.kernel.errors import FieldInvalid
from santong.stagedsales.contracts import PlanTerms, StageTerms
from santong.stagedsales.rules.amounts import amounts_of, contract_amounts
from santong.stagedsales.rules.terms import check_plan, terms_from_json, terms_to_json

FIRST = StageTerms(name="首期", basis="percent", due="signing", share_bp=3_333)
MIDDLE = StageTerms(name="中期", basis="fixed", due="milestone", amount_minor=100)
LAST = StageTerms(name="尾款", basis="remainder", due="acceptance")
TERMS = PlanTerms(name="定制", currency="CNY", deposit_minor=50, stages=(FIRST, MIDDLE, LAST))


def test_percent_is_rounded_down_and_the_remainder_takes_the_rest() -> None:
    assert amounts_of(TERMS.stages, total_minor=1_000) == (333, 100, 567)


stages = st.lists(
    st.one_of(
        st.integers(1, 10_000).map(lambda amount: replace(MIDDLE, amount_minor=amount)),
        st.integers(1, 5_000).map(lambda share: replace(FIRST, share_bp=share)),
    ),
    max_size=6,
)


@given(others=stages, total=st.integers(1, 10**11), place=st.integers(0, 6))
def test_stages_come_to_the_total_or_are_refused_by_name(
    others: list[StageTerms], total: int, place: int
) -> None:
    plan = (*others[:place], LAST, *others[place:])

    amounts: tuple[int, ...] = ()
    try:
        amounts = amounts_of(plan, total_minor=total)
    except FieldInvalid as refused:
        pointer = refused.pointer
    else:
        pointer = ""

    if pointer:
        assert pointer.startswith("/stages/")
        return
    assert sum(amounts) == total
    assert all(amount > 0 for amount in amounts)


@pytest.mark.parametrize("plan", [(FIRST, MIDDLE), (LAST, LAST), ()])
def test_exactly_one_stage_takes_the_remainder(plan: tuple[StageTerms, ...]) -> None:
    with pytest.raises(FieldInvalid) as refused:
        amounts_of(plan, total_minor=1_000)

    assert refused.value.pointer == "/stages"


def test_a_deposit_above_its_stage_is_refused_at_its_field() -> None:
    with pytest.raises(FieldInvalid) as refused:
        contract_amounts(replace(TERMS, deposit_minor=60), TERMS.stages, total_minor=160)

    assert refused.value.pointer == "/credited_to"
    assert "60 exceeds the stage of 53" in refused.value.reason


def test_a_deposit_that_is_all_of_its_stage_fits() -> None:
    assert contract_amounts(TERMS, TERMS.stages, total_minor=152)[0] == 50


@pytest.mark.parametrize(
    ("terms", "pointer"),
    [
        (replace(TERMS, deposit_minor=0), "/deposit_minor"),
        (replace(TERMS, credited_to=4), "/credited_to"),
        (replace(TERMS, credited_to=2, deposit_minor=101), "/credited_to"),
        (replace(TERMS, currency="yuan"), "/currency"),
        (replace(TERMS, stages=(replace(FIRST, share_bp=0), LAST)), "/stages/0/share_bp"),
        (replace(TERMS, stages=(replace(FIRST, name=" "), LAST)), "/stages/0/name"),
        (
            replace(TERMS, stages=(replace(LAST, waits_for_acceptance=False),)),
            "/stages/0/waits_for_acceptance",
        ),
        (
            replace(TERMS, refunds=replace(TERMS.refunds, paid_kept_bp=10_001)),
            "/refunds/paid_kept_bp",
        ),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused_at_its_field(terms: PlanTerms, pointer: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        check_plan(code="plan", terms=terms)

    assert refused.value.pointer == pointer


def test_terms_are_read_as_they_were_written() -> None:
    assert terms_from_json(terms_to_json(TERMS)) == TERMS
