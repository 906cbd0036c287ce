"""Scarce stock gets a price where later orders need it, and orders leave it there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from santong.inventory import public as inventory
from santong.orders import public as orders
from santong.routing import public as routing
from santong.routing.models import ScarcityPrice
from santong.routing.tests.factories import (
    BEIJING,
    NOW,
    World,
    make_world,
    new_order,
    promise,
)


def order_from_beijing(world: World) -> orders.NewOrder:
    order = new_order(world)
    recipient = replace(order.recipient, latitude=BEIJING[0], longitude=BEIJING[1])
    return replace(order, recipient=recipient, placed_at=NOW - timedelta(days=3))


def test_plentiful_stock_has_no_price(merchant_id: int) -> None:
    world = make_world(merchant_id, near=500, far=500)
    promise(world, new_order(world))

    priced = routing.solve_prices(merchant_id=merchant_id, now=NOW)

    assert priced == 0


def test_the_last_units_of_a_place_are_priced_where_its_buyers_are(merchant_id: int) -> None:
    world = make_world(merchant_id, near=12, far=42)
    for _ in range(40):
        promise(world, order_from_beijing(world))

    routing.solve_prices(merchant_id=merchant_id, now=NOW)

    prices = dict(
        ScarcityPrice.objects.of_merchant(merchant_id).values_list("location_id", "price_milli")
    )
    assert prices.keys() == {world.far}
    assert prices[world.far] > 0


def test_prices_are_replaced_and_not_piled_up(merchant_id: int) -> None:
    world = make_world(merchant_id, near=12, far=42)
    for _ in range(40):
        promise(world, order_from_beijing(world))

    first = routing.solve_prices(merchant_id=merchant_id, now=NOW)
    second = routing.solve_prices(merchant_id=merchant_id, now=NOW)

    assert first == second == ScarcityPrice.objects.of_merchant(merchant_id).count()


def test_a_priced_unit_is_left_to_the_order_that_needs_it(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1, middle=5)
    ScarcityPrice.objects.create(
        merchant_id=merchant_id,
        location_id=world.near,
        sku_id=world.sku_id,
        price_milli=10_000_000,
        solved_at=NOW,
    )

    order = promise(world, new_order(world))

    (held,) = inventory.reservations_of(
        merchant_id=merchant_id, holder=orders.holder_of(order_id=order.id)
    )
    assert held.location_id == world.middle
