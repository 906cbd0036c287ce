"""What a purchase brings, rule by rule."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.membership.contracts.points import Basket, Part, Used
from santong.membership.contracts.programmes import AccrualRule, Caps, Conditions, Rounding, Terms
from santong.membership.rules.accrual import by_line, by_rule, explain, ratio, total
from santong.membership.tests.rules.points import (
    ONE_A_YUAN,
    basket,
    baskets,
    line,
    rules,
    terms,
)

DOUBLE = AccrualRule(code="double", effect="multiplier", percent=200)
NO_COAT = Conditions(sku_codes=("shirt",))
TWO_LINES = (line(10_000, number=1), line(5_000, number=2, sku="coat", category="coats"))


def only(**conditions: object) -> AccrualRule:
    return AccrualRule(code="only", points=1, conditions=Conditions(**conditions))  # type: ignore[arg-type]


class Case(NamedTuple):
    name: str
    points: int
    rules: tuple[AccrualRule, ...] = (ONE_A_YUAN,)
    bought: Basket = basket(*TWO_LINES)
    used: Used = Used()
    caps: Caps = Caps()


CASES = [
    Case("a point for every yuan", points=150),
    Case("no rule, no points", points=0, rules=(DOUBLE,)),
    Case("a fraction of a point is dropped", points=0, bought=basket(line(99))),
    Case("fractions of several lines make a point", 1, bought=basket(line(50), line(50, number=2))),
    Case("a multiplier counts the base once", points=300, rules=(ONE_A_YUAN, DOUBLE)),
    Case(
        "two doublings make a triple",
        points=450,
        rules=(ONE_A_YUAN, DOUBLE, AccrualRule(code="too", effect="multiplier", percent=200)),
    ),
    Case(
        "of one group the best applies",
        points=450,
        rules=(
            ONE_A_YUAN,
            AccrualRule(code="two", effect="multiplier", percent=200, group="campaign"),
            AccrualRule(code="three", effect="multiplier", percent=300, group="campaign"),
        ),
    ),
    Case(
        "a multiplier for one SKU leaves the other",
        points=250,
        rules=(
            ONE_A_YUAN,
            AccrualRule(code="x", effect="multiplier", percent=200, conditions=NO_COAT),
        ),
    ),
    Case(
        "the more important base rule takes its lines",
        points=350,
        rules=(
            ONE_A_YUAN,
            AccrualRule(code="shirts", points=3, priority=1, conditions=NO_COAT),
        ),
    ),
    Case("gold earns half as much again", points=225, bought=basket(*TWO_LINES, tier="gold")),
    Case(
        "a bonus for the purchase",
        points=170,
        rules=(ONE_A_YUAN, AccrualRule(code="bonus", effect="bonus", points=20)),
    ),
    Case(
        "a bonus for each line",
        points=190,
        rules=(ONE_A_YUAN, AccrualRule(code="bonus", effect="bonus", points=20, per="line")),
    ),
    Case(
        "a bonus for each unit",
        points=106,
        rules=(ONE_A_YUAN, AccrualRule(code="bonus", effect="bonus", points=2, per="unit")),
        bought=basket(line(10_000, quantity=3)),
    ),
    Case(
        "a rule gives no more than its cap for a purchase",
        points=100,
        rules=(AccrualRule(code="yuan", points=1, caps=Caps(per_purchase=100)),),
    ),
    Case(
        "what was given today counts against the day's cap",
        points=40,
        rules=(AccrualRule(code="yuan", points=1, caps=Caps(per_day=100)),),
        used=Used(day={"yuan": 60}),
    ),
    Case(
        "what was ever given counts against the member's cap",
        points=0,
        rules=(AccrualRule(code="yuan", points=1, caps=Caps(per_member=100)),),
        used=Used(member={"yuan": 120}),
    ),
    Case(
        "the programme's own cap stands above all rules",
        points=130,
        rules=(ONE_A_YUAN, DOUBLE),
        caps=Caps(per_purchase=200, per_day=200),
        used=Used(day={"": 70}),
    ),
    Case("on this channel", points=150, rules=(only(channels=("store",)),)),
    Case("on another channel", points=0, rules=(only(channels=("tmall",)),)),
    Case("in this store", points=150, rules=(only(location_codes=("SH001",)),)),
    Case("in another store", points=0, rules=(only(location_codes=("SH002",)),)),
    Case("of this category", points=50, rules=(only(categories=("coats",)),)),
    Case("for another tier", points=0, rules=(only(tiers=("gold",)),)),
    Case("on a Wednesday", points=150, rules=(only(weekdays=(2,)),)),
    Case("at the weekend", points=0, rules=(only(weekdays=(5, 6)),)),
    Case("on Singles' Day", points=150, rules=(only(dates=(date(2026, 11, 11),)),)),
    Case("on another day", points=0, rules=(only(dates=(date(2026, 12, 12),)),)),
    Case("not their birthday", points=0, rules=(only(birthday="day"),)),
    Case(
        "their birthday",
        points=150,
        rules=(only(birthday="day"),),
        bought=basket(*TWO_LINES, is_birthday=True),
    ),
    Case(
        "the month of their birthday",
        points=150,
        rules=(only(birthday="month"),),
        bought=basket(*TWO_LINES, is_birthday_month=True),
    ),
    Case("from a sum on", points=150, rules=(only(amount_minor_min=15_000),)),
    Case("below the sum", points=0, rules=(only(amount_minor_min=15_001),)),
    Case(
        "before the campaign",
        points=0,
        rules=(
            AccrualRule(code="c", points=1, valid_from=datetime(2026, 11, 11, 7, 28, tzinfo=UTC)),
        ),
    ),
    Case(
        "the moment at which the campaign has ended",
        points=0,
        rules=(
            AccrualRule(code="c", points=1, valid_until=datetime(2026, 11, 11, 7, 27, tzinfo=UTC)),
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_points(case: Case) -> None:
    promised = terms(*case.rules, caps=case.caps)

    found = explain(promised, basket=case.bought, used=case.used)

    assert total(found.points) == case.points


def test_every_line_says_which_rule_gave_what() -> None:
    promised = terms(ONE_A_YUAN, DOUBLE)

    found = explain(promised, basket=basket(*TWO_LINES, tier="silver"), used=Used())

    assert found.points == (
        Part(1, "yuan", 100),
        Part(2, "yuan", 50),
        Part(1, "double", 100),
        Part(2, "double", 50),
        Part(1, "tier:silver", 20),
        Part(2, "tier:silver", 10),
    )
    assert by_line(found.points) == {1: 220, 2: 110}
    assert by_rule(found.points) == {"yuan": 150, "double": 150, "tier:silver": 30}


def test_experience_has_rules_of_its_own_and_no_tier_multiplies_it() -> None:
    growth = AccrualRule(code="growth", asset="experience", points=1, per_minor=1_000)

    found = explain(
        terms(ONE_A_YUAN, growth), basket=basket(line(10_000), tier="gold"), used=Used()
    )

    assert total(found.points) == 150
    assert found.experience == (Part(1, "growth", 10),)


@pytest.mark.parametrize(
    ("amount", "rounding", "points"),
    [
        (149, "down", 1),
        (149, "half_up", 1),
        (150, "half_up", 2),
        (101, "up", 2),
        (100, "up", 1),
        (0, "up", 0),
    ],
)
def test_rounding(amount: int, rounding: Rounding, points: int) -> None:
    found = ratio(amount, points=1, per_minor=100, rounding=rounding)

    assert found == points


@given(bought=baskets(), given_rules=rules())
def test_nothing_is_taken_and_every_part_has_a_line_of_the_purchase(
    bought: Basket, given_rules: list[AccrualRule]
) -> None:
    found = explain(terms(*given_rules), basket=bought, used=Used())

    assert all(part.amount > 0 for part in found.points)
    assert {part.line for part in found.points} <= {line.line for line in bought.lines}


@given(bought=baskets(), given_rules=rules(), cap=st.integers(0, 1_000))
def test_no_cap_is_ever_passed(bought: Basket, given_rules: list[AccrualRule], cap: int) -> None:
    promised = Terms(rules=tuple(given_rules), caps=Caps(per_purchase=cap))

    found = explain(promised, basket=bought, used=Used())

    by_code = by_rule(found.points)
    assert total(found.points) <= cap
    for rule in given_rules:
        limits = (rule.caps.per_purchase, rule.caps.per_day, rule.caps.per_member)
        assert all(limit is None or by_code.get(rule.code, 0) <= limit for limit in limits)


@given(bought=baskets(), points=st.integers(1, 20), per_minor=st.integers(1, 500))
def test_the_lines_of_a_base_rule_add_up_to_what_the_whole_purchase_brings(
    bought: Basket, points: int, per_minor: int
) -> None:
    rule = AccrualRule(code="base", points=points, per_minor=per_minor)
    amount = sum(line.amount_minor for line in bought.lines)

    found = explain(Terms(rules=(rule,)), basket=bought, used=Used())

    assert total(found.points) == amount * points // per_minor
