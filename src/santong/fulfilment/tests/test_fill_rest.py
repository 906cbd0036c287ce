"""An order that was paid without stock finds its stock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from santong.fulfilment import public as fulfilment
from santong.fulfilment.services.report_short import report_short
from santong.fulfilment.tests.world import NOW, World, begun, make_world, new_order, tell_all
from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.kernel.errors import DomainError
from santong.orders import public as orders
from santong.routing import public as routing

AtOnce = Callable[..., list[Any]]


def short_order(world: World, **given: Any) -> orders.Order:
    """A paid order that was taken in though stock is short, and is waited for."""
    placed, _ = routing.promise_order(
        merchant_id=world.merchant_id, order=new_order(world, **given), if_short="accept", now=NOW
    )
    report_short(merchant_id=world.merchant_id, order_id=placed.id, now=NOW)
    begun(world, placed)
    return placed


def fill(world: World, order: orders.Order) -> fulfilment.FilledRest:
    return fulfilment.fill_rest(
        merchant_id=world.merchant_id, order_id=order.id, cause="test", now=NOW
    )


def state_of(world: World, order: orders.Order) -> str:
    return orders.order_by_id(merchant_id=world.merchant_id, order_id=order.id).state


def units_by_place(world: World, order: orders.Order) -> list[tuple[int, int]]:
    return [
        (each.location_id, line.quantity)
        for each in fulfilment.work_of(merchant_id=world.merchant_id, order_id=order.id)
        for line in each.lines
    ]


def check(world: World) -> None:
    assert inventory.check_invariants(merchant_id=world.merchant_id) == []
    assert fulfilment.check_invariants(merchant_id=world.merchant_id) == []
    assert orders.check_invariants(merchant_id=world.merchant_id) == []


def test_the_rest_of_a_line_is_found_at_another_place(merchant_id: int) -> None:
    world = make_world(merchant_id, near=2)
    order = short_order(world, quantity=3)
    world.put(world.far, 4)

    filled = fill(world, order)

    (line,) = order.lines
    assert (filled.quantity_by_line, filled.short_by_line) == ({line.id: 1}, {})
    assert units_by_place(world, order) == [(world.near, 2), (world.far, 1)]
    assert state_of(world, order) == "paid"
    assert fulfilment.open_cases(merchant_id=merchant_id) == []
    check(world)


def test_the_same_place_is_asked_again_for_what_came_there(merchant_id: int) -> None:
    world = make_world(merchant_id, near=2)
    order = short_order(world, quantity=3)
    world.put(world.near, 1)

    fill(world, order)

    assert units_by_place(world, order) == [(world.near, 2), (world.near, 1)]
    check(world)


def test_a_part_is_bound_at_once_and_the_order_goes_on_waiting(merchant_id: int) -> None:
    world = make_world(merchant_id)
    order = short_order(world, quantity=3)
    world.put(world.middle, 2)

    filled = fill(world, order)

    (line,) = order.lines
    (case,) = fulfilment.open_cases(merchant_id=merchant_id)
    assert (filled.quantity_by_line, filled.short_by_line) == ({line.id: 2}, {line.id: 1})
    assert case.details["quantity_by_line"] == {str(line.id): 1}
    assert state_of(world, order) == "paid_without_stock"
    assert inventory.atp_by_sku(merchant_id=merchant_id, sku_ids=[world.sku_id]) == {
        world.sku_id: 0
    }
    check(world)


def test_nothing_to_be_had_is_a_refusal_that_changes_nothing(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        world = make_world(merchant)
        order = short_order(world)

    with pytest.raises(routing.NothingCanServe), tenancy.scope(merchant_id=merchant):
        fill(world, order)

    with tenancy.scope(merchant_id=merchant):
        assert state_of(world, order) == "paid_without_stock"
        assert len(fulfilment.open_cases(merchant_id=merchant)) == 1


def test_the_case_is_settled_by_asking_again(merchant_id: int) -> None:
    world = make_world(merchant_id)
    order = short_order(world)
    (case,) = fulfilment.open_cases(merchant_id=merchant_id)
    world.put(world.near, 1)

    settled = fulfilment.close_case(
        merchant_id=merchant_id, case_id=case.id, resolution="rerouted", note="", now=NOW
    )

    assert settled.resolution == "rerouted"
    assert state_of(world, order) == "paid"


def test_what_is_packed_goes_while_the_rest_is_found(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1)
    order = short_order(world, quantity=2)
    (work,) = fulfilment.work_of(merchant_id=merchant_id, order_id=order.id)
    about: dict[str, Any] = {"merchant_id": merchant_id, "fulfilment_order_id": work.id, "now": NOW}
    fulfilment.accept(**about)
    fulfilment.start_picking(**about)
    fulfilment.record_picked(picked_by_line={order.lines[0].id: 1}, **about)
    fulfilment.pack(**about)
    fulfilment.hand_over(carrier="simulated", tracking_number="SIM1", **about)
    world.put(world.near, 1)

    fill(world, order)

    assert state_of(world, order) == "partly_shipped"
    assert units_by_place(world, order) == [(world.near, 1), (world.near, 1)]
    assert fulfilment.open_cases(merchant_id=merchant_id) == []
    check(world)


def test_when_stock_comes_the_longest_waiting_order_gets_it(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        world = make_world(merchant)
        first, second = short_order(world), short_order(world)

    with tenancy.scope(merchant_id=merchant):
        world.put(world.near, 1)
    tell_all()

    with tenancy.scope(merchant_id=merchant):
        assert state_of(world, first) == "paid"
        assert state_of(world, second) == "paid_without_stock"
        assert units_by_place(world, first) == [(world.near, 1)]
        check(world)


def test_what_another_order_gives_back_is_taken_at_once(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        world = make_world(merchant, near=1)
        happy = short_order(world)
        waiting = short_order(world)

    with tenancy.scope(merchant_id=merchant):
        orders.cancel_order(merchant_id=merchant, order_id=happy.id, reason="asked", now=NOW)
    tell_all()

    with tenancy.scope(merchant_id=merchant):
        assert state_of(world, waiting) == "paid"
        check(world)


def test_orders_are_called_only_for_what_can_be_promised(merchant_id: int) -> None:
    world = make_world(merchant_id)
    short_order(world)

    without = fulfilment.call_waiting(merchant_id=merchant_id, sku_ids=None, now=NOW)
    world.put(world.near, 1)
    for_others = fulfilment.call_waiting(
        merchant_id=merchant_id, sku_ids=[world.sku_id + 1], now=NOW
    )
    for_it = fulfilment.call_waiting(merchant_id=merchant_id, sku_ids=[world.sku_id], now=NOW)
    for_any = fulfilment.call_waiting(merchant_id=merchant_id, sku_ids=None, now=NOW)

    assert (without, for_others, for_it, for_any) == (0, 0, 1, 1)


def test_told_late_that_it_is_short_an_order_that_has_its_stock_opens_no_case(
    merchant_id: int,
) -> None:
    world = make_world(merchant_id)
    order = short_order(world)
    world.put(world.near, 1)
    fill(world, order)

    told = report_short(merchant_id=merchant_id, order_id=order.id, now=NOW)

    assert told is False
    assert fulfilment.open_cases(merchant_id=merchant_id) == []


def in_scope(world: World, function: Callable[..., Any], **given: Any) -> Callable[[], Any]:
    def run() -> Any:
        with tenancy.scope(merchant_id=world.merchant_id):
            return function(merchant_id=world.merchant_id, now=NOW, **given)

    return run


def test_filled_by_many_at_once_is_filled_once(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        world = make_world(merchant)
        order = short_order(world, quantity=2)
        world.put(world.near, 9)

    again = in_scope(world, fulfilment.fill_rest, order_id=order.id, cause="race")
    outcomes = at_once(*[again] * 4)

    with tenancy.scope(merchant_id=merchant):
        found = [units for each in outcomes for units in each.quantity_by_line.values()]
        assert found == [2]
        assert units_by_place(world, order) == [(world.near, 2)]
        check(world)


def test_of_the_last_unit_one_waiting_order_gets_it(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        world = make_world(merchant)
        waiting = [short_order(world) for _ in range(4)]
        world.put(world.near, 1)

    outcomes = at_once(
        *[
            in_scope(world, fulfilment.fill_rest, order_id=order.id, cause="race")
            for order in waiting
        ]
    )

    with tenancy.scope(merchant_id=merchant):
        states = sorted(state_of(world, order) for order in waiting)
        refused = [each for each in outcomes if isinstance(each, DomainError)]
        assert states == ["paid", *["paid_without_stock"] * 3]
        assert len(refused) == 3
        check(world)


def test_filled_or_cancelled_no_stock_lies_forgotten(merchant: int, at_once: AtOnce) -> None:
    for _ in range(4):
        with tenancy.scope(merchant_id=merchant):
            world = make_world(merchant)
            order = short_order(world)
            world.put(world.near, 1)

        at_once(
            in_scope(world, fulfilment.fill_rest, order_id=order.id, cause="race"),
            in_scope(world, orders.cancel_order, order_id=order.id, reason="race"),
        )
        tell_all()

        with tenancy.scope(merchant_id=merchant):
            assert state_of(world, order) == "cancelled"
            assert inventory.atp_by_sku(merchant_id=merchant, sku_ids=[world.sku_id]) == {
                world.sku_id: 1
            }
            assert fulfilment.open_cases(merchant_id=merchant) == []
            check(world)
