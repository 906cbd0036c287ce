"""Head office takes work from a place; the place has not declined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from santong.fulfilment import public as fulfilment
from santong.fulfilment.tests.world import NOW, World, begun, make_world, new_order, promise
from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.kernel.errors import DomainError
from santong.orders import public as orders
from santong.routing import public as routing

AtOnce = Callable[..., list[Any]]


def reassign(
    world: World, work: fulfilment.FulfilmentOrder, **given: Any
) -> fulfilment.FulfilmentOrder:
    return fulfilment.reassign(
        merchant_id=world.merchant_id,
        fulfilment_order_id=work.id,
        now=NOW,
        **({"reason": "sooner_elsewhere"} | given),
    )


def work_on(world: World, order: orders.Order) -> list[tuple[int, str, int]]:
    return [
        (each.location_id, each.state, each.attempt)
        for each in fulfilment.work_of(merchant_id=world.merchant_id, order_id=order.id)
    ]


def on_hand_by_place(world: World) -> dict[int, int]:
    levels = inventory.levels_of(merchant_id=world.merchant_id, sku_ids=[world.sku_id])
    return {level.location_id: level.on_hand for level in levels}


def test_the_place_has_not_declined_and_keeps_its_stock(merchant_id: int) -> None:
    world = make_world(merchant_id, near=3, middle=3)
    order = promise(world, new_order(world))
    (work,) = begun(world, order)
    fulfilment.accept(merchant_id=merchant_id, fulfilment_order_id=work.id, now=NOW)

    reassign(world, work)

    answers = {
        each.location_id: (each.accepted, each.declined, each.timed_out)
        for each in fulfilment.answers_by_place(merchant_id=merchant_id)
    }
    atp = inventory.atp_at(merchant_id=merchant_id, sku_ids=[world.sku_id], location_ids=None)
    assert work_on(world, order) == [(world.near, "cancelled", 1), (world.middle, "offered", 2)]
    assert answers[world.near] == (0, 0, 0)
    assert on_hand_by_place(world) == {world.near: 3, world.middle: 3}
    assert {level.location_id: level.quantity for level in atp} == {world.near: 3, world.middle: 2}
    assert fulfilment.open_cases(merchant_id=merchant_id) == []


def test_the_trail_says_who_and_why(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1, middle=1)
    order = promise(world, new_order(world))
    (work,) = begun(world, order)

    reassign(world, work, reason="other", note="the window is being rebuilt")

    (entry,) = [
        each
        for each in fulfilment.timeline_of(merchant_id=merchant_id, order_id=order.id)
        if each.what == "fulfilment.reassigned"
    ]
    assert entry.location_id == world.near
    assert entry.details["reason"] == "other"
    assert entry.details["note"] == "the window is being rebuilt"


def test_the_place_is_not_asked_again(merchant_id: int) -> None:
    world = make_world(merchant_id, near=5, middle=5)
    order = promise(world, new_order(world))
    (first,) = begun(world, order)
    reassign(world, first)
    second = fulfilment.work_of(merchant_id=merchant_id, order_id=order.id)[-1]

    with pytest.raises(routing.NothingCanServe):
        reassign(world, second)


def test_missing_stock_is_taken_off_the_books(merchant_id: int) -> None:
    world = make_world(merchant_id, near=3, middle=3)
    order = promise(world, new_order(world))
    (work,) = begun(world, order)

    reassign(world, work, reason="stock_missing")

    assert on_hand_by_place(world) == {world.near: 0, world.middle: 3}
    assert inventory.open_shortfalls(merchant_id=merchant_id) == []


def test_without_another_place_nothing_changes(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        world = make_world(merchant, near=3)
        order = promise(world, new_order(world))
        (work,) = begun(world, order)

    with pytest.raises(routing.NothingCanServe), tenancy.scope(merchant_id=merchant):
        reassign(world, work, reason="stock_missing")

    with tenancy.scope(merchant_id=merchant):
        assert work_on(world, order) == [(world.near, "offered", 1)]
        assert on_hand_by_place(world) == {world.near: 3}


def test_after_three_places_somebody_says_why_one_more(merchant_id: int) -> None:
    world = make_world(merchant_id, near=2, middle=2, far=2)
    order = promise(world, new_order(world))
    begun(world, order)
    for _ in range(2):
        reassign(world, fulfilment.work_of(merchant_id=merchant_id, order_id=order.id)[-1])
    third = fulfilment.work_of(merchant_id=merchant_id, order_id=order.id)[-1]
    elsewhere = make_world(merchant_id).near
    world.put(elsewhere, 1)

    with pytest.raises(fulfilment.TooManyAttempts), transaction.atomic():
        reassign(world, third)
    reassign(world, third, override="the buyer's wedding is tomorrow")

    assert work_on(world, order)[-1] == (elsewhere, "offered", 4)


def test_a_pickup_stays_where_the_buyer_comes(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1, middle=5)
    order = promise(world, new_order(world, pickup_at=world.near))
    (work,) = begun(world, order)

    with pytest.raises(fulfilment.PickupStays), transaction.atomic():
        reassign(world, work)

    assert work_on(world, order) == [(world.near, "offered", 1)]


def test_a_pickup_that_waits_at_the_counter_stays_for_the_same_reason(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1, middle=5)
    order = promise(world, new_order(world, pickup_at=world.near))
    (work,) = begun(world, order)
    about: dict[str, Any] = {"merchant_id": merchant_id, "fulfilment_order_id": work.id, "now": NOW}
    fulfilment.accept(**about)
    fulfilment.start_picking(**about)
    fulfilment.record_picked(picked_by_line={work.lines[0].order_line_id: 1}, **about)
    fulfilment.pack(**about)
    fulfilment.make_ready(**about)

    with pytest.raises(fulfilment.PickupStays):
        reassign(world, work)


def test_a_reason_that_says_nothing_wants_a_note(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1, middle=1)
    order = promise(world, new_order(world))
    (work,) = begun(world, order)

    with pytest.raises(fulfilment.NoteMissing):
        reassign(world, work, reason="other")


def test_what_waited_for_a_place_goes_with_the_rest(merchant_id: int) -> None:
    world = make_world(merchant_id, near=3)
    order = promise(world, new_order(world, quantity=3))
    (work,) = begun(world, order)
    fulfilment.decline(
        merchant_id=merchant_id,
        fulfilment_order_id=work.id,
        reason="no_time",
        quantity_by_line={work.lines[0].order_line_id: 1},
        now=NOW,
    )
    world.put(world.middle, 3)

    reassign(world, work)

    (case,) = fulfilment.cases_of(merchant_id=merchant_id, order_id=order.id)
    there = fulfilment.work_of(merchant_id=merchant_id, order_id=order.id)[-1]
    assert case.resolution == "rerouted"
    assert (there.location_id, there.lines[0].quantity) == (world.middle, 3)
    assert fulfilment.check_invariants(merchant_id=merchant_id) == []
    assert inventory.check_invariants(merchant_id=merchant_id) == []


def in_scope(world: World, function: Callable[..., Any], **given: Any) -> Callable[[], Any]:
    def run() -> Any:
        with tenancy.scope(merchant_id=world.merchant_id):
            return function(merchant_id=world.merchant_id, now=NOW, **given)

    return run


def taken(world: World, work: fulfilment.FulfilmentOrder) -> Callable[[], Any]:
    return in_scope(
        world, fulfilment.reassign, fulfilment_order_id=work.id, reason="sooner_elsewhere"
    )


def started(world: World, *steps: Callable[..., Any]) -> fulfilment.FulfilmentOrder:
    """Offered work on a new order, taken through some steps at its place."""
    with tenancy.scope(merchant_id=world.merchant_id):
        (work,) = begun(world, promise(world, new_order(world)))
        for step in steps:
            step(merchant_id=world.merchant_id, fulfilment_order_id=work.id, now=NOW)
        return work


def pick(*, merchant_id: int, fulfilment_order_id: int, now: Any) -> None:
    work = fulfilment.work_by_id(merchant_id=merchant_id, fulfilment_order_id=fulfilment_order_id)
    fulfilment.record_picked(
        merchant_id=merchant_id,
        fulfilment_order_id=fulfilment_order_id,
        picked_by_line={line.order_line_id: line.quantity for line in work.lines},
        now=now,
    )


def check(world: World) -> None:
    with tenancy.scope(merchant_id=world.merchant_id):
        assert inventory.check_invariants(merchant_id=world.merchant_id) == []
        assert fulfilment.check_invariants(merchant_id=world.merchant_id) == []
        assert orders.check_invariants(merchant_id=world.merchant_id) == []


def test_accepted_or_taken_away_the_work_is_at_one_place(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        world = make_world(merchant, near=9, middle=9)
    for _ in range(4):
        work = started(world)

        accepted, moved = at_once(
            in_scope(world, fulfilment.accept, fulfilment_order_id=work.id), taken(world, work)
        )

        with tenancy.scope(merchant_id=merchant):
            asked = fulfilment.work_of(merchant_id=merchant, order_id=work.order_id)
        assert not isinstance(moved, Exception)
        assert isinstance(accepted, fulfilment.FulfilmentOrder | fulfilment.StatePassed)
        assert [(each.location_id, each.state) for each in asked] == [
            (world.near, "cancelled"),
            (world.middle, "offered"),
        ]
    check(world)


def test_handed_over_or_taken_away_and_never_both(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        world = make_world(merchant, near=9, middle=9)
    for _ in range(4):
        work = started(world, fulfilment.accept, fulfilment.start_picking, pick, fulfilment.pack)

        outcomes = at_once(
            in_scope(
                world,
                fulfilment.hand_over,
                fulfilment_order_id=work.id,
                carrier="simulated",
                tracking_number=f"SIM-{work.id}",
            ),
            taken(world, work),
        )

        with tenancy.scope(merchant_id=merchant):
            asked = fulfilment.work_of(merchant_id=merchant, order_id=work.order_id)
        (refused,) = [each for each in outcomes if isinstance(each, Exception)]
        assert isinstance(refused, DomainError)
        assert [each.state for each in asked] in (["handed_over"], ["cancelled", "offered"])
    check(world)


def test_taken_twice_at_once_goes_to_one_other_place(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        world = make_world(merchant, near=9, middle=9, far=9)
    work = started(world)

    outcomes = at_once(*[taken(world, work)] * 3)

    with tenancy.scope(merchant_id=merchant):
        asked = fulfilment.work_of(merchant_id=merchant, order_id=work.order_id)
    assert [each.state for each in outcomes] == ["cancelled"] * 3
    assert [each.location_id for each in asked] == [world.near, world.middle]
    check(world)
