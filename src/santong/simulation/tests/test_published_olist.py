"""The published files themselves: what their documentation says of them is found in them."""

from __future__ import annotations

from statistics import median
from typing import NamedTuple

import pytest

from santong.simulation.rules.olist.tables import OlistData
from santong.simulation.rules.published.tally import Reason, Remark
from santong.simulation.rules.replay.freight import fitted_rates
from santong.simulation.rules.replay.world import (
    StockRule,
    World,
    built_world,
    metres_to,
    wanted_orders,
)


@pytest.fixture(scope="session")
def world(published: OlistData) -> World:
    return built_world(
        published, orders=wanted_orders(published, tally=published.tally), rule=StockRule()
    )


def test_every_row_is_counted(published: OlistData) -> None:
    assert published.tally.rows_by_file == {
        "orders": 15_252,
        "order_items": 16_829,
        "order_payments": 16_276,
        "order_reviews": 9_087,
        "customers": 15_252,
        "sellers": 3_095,
        "products": 32_951,
        "category_translation": 71,
        "geolocation_by_zip": 19_015,
        "geolocation_points": 43_913,
    }


def test_money_adds_up_to_the_centavo(published: OlistData) -> None:
    lines = [line for lines in published.lines_by_order.values() for line in lines]

    # The one order whose buyer has no place is missing from the published 2,041,808.64.
    assert sum(line.price_minor for line in lines) == 204_173_865
    assert sum(line.freight_minor for line in lines) == 32_706_854


class Defect(NamedTuple):
    remark: Remark
    times: int


DEFECTS = [
    Defect(Remark.TO_THE_MINUTE, 1_272),
    Defect(Remark.REVIEW_WITHOUT_ID, 1_924),
    Defect(Remark.NO_CATEGORY, 610),
    Defect(Remark.SUMS_DIFFER, 55),
    Defect(Remark.WEIGHT_OF_CATEGORY, 6),
    Defect(Remark.SIZE_OF_CATEGORY, 2),
]


@pytest.mark.parametrize("case", DEFECTS, ids=lambda case: case.remark.value)
def test_each_known_defect_is_met_as_often_as_it_is_known(
    case: Defect, published: OlistData
) -> None:
    assert published.tally.remarks[case.remark] == case.times


def test_nine_prefixes_lie_outside_brazil_and_orders_without_lines_are_put_aside(
    published: OlistData, world: World
) -> None:
    aside = published.tally.count_by_reason()

    assert aside["geolocation_by_zip", Reason.OUTSIDE_BRAZIL] == 9
    assert aside["orders", Reason.NO_LINES] == 539
    assert aside["orders", Reason.NO_PAYMENT] == 1
    assert len(world.orders) == 15_252 - 539 - 1 - 1


def test_the_median_line_really_travelled_about_446_kilometres(world: World) -> None:
    metres = [
        metres_to(place=world.places[line.seller], point=order.point)
        for order in world.orders
        for line in order.lines
        for _ in range(line.quantity)
    ]

    assert median(metres) / 1_000 == pytest.approx(446, abs=3)


def test_real_freight_grows_with_distance_and_weight(world: World) -> None:
    rates = fitted_rates(world)

    assert rates.parcel_milli > 0
    assert rates.parcel_micro_per_km > 0
    assert rates.weight_micro_per_kg > 0
    assert rates.explained_percent > 50
