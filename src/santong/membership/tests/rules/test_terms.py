"""Terms that cannot be kept are refused, and say where; terms come back as they were written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from pydantic import ValidationError

from santong.kernel.errors import FieldInvalid
from santong.membership.contracts.points import Basket, Used
from santong.membership.contracts.programmes import (
    AccrualRule,
    BurnTerms,
    Caps,
    Conditions,
    ExpiryTerms,
    MaturityTerms,
    Terms,
    Tier,
    TierTerms,
)
from santong.membership.rules.accrual import explain
from santong.membership.rules.terms import (
    check_terms,
    explained_from_json,
    inputs_from_json,
    inputs_to_json,
    parts_to_json,
    terms_from_json,
    terms_to_json,
)
from santong.membership.tests.rules.points import LADDER, ONE_A_YUAN, baskets, rules, terms

GOOD = terms(ONE_A_YUAN)

WRONG = [
    ("/timezone", replace(GOOD, timezone="China")),
    ("/currency", replace(GOOD, currency="yuan")),
    ("/value_minor_per_1000", replace(GOOD, value_minor_per_1000=-1)),
    ("/tiers", replace(GOOD, tiers=())),
    ("/tiers", replace(GOOD, tiers=LADDER[1:])),
    ("/tiers", replace(GOOD, tiers=(*LADDER, Tier(code="gold", name="金", threshold=9)))),
    ("/tiers", replace(GOOD, tiers=(*LADDER, Tier(code="rose", name="玫", threshold=0)))),
    ("/tiers/0/code", replace(GOOD, tiers=(Tier(code="", name="x", threshold=0),))),
    (
        "/tiers/0/points_percent",
        replace(GOOD, tiers=(Tier(code="b", name="x", threshold=0, points_percent=99),)),
    ),
    ("/rules", terms(ONE_A_YUAN, ONE_A_YUAN)),
    ("/rules/0/code", terms(AccrualRule(code="tier:gold"))),
    ("/rules/0/per_minor", terms(AccrualRule(code="a", per_minor=0))),
    ("/rules/0/percent", terms(AccrualRule(code="a", percent=50))),
    ("/rules/0/caps/per_day", terms(AccrualRule(code="a", caps=Caps(per_day=-1)))),
    (
        "/rules/0/conditions/weekdays",
        terms(AccrualRule(code="a", conditions=Conditions(weekdays=(7,)))),
    ),
    ("/tier/window_months", replace(GOOD, tier=TierTerms(window_months=0))),
    ("/maturity/pending_days", replace(GOOD, maturity=MaturityTerms(pending_days=-1))),
    ("/expiry/on", replace(GOOD, expiry=ExpiryTerms(kind="date"))),
    ("/expiry/reminder_days/1", replace(GOOD, expiry=ExpiryTerms(reminder_days=(7, 0)))),
    ("/burn/points_per_step", replace(GOOD, burn=BurnTerms(points_per_step=0))),
    ("/burn/max_percent", replace(GOOD, burn=BurnTerms(max_percent=101))),
]


@pytest.mark.parametrize(("pointer", "wrong"), WRONG)
def test_terms_that_cannot_be_kept_say_where(pointer: str, wrong: Terms) -> None:
    with pytest.raises(FieldInvalid) as refused:
        check_terms(terms=wrong)

    assert refused.value.pointer == pointer


def test_terms_without_a_word_are_kept() -> None:
    check_terms(terms=Terms())


def test_terms_come_back_as_they_were_written() -> None:
    dated = Conditions(dates=(date(2026, 11, 11),), weekdays=(5, 6), tiers=("gold",))
    written = replace(
        terms(ONE_A_YUAN, AccrualRule(code="x", conditions=dated, caps=Caps(per_day=3))),
        expiry=ExpiryTerms(kind="date", on=date(2030, 1, 1)),
    )

    assert terms_from_json(terms_to_json(written)) == written


def test_a_misspelt_term_is_a_mistake() -> None:
    with pytest.raises(ValidationError):
        terms_from_json({**terms_to_json(GOOD), "teirs": []})


@given(bought=baskets(), given_rules=rules())
def test_what_was_given_is_found_again_from_what_was_written(
    bought: Basket, given_rules: list[AccrualRule]
) -> None:
    promised = terms(*given_rules)
    first = explain(promised, basket=bought, used=Used(day={"a": 3}))
    written = inputs_to_json(basket=bought, used=Used(day={"a": 3}))

    basket, used = inputs_from_json(written)
    again = explain(terms_from_json(terms_to_json(promised)), basket=basket, used=used)

    kept = explained_from_json(parts_to_json(first.points), parts_to_json(first.experience))
    assert again == first == kept
