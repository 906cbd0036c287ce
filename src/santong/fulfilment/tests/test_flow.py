"""An order finds its place, is declined, finds another, is packed, shipped and signed for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from santong.fulfilment import public as fulfilment
from santong.fulfilment.carriers.simulated import advance
from santong.fulfilment.tests.world import NOW, begun, make_world, new_order, promise
from santong.inventory import public as inventory
from santong.orders import public as orders
from santong.routing import public as routing


def hand_over_all(merchant_id: int, work: fulfilment.FulfilmentOrder, number: str) -> None:
    fulfilment.accept(merchant_id=merchant_id, fulfilment_order_id=work.id, now=NOW)
    fulfilment.start_picking(merchant_id=merchant_id, fulfilment_order_id=work.id, now=NOW)
    fulfilment.record_picked(
        merchant_id=merchant_id,
        fulfilment_order_id=work.id,
        picked_by_line={line.order_line_id: line.quantity for line in work.lines},
        now=NOW,
    )
    fulfilment.pack(merchant_id=merchant_id, fulfilment_order_id=work.id, now=NOW)
    fulfilment.hand_over(
        merchant_id=merchant_id,
        fulfilment_order_id=work.id,
        carrier="simulated",
        tracking_number=number,
        now=NOW,
    )


def test_a_paid_order_goes_to_the_nearest_place_with_stock(merchant_id: int) -> None:
    world = make_world(merchant_id, middle=5, far=5)

    order = promise(world, new_order(world))
    (work,) = begun(world, order)

    assert work.location_id == world.middle
    assert work.state == "offered"
    assert [line.quantity for line in work.lines] == [1]


def test_an_order_travels_from_offer_to_signature(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1)
    order = promise(world, new_order(world))
    (work,) = begun(world, order)

    hand_over_all(merchant_id, work, "SIM1")
    fulfilment.advance_simulated_carrier(merchant_id=merchant_id, now=NOW + timedelta(days=9))

    after = orders.order_by_id(merchant_id=merchant_id, order_id=order.id)
    (level,) = inventory.levels_of(merchant_id=merchant_id, sku_ids=[world.sku_id])
    steps = [
        entry.what
        for entry in fulfilment.timeline_of(merchant_id=merchant_id, order_id=order.id)
        if entry.what.startswith(("fulfilment.", "parcel."))
    ]
    assert after.state == "delivered"
    assert (level.on_hand, level.allocated) == (0, 0)
    assert steps[:5] == [
        "fulfilment.offered",
        "fulfilment.accepted",
        "fulfilment.picking",
        "fulfilment.packed",
        "fulfilment.handed_over",
    ]
    assert steps[-1] in {"parcel.delivered", "fulfilment.delivered"}
    assert fulfilment.check_invariants(merchant_id=merchant_id) == []
    assert inventory.check_invariants(merchant_id=merchant_id) == []


def test_not_in_stock_goes_elsewhere_and_corrects_the_books(merchant_id: int) -> None:
    world = make_world(merchant_id, near=3, middle=3)
    order = promise(world, new_order(world))
    (work,) = begun(world, order)

    declined = fulfilment.decline(
        merchant_id=merchant_id, fulfilment_order_id=work.id, reason="not_in_stock", now=NOW
    )

    first, second = fulfilment.work_of(merchant_id=merchant_id, order_id=order.id)
    atp = {
        level.location_id: level.quantity
        for level in inventory.atp_at(
            merchant_id=merchant_id, sku_ids=[world.sku_id], location_ids=None
        )
    }
    assert declined.state == first.state == "declined"
    assert (second.location_id, second.state, second.attempt) == (world.middle, "offered", 2)
    assert atp == {world.middle: 2}
    assert inventory.open_shortfalls(merchant_id=merchant_id) == []
    assert [
        d.attempt for d in routing.decisions_of(merchant_id=merchant_id, order_id=order.id)
    ] == [
        1,
        2,
    ]


def test_what_nobody_else_has_waits_for_a_person_and_stays_promised(merchant_id: int) -> None:
    world = make_world(merchant_id, near=2)
    order = promise(world, new_order(world))
    (work,) = begun(world, order)

    fulfilment.decline(
        merchant_id=merchant_id, fulfilment_order_id=work.id, reason="no_time", now=NOW
    )

    (case,) = fulfilment.open_cases(merchant_id=merchant_id)
    (level,) = inventory.levels_of(merchant_id=merchant_id, sku_ids=[world.sku_id])
    assert (case.kind, case.order_id) == ("nothing_can_serve", order.id)
    assert (level.on_hand, level.allocated, level.atp) == (2, 1, 1)


def test_three_places_are_asked_and_then_a_person(merchant_id: int) -> None:
    world = make_world(merchant_id, near=2, middle=2, far=2)
    order = promise(world, new_order(world))
    begun(world, order)

    for _ in range(3):
        work = fulfilment.work_of(merchant_id=merchant_id, order_id=order.id)[-1]
        fulfilment.decline(
            merchant_id=merchant_id, fulfilment_order_id=work.id, reason="no_time", now=NOW
        )

    asked = fulfilment.work_of(merchant_id=merchant_id, order_id=order.id)
    (case,) = fulfilment.open_cases(merchant_id=merchant_id)
    assert [work.location_id for work in asked] == [world.near, world.middle, world.far]
    assert [work.state for work in asked] == ["declined", "declined", "exception"]
    assert case.kind == "too_many_attempts"


def test_an_unanswered_offer_goes_to_the_next_place(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1, middle=1)
    order = promise(world, new_order(world))
    begun(world, order)

    early = fulfilment.time_out_offers(merchant_id=merchant_id, now=NOW + timedelta(minutes=9))
    late = fulfilment.time_out_offers(merchant_id=merchant_id, now=NOW + timedelta(minutes=10))

    states = [
        (work.location_id, work.state)
        for work in fulfilment.work_of(merchant_id=merchant_id, order_id=order.id)
    ]
    assert (early, late) == (0, 1)
    assert states == [(world.near, "timed_out"), (world.middle, "offered")]


def test_an_order_cancelled_a_moment_ago_hinders_no_other(merchant_id: int) -> None:
    world = make_world(merchant_id, near=2, middle=2)
    cancelled, other = promise(world, new_order(world)), promise(world, new_order(world))
    (doomed,) = begun(world, cancelled)
    begun(world, other)
    orders.cancel_order(merchant_id=merchant_id, order_id=cancelled.id, reason="asked", now=NOW)

    handed_on = fulfilment.time_out_offers(merchant_id=merchant_id, now=NOW + timedelta(minutes=10))

    with pytest.raises(fulfilment.StatePassed), transaction.atomic():
        fulfilment.decline(
            merchant_id=merchant_id, fulfilment_order_id=doomed.id, reason="no_time", now=NOW
        )
    states = [
        [work.state for work in fulfilment.work_of(merchant_id=merchant_id, order_id=order.id)]
        for order in (cancelled, other)
    ]
    assert handed_on == 1
    assert states == [["offered"], ["timed_out", "offered"]]


def test_missing_units_of_a_pick_are_sent_from_elsewhere(merchant_id: int) -> None:
    world = make_world(merchant_id, near=3, middle=3)
    order = promise(world, new_order(world, quantity=3))
    (work,) = begun(world, order)
    line_id = work.lines[0].order_line_id
    fulfilment.accept(merchant_id=merchant_id, fulfilment_order_id=work.id, now=NOW)
    fulfilment.start_picking(merchant_id=merchant_id, fulfilment_order_id=work.id, now=NOW)

    fulfilment.record_picked(
        merchant_id=merchant_id,
        fulfilment_order_id=work.id,
        picked_by_line={line_id: 2},
        missing_reason="mismatch",
        now=NOW,
    )
    packed = fulfilment.pack(merchant_id=merchant_id, fulfilment_order_id=work.id, now=NOW)

    here, elsewhere = fulfilment.work_of(merchant_id=merchant_id, order_id=order.id)
    assert packed.state == "packed"
    assert [line.quantity for line in here.lines] == [2]
    assert (elsewhere.location_id, elsewhere.lines[0].quantity) == (world.middle, 1)
    assert fulfilment.check_invariants(merchant_id=merchant_id) == []


def test_a_pickup_is_collected_once_against_its_code(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1)
    order = promise(world, new_order(world, pickup_at=world.near))
    (work,) = begun(world, order)
    fulfilment.accept(merchant_id=merchant_id, fulfilment_order_id=work.id, now=NOW)
    fulfilment.start_picking(merchant_id=merchant_id, fulfilment_order_id=work.id, now=NOW)
    fulfilment.record_picked(
        merchant_id=merchant_id,
        fulfilment_order_id=work.id,
        picked_by_line={work.lines[0].order_line_id: 1},
        now=NOW,
    )
    fulfilment.pack(merchant_id=merchant_id, fulfilment_order_id=work.id, now=NOW)
    ready = fulfilment.make_ready(merchant_id=merchant_id, fulfilment_order_id=work.id, now=NOW)

    wrong = fulfilment.collect(
        merchant_id=merchant_id, fulfilment_order_id=work.id, code="WRONGONE", now=NOW
    )
    right = fulfilment.collect(
        merchant_id=merchant_id,
        fulfilment_order_id=work.id,
        code=f" {ready.code[:4].lower()}-{ready.code[4:]}",
        now=NOW,
    )

    assert wrong == fulfilment.CodeWrong(tries_left=4)
    assert isinstance(right, fulfilment.FulfilmentOrder)
    assert right.state == "delivered"
    with pytest.raises(fulfilment.StatePassed):
        fulfilment.collect(
            merchant_id=merchant_id, fulfilment_order_id=work.id, code=ready.code, now=NOW
        )


def test_five_wrong_codes_lock_the_work_for_a_quarter_of_an_hour(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1)
    order = promise(world, new_order(world, pickup_at=world.near))
    (work,) = begun(world, order)
    fulfilment.accept(merchant_id=merchant_id, fulfilment_order_id=work.id, now=NOW)
    fulfilment.start_picking(merchant_id=merchant_id, fulfilment_order_id=work.id, now=NOW)
    fulfilment.record_picked(
        merchant_id=merchant_id,
        fulfilment_order_id=work.id,
        picked_by_line={work.lines[0].order_line_id: 1},
        now=NOW,
    )
    fulfilment.pack(merchant_id=merchant_id, fulfilment_order_id=work.id, now=NOW)
    ready = fulfilment.make_ready(merchant_id=merchant_id, fulfilment_order_id=work.id, now=NOW)

    wrong = [
        fulfilment.collect(
            merchant_id=merchant_id, fulfilment_order_id=work.id, code="WRONGONE", now=NOW
        )
        for _ in range(5)
    ]
    locked = fulfilment.collect(
        merchant_id=merchant_id, fulfilment_order_id=work.id, code=ready.code, now=NOW
    )
    later = fulfilment.collect(
        merchant_id=merchant_id,
        fulfilment_order_id=work.id,
        code=ready.code,
        now=NOW + timedelta(minutes=16),
    )

    assert wrong[-1] == fulfilment.CodeLocked(retry_after_seconds=900)
    assert isinstance(locked, fulfilment.CodeLocked)
    assert isinstance(later, fulfilment.FulfilmentOrder)


def test_a_declined_pickup_asks_the_buyer_and_never_another_counter(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1, middle=5)
    order = promise(world, new_order(world, pickup_at=world.near))
    (work,) = begun(world, order)

    fulfilment.decline(
        merchant_id=merchant_id, fulfilment_order_id=work.id, reason="not_in_stock", now=NOW
    )

    (case,) = fulfilment.open_cases(merchant_id=merchant_id)
    assert case.kind == "pickup_declined"
    assert len(fulfilment.work_of(merchant_id=merchant_id, order_id=order.id)) == 1


def test_an_order_that_cannot_be_promised_is_refused_whole(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1)

    with pytest.raises(routing.OutOfStock):
        promise(world, new_order(world, quantity=2))


def test_the_same_order_again_gets_the_first_promise(merchant_id: int) -> None:
    world = make_world(merchant_id, near=5)
    asked = new_order(world)

    first, promised = routing.promise_order(merchant_id=merchant_id, order=asked, now=NOW)
    again, same = routing.promise_order(merchant_id=merchant_id, order=asked, now=NOW)

    assert again.id == first.id
    assert promised.decision is not None
    assert same.decision == promised.decision
    assert not same.is_new
    assert inventory.atp_by_sku(merchant_id=merchant_id, sku_ids=[world.sku_id]) == {
        world.sku_id: 4
    }


def test_a_decision_taken_again_is_the_same(merchant_id: int) -> None:
    world = make_world(merchant_id, near=1, middle=5, far=5)
    order, promised = routing.promise_order(
        merchant_id=merchant_id, order=new_order(world, quantity=3), now=NOW
    )

    assert promised.decision is not None
    again = routing.replay_decision(merchant_id=merchant_id, decision_id=promised.decision.id)

    assert again == promised.decision.choice
    assert order.is_paid
    assert routing.check_invariants(merchant_id=merchant_id) == []


def test_the_simulated_carrier_tells_in_portions_and_leaves_nothing_out(merchant_id: int) -> None:
    world = make_world(merchant_id, near=6)
    for _ in range(3):
        (work,) = begun(world, promise(world, new_order(world)))
        number = fulfilment.tracking_number_of(fulfilment_order_id=work.id)
        hand_over_all(merchant_id, work, number)
    much_later = NOW + timedelta(days=9)

    portions = []
    while told := advance(merchant_id=merchant_id, now=much_later, most=1):
        portions.append(told)

    assert len(portions) == 3
    assert advance(merchant_id=merchant_id, now=much_later) == 0
