"""Terms that can be promised, in words, and what they come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.agreements.contracts import KINDS, Amount, Term
from santong.agreements.rules.amounts import day_of_the_cap, days_late, limit_minor, owed_minor
from santong.agreements.rules.library import PROPOSALS
from santong.agreements.rules.schema import json_schema
from santong.agreements.rules.sentences import LANGUAGES, sentence
from santong.agreements.rules.terms import checked_template_terms, checked_terms, due_at, on_day
from santong.agreements.tests.factories import damage, window
from santong.kernel.errors import FieldInvalid

TOTAL = 800_000
TODAY = date(2026, 1, 1)
LATE = window(
    "2026-01-01",
    "2026-01-03",
    amount=Amount(basis="share", value=50, per="day"),
    cap_minor=10_000,
)


def check(*terms: Term, today: date | None = TODAY, most: int = 3) -> tuple[Term, ...]:
    return checked_terms(terms, total_minor=TOTAL, max_window_days=most, today=today)


class Case(NamedTuple):
    name: str
    term: Term
    pointer: str = ""


CASES = [
    Case("the first to the third of January are three days", window("2026-01-01", "2026-01-03")),
    Case("one day is a window", window("2026-01-05", "2026-01-05")),
    Case(
        "the twentieth to the twenty-fifth of April are too long",
        window("2026-04-20", "2026-04-25"),
        "/terms/0/params/end",
    ),
    Case(
        "a window over the new year is counted by the calendar",
        window("2026-12-30", "2027-01-02"),
        "/terms/0/params/end",
    ),
    Case("the end is before the start", window("2026-01-03", "2026-01-02"), "/terms/0/params/end"),
    Case("the window is over", window("2025-12-29", "2025-12-31"), "/terms/0/params/end"),
    Case("a window that has begun", window("2025-12-31", "2026-01-01")),
    Case("no such day", window("2026-02-29", "2026-03-01"), "/terms/0/params/start"),
    Case("an unfinished day", window("2026-1-3", "2026-01-03"), "/terms/0/params/start"),
    Case("a field is missing", damage(params={}), "/terms/0/params/report_hours"),
    Case("a field too many", damage(params={"report_hours": 1, "x": 1}), "/terms/0/params/x"),
    Case("not a number", damage(params={"report_hours": "1"}), "/terms/0/params/report_hours"),
    Case(
        "true is no number", damage(params={"report_hours": True}), "/terms/0/params/report_hours"
    ),
    Case("a kind that is not known", damage(kind="fire"), "/terms/0/kind"),
    Case("goods cost no amount", damage(cap_minor=1), "/terms/0/amount"),
    Case(
        "money needs an amount", window("2026-01-01", "2026-01-03", amount=None), "/terms/0/amount"
    ),
    Case(
        "more than the document comes to",
        window("2026-01-01", "2026-01-03", amount=Amount(basis="fixed", value=TOTAL + 1)),
        "/terms/0/amount/value",
    ),
    Case("by the day without a cap", replace(LATE, cap_minor=None), "/terms/0/cap_minor"),
    Case(
        "damage is not late",
        damage(remedy="compensate", amount=Amount(basis="fixed", value=1, per="day"), cap_minor=9),
        "/terms/0/amount/per",
    ),
    Case(
        "a compensation on top of what goes back",
        window(params={"start": "2026-01-01", "end": "2026-01-03", "on_top": "yes"}),
    ),
    Case(
        "goods are on top of nothing",
        damage(params={"report_hours": 72, "on_top": "yes"}),
        "/terms/0/params/on_top",
    ),
    Case("a carrier without a code", damage(bearer="carrier"), "/terms/0/bearer_code"),
    Case("a carrier with its code", damage(bearer="carrier", bearer_code="SF")),
    Case(
        "a telephone number would stay for ever",
        Term(number=1, kind="other", params={"text": "请拨打 13800138000"}, remedy="resend"),
        "/terms/0/params/text",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_term_can_be_promised_or_its_field_is_named(case: Case) -> None:
    try:
        found = check(case.term)
        pointer = ""
    except FieldInvalid as refused:
        found, pointer = (), refused.pointer

    assert pointer == case.pointer
    assert len(found) == (0 if case.pointer else 1)


def test_how_many_days_a_window_may_have_is_the_merchants() -> None:
    assert check(window("2026-04-20", "2026-04-25"), most=6)


@given(
    start=st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    days=st.integers(0, 40),
    most=st.integers(1, 31),
)
def test_a_window_passes_if_and_only_if_it_is_short_enough(
    start: date, days: int, most: int
) -> None:
    end = start + timedelta(days=days)
    passes = True
    try:
        check(window(start.isoformat(), end.isoformat()), most=most)
    except FieldInvalid:
        passes = False

    assert passes == (days + 1 <= most)


def test_a_window_ends_with_its_last_day_in_the_shops_zone() -> None:
    term = window("2026-01-01", "2026-01-03")

    assert due_at(term, timezone="Asia/Shanghai") == datetime(2026, 1, 3, 16, tzinfo=UTC)
    assert due_at(term, timezone="America/New_York") == datetime(2026, 1, 4, 5, tzinfo=UTC)
    assert due_at(damage(), timezone="Asia/Shanghai") is None


@pytest.mark.parametrize(
    ("at", "late"),
    [
        (datetime(2026, 1, 3, 15, 59, tzinfo=UTC), 0),
        (datetime(2026, 1, 3, 16, 0, tzinfo=UTC), 1),
        (datetime(2026, 1, 4, 15, 59, tzinfo=UTC), 1),
        (datetime(2026, 1, 6, 3, 0, tzinfo=UTC), 3),
    ],
)
def test_days_late_are_counted_on_the_shops_calendar(at: datetime, late: int) -> None:
    assert days_late(LATE, at=at, timezone="Asia/Shanghai") == late


def test_what_grows_by_the_day_stops_at_its_cap() -> None:
    assert [owed_minor(LATE, total_minor=TOTAL, days_late=days) for days in (1, 2, 3, 90)] == [
        4_000,
        8_000,
        10_000,
        10_000,
    ]
    assert day_of_the_cap(LATE, total_minor=TOTAL) == date(2026, 1, 6)
    assert day_of_the_cap(window(), total_minor=TOTAL) is None


amounts = st.builds(
    Amount,
    basis=st.sampled_from(["fixed", "share"]),
    value=st.integers(1, 10_000),
    per=st.sampled_from(["once", "day"]),
)


@given(
    amount=amounts,
    cap=st.none() | st.integers(1, 10**6),
    total=st.integers(1, 10**7),
    days=st.lists(st.integers(0, 400), min_size=2, max_size=2).map(sorted),
)
def test_nothing_ever_comes_to_more_than_cap_and_total_and_time_only_adds(
    amount: Amount, cap: int | None, total: int, days: list[int]
) -> None:
    term = replace(LATE, amount=amount, cap_minor=cap)

    less, more = (owed_minor(term, total_minor=total, days_late=each) for each in days)

    assert 0 < less <= more <= limit_minor(term, total) <= total
    assert cap is None or more <= cap


def test_a_term_reads_in_both_languages() -> None:
    chinese = sentence(term=LATE, currency="CNY", language="zh-hans")
    english = sentence(term=LATE, currency="CNY", language="en")

    assert chinese.startswith("2026 年 1 月 1 日至 1 月 3 日之间送达。")
    assert chinese.endswith("未做到时每逾期一天赔付成交总额的 0.5%，最高 ¥100.00。")
    assert english.startswith("Delivered between 1 January 2026 and 3 January 2026.")
    assert english.endswith("you are paid 0.5% of the total for each day late, at most ¥100.00.")


@pytest.mark.parametrize("category", PROPOSALS)
def test_every_trade_has_terms_that_can_be_offered_and_read(category: Any) -> None:
    proposal = PROPOSALS[category]

    checked = checked_template_terms(proposal.terms, max_window_days=3)
    offered = check(*on_day(terms=checked, day=TODAY), today=TODAY)

    for term in (*checked, *offered):
        for language in LANGUAGES:
            text = sentence(term=term, currency="CNY", language=language)
            assert text
            assert "None" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_schema(kind: Any) -> None:
    schema = json_schema(kind=kind)

    assert [*schema["required"], "on_top"] == list(schema["properties"])
    assert schema["additionalProperties"] is False
