"""Whatever happens to clocks, and however late it is told: the rows say what the events give."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from santong.clocks import events
from santong.clocks.models import Clock
from santong.clocks.selectors.calendars import calendar_by_code
from santong.clocks.services.cancel import cancel
from santong.clocks.services.change_calendar import change_calendar
from santong.clocks.services.change_due import change_due
from santong.clocks.services.change_policy import change_policy
from santong.clocks.services.follow_calendars import follow_calendars
from santong.clocks.services.pause import pause
from santong.clocks.services.resume import resume
from santong.clocks.services.stop import stop
from santong.clocks.tests.factories import (
    NOW,
    OFFICE,
    assert_sound,
    facts_told,
    looked,
    make_calendar,
    make_clock,
    make_policy,
    named,
)
from santong.clocks.tests.services.test_years import TODAY_IS_OFF

CLOCKS, HAPPENINGS = 6, 60


@pytest.mark.parametrize("seed", range(6))
def test_any_story_leaves_rows_that_say_what_happened(merchant_id: int, seed: int) -> None:
    chance = random.Random(seed)
    make_calendar(merchant_id=merchant_id)
    make_policy(merchant_id=merchant_id, calendar_code="office", warn_percent=50)
    make_policy(merchant_id=merchant_id, code="slow", calendar_code="office", hours=20)
    clocks = [make_clock(merchant_id=merchant_id) for _ in range(CLOCKS)]
    now = NOW

    for _ in range(HAPPENINGS):
        now += timedelta(minutes=chance.randrange(120))
        _happens(chance, merchant_id, named(chance.choice(clocks), merchant_id), now=now)

    assert_sound(merchant_id)
    rows = list(Clock.objects.of_merchant(merchant_id))
    stopped = facts_told(merchant_id=merchant_id, kind=events.ClockStopped)
    assert {fact.clock_id: fact.kept for fact in stopped} == {
        row.id: row.is_kept for row in rows if row.state == "stopped"
    }
    assert len(stopped) == sum(row.state == "stopped" for row in rows)
    assert _breaches(merchant_id) == {
        row.id: 1 for row in rows if row.broken_at is not None or row.is_kept is False
    }


def _happens(
    chance: random.Random, merchant_id: int, clock: dict[str, Any], *, now: datetime
) -> None:
    """Something happens, perhaps hours ago."""
    at = now - timedelta(minutes=chance.choice([0, 0, 30, 600, 5_000]))
    said: dict[str, Any] = {"at": at, "reason": "story", "now": now}
    match chance.randrange(12):
        case 0 | 1 | 2:
            pause(**clock, **said)
        case 3 | 4 | 5:
            resume(**clock, **said)
        case 6:
            due_at = now + timedelta(hours=chance.randrange(-20, 60))
            change_due(**clock, **said, due_at=due_at)
        case 7:
            change_policy(**clock, **said, policy_code=chance.choice(["ship", "slow"]))
        case 8:
            chance.choice([stop, stop, cancel])(**clock, **said)
        case 9:
            _calendar_changes(merchant_id, chance, now=now)
        case _:
            looked(merchant_id, now)


def _calendar_changes(merchant_id: int, chance: random.Random, *, now: datetime) -> None:
    change_calendar(
        merchant_id=merchant_id,
        code="office",
        name="office",
        terms=chance.choice([OFFICE, TODAY_IS_OFF]),
        expected_version=calendar_by_code(merchant_id=merchant_id, code="office").version,
        reason="story",
        now=now,
    )
    follow_calendars(merchant_id=merchant_id, limit=chance.randrange(1, CLOCKS), now=now)


def _breaches(merchant_id: int) -> dict[int, int]:
    """Breaches that were told of each clock and not taken back."""
    told = Counter(
        fact.clock_id for fact in facts_told(merchant_id=merchant_id, kind=events.ClockBroken)
    )
    told.subtract(
        fact.clock_id for fact in facts_told(merchant_id=merchant_id, kind=events.ClockMended)
    )
    return {clock_id: count for clock_id, count in told.items() if count}
