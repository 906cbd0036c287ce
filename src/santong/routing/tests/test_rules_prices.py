"""What stock is worth before the next replenishment, and how demand is forecast for it."""

from typing import NamedTuple

import pytest

from santong.routing.rules.prices.expect import expected_prices
from santong.routing.rules.prices.forecast import PastOrder, forecast_baskets
from santong.routing.rules.prices.problem import (
    BasketForecast,
    Lane,
    PriceProblem,
    StockLeft,
)
from santong.routing.rules.prices.solve import solve_prices

EAST, WEST = 1, 2
SHANGHAI, CHENGDU = 11, 12
SHIRT, TROUSERS = 501, 502
YUAN = 100_000

LANES = [
    Lane(zone_id=EAST, location_id=SHANGHAI, parcel_cost_milli=8 * YUAN),
    Lane(zone_id=EAST, location_id=CHENGDU, parcel_cost_milli=12 * YUAN),
    Lane(zone_id=WEST, location_id=SHANGHAI, parcel_cost_milli=13 * YUAN),
    Lane(zone_id=WEST, location_id=CHENGDU, parcel_cost_milli=7 * YUAN),
]


def orders(zone_id: int, count: int, *skus: int) -> BasketForecast:
    return BasketForecast(
        zone_id=zone_id,
        quantity_by_sku=tuple((sku, 1) for sku in skus),
        orders_milli=count * 1_000,
    )


def make_problem(*baskets: BasketForecast, stock: dict[tuple[int, int], int]) -> PriceProblem:
    return PriceProblem(
        baskets=baskets,
        lanes=LANES,
        stock=[
            StockLeft(location_id=place, sku_id=sku, quantity=quantity)
            for (place, sku), quantity in stock.items()
        ],
        unfilled_cost_milli=50 * YUAN,
        weight_grams_by_sku={},
    )


class Case(NamedTuple):
    name: str
    baskets: list[BasketForecast]
    stock: dict[tuple[int, int], int]
    price_milli_by_place: dict[tuple[int, int], int]
    bound_milli: int


CASES = [
    Case(
        "plentiful stock is worth nothing more",
        baskets=[orders(EAST, 10, SHIRT), orders(WEST, 10, SHIRT)],
        stock={(SHANGHAI, SHIRT): 99, (CHENGDU, SHIRT): 99},
        price_milli_by_place={},
        bound_milli=(80 + 70) * YUAN,
    ),
    Case(
        "a unit short in one place is worth the longer way from the other",
        baskets=[orders(EAST, 10, SHIRT)],
        stock={(SHANGHAI, SHIRT): 4, (CHENGDU, SHIRT): 99},
        price_milli_by_place={(SHANGHAI, SHIRT): 4 * YUAN},
        bound_milli=(4 * 8 + 6 * 12) * YUAN,
    ),
    Case(
        "a unit short everywhere is worth what not filling costs",
        baskets=[orders(EAST, 10, SHIRT)],
        stock={(SHANGHAI, SHIRT): 4},
        price_milli_by_place={(SHANGHAI, SHIRT): 42 * YUAN},
        bound_milli=(4 * 8 + 6 * 50) * YUAN,
    ),
    Case(
        "a unit that completes a parcel is worth the second parcel",
        baskets=[orders(EAST, 10, SHIRT, TROUSERS)],
        stock={(SHANGHAI, SHIRT): 99, (SHANGHAI, TROUSERS): 5, (CHENGDU, TROUSERS): 99},
        price_milli_by_place={(SHANGHAI, TROUSERS): 12 * YUAN},
        bound_milli=(10 * 8 + 5 * 12) * YUAN,
    ),
    Case("without demand there is no price", [], {(SHANGHAI, SHIRT): 1}, {}, 0),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_price(case: Case) -> None:
    prices = solve_prices(problem=make_problem(*case.baskets, stock=case.stock))

    assert prices.price_milli_by_place == case.price_milli_by_place
    assert prices.bound_milli == case.bound_milli


def test_the_same_problem_has_the_same_prices() -> None:
    baskets = [
        orders(zone, 3 + sku % 7, sku, sku + 1) for zone in (EAST, WEST) for sku in range(40)
    ]
    stock = {(place, sku): 1 + sku % 5 for place in (SHANGHAI, CHENGDU) for sku in range(41)}

    problem = make_problem(*baskets, stock=stock)

    first = solve_prices(problem=problem)
    assert first.price_milli_by_place
    assert solve_prices(problem=problem) == first
    drawn = expected_prices(problem=problem, draws=3, seed=7)
    assert expected_prices(problem=problem, draws=3, seed=7) == drawn


def test_a_heavier_unit_is_worth_its_longer_way() -> None:
    lanes = [
        Lane(zone_id=EAST, location_id=SHANGHAI, parcel_cost_milli=8 * YUAN, gram_cost_micro=1_000),
        Lane(zone_id=EAST, location_id=CHENGDU, parcel_cost_milli=8 * YUAN, gram_cost_micro=9_000),
    ]

    prices = solve_prices(
        problem=PriceProblem(
            baskets=[orders(EAST, 10, SHIRT)],
            lanes=lanes,
            stock=[
                StockLeft(location_id=SHANGHAI, sku_id=SHIRT, quantity=1),
                StockLeft(location_id=CHENGDU, sku_id=SHIRT, quantity=99),
            ],
            unfilled_cost_milli=50 * YUAN,
            weight_grams_by_sku={SHIRT: 400},
        )
    )

    assert prices.price_milli_by_place == {(SHANGHAI, SHIRT): 8 * 400}


def test_a_unit_that_is_only_sometimes_missed_is_worth_its_chance() -> None:
    problem = make_problem(
        orders(EAST, 2, SHIRT), stock={(SHANGHAI, SHIRT): 2, (CHENGDU, SHIRT): 99}
    )

    certain = solve_prices(problem=problem)
    expected = expected_prices(problem=problem, draws=200, seed=1)

    assert certain.price_milli_by_place == {}
    assert expected.bound_milli == certain.bound_milli
    # A third buyer comes with chance 0.32, and would be served from Chengdu for 4 yuan more.
    assert expected.price_milli_by_place[SHANGHAI, SHIRT] / (4 * YUAN) == pytest.approx(
        0.32, abs=0.1
    )


def test_frequent_baskets_keep_their_shape_and_rare_ones_fall_apart() -> None:
    outfit, odd = ((SHIRT, 1), (TROUSERS, 1)), ((TROUSERS, 2), (SHIRT, 1))
    past = [PastOrder(zone_id=EAST, quantity_by_sku=outfit)] * 6
    past += [PastOrder(zone_id=EAST, quantity_by_sku=odd)] * 2
    past += [PastOrder(zone_id=WEST, quantity_by_sku=((SHIRT, 1),))] * 3

    baskets = forecast_baskets(past=past, days_observed=4, days_ahead=2, baskets_max=1)

    assert {(each.zone_id, each.quantity_by_sku): each.orders_milli for each in baskets} == {
        (EAST, outfit): 3_000,
        (EAST, ((SHIRT, 1),)): 1_000,
        (EAST, ((TROUSERS, 2),)): 1_000,
        (WEST, ((SHIRT, 1),)): 1_500,
    }
