"""What two do at the same moment: real threads, real commits, exact totals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from santong.fieldservice.errors import SlotTaken
from santong.fieldservice.models import Slot, Technician, Visit
from santong.fieldservice.services.book_visit import book, reschedule
from santong.fieldservice.services.hold_slot import hold_slot
from santong.fieldservice.services.request_visit import request_visit
from santong.fieldservice.tests.factories import (
    CONTACT,
    NOW,
    PLACE,
    assert_sound,
    local,
    make_team,
    make_visit,
)
from santong.kernel import tenancy

AtOnce = Callable[..., list[Any]]
TEN = local(10)


def in_scope(merchant: int, command: Callable[..., Any], **asked: Any) -> Callable[[], Any]:
    def run() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return command(merchant_id=merchant, now=NOW, **asked)

    return run


def visits(merchant: int, count: int, *, people: int = 1) -> list[int]:
    with tenancy.scope(merchant_id=merchant):
        make_team(merchant, people=people)
        return [make_visit(merchant).id for _ in range(count)]


def test_of_two_buyers_of_one_slot_one_gets_it(merchant: int, at_once: AtOnce) -> None:
    for hour in (8, 10, 14, 16):
        mine, yours = visits(merchant, 2)

        results = at_once(
            in_scope(merchant, book, visit_id=mine, window_from=local(hour)),
            in_scope(merchant, book, visit_id=yours, window_from=local(hour)),
        )

        with tenancy.scope(merchant_id=merchant):
            booked = Slot.objects.filter(state="booked", visit__in=[mine, yours])
            assert booked.count() == sum(not isinstance(each, Exception) for each in results)
            assert_sound(merchant)
            # Everybody who came before is out of the way of the next round.
            Slot.objects.filter(state="booked").update(state="released")
            Visit.objects.filter(state="booked").update(state="offered")


def test_of_eight_buyers_two_are_served_by_two_technicians(merchant: int, at_once: AtOnce) -> None:
    eight = visits(merchant, 8, people=2)

    results = at_once(*[in_scope(merchant, book, visit_id=each, window_from=TEN) for each in eight])

    refused = [each for each in results if isinstance(each, Exception)]
    assert len(refused) == 6
    assert {type(each) for each in refused} == {SlotTaken}
    with tenancy.scope(merchant_id=merchant):
        assert Slot.objects.filter(state="booked").count() == 2
        assert_sound(merchant)


def test_a_hold_and_a_booking_meet(merchant: int, at_once: AtOnce) -> None:
    mine, yours = visits(merchant, 2)

    results = at_once(
        in_scope(merchant, hold_slot, visit_id=mine, window_from=TEN),
        in_scope(merchant, book, visit_id=yours, window_from=TEN),
    )

    assert sum(isinstance(each, SlotTaken) for each in results) == 1
    with tenancy.scope(merchant_id=merchant):
        assert_sound(merchant)


def test_two_moves_into_one_window_move_one(merchant: int, at_once: AtOnce) -> None:
    mine, yours = visits(merchant, 2)
    with tenancy.scope(merchant_id=merchant):
        for visit, hour in ((mine, 8), (yours, 14)):
            book(merchant_id=merchant, visit_id=visit, window_from=local(hour), now=NOW)

    results = at_once(
        *[
            in_scope(
                merchant,
                reschedule,
                visit_id=each,
                window_from=local(16),
                by="technician",
                reason="x",
            )
            for each in (mine, yours)
        ]
    )

    assert sum(isinstance(each, SlotTaken) for each in results) == 1
    with tenancy.scope(merchant_id=merchant):
        assert Slot.objects.filter(state="booked").count() == 2
        assert_sound(merchant)


def test_one_key_asked_for_twice_at_once_is_one_visit(merchant: int, at_once: AtOnce) -> None:
    visits(merchant, 0)
    wanted = in_scope(
        merchant,
        request_visit,
        document="case:1",
        service_type_code="install",
        contact=CONTACT,
        place=PLACE,
        key="same",
    )

    at_once(wanted, wanted, wanted)

    with tenancy.scope(merchant_id=merchant):
        assert Visit.objects.filter(key="same").count() == 1


def test_the_database_refuses_what_the_code_would_have_let_through(merchant: int) -> None:
    mine, yours = visits(merchant, 2)

    def slot(visit: int, begins: datetime, ends: datetime) -> None:
        person = Technician.objects.get()
        Slot.objects.create(
            merchant_id=merchant,
            visit_id=visit,
            technician=person,
            state="booked",
            window_from=TEN,
            window_until=local(12),
            starts_at=begins,
            ends_at=ends,
            busy_from=begins,
            busy_until=ends,
            made_at=NOW,
        )

    with tenancy.scope(merchant_id=merchant):
        slot(mine, TEN, local(11))
        with (
            pytest.raises(IntegrityError, match="nobody_is_in_two_places_at_once"),
            transaction.atomic(),
        ):
            slot(yours, local(10, 59), local(12))
        slot(yours, local(11), local(12))
