"""Things of clocks for tests: say what the test is about."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from santong.clocks import contracts, events
from santong.clocks.rules.library import REGION
from santong.clocks.selectors.invariants import check_invariants
from santong.clocks.services.create_calendar import create_calendar
from santong.clocks.services.look_at_due import look_at_due
from santong.clocks.services.publish_policy import publish_policy
from santong.clocks.services.start import start
from santong.kernel import tenancy
from santong.kernel.facts import adapter, fact_types
from santong.kernel.models import OutboxEvent

# A Wednesday, 15:27 in Shanghai.
NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
HOUR = 3_600
WITH_LUNCH: contracts.Hours = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
OFFICE = contracts.Terms(
    time_zone="Asia/Shanghai",
    weekly=(WITH_LUNCH, WITH_LUNCH, WITH_LUNCH, WITH_LUNCH, WITH_LUNCH, (), ()),
    makeup_hours=WITH_LUNCH,
    region=REGION,
)
ROUND_THE_CLOCK = contracts.Terms(time_zone="Asia/Shanghai", is_always_open=True)

_numbers = itertools.count(1)


def new_subject() -> str:
    return f"visit:{next(_numbers)}"


def make_calendar(
    *, merchant_id: int, code: str = "office", terms: contracts.Terms = OFFICE, now: datetime = NOW
) -> contracts.NamedCalendar:
    return create_calendar(merchant_id=merchant_id, code=code, name=code, terms=terms, now=now)


def make_policy(
    *,
    merchant_id: int,
    code: str = "ship",
    calendar_code: str = "",
    hours: int = 4,
    warn_percent: int = 0,
    steps: tuple[contracts.Step, ...] = (),
    tell_calendar_code: str = "",
    is_in_use: bool = True,
    now: datetime = NOW,
) -> contracts.Policy:
    """A policy, by a calendar of office hours of its own unless the test names one."""
    if not calendar_code:
        calendar_code = f"office-{next(_numbers)}"
        make_calendar(merchant_id=merchant_id, code=calendar_code, now=now)
    return publish_policy(
        merchant_id=merchant_id,
        code=code,
        name=code,
        calendar_code=calendar_code,
        promise=contracts.Promise(
            target_seconds=hours * HOUR, warn_percent=warn_percent, steps=steps
        ),
        tell_calendar_code=tell_calendar_code,
        is_in_use=is_in_use,
        reason="it is promised",
        now=now,
    )


def make_clock(
    *, merchant_id: int, subject: str = "", term: str = "ship", now: datetime = NOW, **said: Any
) -> contracts.Clock:
    """A clock that has begun now, by the policy `ship` unless the test says otherwise."""
    if "due_at" not in said:
        said.setdefault("policy_code", "ship")
    return start(
        merchant_id=merchant_id,
        subject=subject or new_subject(),
        term=term,
        started_at=said.pop("started_at", now),
        now=now,
        **said,
    )


def facts_told(*, merchant_id: int, kind: type[Any]) -> list[Any]:
    """Facts of one kind in the outbox of a merchant, oldest first."""
    (name,) = [name for name, known in fact_types().items() if known.cls is kind]
    events = OutboxEvent.objects.filter(merchant_id=merchant_id, name=name).order_by("id")
    return [adapter(kind).validate_python(event.body) for event in events]


def in_scope(
    merchant: int, command: Callable[..., Any], *, now: datetime = NOW, **asked: Any
) -> Callable[[], Any]:
    """A command as another process would run it: in a scope and transaction of its own."""

    def run() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return command(merchant_id=merchant, now=now, **asked)

    return run


def china(text: str) -> datetime:
    """An instant by the wall clock of China."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


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


# Four hours of office hours from Wednesday, 15:27.
DUE = china("2026-11-12T10:27")
LATE = DUE + timedelta(minutes=5)
