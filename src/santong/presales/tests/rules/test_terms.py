"""What an offer may say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.presales.contracts import OfferLine, Terms
from santong.presales.rules.states import PRESALE_STEPS, end_of_order, may_become
from santong.presales.rules.terms import is_code, problems_of, terms_from_json, terms_to_json
from santong.presales.rules.windows import deposit_by, link_until, stage_of
from santong.presales.tests.factories import (
    BALANCE_FROM,
    BALANCE_UNTIL,
    DEPOSIT_UNTIL,
    LINE,
    NOW,
    make_terms,
)


class Case(NamedTuple):
    name: str
    terms: Terms
    found: list[tuple[str, str]]


def line(**given: Any) -> OfferLine:
    return replace(LINE, **given)


EARNEST = line(deposit_minor=18_001, worth_minor=28_001)
CASES = [
    Case("an ordinary offer", make_terms(), []),
    Case(
        "the second window begins when the first ends", make_terms(balance_from=DEPOSIT_UNTIL), []
    ),
    Case("no name", make_terms(name=" "), [("/name", "missing")]),
    Case("no currency", make_terms(currency="yuan"), [("/currency", "no_currency")]),
    Case("nothing to sell", make_terms(limit_units=0), [("/limit_units", "out_of_range")]),
    Case(
        "nothing for anybody", make_terms(most_per_buyer=0), [("/most_per_buyer", "out_of_range")]
    ),
    Case("one SKU twice", make_terms(LINE, LINE), [("/lines/1/sku_code", "twice")]),
    Case(
        "no price",
        make_terms(line(price_minor=0)),
        [
            ("/lines/0/price_minor", "out_of_range"),
            ("/lines/0/worth_minor", "no_balance_left"),
        ],
    ),
    Case(
        "no deposit",
        make_terms(line(deposit_minor=0)),
        [("/lines/0/deposit_minor", "out_of_range")],
    ),
    Case(
        "a deposit that shrinks",
        make_terms(line(worth_minor=9_999)),
        [("/lines/0/worth_minor", "less_than_the_deposit")],
    ),
    Case(
        "a deposit that pays all",
        make_terms(line(worth_minor=100_000)),
        [("/lines/0/worth_minor", "no_balance_left")],
    ),
    Case(
        "an earnest above a fifth",
        make_terms(EARNEST),
        [("/lines/0/deposit_minor", "more_than_a_fifth")],
    ),
    Case("the same deposit, never at stake", make_terms(EARNEST, forfeit="none"), []),
    Case(
        "windows that overlap",
        make_terms(balance_from=DEPOSIT_UNTIL - timedelta(seconds=1)),
        [("/balance_from", "too_early")],
    ),
    Case(
        "a window of no length",
        make_terms(balance_until=BALANCE_FROM),
        [("/balance_until", "too_early")],
    ),
    Case("a part of nothing", make_terms(forfeit="part"), [("/forfeit_bp", "out_of_range")]),
    Case("a part of all", make_terms(forfeit_bp=1), [("/forfeit_bp", "not_a_part")]),
    Case("goods from nowhere", make_terms(stock="magic"), [("/stock", "unknown")]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_problems(case: Case) -> None:
    found = [(each.pointer, each.reason) for each in problems_of(terms=case.terms)]

    assert found == case.found


@pytest.mark.parametrize(
    ("code", "good"), [("coats-2026.11", True), ("", False), ("大衣", False), ("a" * 41, False)]
)
def test_codes(code: str, *, good: bool) -> None:
    assert is_code(code) is good


@given(price=st.integers(1, 10**9), limit=st.integers(1, 10_000), comes=st.booleans())
def test_terms_are_read_as_they_were_written(*, price: int, limit: int, comes: bool) -> None:
    terms = make_terms(
        line(price_minor=price),
        limit_units=limit,
        stock="to_come" if comes else "in_stock",
        ships_after=BALANCE_UNTIL.date() if comes else None,
    )

    assert terms_from_json(terms_to_json(terms)) == terms


@pytest.mark.parametrize(
    ("at", "stage"),
    [
        (NOW - timedelta(hours=2), "before"),
        (NOW - timedelta(hours=1), "deposit"),
        (DEPOSIT_UNTIL, "between"),
        (BALANCE_FROM, "balance"),
        (BALANCE_UNTIL, "over"),
    ],
)
def test_ends_of_windows_are_excluded(at: Any, stage: str) -> None:
    assert stage_of(terms=make_terms(), now=at) == stage


@given(st.integers(0, 10_000))
def test_no_link_lives_longer_than_its_window(minutes: int) -> None:
    now = NOW + timedelta(minutes=minutes)

    assert link_until(until=BALANCE_UNTIL, now=now) <= BALANCE_UNTIL
    assert deposit_by(terms=make_terms(), now=now) <= DEPOSIT_UNTIL


def test_what_has_ended_stays_ended() -> None:
    for state, steps in PRESALE_STEPS.items():
        assert may_become(before=state, after=state) is False
        if state in ("lapsed", "forfeited", "cancelled", "failed"):
            assert steps == frozenset()


@pytest.mark.parametrize(
    ("before", "is_unpaid", "after"),
    [
        ("asked", True, "lapsed"),
        ("deposit_paid", True, "forfeited"),
        ("asked", False, "cancelled"),
        ("deposit_paid", False, "cancelled"),
        ("paid", False, "cancelled"),
    ],
)
def test_how_it_ends(before: Any, after: str, *, is_unpaid: bool) -> None:
    assert end_of_order(before=before, is_unpaid=is_unpaid) == after
    assert may_become(before=before, after=end_of_order(before=before, is_unpaid=is_unpaid))
