"""What the law of a place says to a purchase, every rule by its name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.prepaid.contracts import Purchase
from santong.prepaid.rules.profiles import (
    MAINLAND_CHINA,
    WITHOUT_LIMITS,
    refusals,
    reserve,
    reserve_percent,
)

PLAIN = Purchase(
    amount_minor=50_000,
    principal_after_minor=(50_000,),
    is_registered=False,
    is_company=False,
    is_cash=False,
    is_identified=False,
    valid_days=1_096,
)


class Case(NamedTuple):
    name: str
    rules: list[tuple[str, int]]
    changed: dict[str, Any]


CASES = [
    Case("a small bearer card is sold to anybody", [], {}),
    Case(
        "a bearer card takes 1,000",
        [],
        {"amount_minor": 100_000, "principal_after_minor": (100_000,)},
    ),
    Case(
        "and no more",
        [("bearer_card_most", 100_000)],
        {"amount_minor": 100_001, "principal_after_minor": (100_001,)},
    ),
    Case(
        "a registered card takes 5,000",
        [],
        {"is_registered": True, "valid_days": None, "principal_after_minor": (500_000,)},
    ),
    Case(
        "and no more, with what is on it",
        [("registered_card_most", 500_000)],
        {"is_registered": True, "valid_days": None, "principal_after_minor": (500_001,)},
    ),
    Case(
        "a registered card never ends",
        [("registered_card_never_ends", 0)],
        {"is_registered": True, "valid_days": 3_650},
    ),
    Case(
        "a bearer card is good for three years",
        [("bearer_card_days_least", 1_096)],
        {"valid_days": 1_095},
    ),
    Case("or for ever", [], {"valid_days": None}),
    Case("9,999.99 in one go are bought by anybody", [], {"amount_minor": 999_999}),
    Case(
        "from 10,000 on the buyer shows who they are",
        [("buyer_shows_identity_from", 1_000_000)],
        {"amount_minor": 1_000_000},
    ),
    Case("who has shown it may buy", [], {"amount_minor": 1_000_000, "is_identified": True}),
    Case(
        "a company pays less than 5,000 in cash",
        [],
        {"amount_minor": 499_999, "is_cash": True, "is_company": True},
    ),
    Case(
        "and 5,000 by transfer",
        [("company_pays_cash_below", 500_000)],
        {"amount_minor": 500_000, "is_cash": True, "is_company": True},
    ),
    Case(
        "a person pays 50,000 by transfer",
        [("person_pays_cash_below", 5_000_000)],
        {"amount_minor": 5_000_000, "is_cash": True, "is_identified": True},
    ),
    Case(
        "all that stands against it is said at once",
        [
            ("bearer_card_most", 100_000),
            ("bearer_card_days_least", 1_096),
            ("buyer_shows_identity_from", 1_000_000),
            ("company_pays_cash_below", 500_000),
        ],
        {
            "amount_minor": 2_000_000,
            "principal_after_minor": (2_000_000,),
            "valid_days": 30,
            "is_cash": True,
            "is_company": True,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_purchase_in_mainland_china(case: Case) -> None:
    found = refusals(purchase=replace(PLAIN, **case.changed), profile=MAINLAND_CHINA)

    assert [(refusal.rule, refusal.limit) for refusal in found] == case.rules


@given(
    purchase=st.builds(
        Purchase,
        amount_minor=st.integers(1, 10**9),
        principal_after_minor=st.lists(st.integers(1, 10**9), max_size=3).map(tuple),
        is_registered=st.booleans(),
        is_company=st.booleans(),
        is_cash=st.booleans(),
        is_identified=st.booleans(),
        valid_days=st.none() | st.integers(1, 9_999),
    )
)
def test_a_refusal_says_where_the_line_is_and_that_it_was_crossed(purchase: Purchase) -> None:
    found = refusals(purchase=purchase, profile=MAINLAND_CHINA)

    assert len({refusal.rule for refusal in found}) == len(found)
    assert all(
        refusal.asked < refusal.limit
        if refusal.rule == "bearer_card_days_least"
        else refusal.asked >= refusal.limit
        for refusal in found
    )
    assert (
        bool(refusals(purchase=replace(purchase, valid_days=None), profile=WITHOUT_LIMITS)) is False
    )


@pytest.mark.parametrize(
    ("issuer_kind", "percent"), [("group", 30), ("brand", 40), ("scale", 20), ("other", 0)]
)
def test_what_is_deposited_depends_on_the_issuer(issuer_kind: str, percent: int) -> None:
    found = reserve_percent(MAINLAND_CHINA, issuer_kind=issuer_kind)  # type: ignore[arg-type]

    assert found == percent


def test_what_is_deposited_is_never_a_fen_too_little() -> None:
    assert [reserve(amount, percent=30) for amount in (0, 1, 10, 11)] == [0, 1, 3, 4]
