"""Whoever is faster, the goods are promised once, sent once and collected once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from santong.fulfilment import public as fulfilment
from santong.fulfilment.tests.world import NOW, World, begun, make_world, new_order, promise
from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.kernel.errors import DomainError
from santong.orders import public as orders

AtOnce = Callable[..., list[Any]]


def in_scope(merchant: int, function: Callable[..., Any], **arguments: Any) -> Callable[[], Any]:
    def run() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return function(merchant_id=merchant, **arguments)

    return run


@pytest.fixture
def world(merchant: int) -> World:
    with tenancy.scope(merchant_id=merchant):
        return make_world(merchant, near=5, middle=5)


def offered(world: World, **given: Any) -> fulfilment.FulfilmentOrder:
    with tenancy.scope(merchant_id=world.merchant_id):
        order = promise(world, new_order(world, **given))
        (work,) = begun(world, order)
        return work


def packed(world: World, **given: Any) -> fulfilment.FulfilmentOrder:
    work = offered(world, **given)
    with tenancy.scope(merchant_id=world.merchant_id):
        about: dict[str, Any] = {
            "merchant_id": world.merchant_id,
            "fulfilment_order_id": work.id,
            "now": NOW,
        }
        fulfilment.accept(**about)
        fulfilment.start_picking(**about)
        fulfilment.record_picked(
            picked_by_line={line.order_line_id: line.quantity for line in work.lines}, **about
        )
        return fulfilment.pack(**about)


def check(world: World) -> None:
    with tenancy.scope(merchant_id=world.merchant_id):
        assert inventory.check_invariants(merchant_id=world.merchant_id) == []
        assert fulfilment.check_invariants(merchant_id=world.merchant_id) == []
        assert orders.check_invariants(merchant_id=world.merchant_id) == []


def test_accepted_by_two_people_is_accepted_once(world: World, at_once: AtOnce) -> None:
    work = offered(world)
    accept = in_scope(world.merchant_id, fulfilment.accept, fulfilment_order_id=work.id, now=NOW)

    outcomes = at_once(accept, accept, accept, accept)

    assert [outcome.state for outcome in outcomes] == ["accepted"] * 4
    with tenancy.scope(merchant_id=world.merchant_id):
        after = fulfilment.work_by_id(merchant_id=world.merchant_id, fulfilment_order_id=work.id)
    assert [offer.answer for offer in after.offers] == ["accepted"]
    check(world)


def test_an_offer_is_accepted_or_times_out_and_never_both(world: World, at_once: AtOnce) -> None:
    for _ in range(5):
        work = offered(world)
        ends = NOW + timedelta(minutes=10)
        outcomes = at_once(
            in_scope(
                world.merchant_id,
                fulfilment.accept,
                fulfilment_order_id=work.id,
                now=ends - timedelta(seconds=1),
            ),
            in_scope(world.merchant_id, fulfilment.time_out_offers, now=ends),
        )
        with tenancy.scope(merchant_id=world.merchant_id):
            after = fulfilment.work_by_id(
                merchant_id=world.merchant_id, fulfilment_order_id=work.id
            )

        accepted = not isinstance(outcomes[0], Exception)
        assert isinstance(outcomes[0], fulfilment.StatePassed) or accepted
        assert after.state == ("accepted" if accepted else "timed_out")
    check(world)


def test_declined_twice_at_once_goes_to_one_other_place(world: World, at_once: AtOnce) -> None:
    work = offered(world)
    decline = in_scope(
        world.merchant_id,
        fulfilment.decline,
        fulfilment_order_id=work.id,
        reason="not_in_stock",
        now=NOW,
    )

    outcomes = at_once(decline, decline, decline)

    with tenancy.scope(merchant_id=world.merchant_id):
        asked = fulfilment.work_of(merchant_id=world.merchant_id, order_id=work.order_id)
    assert [outcome.state for outcome in outcomes] == ["declined"] * 3
    assert [each.location_id for each in asked] == [world.near, world.middle]
    check(world)


def test_handed_over_or_cancelled_and_never_both(world: World, at_once: AtOnce) -> None:
    ends: Counter[str] = Counter()
    for number in range(4):
        work = packed(world)
        outcomes = at_once(
            in_scope(
                world.merchant_id,
                fulfilment.hand_over,
                fulfilment_order_id=work.id,
                carrier="simulated",
                tracking_number=f"SIM{work.id}-{number}",
                now=NOW,
            ),
            in_scope(
                world.merchant_id,
                orders.cancel_order,
                order_id=work.order_id,
                reason="changed my mind",
                now=NOW,
            ),
        )
        with tenancy.scope(merchant_id=world.merchant_id):
            order = orders.order_by_id(merchant_id=world.merchant_id, order_id=work.order_id)

        refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert len(refused) == 1, outcomes
        assert isinstance(refused[0], DomainError), refused
        assert order.state in {"shipped", "cancelled"}
        ends[order.state] += 1
    assert ends.total() == 4
    check(world)


def test_a_pickup_code_opens_once(world: World, at_once: AtOnce) -> None:
    work = packed(world, pickup_at=world.near)
    with tenancy.scope(merchant_id=world.merchant_id):
        ready = fulfilment.make_ready(
            merchant_id=world.merchant_id, fulfilment_order_id=work.id, now=NOW
        )
    collect = in_scope(
        world.merchant_id,
        fulfilment.collect,
        fulfilment_order_id=work.id,
        code=ready.code,
        now=NOW,
    )

    outcomes = at_once(collect, collect, collect, collect)

    given = [each for each in outcomes if isinstance(each, fulfilment.FulfilmentOrder)]
    refused = [each for each in outcomes if isinstance(each, fulfilment.StatePassed)]
    assert (len(given), len(refused)) == (1, 3)
    check(world)


def test_wrong_codes_at_once_are_all_counted(world: World, at_once: AtOnce) -> None:
    work = packed(world, pickup_at=world.near)
    with tenancy.scope(merchant_id=world.merchant_id):
        fulfilment.make_ready(merchant_id=world.merchant_id, fulfilment_order_id=work.id, now=NOW)
    guess = in_scope(
        world.merchant_id,
        fulfilment.collect,
        fulfilment_order_id=work.id,
        code="NOTTHIS1",
        now=NOW,
    )

    outcomes = at_once(*[guess] * 8)

    kinds = Counter(type(outcome) for outcome in outcomes)
    assert kinds == {fulfilment.CodeWrong: 4, fulfilment.CodeLocked: 4}


def test_two_parcels_cannot_share_a_carriers_number(world: World, at_once: AtOnce) -> None:
    works = [packed(world), packed(world)]

    outcomes = at_once(
        *[
            in_scope(
                world.merchant_id,
                fulfilment.hand_over,
                fulfilment_order_id=work.id,
                carrier="simulated",
                tracking_number="SIM-SAME",
                now=NOW,
            )
            for work in works
        ]
    )

    kinds = Counter(type(outcome) for outcome in outcomes)
    assert kinds == {fulfilment.Parcel: 1, fulfilment.TrackingNumberTaken: 1}
    check(world)


def test_work_begins_once_however_often_it_is_told(world: World, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=world.merchant_id):
        order = promise(world, new_order(world))
    start = in_scope(world.merchant_id, fulfilment.start_order, order_id=order.id, now=NOW)

    at_once(start, start, start)

    with tenancy.scope(merchant_id=world.merchant_id):
        works = fulfilment.work_of(merchant_id=world.merchant_id, order_id=order.id)
    assert [work.state for work in works] == ["offered"]
    assert len(works[0].lines) == 1
    check(world)


def test_a_case_is_closed_by_one_of_two(world: World, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=world.merchant_id):
        order = promise(world, new_order(world, pickup_at=world.near))
        (work,) = begun(world, order)
        fulfilment.decline(
            merchant_id=world.merchant_id, fulfilment_order_id=work.id, reason="no_time", now=NOW
        )
        (case,) = fulfilment.open_cases(merchant_id=world.merchant_id)
    close = in_scope(
        world.merchant_id,
        fulfilment.close_case,
        case_id=case.id,
        resolution="waited",
        note="the buyer waits",
        now=NOW,
    )

    outcomes = at_once(close, close)

    kinds = Counter(type(outcome) for outcome in outcomes)
    with tenancy.scope(merchant_id=world.merchant_id):
        works = fulfilment.work_of(merchant_id=world.merchant_id, order_id=order.id)
    assert kinds == {fulfilment.ExceptionCase: 1, fulfilment.CaseClosed: 1}
    assert [each.state for each in works] == ["cancelled", "offered"]
    check(world)
