"""Clocks are started, rest, go on and end; what is told of them is told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.clocks import contracts, errors, events
from santong.clocks.models import Clock, ClockEvent, Escalation
from santong.clocks.selectors.clocks import clock_of, clocks_of, history_of_clock, standing_of
from santong.clocks.selectors.invariants import check_invariants
from santong.clocks.services.cancel import cancel
from santong.clocks.services.change_due import change_due
from santong.clocks.services.change_policy import change_policy
from santong.clocks.services.look_at_due import look_at_due
from santong.clocks.services.pause import pause
from santong.clocks.services.resume import resume
from santong.clocks.services.start import start
from santong.clocks.services.stop import stop
from santong.clocks.tests.factories import (
    HOUR,
    NOW,
    ROUND_THE_CLOCK,
    facts_told,
    make_calendar,
    make_clock,
    make_policy,
)
from santong.kernel.audit import trail_of
from santong.kernel.errors import FieldInvalid, NoSuch


def china(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


# Four hours of office hours from Wednesday, 15:27.
DUE = china("2026-11-12T10:27")
LATE = DUE + timedelta(minutes=5)


def assert_sound(merchant_id: int) -> None:
    assert check_invariants(merchant_id=merchant_id) == []


def named(clock: contracts.Clock, merchant_id: int) -> dict[str, Any]:
    return {"merchant_id": merchant_id, "subject": clock.subject, "term": clock.term}


def looked(merchant_id: int, now: datetime) -> int:
    return look_at_due(merchant_id=merchant_id, limit=100, now=now)


def told(merchant_id: int) -> list[str]:
    kinds = [
        events.ClockWarned,
        events.ClockBroken,
        events.ClockMended,
        events.ClockStopped,
        events.Escalated,
    ]
    return [
        type(fact).__name__
        for kind in kinds
        for fact in facts_told(merchant_id=merchant_id, kind=kind)
    ]


def test_a_clock_is_due_by_its_policy(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id, hours=4, warn_percent=50)

    clock = make_clock(
        merchant_id=merchant_id, subject="order:17", tags={"store": "SH-01", "brand": ""}
    )

    assert (clock.state, clock.due_at) == ("running", DUE)
    assert clock.warn_at == china("2026-11-11T17:27")
    assert (clock.policy_code, clock.policy_version, clock.target_seconds) == ("ship", 1, 4 * HOUR)
    assert clock.tags == {"store": "SH-01"}
    assert clock.unknown_year is None
    assert_sound(merchant_id)


def test_a_clock_is_started_once(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    first = make_clock(merchant_id=merchant_id, subject="order:17")

    again = make_clock(merchant_id=merchant_id, subject="order:17", started_at=NOW + timedelta(1))

    assert again == first
    assert [each.kind for each in history_of_clock(merchant_id=merchant_id, clock_id=first.id)] == [
        "start"
    ]


def test_a_clock_can_be_due_at_an_instant_without_a_policy(merchant_id: int) -> None:
    due_at = NOW + timedelta(days=3)

    clock = make_clock(merchant_id=merchant_id, due_at=due_at)

    assert (clock.due_at, clock.policy_code, clock.policy_version) == (due_at, "", None)
    assert clock.target_seconds == 3 * 86_400
    assert_sound(merchant_id)


def test_neither_policy_nor_due_time_starts_no_clock(merchant_id: int) -> None:
    with pytest.raises(FieldInvalid), transaction.atomic():
        start(merchant_id=merchant_id, subject="order:1", term="ship", started_at=NOW, now=NOW)

    assert clocks_of(merchant_id=merchant_id, subject="order:1") == []


def test_a_policy_that_is_not_there_starts_no_clock(merchant_id: int) -> None:
    with pytest.raises(NoSuch):
        make_clock(merchant_id=merchant_id, policy_code="nothing")


@pytest.mark.parametrize("subject", ["", "order", "Order:1", "order:" + "1" * 80, "order:1 2"])
def test_a_subject_is_a_kind_and_a_number(merchant_id: int, subject: str) -> None:
    with pytest.raises(FieldInvalid):
        start(
            merchant_id=merchant_id,
            subject=subject,
            term="ship",
            due_at=NOW,
            started_at=NOW,
            now=NOW,
        )


def test_a_clock_that_rests_is_not_due(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    clock = make_clock(merchant_id=merchant_id)
    name: dict[str, Any] = {
        "merchant_id": merchant_id,
        "subject": clock.subject,
        "term": clock.term,
    }

    rests = pause(**name, at=NOW + timedelta(hours=1), reason="no stock", now=LATE)
    nothing = looked(merchant_id, LATE)
    goes_on = resume(**name, at=LATE, reason="stock came", now=LATE)

    assert (rests.state, rests.due_at, nothing) == ("paused", None, 0)
    assert goes_on.due_at == china("2026-11-12T14:32")
    assert told(merchant_id) == []
    assert_sound(merchant_id)


def test_a_clock_that_stops_in_time_has_kept_its_promise(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    clock = make_clock(merchant_id=merchant_id, tags={"store": "SH-01"})
    name: dict[str, Any] = {
        "merchant_id": merchant_id,
        "subject": clock.subject,
        "term": clock.term,
    }

    stopped = stop(**name, at=DUE, reason="left", now=LATE)
    again = stop(**name, at=LATE, reason="left", now=LATE)

    (fact,) = facts_told(merchant_id=merchant_id, kind=events.ClockStopped)
    assert (stopped.state, stopped.is_kept, stopped.ended_at) == ("stopped", True, DUE)
    assert again == stopped
    assert (fact.kept, fact.stopped_at, fact.tags) == (True, DUE, {"store": "SH-01"})
    assert (fact.elapsed_seconds, fact.target_seconds) == (4 * HOUR, 4 * HOUR)
    assert told(merchant_id) == ["ClockStopped"]
    assert_sound(merchant_id)


def test_a_clock_that_stops_late_was_broken_though_nobody_had_looked(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    clock = make_clock(merchant_id=merchant_id)

    stopped = stop(
        merchant_id=merchant_id,
        subject=clock.subject,
        term=clock.term,
        at=LATE,
        reason="",
        now=LATE,
    )

    assert (stopped.is_kept, stopped.broken_at) == (False, LATE)
    assert told(merchant_id) == ["ClockBroken", "ClockStopped"]
    assert_sound(merchant_id)


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


def test_another_policy_counts_what_has_passed(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    make_calendar(merchant_id=merchant_id, code="always", terms=ROUND_THE_CLOCK)
    make_policy(merchant_id=merchant_id, code="fast", calendar_code="always", hours=6)
    clock = make_clock(merchant_id=merchant_id)
    six = china("2026-11-11T18:00")

    changed = change_policy(
        merchant_id=merchant_id,
        subject=clock.subject,
        term=clock.term,
        policy_code="fast",
        at=six,
        reason="a better promise",
        now=six,
    )

    assert changed.policy_code == "fast"
    assert changed.elapsed_seconds == 2 * HOUR + 33 * 60
    assert changed.due_at == china("2026-11-11T21:27")
    assert_sound(merchant_id)


def test_a_new_version_of_a_policy_leaves_clocks_that_run(merchant_id: int) -> None:
    policy = make_policy(merchant_id=merchant_id, hours=4)
    clock = make_clock(merchant_id=merchant_id)

    make_policy(merchant_id=merchant_id, calendar_code=policy.calendar_code, hours=1)

    newer = make_clock(merchant_id=merchant_id)
    assert clock_of(merchant_id=merchant_id, subject=clock.subject, term="ship") == clock
    assert (newer.policy_version, newer.target_seconds) == (2, HOUR)
    assert_sound(merchant_id)


def test_a_policy_out_of_use_starts_nothing(merchant_id: int) -> None:
    policy = make_policy(merchant_id=merchant_id)
    make_policy(merchant_id=merchant_id, calendar_code=policy.calendar_code, is_in_use=False)

    with pytest.raises(errors.PolicyOutOfUse):
        make_clock(merchant_id=merchant_id)


def test_a_clock_that_was_cancelled_kept_and_broke_nothing(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    clock = make_clock(merchant_id=merchant_id)
    name: dict[str, Any] = {
        "merchant_id": merchant_id,
        "subject": clock.subject,
        "term": clock.term,
    }

    cancelled = cancel(**name, at=LATE, reason="the order is cancelled", now=LATE)
    after = stop(**name, at=LATE, reason="", now=LATE)

    assert (cancelled.state, cancelled.is_kept) == ("cancelled", None)
    assert after == cancelled
    assert looked(merchant_id, LATE + timedelta(days=9)) == 0
    assert told(merchant_id) == []
    assert_sound(merchant_id)


def test_what_is_said_of_the_future_happens_now(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    clock = make_clock(merchant_id=merchant_id)

    stopped = stop(
        merchant_id=merchant_id,
        subject=clock.subject,
        term=clock.term,
        at=NOW + timedelta(days=30),
        reason="a clock that goes ahead",
        now=NOW,
    )

    assert (stopped.ended_at, stopped.is_kept) == (NOW, True)


def test_what_changes_nothing_is_not_recorded(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    clock = make_clock(merchant_id=merchant_id)
    name: dict[str, Any] = {
        "merchant_id": merchant_id,
        "subject": clock.subject,
        "term": clock.term,
    }

    for _ in range(3):
        pause(**name, at=NOW, reason="", now=NOW)
    for _ in range(3):
        resume(**name, at=LATE, reason="", now=LATE)

    assert ClockEvent.objects.of_merchant(merchant_id).filter(clock=clock.id).count() == 3
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


def test_how_it_stands_can_be_asked_at_any_instant(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    clock = make_clock(merchant_id=merchant_id)

    stands = standing_of(
        merchant_id=merchant_id, subject=clock.subject, term="ship", now=NOW + timedelta(hours=1)
    )

    assert (stands.elapsed_seconds, stands.is_late) == (HOUR, False)


def test_the_doctor_finds_a_due_time_that_somebody_touched(merchant_id: int) -> None:
    make_policy(merchant_id=merchant_id)
    clock = make_clock(merchant_id=merchant_id)
    Clock.objects.of_merchant(merchant_id).filter(id=clock.id).update(due_at=LATE, events=2)

    found = check_invariants(merchant_id=merchant_id)

    assert [each.rule for each in found] == [
        "every event of a clock is counted",
        "what a clock says is what its events give",
    ]


def _told_of(merchant_id: int, clock_id: int) -> list[tuple[str, str]]:
    rows = Escalation.objects.of_merchant(merchant_id).filter(clock=clock_id).order_by("id")
    return list(rows.values_list("role", "store"))
