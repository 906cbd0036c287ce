"""What is late is told: facts once, people in working hours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from santong.clocks import contracts, events
from santong.clocks.models import Escalation
from santong.clocks.services.cancel import cancel
from santong.clocks.services.change_due import change_due
from santong.clocks.services.pause import pause
from santong.clocks.services.resume import resume
from santong.clocks.services.stop import stop
from santong.clocks.tests.factories import (
    DUE,
    HOUR,
    LATE,
    NOW,
    assert_sound,
    china,
    facts_told,
    looked,
    make_clock,
    make_policy,
    told,
)
from santong.kernel.audit import trail_of


def test_what_is_late_is_told_once_and_runs_on(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id, warn_percent=75)
    clock = make_clock(merchant_id=merchant_id)

    before = looked(merchant_id, DUE - timedelta(hours=2))
    warned = looked(merchant_id, DUE)
    broken = [looked(merchant_id, LATE), looked(merchant_id, LATE)]
    stopped = stop(
        merchant_id=merchant_id,
        subject=clock.subject,
        term=clock.term,
        at=LATE + timedelta(hours=1),
        reason="",
        now=LATE + timedelta(hours=1),
    )

    assert (before, warned, broken) == (0, 1, [1, 0])
    assert told(merchant_id) == ["ClockWarned", "ClockBroken", "ClockStopped"]
    (fact,) = facts_told(merchant_id=merchant_id, kind=events.ClockBroken)
    assert (fact.due_at, fact.broken_at, fact.policy) == (DUE, LATE, "ship")
    assert stopped.is_kept is False
    assert_sound(merchant_id)


def test_a_rest_that_is_told_late_mends_what_was_said_to_be_broken(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    clock = make_clock(merchant_id=merchant_id)
    name: dict[str, Any] = {
        "merchant_id": merchant_id,
        "subject": clock.subject,
        "term": clock.term,
    }
    looked(merchant_id, LATE)

    rested = pause(**name, at=NOW + timedelta(hours=1), reason="told late", now=LATE)
    goes_on = resume(**name, at=LATE, reason="", now=LATE)
    later = looked(merchant_id, LATE + timedelta(hours=6))

    assert rested.broken_at is None
    assert goes_on.due_at == china("2026-11-12T14:32")
    assert later == 1
    assert told(merchant_id) == ["ClockBroken", "ClockBroken", "ClockMended"]
    assert_sound(merchant_id)


def test_a_later_due_time_mends_and_an_earlier_one_breaks(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    clock = make_clock(merchant_id=merchant_id)
    name: dict[str, Any] = {
        "merchant_id": merchant_id,
        "subject": clock.subject,
        "term": clock.term,
    }
    looked(merchant_id, LATE)

    put_off = change_due(**name, due_at=LATE + timedelta(days=2), at=LATE, reason="", now=LATE)
    brought_forward = change_due(**name, due_at=NOW, at=LATE, reason="", now=LATE)

    assert (put_off.due_at, put_off.broken_at) == (LATE + timedelta(days=2), None)
    assert brought_forward.due_at == NOW
    assert looked(merchant_id, LATE) == 1
    assert told(merchant_id) == ["ClockBroken", "ClockBroken", "ClockMended"]
    assert_sound(merchant_id)


def test_people_are_told_in_working_hours_and_once(merchant_id: int) -> None:
    steps = (
        contracts.Step(basis="share", value=50, role="store_manager", place="store"),
        contracts.Step(basis="after_breach", value=8 * HOUR, role="head_office"),
        contracts.Step(
            basis="after_breach", value=8 * HOUR, role="customer_service", is_at_once=True
        ),
    )
    make_policy(merchant_id=merchant_id, steps=steps)
    clock = make_clock(merchant_id=merchant_id, tags={"store": "SH-01"})
    at_night, next_day = china("2026-11-12T23:00"), china("2026-11-13T09:00")

    looked(merchant_id, china("2026-11-11T17:27"))
    first = _told_of(merchant_id, clock.id)
    looked(merchant_id, at_night)
    second = _told_of(merchant_id, clock.id)
    asleep = looked(merchant_id, next_day - timedelta(seconds=1))
    looked(merchant_id, next_day)
    third = _told_of(merchant_id, clock.id)

    assert first == [("store_manager", "SH-01")]
    assert second == [*first, ("customer_service", "")]
    assert asleep == 0
    assert third == [*second, ("head_office", "")]
    assert len(facts_told(merchant_id=merchant_id, kind=events.Escalated)) == 3
    assert looked(merchant_id, next_day + timedelta(days=9)) == 0
    assert_sound(merchant_id)


def test_nobody_has_to_see_to_a_clock_that_has_ended(merchant_id: int) -> None:
    steps = (contracts.Step(basis="share", value=50, role="head_office"),)
    make_policy(merchant_id=merchant_id, steps=steps)
    clock = make_clock(merchant_id=merchant_id)
    looked(merchant_id, LATE)

    stop(
        merchant_id=merchant_id,
        subject=clock.subject,
        term=clock.term,
        at=LATE,
        reason="",
        now=LATE,
    )

    (row,) = Escalation.objects.of_merchant(merchant_id).filter(clock=clock.id)
    assert (row.state, row.ended_at) == ("over", LATE)
    assert_sound(merchant_id)


def test_the_trail_says_what_happened(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    clock = make_clock(merchant_id=merchant_id)
    name: dict[str, Any] = {
        "merchant_id": merchant_id,
        "subject": clock.subject,
        "term": clock.term,
    }
    pause(**name, at=NOW, reason="no stock", now=NOW)
    cancel(**name, at=NOW, reason="no order", now=NOW)

    trail = trail_of(merchant_id=merchant_id, subject="clock", subject_ids=[clock.id])

    assert [(each.action, each.reason) for each in trail] == [
        ("clocks.start", "ship"),
        ("clocks.pause", "no stock"),
        ("clocks.cancel", "no order"),
    ]


def _told_of(merchant_id: int, clock_id: int) -> list[tuple[str, str]]:
    rows = Escalation.objects.of_merchant(merchant_id).filter(clock=clock_id).order_by("id")
    return list(rows.values_list("role", "store"))
