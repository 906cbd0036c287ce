"""What happened to an order is told in the order in which it happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from santong.fulfilment import public as fulfilment
from santong.fulfilment.tests.world import NOW, World, begun, make_world, new_order, promise
from santong.orders import public as orders


def told(world: World, order: orders.Order) -> list[tuple[str, int | None]]:
    """What was done by places and for cases, and where."""
    return [
        (entry.what.removeprefix("fulfilment."), entry.location_id)
        for entry in fulfilment.timeline_of(merchant_id=world.merchant_id, order_id=order.id)
        if entry.what.startswith("fulfilment.")
    ]


def on_first_work(world: World, order: orders.Order) -> dict[str, Any]:
    (work,) = begun(world, order)
    return {"merchant_id": world.merchant_id, "fulfilment_order_id": work.id}


def test_a_place_declines_before_the_next_is_asked(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1, middle=1)
    order = promise(world, new_order(world))
    about = on_first_work(world, order)

    fulfilment.decline(reason="no_time", now=NOW, **about)

    assert told(world, order) == [
        ("offered", world.near),
        ("declined", world.near),
        ("offered", world.middle),
    ]


def test_a_place_is_timed_out_before_the_next_is_asked(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1, middle=1)
    order = promise(world, new_order(world))
    begun(world, order)

    fulfilment.time_out_offers(merchant_id=merchant_id, now=NOW + timedelta(days=4))

    assert told(world, order) == [
        ("offered", world.near),
        ("timed_out", world.near),
        ("offered", world.middle),
    ]


def test_head_office_takes_work_away_before_the_next_place_is_asked(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1, middle=1)
    order = promise(world, new_order(world))
    about = on_first_work(world, order)

    fulfilment.reassign(reason="overloaded", now=NOW, **about)

    assert told(world, order) == [
        ("offered", world.near),
        ("reassigned", world.near),
        ("offered", world.middle),
    ]


def test_what_nobody_else_has_is_given_back_before_its_case_opens(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1)
    order = promise(world, new_order(world))
    about = on_first_work(world, order)

    fulfilment.decline(reason="no_time", now=NOW, **about)

    assert told(world, order) == [
        ("offered", world.near),
        ("exception", world.near),
        ("exception_opened", world.near),
    ]


def test_an_order_of_one_moment_is_told_from_its_placing_to_its_second_place(
    merchant_id: int,
) -> None:
    world = make_world(merchant_id, near=1, middle=1)
    order = promise(world, new_order(world))
    about = on_first_work(world, order)
    fulfilment.accept(now=NOW, **about)
    fulfilment.decline(reason="no_time", now=NOW, **about)

    timeline = fulfilment.timeline_of(merchant_id=merchant_id, order_id=order.id)

    assert {entry.at for entry in timeline} == {NOW}
    assert timeline[0].what == "orders.placed_by_buyer"
    assert [entry.what for entry in timeline if entry.number] == [
        "orders.place",
        "fulfilment.offered",
        "fulfilment.accepted",
        "fulfilment.declined",
        "fulfilment.offered",
    ]
