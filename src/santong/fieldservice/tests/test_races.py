"""What two do at the same moment: real threads, real commits, exact totals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from santong.fieldservice.errors import SlotTaken
from santong.fieldservice.models import Slot, Technician, Visit
from santong.fieldservice.selectors.codes import completion_code
from santong.fieldservice.selectors.plans import day_plans
from santong.fieldservice.selectors.visits import visit_by_id
from santong.fieldservice.services.accept_visit import accept_by_code, accept_silent
from santong.fieldservice.services.book_visit import book, reschedule
from santong.fieldservice.services.cancel_visit import cancel
from santong.fieldservice.services.check_in import check_in_by_place
from santong.fieldservice.services.end_plan import take_day_plan
from santong.fieldservice.services.follow_visit import follow_visit
from santong.fieldservice.services.hold_slot import hold_slot
from santong.fieldservice.services.plan_day import (
    ask_day_plan,
    propose_day_plan,
    work_out_day_plans,
)
from santong.fieldservice.services.report_done import report_done
from santong.fieldservice.services.request_visit import request_visit
from santong.fieldservice.tests.factories import (
    CONTACT,
    NOW,
    PLACE,
    TOMORROW,
    assert_sound,
    local,
    make_team,
    make_visit,
    told,
)
from santong.fieldservice.tests.services.test_day_plans import crossed
from santong.fieldservice.tests.services.test_visit_life import THERE
from santong.kernel import tenancy

AtOnce = Callable[..., list[Any]]
TEN = local(10)


def in_scope(merchant: int, command: Callable[..., Any], **asked: Any) -> Callable[[], Any]:
    def run() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return command(**{"merchant_id": merchant, "now": NOW, **asked})

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


def test_nobody_is_refused_while_somebody_could_come(merchant: int, at_once: AtOnce) -> None:
    eight = visits(merchant, 8, people=8)

    results = at_once(*[in_scope(merchant, book, visit_id=each, window_from=TEN) for each in eight])

    assert [each for each in results if isinstance(each, Exception)] == []
    with tenancy.scope(merchant_id=merchant):
        assert Slot.objects.filter(state="booked").values("technician").distinct().count() == 8
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


def test_a_code_and_silence_accept_once(merchant: int, at_once: AtOnce) -> None:
    (visit,) = visits(merchant, 1)
    later = NOW + timedelta(days=5)
    with tenancy.scope(merchant_id=merchant):
        book(merchant_id=merchant, visit_id=visit, window_from=TEN, now=NOW)
        check_in_by_place(merchant_id=merchant, visit_id=visit, at=THERE, now=NOW)
        report_done(merchant_id=merchant, visit_id=visit, now=NOW)
        code = completion_code(merchant_id=merchant, visit_id=visit)

    at_once(
        in_scope(merchant, accept_by_code, visit_id=visit, code=code),
        in_scope(merchant, accept_silent, limit=10, now=later),
        in_scope(merchant, accept_by_code, visit_id=visit, code=code),
    )

    with tenancy.scope(merchant_id=merchant):
        row = visit_by_id(merchant_id=merchant, visit_id=visit)
        names = [fact.name for fact in told(merchant, row)]
        assert names.count("fieldservice.visit_accepted.v1") == 1
        assert row.state == "accepted"


def test_two_who_ask_for_a_second_trip_get_one(merchant: int, at_once: AtOnce) -> None:
    (visit,) = visits(merchant, 1)
    with tenancy.scope(merchant_id=merchant):
        book(merchant_id=merchant, visit_id=visit, window_from=TEN, now=NOW)
        check_in_by_place(merchant_id=merchant, visit_id=visit, at=THERE, now=NOW)

    results = at_once(
        *[in_scope(merchant, follow_visit, visit_id=visit, reason="parts") for _ in range(3)]
    )

    assert len({each.id for each in results}) == 1
    with tenancy.scope(merchant_id=merchant):
        assert Visit.objects.filter(follows=visit).count() == 1


def test_a_plan_that_many_ask_for_is_worked_out_once(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        code, _ = crossed(merchant)

    asked = at_once(
        *[in_scope(merchant, ask_day_plan, provider_code=code, on=TOMORROW) for _ in range(3)]
    )
    worked = at_once(*[in_scope(merchant, work_out_day_plans, limit=9) for _ in range(3)])

    assert len({each.id for each in asked}) == 1
    assert sum(worked) == 1
    with tenancy.scope(merchant_id=merchant):
        (plan,) = day_plans(merchant_id=merchant)
        assert plan.state == "proposed"


def test_a_plan_and_a_cancellation_leave_a_day_that_holds(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        code, booked = crossed(merchant)
        plan = propose_day_plan(merchant_id=merchant, provider_code=code, on=TOMORROW, now=NOW)

    at_once(
        in_scope(merchant, take_day_plan, plan_id=plan.id),
        in_scope(merchant, take_day_plan, plan_id=plan.id),
        in_scope(merchant, cancel, visit_id=booked[0].id, by="buyer", reason="x"),
    )

    with tenancy.scope(merchant_id=merchant):
        assert visit_by_id(merchant_id=merchant, visit_id=booked[0].id).state == "cancelled"
        assert_sound(merchant)
