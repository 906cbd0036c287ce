"""What is contended comes out exactly: real threads, real commits."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from santong.clocks import contracts, events
from santong.clocks.models import ClockEvent, Escalation
from santong.clocks.selectors.clocks import clock_of
from santong.clocks.selectors.invariants import check_invariants
from santong.clocks.services.cancel import cancel
from santong.clocks.services.look_at_due import look_at_due
from santong.clocks.services.pause import pause
from santong.clocks.services.publish_policy import publish_policy
from santong.clocks.services.start import start
from santong.clocks.services.stop import stop
from santong.clocks.tests.factories import (
    HOUR,
    NOW,
    facts_told,
    in_scope,
    make_clock,
    make_policy,
)
from santong.kernel import tenancy

AtOnce = Callable[..., list[Any]]
ROUNDS = int(os.environ.get("SANTONG_RACE_ROUNDS", "3"))
LATE = NOW + timedelta(days=2)
STEPS = (contracts.Step(basis="share", value=50, role="head_office"),)


def with_policy(merchant: int) -> contracts.Policy:
    with tenancy.scope(merchant_id=merchant):
        return make_policy(merchant_id=merchant, warn_percent=50, steps=STEPS)


def assert_sound(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        assert check_invariants(merchant_id=merchant) == []


def told(merchant: int, kind: type[Any]) -> list[Any]:
    with tenancy.scope(merchant_id=merchant):
        return facts_told(merchant_id=merchant, kind=kind)


def test_many_who_start_one_clock_start_it_once(merchant: int, at_once: AtOnce) -> None:
    with_policy(merchant)
    begin = in_scope(
        merchant, start, subject="order:1", term="ship", policy_code="ship", started_at=NOW
    )

    results = at_once(*[begin for _ in range(8)])

    assert len({clock.id for clock in results}) == 1
    with tenancy.scope(merchant_id=merchant):
        assert ClockEvent.objects.of_merchant(merchant).count() == 1
    assert_sound(merchant)


def test_a_clock_that_many_stop_and_cancel_ends_once(merchant: int, at_once: AtOnce) -> None:
    with_policy(merchant)
    for number in range(ROUNDS):
        name: dict[str, Any] = {
            "subject": f"order:{number}",
            "term": "ship",
            "at": NOW,
            "reason": "",
        }
        with tenancy.scope(merchant_id=merchant):
            make_clock(merchant_id=merchant, subject=f"order:{number}")

        results = at_once(
            *[in_scope(merchant, stop, **name) for _ in range(3)],
            *[in_scope(merchant, cancel, **name) for _ in range(3)],
            *[in_scope(merchant, pause, **name) for _ in range(2)],
        )

        with tenancy.scope(merchant_id=merchant):
            clock = clock_of(merchant_id=merchant, subject=f"order:{number}", term="ship")
        stopped = [
            fact
            for fact in told(merchant, events.ClockStopped)
            if fact.subject == f"order:{number}"
        ]
        assert not [each for each in results if isinstance(each, Exception)]
        assert len(stopped) == (clock.state == "stopped")
        assert clock.state in {"stopped", "cancelled"}
    assert_sound(merchant)


def test_many_workers_tell_of_each_clock_once(merchant: int, at_once: AtOnce) -> None:
    with_policy(merchant)
    with tenancy.scope(merchant_id=merchant):
        for _ in range(60):
            make_clock(merchant_id=merchant)

    worker = in_scope(merchant, look_at_due, limit=7, now=LATE)
    seen = [sum(at_once(worker, worker, worker, worker)) for _ in range(6)]

    assert sum(seen) == 60
    assert len(told(merchant, events.ClockBroken)) == 60
    assert len(told(merchant, events.ClockWarned)) == 60
    with tenancy.scope(merchant_id=merchant):
        assert Escalation.objects.of_merchant(merchant).count() == 60
    assert_sound(merchant)


def test_a_clock_that_is_stopped_while_it_is_looked_at_is_broken_once(
    merchant: int, at_once: AtOnce
) -> None:
    with_policy(merchant)
    for number in range(ROUNDS):
        with tenancy.scope(merchant_id=merchant):
            make_clock(merchant_id=merchant, subject=f"order:{number}")

        at_once(
            in_scope(merchant, look_at_due, limit=10, now=LATE),
            in_scope(
                merchant,
                stop,
                subject=f"order:{number}",
                term="ship",
                at=LATE,
                reason="",
                now=LATE,
            ),
            in_scope(merchant, look_at_due, limit=10, now=LATE),
        )

        assert len(told(merchant, events.ClockBroken)) == number + 1
        assert len(told(merchant, events.ClockStopped)) == number + 1
    assert_sound(merchant)


def test_versions_of_a_policy_are_counted(merchant: int, at_once: AtOnce) -> None:
    policy = with_policy(merchant)

    results = at_once(
        *[
            in_scope(
                merchant,
                publish_policy,
                code="ship",
                name="ship",
                calendar_code=policy.calendar_code,
                promise=contracts.Promise(target_seconds=hours * HOUR),
                reason="anew",
            )
            for hours in range(1, 6)
        ]
    )

    assert sorted(each.version for each in results) == [2, 3, 4, 5, 6]
    assert_sound(merchant)
