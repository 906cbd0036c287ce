"""Who reads an order over HTTP, and how much of it: the rule of the order's page."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from santong.fulfilment import public as fulfilment
from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.merchants.tests.factories import make_staff
from santong.orders import public as orders
from santong.routing.tests.factories import NOW, World, make_world, new_order, promise

PERMISSIONS = ("orders.view", "fulfilment.view", "fulfilment.work")


@pytest.fixture
def world(merchant: int) -> World:
    with tenancy.scope(merchant_id=merchant):
        return make_world(merchant, near=5, middle=5)


@pytest.fixture
def order(world: World) -> orders.Order:
    with tenancy.scope(merchant_id=world.merchant_id):
        placed = promise(world, new_order(world))
        fulfilment.start_order(merchant_id=world.merchant_id, order_id=placed.id, now=NOW)
        return placed


def read(
    world: World,
    order: orders.Order,
    *,
    at: int | None,
    permissions: tuple[str, ...] = PERMISSIONS,
) -> tuple[int, dict[str, Any]]:
    """The order as a clerk of a place, or head office, reads it."""
    with tenancy.scope(merchant_id=world.merchant_id):
        role = "head_office" if at is None else "clerk"
        person = make_staff(world.merchant_id, role=role, location_id=at)
        token = merchants.create_token(
            merchant_id=world.merchant_id,
            staff_id=person.id,
            name="phone",
            permissions=permissions,
            now=NOW,
        ).secret
    answer = Client().get(
        f"/api/v1/orders/{order.id}", headers={"authorization": f"Bearer {token}"}
    )
    return answer.status_code, json.loads(answer.content)


def test_the_place_that_sends_an_order_reads_its_part_and_no_money(
    world: World, order: orders.Order
) -> None:
    status, told = read(world, order, at=world.near)

    assert status == 200
    assert told["external_number"] == order.external_number
    assert [line["quantity"] for line in told["lines"]] == [order.lines[0].quantity]
    assert told["recipient"]["phone"] == "199****1111"
    assert "minor" not in json.dumps(told)
    assert not {"seller_location_id", "guide_code", "member_reference"} & set(told)


def test_head_office_reads_all_of_it(world: World, order: orders.Order) -> None:
    status, told = read(world, order, at=None)

    assert status == 200
    assert told["total"]["amount_minor"] == order.total_minor
    assert told["recipient"]["phone"] == "199****1111"


def test_a_place_that_was_never_asked_finds_no_such_order(
    world: World, order: orders.Order
) -> None:
    status, _ = read(world, order, at=world.middle)

    assert status == 404


def test_the_place_that_declined_an_order_finds_it_no_more(
    world: World, order: orders.Order
) -> None:
    with tenancy.scope(merchant_id=world.merchant_id):
        (first,) = fulfilment.work_of(merchant_id=world.merchant_id, order_id=order.id)
        fulfilment.decline(
            merchant_id=world.merchant_id,
            fulfilment_order_id=first.id,
            reason="damaged",
            now=NOW + timedelta(minutes=1),
        )

    before, _ = read(world, order, at=world.near)
    after, _ = read(world, order, at=world.middle)

    assert (before, after) == (404, 200)


def test_a_token_without_sight_of_work_does_not_find_it(world: World, order: orders.Order) -> None:
    status, _ = read(world, order, at=world.near, permissions=("orders.view",))

    assert status == 404
