"""Expiry, returns, burning, settlement and the books: tables, and what must be true of all."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.membership.contracts.points import Quote
from santong.membership.contracts.programmes import (
    BurnTerms,
    ClawBackPolicy,
    ExpiryTerms,
    MaturityTerms,
)
from santong.membership.rules.burn import NOTHING, quote
from santong.membership.rules.calendar import is_birthday, plus_months
from santong.membership.rules.claw_back import Taken, share_of, taken, worth
from santong.membership.rules.expiry import expiry_of, maturity_of
from santong.membership.rules.liability import (
    breakage_rate,
    deferred,
    expected_breakage,
    recognised,
)
from santong.membership.rules.settlement import Share, Turnover, settle

CHINA = "Asia/Shanghai"
points = st.integers(0, 1_000_000)


def midnight(year: int, month: int, day: int) -> datetime:
    return datetime.fromisoformat(f"{year}-{month:02}-{day:02}T00:00:00+08:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("terms", "expires_at"),
    [
        (ExpiryTerms(kind="never"), None),
        (ExpiryTerms(kind="months", months=1), midnight(2026, 3, 1)),
        (ExpiryTerms(kind="months", months=12), midnight(2027, 2, 1)),
        (ExpiryTerms(kind="end_of_year", years=0), midnight(2027, 1, 1)),
        (ExpiryTerms(kind="end_of_year", years=2), midnight(2029, 1, 1)),
        (ExpiryTerms(kind="date", on=date(2026, 6, 30)), midnight(2026, 7, 1)),
    ],
)
def test_points_are_good_to_the_end_of_a_day(
    terms: ExpiryTerms, expires_at: datetime | None
) -> None:
    assert expiry_of(terms, earned_on=date(2026, 1, 31), timezone=CHINA) == expires_at


BOUGHT = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
DELIVERED = datetime(2026, 11, 13, 17, tzinfo=UTC)  # the 14th in China


@pytest.mark.parametrize(
    ("terms", "delivered_at", "matures_at"),
    [
        (MaturityTerms(pending_days=0), None, BOUGHT),
        (MaturityTerms(pending_days=7), DELIVERED, midnight(2026, 11, 19)),
        (MaturityTerms(pending_days=7, counted_from="delivery"), DELIVERED, midnight(2026, 11, 22)),
        (MaturityTerms(pending_days=7, counted_from="delivery"), None, midnight(2026, 11, 19)),
    ],
)
def test_points_wait_for_the_end_of_the_return_period(
    terms: MaturityTerms, delivered_at: datetime | None, matures_at: datetime
) -> None:
    found = maturity_of(terms, bought_at=BOUGHT, delivered_at=delivered_at, timezone=CHINA)

    assert found == matures_at


def test_points_of_what_is_on_its_way_wait_until_it_has_surely_come() -> None:
    from_delivery = MaturityTerms(pending_days=7, counted_from="delivery")
    from_purchase = MaturityTerms(pending_days=7)

    on_its_way = [
        maturity_of(
            terms, bought_at=BOUGHT, delivered_at=None, awaits_delivery=True, timezone=CHINA
        )
        for terms in (from_delivery, from_purchase)
    ]

    assert on_its_way == [midnight(2027, 1, 18), midnight(2026, 11, 19)]


def test_who_is_born_on_29_february_has_a_birthday_every_year() -> None:
    leap = date(2000, 2, 29)

    assert is_birthday(date(2027, 2, 28), birthday=leap)
    assert is_birthday(date(2028, 2, 29), birthday=leap)
    assert not is_birthday(date(2028, 2, 28), birthday=leap)


@given(day=st.dates(date(1990, 1, 1), date(2090, 1, 1)), months=st.integers(-120, 120))
def test_months_later_is_in_that_month(day: date, months: int) -> None:
    found = plus_months(day, months)

    assert found.year * 12 + found.month == day.year * 12 + day.month + months
    assert found.day <= day.day


class Return(NamedTuple):
    name: str
    policy: ClawBackPolicy
    expected: Taken
    owed: int = 150
    pending: int = 0
    available: int = 150


RETURNS = [
    Return("all is there", "clamp", Taken(0, 150, 0, 0, 0)),
    Return("what waits goes first", "clamp", Taken(100, 50, 0, 0, 0), pending=100),
    Return("what is missing is forgiven", "clamp", Taken(0, 40, 0, 110, 0), available=40),
    Return("what is missing is owed", "negative", Taken(0, 40, 110, 0, 0), available=40),
    Return("money is kept", "from_refund_money", Taken(0, 40, 0, 110, 110), available=40),
]


@pytest.mark.parametrize("case", RETURNS, ids=lambda case: case.name)
def test_a_return(case: Return) -> None:
    found = taken(
        case.policy,
        owed=case.owed,
        pending=case.pending,
        available=case.available,
        value_minor_per_1000=1_000,
    )

    assert found == case.expected


@given(earned=points, parts=st.lists(st.integers(1, 20), min_size=1, max_size=10))
def test_parts_of_a_return_take_back_exactly_the_whole(earned: int, parts: list[int]) -> None:
    before = [0, *itertools.accumulate(parts)]

    shares = [
        share_of(earned, quantity=sum(parts), returned_before=earlier, returned=now)
        for earlier, now in zip(before, parts, strict=False)
    ]

    assert sum(shares) == earned
    assert all(share >= 0 for share in shares)


@given(
    policy=st.sampled_from(["clamp", "negative", "from_refund_money"]),
    owed=points,
    pending=points,
    available=points,
)
def test_every_point_that_is_owed_is_accounted_for_and_none_is_taken_that_is_not_there(
    policy: ClawBackPolicy, owed: int, pending: int, available: int
) -> None:
    found = taken(policy, owed=owed, pending=pending, available=available, value_minor_per_1000=7)

    assert found.from_ledger + found.forgiven == owed
    assert found.from_pending <= pending
    assert found.from_available <= available


def test_fractions_of_a_fen_are_given_to_the_customer() -> None:
    assert worth(1_999, value_minor_per_1000=1) == 1


class Spend(NamedTuple):
    name: str
    expected: Quote
    requested: int = 1_000
    balance: int = 5_000
    amount_minor: int = 10_000
    tier_percent: int = 100
    terms: BurnTerms = BurnTerms(points_per_step=1, amount_per_step=1)


SPENDS = [
    Spend("as asked", Quote(1_000, 1_000)),
    Spend("no more than there is", Quote(700, 700), balance=700),
    Spend(
        "no more than a part of the price",
        Quote(5_000, 5_000),
        requested=9_000,
        balance=9_000,
        terms=BurnTerms(points_per_step=1, amount_per_step=1, max_percent=50),
    ),
    Spend(
        "below the minimum nothing",
        NOTHING,
        requested=400,
        terms=BurnTerms(points_per_step=1, amount_per_step=1, min_points=500),
    ),
    Spend(
        "whole steps only",
        Quote(900, 9),
        requested=999,
        terms=BurnTerms(points_per_step=100, amount_per_step=1),
    ),
    Spend("the same points are worth more to gold", Quote(1_000, 1_250), tier_percent=125),
    Spend("nothing for nothing", NOTHING, amount_minor=0),
    Spend("a debt buys nothing", NOTHING, balance=-5),
]


@pytest.mark.parametrize("case", SPENDS, ids=lambda case: case.name)
def test_a_quote(case: Spend) -> None:
    found = quote(
        case.terms,
        requested=case.requested,
        balance=case.balance,
        amount_minor=case.amount_minor,
        tier_percent=case.tier_percent,
    )

    assert found == case.expected


@given(
    requested=points,
    balance=points,
    amount=points,
    step=st.integers(1, 500),
    worth_of_step=st.integers(0, 500),
    percent=st.integers(0, 100),
    tier=st.integers(100, 300),
)
def test_a_quote_is_the_most_that_may_be_used(
    *,
    requested: int,
    balance: int,
    amount: int,
    step: int,
    worth_of_step: int,
    percent: int,
    tier: int,
) -> None:
    terms = BurnTerms(points_per_step=step, amount_per_step=worth_of_step, max_percent=percent)

    found = quote(
        terms, requested=requested, balance=balance, amount_minor=amount, tier_percent=tier
    )

    room = amount * percent // 100
    next_points = found.points + step
    next_worth = next_points // step * worth_of_step * tier // 100
    assert found.amount_minor <= room
    assert found.points <= min(requested, balance)
    assert found.points % step == 0
    assert worth_of_step == 0 or next_points > min(requested, balance) or next_worth > room


@given(
    st.lists(
        st.builds(Turnover, st.integers(1, 50), points, points, points, points),
        max_size=8,
        unique_by=lambda each: each.brand_id,
    ),
    points,
    st.integers(0, 2_000),
)
def test_what_brands_pay_and_get_adds_up_to_the_rounded_total(
    turnovers: list[Turnover], expired: int, rate: int
) -> None:
    shares = settle(turnovers, expired_points=expired, breakage_minor_per_1000=rate)

    earned = sum(each.earned_weight for each in turnovers)
    burned = sum(each.burned_weight for each in turnovers)
    assert sum(share.pays_minor for share in shares) == (earned + 500) // 1_000
    assert sum(share.gets_minor for share in shares) == (burned + 500) // 1_000
    assert sum(share.breakage_minor for share in shares) in {0, expired * rate // 1_000}


def test_a_month_of_two_brands() -> None:
    shares = settle(
        [
            Turnover(
                2,
                earned_points=500,
                earned_weight=500 * 9,
                burned_points=900,
                burned_weight=900 * 8,
            ),
            Turnover(
                1, earned_points=1_500, earned_weight=1_500 * 10, burned_points=0, burned_weight=0
            ),
        ],
        expired_points=200,
        breakage_minor_per_1000=50,
    )

    # 19.5 is 20 in all; the larger remainder takes the odd one.
    assert shares == [Share(1, 1_500, 0, 15, 0, 8), Share(2, 500, 900, 5, 7, 2)]
    assert [share.net_minor for share in shares] == [-7, 4]


def test_a_brand_that_took_more_back_than_it_gave_is_paid() -> None:
    shares = settle(
        [Turnover(1, -100, -1_000, 0, 0), Turnover(2, 400, 4_000, 0, 0)],
        expired_points=0,
        breakage_minor_per_1000=0,
    )

    assert [share.pays_minor for share in shares] == [-1, 4]


def test_breakage_is_read_from_points_that_have_ended() -> None:
    rate = breakage_rate(expired=250, redeemed=750)

    assert rate == 2_500
    assert expected_breakage(999, rate_per_10000=rate) == 249
    assert breakage_rate(expired=0, redeemed=0) == 0


def test_a_price_is_split_by_what_each_part_would_cost_alone() -> None:
    assert (
        deferred(price_minor=100_000, points_value_minor=9_500, goods_value_minor=100_000) == 8_676
    )
    assert deferred(price_minor=100, points_value_minor=0, goods_value_minor=0) == 0


@given(
    amount=points,
    expected=st.integers(1, 10_000),
    steps=st.lists(st.integers(0, 2_000), min_size=1, max_size=6),
)
def test_all_that_was_deferred_is_recognised_when_all_that_was_expected_is_redeemed(
    amount: int, expected: int, steps: list[int]
) -> None:
    to_date = [min(total, expected) for total in itertools.accumulate(steps)]

    found = recognised(
        deferred_minor=amount,
        periods=[*((each, expected) for each in to_date), (expected, expected)],
    )

    assert sum(found) == amount
    assert all(period >= 0 for period in found)
