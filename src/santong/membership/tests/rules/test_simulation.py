"""A draft on the past: what it costs, and who stands where at its end."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from santong.membership.contracts.points import Used
from santong.membership.contracts.programmes import AccrualRule, Caps, Conditions
from santong.membership.contracts.simulation import PastPurchase, Simulated
from santong.membership.rules.accrual import explain, total
from santong.membership.rules.simulation import simulate
from santong.membership.tests.rules.points import ONE_A_YUAN, basket, line, terms

GROWTH = AccrualRule(code="growth", asset="experience", points=1, per_minor=100)
DRAFT = terms(ONE_A_YUAN, GROWTH)


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 4, tzinfo=UTC)


def bought(member: int, at: datetime, amount_minor: int, **about: object) -> PastPurchase:
    return PastPurchase(member_id=member, bought_at=at, lines=(line(amount_minor),), **about)  # type: ignore[arg-type]


def test_a_year_of_two_members() -> None:
    past = [
        bought(1, on(2026, 2, 1), 100_000),
        bought(2, on(2026, 3, 1), 5_000),
        bought(1, on(2026, 4, 1), 10_000),
    ]

    found = simulate(draft=DRAFT, purchases=past, redeemed_percent=80, until=on(2026, 12, 31))

    # The second purchase of the first member is made as silver: 100 and 20 more.
    assert found == Simulated(
        purchases=3,
        members=2,
        amount_minor=115_000,
        points=1_170,
        points_by_rule={"tier:silver": 20, "yuan": 1_150},
        cost_minor=936,
        members_by_tier={"base": 1, "silver": 1, "gold": 0},
    )


def test_a_tier_that_is_not_earned_again_falls_a_step_each_period() -> None:
    past = [bought(1, on(2024, 2, 1), 600_000)]

    sizes = [
        simulate(
            draft=DRAFT, purchases=past, redeemed_percent=100, until=on(year, 3, 1)
        ).members_by_tier
        for year in (2024, 2025, 2026)
    ]

    assert [size["gold"] for size in sizes] == [1, 0, 0]
    assert [size["silver"] for size in sizes] == [0, 1, 0]
    assert [size["base"] for size in sizes] == [0, 0, 1]


def test_a_day_s_cap_is_new_each_day_and_a_member_s_is_not() -> None:
    daily = terms(AccrualRule(code="a", points=1, caps=Caps(per_day=100, per_member=150)))
    past = [bought(1, on(2026, 2, day), 9_000) for day in (1, 1, 2, 3)]

    found = simulate(draft=daily, purchases=past, redeemed_percent=100, until=on(2026, 3, 1))

    assert found.points == 150


def test_a_birthday_is_known_where_it_is_said() -> None:
    rule = AccrualRule(code="b", points=1, conditions=Conditions(birthday="day"))
    past = [
        bought(1, on(2026, 2, 1), 10_000, birthday=date(1990, 2, 1)),
        bought(2, on(2026, 2, 1), 10_000, birthday=date(1990, 2, 2)),
        bought(3, on(2026, 2, 1), 10_000),
    ]

    found = simulate(draft=terms(rule), purchases=past, redeemed_percent=100, until=on(2026, 3, 1))

    assert found.points == 100


@given(st.lists(st.integers(0, 200_000), max_size=20), st.randoms())
def test_the_order_in_which_the_past_is_told_changes_nothing(
    amounts: list[int], dice: object
) -> None:
    past = [
        bought(number % 3, on(2026, 1 + number % 12, 1 + number), amount)
        for number, amount in enumerate(amounts)
    ]
    shuffled = list(past)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]

    found = [
        simulate(draft=DRAFT, purchases=each, redeemed_percent=100, until=on(2027, 1, 1))
        for each in (past, shuffled)
    ]

    assert found[0] == found[1]
    assert (
        sum(found[0].members_by_tier.values())
        == found[0].members
        == len({p.member_id for p in past})
    )


@given(st.lists(st.integers(0, 200_000), min_size=1, max_size=12))
def test_without_tiers_and_caps_it_is_the_sum_of_what_each_purchase_brings(
    amounts: list[int],
) -> None:
    draft = terms(ONE_A_YUAN)
    past = [bought(1, on(2026, 1, 1 + n), amount) for n, amount in enumerate(amounts)]

    found = simulate(draft=draft, purchases=past, redeemed_percent=100, until=on(2027, 1, 1))

    each = [explain(draft, basket=basket(line(amount)), used=Used()) for amount in amounts]
    assert found.points == sum(total(one.points) for one in each)
