"""A paid order has to leave in time: its clock starts, rests and ends with it."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.clocks import public as clocks
from santong.clocks.tests.factories import make_policy
from santong.fulfilment import public as fulfilment
from santong.fulfilment.services.promise_shipping import (
    let_promise_rest,
    promise_shipping,
    settle_promise,
)
from santong.fulfilment.tests.test_flow import hand_over_all
from santong.fulfilment.tests.world import (
    NOW,
    World,
    begun,
    make_world,
    new_order,
    promise,
    tell_all,
)
from santong.kernel import tenancy
from santong.orders import public as orders
from santong.stores import public as stores

LATER = NOW + timedelta(hours=3)


def clock_of(world: World, order: orders.Order) -> clocks.Clock | None:
    return clocks.clock_or_none(
        merchant_id=world.merchant_id, subject=f"order:{order.id}", term="ship"
    )


def paid(world: World, *, now: datetime = NOW) -> orders.Order:
    order = promise(world, new_order(world))
    begun(world, order)
    promise_shipping(merchant_id=world.merchant_id, order_id=order.id, now=now)
    return order


def settled(world: World, order: orders.Order) -> clocks.Clock | None:
    settle_promise(merchant_id=world.merchant_id, order_id=order.id, now=LATER)
    return clock_of(world, order)


def test_without_a_policy_nothing_is_promised(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1)

    order = paid(world)

    assert clock_of(world, order) is None
    assert settled(world, order) is None


def test_the_time_runs_from_when_it_was_paid(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    world = make_world(merchant_id, near=1)

    order = paid(world, now=LATER)

    (place,) = stores.locations_by_id(merchant_id=merchant_id, location_ids=[world.near]).values()
    clock = clock_of(world, order)
    assert clock is not None
    assert (clock.state, clock.started_at) == ("running", order.paid_at)
    assert clock.tags["store"] == place.code


def test_what_has_left_in_time_was_kept_though_it_is_told_late(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    world = make_world(merchant_id, near=1)
    order = paid(world)
    (work,) = fulfilment.work_of(merchant_id=merchant_id, order_id=order.id)

    before = settled(world, order)
    hand_over_all(merchant_id, work, "SIM1")
    after = settled(world, order)

    assert before is not None
    assert after is not None
    assert before.state == "running"
    assert (after.state, after.is_kept, after.ended_at) == ("stopped", True, NOW)


def test_an_order_that_is_cancelled_broke_nothing(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    world = make_world(merchant_id, near=1)
    order = paid(world)

    orders.cancel_order(
        merchant_id=merchant_id, order_id=order.id, reason="changed their mind", now=NOW
    )
    after = settled(world, order)

    assert after is not None
    assert (after.state, after.is_kept) == ("cancelled", None)


def test_it_rests_while_it_waits_for_stock_and_goes_on_when_some_came(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    world = make_world(merchant_id, near=1)
    order = promise(world, new_order(world))

    let_promise_rest(merchant_id=merchant_id, order_id=order.id, now=NOW)
    rests = clock_of(world, order)
    promise_shipping(merchant_id=merchant_id, order_id=order.id, now=LATER)
    goes_on = clock_of(world, order)

    assert rests is not None
    assert goes_on is not None
    assert (rests.state, rests.due_at) == ("paused", None)
    assert (goes_on.state, goes_on.elapsed_seconds) == ("running", 0)


def test_a_policy_out_of_use_promises_nothing(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id, is_in_use=False)
    world = make_world(merchant_id, near=1)

    assert clock_of(world, paid(world)) is None


def test_facts_start_and_cancel_it(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_policy(merchant_id=merchant)
        world = make_world(merchant, near=1)
        order = promise(world, new_order(world))
    tell_all()
    with tenancy.scope(merchant_id=merchant):
        began = clock_of(world, order)
        orders.cancel_order(merchant_id=merchant, order_id=order.id, reason="late", now=LATER)

    tell_all()

    with tenancy.scope(merchant_id=merchant):
        ended = clock_of(world, order)
        assert clocks.check_invariants(merchant_id=merchant) == []
    assert began is not None
    assert ended is not None
    assert (began.state, ended.state) == ("running", "cancelled")
