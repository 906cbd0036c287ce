from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.simulation.rules.published.tally import Reason
from santong.simulation.rules.replay.freight import fitted_rates
from santong.simulation.rules.replay.world import (
    WAREHOUSE_CITIES,
    StockRule,
    World,
    built_world,
    wanted_orders,
)
from santong.simulation.tests.factories import Rows, make_olist


def world_of(directory: Path, *, lines: Rows = (), orders: Rows = (), seed: int = 1) -> World:
    sellers = [{"seller_id": "seller-2"}, {"seller_id": "seller-3"}]
    payments = [{"order_id": order["order_id"]} for order in orders]
    olist = make_olist(
        directory,
        rows={
            "orders": orders,
            "order_items": lines,
            "sellers": sellers,
            "order_payments": payments,
        },
    )
    return built_world(
        olist, orders=wanted_orders(olist, tally=olist.tally), rule=StockRule(seed=seed)
    )


def test_pieces_of_one_product_become_one_line(tmp_path: Path) -> None:
    second_piece = {"order_item_id": "2"}
    another_price = {"order_item_id": "3", "price": "40.00"}

    world = world_of(tmp_path, lines=[second_piece, another_price])

    (order,) = world.orders
    assert [(line.quantity, line.unit_price_minor) for line in order.lines] == [
        (1, 4_000),
        (2, 5_890),
    ]
    assert order.pieces == 3


def test_orders_come_in_the_order_of_their_time(tmp_path: Path) -> None:
    earlier = {"order_id": "order-0", "order_purchase_timestamp": "2017-01-02 08:00:00"}
    line = {"order_id": "order-0"}

    world = world_of(tmp_path, orders=[earlier], lines=[line])

    assert [order.number for order in world.orders] == ["order-0", "order-1"]
    assert world.orders[0].placed_at.isoformat() == "2017-01-02T10:00:00+00:00"


def test_an_order_without_lines_or_payment_is_put_aside(tmp_path: Path) -> None:
    olist = make_olist(
        tmp_path,
        rows={
            "orders": [{"order_id": "without-lines"}, {"order_id": "without-payment"}],
            "order_items": [{"order_id": "without-payment"}],
        },
    )

    orders = wanted_orders(olist, tally=olist.tally)

    assert [order.number for order in orders] == ["order-1"]
    assert olist.tally.count_by_reason() == {
        ("orders", Reason.NO_LINES): 1,
        ("orders", Reason.NO_PAYMENT): 1,
    }


def test_every_seller_is_a_store_and_warehouses_stand_in_real_cities(tmp_path: Path) -> None:
    world = world_of(tmp_path)

    kinds = Counter(place.kind for place in world.places.values())
    assert kinds == {"store": 3, "warehouse": len(WAREHOUSE_CITIES)}
    assert world.places["seller-1"].point.latitude == -23.55
    assert world.places["warehouse-1"].point.latitude == pytest.approx(-23.5, abs=0.2)


@given(pieces=st.integers(1, 30), seed=st.integers(0, 1_000))
def test_the_real_seller_always_has_the_first_piece(
    pieces: int, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    further = [{"order_item_id": str(number)} for number in range(2, pieces + 1)]

    world = world_of(tmp_path_factory.mktemp("olist"), lines=further, seed=seed)

    total = sum(world.stock.values())
    scarce, plenty = max(1, pieces * 70 // 100), pieces + -(-pieces * 25 // 100)
    assert total in (scarce, plenty)
    assert world.stock["seller-1", "product-1"] >= 1
    assert {place for place, _ in world.stock} <= world.places.keys()


def test_the_same_seed_lays_the_same_stock(tmp_path: Path) -> None:
    lines = [{"order_item_id": str(number)} for number in range(2, 40)]

    stocks = [world_of(tmp_path, lines=lines, seed=seed).stock for seed in (1, 1, 2)]

    assert stocks[0] == stocks[1]
    assert stocks[0] != stocks[2]


def test_freight_is_found_again_from_what_was_paid(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    grams = random.integers(100, 20_000, 60)
    products = [
        {"product_id": f"product-{number}", "product_weight_g": str(weight)}
        for number, weight in enumerate(grams.tolist(), start=10)
    ]
    orders = [{"order_id": f"order-{number}"} for number in range(10, 70)]
    lines = [
        {
            "order_id": f"order-{number}",
            "product_id": f"product-{number}",
            "freight_value": f"{8 + 2 * weight / 1_000:.2f}",
        }
        for number, weight in enumerate(grams.tolist(), start=10)
    ]
    payments = [{"order_id": order["order_id"]} for order in orders]
    olist = make_olist(
        tmp_path,
        rows={
            "products": products,
            "orders": orders,
            "order_items": lines,
            "order_payments": payments,
        },
    )
    world = built_world(olist, orders=wanted_orders(olist, tally=olist.tally), rule=StockRule())

    rates = fitted_rates(world)

    one_kilogram = rates.parcel_cost_milli(metres=357_000, grams=1_000)
    ten_kilograms = rates.parcel_cost_milli(metres=357_000, grams=10_000)
    assert one_kilogram == pytest.approx(1_000_000, rel=0.02)
    assert ten_kilograms - one_kilogram == pytest.approx(9 * 200_000, rel=0.02)
    assert min(rates.parcel_milli, rates.weight_micro_per_kg) >= 0
