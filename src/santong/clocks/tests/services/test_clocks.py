"""Clocks are started, rest, go on and end; what is told of them is told once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.clocks import errors, events
from santong.clocks.models import Clock, ClockEvent
from santong.clocks.selectors.clocks import clock_of, clocks_of, history_of_clock, standing_of
from santong.clocks.selectors.invariants import check_invariants
from santong.clocks.services.cancel import cancel
from santong.clocks.services.change_policy import change_policy
from santong.clocks.services.pause import pause
from santong.clocks.services.resume import resume
from santong.clocks.services.start import start
from santong.clocks.services.stop import stop
from santong.clocks.tests.factories import (
    DUE,
    HOUR,
    LATE,
    NOW,
    ROUND_THE_CLOCK,
    assert_sound,
    china,
    facts_told,
    looked,
    make_calendar,
    make_clock,
    make_policy,
    told,
)
from santong.kernel.errors import FieldInvalid, NoSuch


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
