"""Promises end: given back, or run out."""

from __future__ import annotations

from santong.inventory import public as inventory
from santong.inventory.events import ReservationExpired, StockReleased
from santong.inventory.tests.factories import (
    AFTER,
    LATER,
    NOW,
    counters,
    facts_told,
    make_level,
    make_reservation,
    new_holder,
)


def release(merchant_id: int, line_ids: list[int] | None = None) -> int:
    return inventory.release(
        merchant_id=merchant_id, holder="order:1", line_ids=line_ids, reason="test", now=NOW
    )


def states(merchant_id: int) -> list[str]:
    rows = inventory.reservations_of(merchant_id=merchant_id, holder="order:1")
    return [row.state for row in rows]


def test_gives_back_what_is_held_and_what_is_firm(merchant_id: int) -> None:
    shirt, coat = make_level(merchant_id=merchant_id), make_level(merchant_id=merchant_id)
    make_reservation(merchant_id=merchant_id, place=shirt, quantity=2, holder="order:1", line_id=1)
    make_reservation(
        merchant_id=merchant_id,
        place=coat,
        quantity=3,
        holder="order:1",
        line_id=2,
        expires_at=None,
    )

    units = release(merchant_id)

    assert units == 5
    assert counters(merchant_id=merchant_id, place=shirt)["atp"] == 10
    assert counters(merchant_id=merchant_id, place=coat)["atp"] == 10
    assert states(merchant_id) == ["released", "released"]
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_gives_back_some_lines_and_keeps_the_others(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id)
    make_reservation(merchant_id=merchant_id, place=shirt, quantity=2, holder="order:1", line_id=1)
    make_reservation(merchant_id=merchant_id, place=shirt, quantity=3, holder="order:1", line_id=2)

    units = release(merchant_id, [2])

    assert units == 3
    assert counters(merchant_id=merchant_id, place=shirt)["reserved"] == 2
    assert states(merchant_id) == ["held", "released"]


def test_giving_back_twice_gives_back_once(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id)
    make_reservation(merchant_id=merchant_id, place=shirt, quantity=2, holder="order:1")
    release(merchant_id)

    units = release(merchant_id)

    assert units == 0
    assert counters(merchant_id=merchant_id, place=shirt)["atp"] == 10
    assert len(facts_told(merchant_id=merchant_id, kind=StockReleased)) == 1


def test_what_has_left_stays_consumed(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id)
    make_reservation(
        merchant_id=merchant_id, place=shirt, quantity=3, holder="order:1", expires_at=None
    )
    inventory.consume(
        merchant_id=merchant_id,
        holder="order:1",
        location_id=shirt.location_id,
        quantity_by_line={1: 1},
        now=NOW,
    )

    units = release(merchant_id)

    assert units == 2
    (row,) = inventory.reservations_of(merchant_id=merchant_id, holder="order:1")
    assert (row.state, row.quantity, row.consumed_quantity) == ("consumed", 1, 1)
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_a_hold_ends_when_its_time_has_come(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id)
    make_reservation(merchant_id=merchant_id, place=shirt, quantity=2, holder="order:1")

    early = inventory.expire_due(merchant_id=merchant_id, now=NOW)
    due = inventory.expire_due(merchant_id=merchant_id, now=LATER)

    assert (early, due) == (0, 1)
    assert states(merchant_id) == ["expired"]
    assert counters(merchant_id=merchant_id, place=shirt)["atp"] == 10
    assert inventory.check_invariants(merchant_id=merchant_id, now=AFTER) == []


def test_the_sweeper_takes_the_oldest_first_and_no_more_than_it_is_told(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id)
    holders = [new_holder() for _ in range(5)]
    for minutes, holder in enumerate(reversed(holders)):
        make_reservation(
            merchant_id=merchant_id,
            place=shirt,
            holder=holder,
            expires_at=LATER.replace(minute=LATER.minute - minutes),
        )

    expired = inventory.expire_due(merchant_id=merchant_id, now=AFTER, limit=2)

    assert expired == 2
    told = facts_told(merchant_id=merchant_id, kind=ReservationExpired)
    assert sorted(fact.holder for fact in told) == sorted(holders[:2])
    assert counters(merchant_id=merchant_id, place=shirt)["reserved"] == 3


def test_one_fact_for_each_holder_whatever_the_number_of_its_lines(merchant_id: int) -> None:
    shirt, coat = make_level(merchant_id=merchant_id), make_level(merchant_id=merchant_id)
    for number, place in enumerate((shirt, coat)):
        make_reservation(merchant_id=merchant_id, place=place, holder="order:1", line_id=number)

    inventory.expire_due(merchant_id=merchant_id, now=AFTER)

    (fact,) = facts_told(merchant_id=merchant_id, kind=ReservationExpired)
    assert [each.line_id for each in fact.lines] == [0, 1]
