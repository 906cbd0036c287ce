"""What happens to the goods themselves: receipts, corrections, counts and tills."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from santong.inventory import public as inventory
from santong.inventory.events import MovedSku, ShortfallClosed, ShortfallOpened, StockReceived
from santong.inventory.tests.factories import (
    AFTER,
    NOW,
    Place,
    counters,
    facts_told,
    level_at,
    make_level,
    make_location_id,
    make_reservation,
    make_sku_id,
    new_holder,
)
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid, NoSuch

Command = Callable[..., bool]


def receive(merchant_id: int, place: Place, quantity: int, key: str) -> bool:
    return inventory.receive(
        merchant_id=merchant_id,
        location_id=place.location_id,
        quantity_by_sku={place.sku_id: quantity},
        reason="transfer",
        key=key,
        now=NOW,
    )


def adjust(merchant_id: int, place: Place, delta: int, key: str) -> bool:
    return inventory.adjust(
        merchant_id=merchant_id,
        location_id=place.location_id,
        sku_id=place.sku_id,
        delta=delta,
        reason="broken",
        key=key,
        now=NOW,
    )


def count(merchant_id: int, place: Place, quantity: int, key: str) -> bool:
    return inventory.count(
        merchant_id=merchant_id,
        location_id=place.location_id,
        counted_by_sku={place.sku_id: quantity},
        key=key,
        now=NOW,
    )


def sell(merchant_id: int, place: Place, quantity: int, key: str) -> bool:
    return inventory.record_till_sale(
        merchant_id=merchant_id,
        location_id=place.location_id,
        quantity_by_sku={place.sku_id: quantity},
        key=key,
        now=NOW,
    )


COMMANDS = [
    pytest.param(receive, 3, 13, id="receive"),
    pytest.param(adjust, -3, 7, id="adjust"),
    pytest.param(count, 3, 3, id="count"),
    pytest.param(sell, 3, 7, id="till sale"),
]


@pytest.mark.parametrize(("command", "quantity", "on_hand"), COMMANDS)
def test_the_same_key_takes_effect_once(
    merchant_id: int, command: Command, quantity: int, on_hand: int
) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=10)

    first = command(merchant_id, shirt, quantity, "k1")
    again = command(merchant_id, shirt, quantity, "k1")

    assert (first, again) == (True, False)
    assert counters(merchant_id=merchant_id, place=shirt)["on_hand"] == on_hand
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_one_tills_numbers_are_not_another_desks(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=10)

    receive(merchant_id, shirt, 1, "1")
    sell(merchant_id, shirt, 1, "1")
    adjust(merchant_id, shirt, 1, "1")

    assert counters(merchant_id=merchant_id, place=shirt)["on_hand"] == 11


def test_a_receipt_of_many_skus_is_one_command(merchant_id: int) -> None:
    location_id = make_location_id(merchant_id=merchant_id)
    sku_ids = [make_sku_id(merchant_id=merchant_id) for _ in range(3)]

    for _ in range(2):
        inventory.receive(
            merchant_id=merchant_id,
            location_id=location_id,
            quantity_by_sku=dict.fromkeys(sku_ids, 4),
            reason="transfer",
            key="delivery-1",
            now=NOW,
        )

    assert inventory.atp_by_sku(merchant_id=merchant_id, sku_ids=sku_ids) == dict.fromkeys(
        sku_ids, 4
    )
    assert facts_told(merchant_id=merchant_id, kind=StockReceived) == [
        StockReceived(
            location_id=location_id,
            reason="transfer",
            skus=tuple(MovedSku(sku_id=sku_id, delta=4, on_hand=4) for sku_id in sku_ids),
        )
    ]
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_a_place_may_count_what_the_books_did_not_know(merchant_id: int) -> None:
    place = Place(
        location_id=make_location_id(merchant_id=merchant_id),
        sku_id=make_sku_id(merchant_id=merchant_id),
    )

    count(merchant_id, place, 6, "c1")

    assert counters(merchant_id=merchant_id, place=place)["atp"] == 6


@pytest.mark.parametrize("unknown", ["location", "sku"])
def test_nothing_comes_to_a_place_or_of_a_sku_that_is_not_the_merchants(
    merchant_id: int, unknown: str
) -> None:
    place = Place(
        location_id=2**40 if unknown == "location" else make_location_id(merchant_id=merchant_id),
        sku_id=2**40 if unknown == "sku" else make_sku_id(merchant_id=merchant_id),
    )

    with pytest.raises(NoSuch) as refused:
        receive(merchant_id, place, 1, "k1")

    assert refused.value.kind == unknown


def test_a_correction_never_ends_below_zero(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=2)

    with pytest.raises(inventory.BelowZero) as refused, transaction.atomic():
        adjust(merchant_id, shirt, -3, "k1")

    assert (refused.value.on_hand, refused.value.delta) == (2, -3)
    assert counters(merchant_id=merchant_id, place=shirt)["on_hand"] == 2
    assert adjust(merchant_id, shirt, -2, "k1")


def test_a_correction_has_a_reason(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id)

    with pytest.raises(FieldInvalid, match="reason"):
        inventory.adjust(
            merchant_id=merchant_id,
            location_id=shirt.location_id,
            sku_id=shirt.sku_id,
            delta=1,
            reason=" ",
            key="k1",
            now=NOW,
        )


def test_an_offline_till_may_sell_what_the_books_do_not_have(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=1)

    sell(merchant_id, shirt, 3, "sale-1")

    assert counters(merchant_id=merchant_id, place=shirt) == {
        "on_hand": -2,
        "allocated": 0,
        "reserved": 0,
        "shortfall": 0,
        "atp": 0,
    }
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def promised(merchant_id: int, *, on_hand: int = 5, quantity: int = 4) -> tuple[Place, str]:
    place = make_level(merchant_id=merchant_id, on_hand=on_hand)
    holder = new_holder()
    make_reservation(
        merchant_id=merchant_id, place=place, quantity=quantity, holder=holder, expires_at=None
    )
    return place, holder


TAKING = [
    pytest.param(adjust, -3, id="adjust"),
    pytest.param(count, 2, id="count"),
    pytest.param(sell, 3, id="till sale"),
]


@pytest.mark.parametrize(("command", "quantity"), TAKING)
def test_what_is_taken_from_under_promises_is_a_shortfall_with_a_task(
    merchant_id: int, command: Command, quantity: int
) -> None:
    shirt, _ = promised(merchant_id)

    command(merchant_id, shirt, quantity, "k1")

    assert counters(merchant_id=merchant_id, place=shirt)["shortfall"] == 2
    (task,) = inventory.open_shortfalls(merchant_id=merchant_id)
    assert (task.location_id, task.sku_id, task.quantity) == (shirt.location_id, shirt.sku_id, 2)
    (fact,) = facts_told(merchant_id=merchant_id, kind=ShortfallOpened)
    assert (fact.shortfall_id, fact.quantity) == (task.id, 2)
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_a_gap_that_grows_is_told_again_and_stays_one_task(merchant_id: int) -> None:
    shirt, _ = promised(merchant_id)

    sell(merchant_id, shirt, 2, "s1")
    sell(merchant_id, shirt, 2, "s2")

    (task,) = inventory.open_shortfalls(merchant_id=merchant_id)
    assert task.quantity == 3
    told = facts_told(merchant_id=merchant_id, kind=ShortfallOpened)
    assert [(fact.shortfall_id, fact.quantity) for fact in told] == [(task.id, 1), (task.id, 3)]


def test_a_gap_that_shrinks_is_not_told_until_it_closes(merchant_id: int) -> None:
    shirt, _ = promised(merchant_id)
    count(merchant_id, shirt, 1, "c1")

    receive(merchant_id, shirt, 2, "r1")

    (task,) = inventory.open_shortfalls(merchant_id=merchant_id)
    assert task.quantity == 1
    assert len(facts_told(merchant_id=merchant_id, kind=ShortfallOpened)) == 1
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []
    receive(merchant_id, shirt, 1, "r2")
    assert inventory.open_shortfalls(merchant_id=merchant_id) == []
    (closed,) = facts_told(merchant_id=merchant_id, kind=ShortfallClosed)
    assert closed.shortfall_id == task.id
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_a_gap_closes_when_promises_are_given_back(merchant_id: int) -> None:
    shirt, holder = promised(merchant_id)
    count(merchant_id, shirt, 1, "c1")

    inventory.release(merchant_id=merchant_id, holder=holder, reason="test", now=NOW)

    assert inventory.open_shortfalls(merchant_id=merchant_id) == []
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_a_gap_closes_when_holds_run_out(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=3, reserved=3)
    count(merchant_id, shirt, 1, "c1")

    inventory.expire_due(merchant_id=merchant_id, now=AFTER)

    assert inventory.open_shortfalls(merchant_id=merchant_id) == []
    assert inventory.check_invariants(merchant_id=merchant_id, now=AFTER) == []


def test_a_gap_that_opens_again_is_a_new_task(merchant_id: int) -> None:
    shirt, _ = promised(merchant_id)

    for turn in range(2):
        count(merchant_id, shirt, 0, f"short-{turn}")
        count(merchant_id, shirt, 9, f"found-{turn}")

    told = facts_told(merchant_id=merchant_id, kind=ShortfallOpened)
    assert len({fact.shortfall_id for fact in told}) == 2
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_nothing_is_promised_where_there_is_a_gap(merchant_id: int) -> None:
    shirt, _ = promised(merchant_id)
    count(merchant_id, shirt, 1, "c1")

    with pytest.raises(inventory.InsufficientStock):
        make_reservation(merchant_id=merchant_id, place=shirt)


def test_a_raised_safety_stock_leaves_promises_alone(merchant_id: int) -> None:
    shirt, _ = promised(merchant_id)

    inventory.set_safety_stock(
        merchant_id=merchant_id,
        location_id=shirt.location_id,
        quantity_by_sku={shirt.sku_id: 8},
        reason="window",
        now=NOW,
    )

    level = level_at(merchant_id=merchant_id, place=shirt)
    assert (level.allocated, level.safety_stock, level.shortfall, level.atp) == (4, 8, 0, 0)
    (entry,) = audit.trail_of(
        merchant_id=merchant_id, subject="stock_level", subject_ids=[level.id]
    )
    assert (entry.reason, entry.before, entry.after) == (
        "window",
        {"safety_stock": 0},
        {"safety_stock": 8},
    )


def test_the_newest_promise_of_a_level_is_found_first(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=9)
    holders = [new_holder() for _ in range(3)]
    for holder in holders:
        make_reservation(merchant_id=merchant_id, place=shirt, holder=holder)
    inventory.release(merchant_id=merchant_id, holder=holders[1], reason="test", now=NOW)

    live = inventory.live_reservations_at(
        merchant_id=merchant_id, location_id=shirt.location_id, sku_id=shirt.sku_id
    )

    assert [row.holder for row in live] == [holders[2], holders[0]]
