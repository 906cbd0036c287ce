"""What parcels cost is said by the merchant, by one person at a time, and routed by at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from santong.kernel import audit, tenancy
from santong.kernel.errors import FieldInvalid, VersionMoved
from santong.routing import public as routing
from santong.routing.models import RoutingPolicy
from santong.routing.rules.defaults import DEFAULT_LIMIT, DEFAULT_TARIFF
from santong.routing.tests.factories import NOW, World, make_world, new_order

CHEAP_WAYS = replace(DEFAULT_TARIFF, parcel_micro_per_km=0, carriage_micro_per_kg_km=0)
DEAR_PARCELS = replace(DEFAULT_TARIFF, parcel_cost_milli=7_000_000, handling_cost_milli=900_000)


def set_policy(
    merchant_id: int, tariff: routing.Tariff, *, seen: int = 0, limit: Any = DEFAULT_LIMIT
) -> routing.RoutingPolicy:
    return routing.set_policy(
        merchant_id=merchant_id, tariff=tariff, limit=limit, expected_version=seen, now=NOW
    )


def cost_of_an_order(world: World) -> routing.CostParts:
    _, promise = routing.promise_order(
        merchant_id=world.merchant_id, order=new_order(world), now=NOW
    )
    assert promise.decision is not None
    (parcel,) = promise.decision.choice.parcels
    return parcel.cost


def test_who_has_said_nothing_has_the_defaults(merchant_id: int) -> None:
    policy = routing.current_policy(merchant_id=merchant_id)

    assert (policy.tariff, policy.limit) == (DEFAULT_TARIFF, DEFAULT_LIMIT)
    assert (policy.version, policy.changed_at) == (0, None)


def test_what_was_said_holds_and_stands_in_the_trail(merchant_id: int) -> None:
    limit = routing.SplitLimit(parcels_max=2, when_exceeded="hold")

    policy = set_policy(merchant_id, CHEAP_WAYS, limit=limit)

    assert policy == routing.current_policy(merchant_id=merchant_id)
    assert (policy.tariff, policy.limit, policy.version) == (CHEAP_WAYS, limit, 1)
    row = RoutingPolicy.objects.of_merchant(merchant_id).get()
    (entry,) = audit.trail_of(
        merchant_id=merchant_id, subject="routing_policy", subject_ids=[row.id]
    )
    assert entry.action == "routing.set_policy"
    assert entry.before["tariff"] == DEFAULT_TARIFF.as_json()
    assert entry.after == {"tariff": CHEAP_WAYS.as_json(), "limit": limit.as_json()}


def test_the_next_order_is_routed_by_it(merchant_id: int) -> None:
    world = make_world(merchant_id, middle=9)
    before = cost_of_an_order(world)

    set_policy(merchant_id, DEAR_PARCELS)

    after = cost_of_an_order(world)
    assert after == replace(
        before, parcel=before.parcel + 7_000_000, handling=before.handling + 900_000
    )


def test_a_dearer_parcel_is_not_paid_at_the_counter(merchant_id: int) -> None:
    world = make_world(merchant_id, near=9)
    set_policy(merchant_id, DEAR_PARCELS)

    _, promise = routing.promise_order(
        merchant_id=merchant_id, order=new_order(world, pickup_at=world.near), now=NOW
    )

    assert promise.decision is not None
    assert promise.decision.choice.parcels[0].cost.parcel == 600_000


def test_units_are_handled_one_by_one(merchant_id: int) -> None:
    world = make_world(merchant_id, near=9)
    set_policy(merchant_id, replace(DEFAULT_TARIFF, unit_handling_milli=30_000))

    _, promise = routing.promise_order(
        merchant_id=merchant_id, order=new_order(world, quantity=3), now=NOW
    )

    assert promise.decision is not None
    assert promise.decision.choice.parcels[0].cost.handling == 3 * 30_000


def test_a_decision_keeps_the_tariff_that_it_was_taken_by(merchant_id: int) -> None:
    world = make_world(merchant_id, near=9)
    set_policy(merchant_id, DEAR_PARCELS)
    order, promise = routing.promise_order(merchant_id=merchant_id, order=new_order(world), now=NOW)
    set_policy(merchant_id, CHEAP_WAYS, seen=1)

    (decision,) = routing.decisions_of(merchant_id=merchant_id, order_id=order.id)

    assert decision.sourcing.tariff == DEAR_PARCELS
    assert promise.decision is not None
    again = routing.replay_decision(merchant_id=merchant_id, decision_id=decision.id)
    assert again == promise.decision.choice
    assert routing.check_invariants(merchant_id=merchant_id) == []


def test_the_same_policy_again_changes_nothing(merchant_id: int) -> None:
    first = set_policy(merchant_id, CHEAP_WAYS)

    again = set_policy(merchant_id, CHEAP_WAYS, seen=1)

    assert again == first


@pytest.mark.parametrize("seen", [1, 7])
def test_who_saw_another_version_changes_nothing(merchant: int, seen: int) -> None:
    with pytest.raises(VersionMoved), tenancy.scope(merchant_id=merchant):
        set_policy(merchant, CHEAP_WAYS, seen=seen)

    with tenancy.scope(merchant_id=merchant):
        assert routing.current_policy(merchant_id=merchant).version == 0


@pytest.mark.parametrize(
    ("tariff", "limit", "pointer"),
    [
        ({"parcel_cost_milli": -1}, {}, "/tariff/parcel_cost_milli"),
        ({"parcel_micro_per_km": 10**11}, {}, "/tariff/parcel_micro_per_km"),
        ({"cross_owner_ppm": 1_000_001}, {}, "/tariff/cross_owner_ppm"),
        ({"delay_cost_milli": 0.5}, {}, "/tariff/delay_cost_milli"),
        ({"delay_cost_milli": True}, {}, "/tariff/delay_cost_milli"),
        ({}, {"parcels_max": 0}, "/limit/parcels_max"),
        ({}, {"no_split_below_minor": -1}, "/limit/no_split_below_minor"),
    ],
)
def test_what_no_column_could_add_up_is_refused(
    merchant_id: int, tariff: dict[str, Any], limit: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(FieldInvalid) as refused:
        set_policy(
            merchant_id, replace(DEFAULT_TARIFF, **tariff), limit=replace(DEFAULT_LIMIT, **limit)
        )

    assert refused.value.pointer == pointer


@pytest.mark.parametrize("written_before", [0, 1], ids=["the first ever", "a later one"])
def test_of_policies_set_at_once_one_wins_and_the_others_hear_of_it(
    merchant: int, at_once: Callable[..., list[Any]], written_before: int
) -> None:
    with tenancy.scope(merchant_id=merchant):
        for seen in range(written_before):
            set_policy(merchant, CHEAP_WAYS, seen=seen)

    def attempt(rate: int) -> Callable[[], int]:
        def run() -> int:
            with tenancy.scope(merchant_id=merchant):
                tariff = replace(DEFAULT_TARIFF, weight_micro_per_kg=rate)
                return set_policy(merchant, tariff, seen=written_before).tariff.weight_micro_per_kg

        return run

    answers = at_once(*[attempt(rate) for rate in range(1, 9)])

    with tenancy.scope(merchant_id=merchant):
        policy = routing.current_policy(merchant_id=merchant)
    assert [answer for answer in answers if isinstance(answer, int)] == [
        policy.tariff.weight_micro_per_kg
    ]
    assert [type(answer) for answer in answers].count(VersionMoved) == 7
    assert policy.version == written_before + 1


def test_another_merchants_policy_stays(
    merchant: int, new_merchant: Callable[..., int], now: datetime
) -> None:
    other = new_merchant()
    with tenancy.scope(merchant_id=merchant):
        set_policy(merchant, CHEAP_WAYS)

    with tenancy.scope(merchant_id=other):
        assert routing.current_policy(merchant_id=other).version == 0
