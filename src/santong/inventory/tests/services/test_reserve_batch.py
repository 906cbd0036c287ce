"""Many claims at once: served in order, each whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from santong.inventory import public as inventory
from santong.inventory.events import StockReserved
from santong.inventory.tests.factories import (
    LATER,
    NOW,
    counters,
    facts_told,
    line,
    make_level,
    make_reservation,
)


def claim(number: int, *lines: inventory.ReserveLine) -> inventory.Claim:
    return inventory.Claim(holder=f"order:{number}", lines=lines)


def serve(merchant_id: int, claims: Sequence[inventory.Claim]) -> list[inventory.ClaimResult]:
    return inventory.reserve_batch(
        merchant_id=merchant_id, claims=claims, expires_at=LATER, now=NOW
    )


def test_the_first_come_are_served(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=3)

    results = serve(merchant_id, [claim(number, line(shirt)) for number in range(5)])

    assert [bool(result.reservations) for result in results] == [True, True, True, False, False]
    assert [s.available for result in results for s in result.short] == [0, 0]
    assert counters(merchant_id=merchant_id, place=shirt)["reserved"] == 3
    assert len(facts_told(merchant_id=merchant_id, kind=StockReserved)) == 3
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_a_claim_that_is_short_gets_nothing_and_hinders_nobody(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=3)
    coat = make_level(merchant_id=merchant_id, on_hand=1)

    results = serve(
        merchant_id,
        [
            claim(1, line(shirt, 2, line_id=1), line(coat, 2, line_id=2)),
            claim(2, line(shirt, 3, line_id=1), line(coat, 1, line_id=2)),
        ],
    )

    assert [len(result.reservations) for result in results] == [0, 2]
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_who_has_something_keeps_it_and_gets_no_more(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=3)
    first = make_reservation(merchant_id=merchant_id, place=shirt, holder="order:1", quantity=2)

    (result,) = serve(merchant_id, [claim(1, line(shirt, 2))])

    assert result.reservations == (first,)
    assert counters(merchant_id=merchant_id, place=shirt)["reserved"] == 2


def test_of_two_claims_of_one_holder_the_first_counts(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=9)

    first, second = serve(merchant_id, [claim(1, line(shirt, 2)), claim(1, line(shirt, 5))])

    assert first == second
    assert counters(merchant_id=merchant_id, place=shirt)["reserved"] == 2


def test_who_had_something_once_is_served_anew(merchant_id: int) -> None:
    shirt = make_level(merchant_id=merchant_id, on_hand=1)
    make_reservation(merchant_id=merchant_id, place=shirt, holder="order:1")
    inventory.release(merchant_id=merchant_id, holder="order:1", reason="test", now=NOW)

    (result,) = serve(merchant_id, [claim(1, line(shirt))])

    assert [(row.state, row.attempt) for row in result.reservations] == [("held", 2)]
    assert inventory.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_nothing_asked_nothing_done(merchant_id: int) -> None:
    assert serve(merchant_id, []) == []
