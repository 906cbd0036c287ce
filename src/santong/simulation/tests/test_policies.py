from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.simulation.rules.replay.compare import (
    as_it_was,
    cost_minor_of_common_orders,
    outcome_of,
)
from santong.simulation.rules.replay.freight import FreightRates
from santong.simulation.rules.replay.policies import (
    AsSold,
    NearestPerLine,
    Policy,
    RuleEngine,
)
from santong.simulation.rules.replay.shelves import Portion, Shelves
from santong.simulation.tests.factories import make_wanted_order, make_world

RATES = FreightRates(
    parcel_milli=1_000_000,
    parcel_micro_per_km=1_000_000,
    weight_micro_per_kg=100_000_000,
    carriage_micro_per_kg_km=0,
    fitted_on=0,
    explained_percent=0,
)
AWAY = {"seller": 500.0, "near": 10.0, "middle": 100.0, "far": 900.0}


class Case(NamedTuple):
    name: str
    stock: Mapping[tuple[str, str], int]
    wanted: Mapping[str, int]
    as_sold: list[Portion]
    nearest: list[Portion]
    rule_engine: list[Portion]


CASES = [
    Case(
        "everybody has it",
        stock={("seller", "a"): 1, ("near", "a"): 1},
        wanted={"a": 1},
        as_sold=[Portion("seller", "a", 1)],
        nearest=[Portion("near", "a", 1)],
        rule_engine=[Portion("near", "a", 1)],
    ),
    Case(
        "the seller has sold out",
        stock={("near", "a"): 1},
        wanted={"a": 1},
        as_sold=[],
        nearest=[Portion("near", "a", 1)],
        rule_engine=[Portion("near", "a", 1)],
    ),
    Case(
        "one place has both, nearer ones have one each",
        stock={("near", "a"): 1, ("middle", "b"): 1, ("far", "a"): 1, ("far", "b"): 1},
        wanted={"a": 1, "b": 1},
        as_sold=[],
        nearest=[Portion("near", "a", 1), Portion("middle", "b", 1)],
        rule_engine=[Portion("far", "a", 1), Portion("far", "b", 1)],
    ),
    Case(
        "no place has enough",
        stock={("near", "a"): 1, ("far", "a"): 2},
        wanted={"a": 3},
        as_sold=[],
        nearest=[Portion("near", "a", 1), Portion("far", "a", 2)],
        rule_engine=[Portion("near", "a", 1), Portion("far", "a", 2)],
    ),
    Case(
        "there is not enough anywhere",
        stock={("seller", "a"): 1},
        wanted={"a": 2},
        as_sold=[Portion("seller", "a", 1)],
        nearest=[Portion("seller", "a", 1)],
        rule_engine=[Portion("seller", "a", 1)],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_where_each_policy_sends_from(case: Case) -> None:
    world = make_world(stock=case.stock, kilometres_by_place=AWAY)
    order = make_wanted_order(pieces_by_good=case.wanted)
    shelves = Shelves(stock=case.stock)

    portions = [
        list(policy.portions(order=order, shelves=shelves))
        for policy in (AsSold(), NearestPerLine(world), RuleEngine(world))
    ]

    assert portions == [case.as_sold, case.nearest, case.rule_engine]


places = st.sampled_from(sorted(AWAY))
goods = st.sampled_from("abc")
some_stock = st.dictionaries(st.tuples(places, goods), st.integers(1, 4), min_size=1)
some_wishes = st.lists(
    st.dictionaries(goods, st.integers(1, 3), min_size=1), min_size=1, max_size=8
)


@given(stock=some_stock, wishes=some_wishes)
def test_sharing_policies_send_whatever_is_there_and_never_more(
    stock: Mapping[tuple[str, str], int], wishes: list[Mapping[str, int]]
) -> None:
    orders = [
        make_wanted_order(number=f"order-{number}", pieces_by_good=wish, hour=number)
        for number, wish in enumerate(wishes)
    ]
    world = make_world(
        stock={**dict.fromkeys([("far", good) for good in "abc"], 0), **stock},
        orders=orders,
        kilometres_by_place=AWAY,
    )
    policies: list[Policy] = [NearestPerLine(world), RuleEngine(world)]

    outcomes = [outcome_of(policy=policy, world=world, rates=RATES) for policy in policies]

    held: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for (_, good), pieces in stock.items():
        held[good] += pieces
    for wish in wishes:
        wanted.update(wish)
    due = sum(min(held[good], wanted[good]) for good in wanted)
    assert [outcome.pieces_sent for outcome in outcomes] == [due, due]


def test_what_is_not_there_cannot_be_taken() -> None:
    shelves = Shelves(stock={("near", "a"): 1})

    with pytest.raises(AssertionError, match="is not there"):
        shelves.take(portion=Portion("near", "a", 2))


def test_parcels_and_their_cost_are_counted_by_place() -> None:
    stock = {("near", "a"): 1, ("middle", "b"): 1}
    order = make_wanted_order(pieces_by_good={"a": 1, "b": 1})
    world = make_world(stock=stock, orders=[order], kilometres_by_place=AWAY)

    outcome = outcome_of(policy=NearestPerLine(world), world=world, rates=RATES)

    near = 1_000_000 + 10_000 + 100_000
    middle = 1_000_000 + 100_000 + 100_000
    assert outcome.parcels == 2
    assert outcome.cost_milli == pytest.approx(near + middle, abs=20)
    assert outcome.metres == [pytest.approx(10_000, abs=10), pytest.approx(100_000, abs=10)]
    assert outcome.places_by_order == {"order-1": ("near", "middle")}


def test_history_is_told_without_asking_for_stock() -> None:
    order = make_wanted_order(pieces_by_good={"a": 5})
    world = make_world(stock={("near", "a"): 1}, orders=[order], kilometres_by_place=AWAY)

    outcome = as_it_was(world=world, rates=RATES)

    assert (outcome.pieces_sent, outcome.parcels, outcome.fill_rate) == (5, 1, 1.0)
    assert outcome.median_km == pytest.approx(500, abs=1)


def test_costs_are_compared_on_orders_that_all_filled() -> None:
    orders = [
        make_wanted_order(number="both", pieces_by_good={"a": 1}),
        make_wanted_order(number="only shared", pieces_by_good={"a": 1}, hour=1),
    ]
    world = make_world(
        stock={("seller", "a"): 1, ("near", "a"): 1}, orders=orders, kilometres_by_place=AWAY
    )
    outcomes = [
        outcome_of(policy=policy, world=world, rates=RATES)
        for policy in (AsSold(), NearestPerLine(world))
    ]

    common, cost_minor = cost_minor_of_common_orders(outcomes=outcomes)

    assert common == 1
    assert cost_minor["as sold"] == pytest.approx(1_600, abs=1)
    assert cost_minor["nearest per line"] == pytest.approx(1_110, abs=1)


def test_progress_is_told() -> None:
    orders = [
        make_wanted_order(number=f"order-{number}", pieces_by_good={"a": 1}, hour=number)
        for number in range(1_100)
    ]
    world = make_world(stock={("seller", "a"): 1}, orders=orders, kilometres_by_place=AWAY)
    told: list[int] = []

    outcome_of(policy=AsSold(), world=world, rates=RATES, progress=told.append)

    assert sum(told) == 1_100
