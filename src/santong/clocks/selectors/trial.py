"""What a policy would promise if a clock began now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.clocks import contracts
from santong.clocks.rules.fields import check_instant
from santong.clocks.rules.history import history_of
from santong.clocks.rules.promises import check_promise
from santong.clocks.rules.telling import milestones
from santong.clocks.rules.working_time import instant_of, seconds_of
from santong.clocks.selectors.calendars import calendar_by_code, working_times
from santong.merchants import public as merchants


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """When a clock that began at an instant would be warned of, due, and told of, step by step."""

    started_at: datetime
    warn_at: datetime | None
    due_at: datetime | None
    tell_at: tuple[datetime | None, ...]
    unknown_years: tuple[int, ...]


def trial_of(
    *,
    merchant_id: int,
    calendar_code: str,
    tell_calendar_code: str,
    promise: contracts.Promise,
    started_at: datetime,
) -> Trial:
    """What a promise would mean for a clock that nothing happens to.

    Raises NoSuch (a calendar), FieldInvalid.
    """
    check_promise(promise, roles=merchants.ROLES)
    check_instant(started_at, pointer="/started_at")
    calendar = calendar_by_code(merchant_id=merchant_id, code=calendar_code)
    tell = calendar_by_code(merchant_id=merchant_id, code=tell_calendar_code or calendar_code)
    found = working_times(
        merchant_id=merchant_id, version_ids=[calendar.version_id, tell.version_id]
    )
    at = seconds_of(started_at)
    start = contracts.Event(kind="start", at=at, policy=0, calendar=calendar.version_id)
    ahead = milestones(history_of([start], until=at), promise, found, tell=found[tell.version_id])
    return Trial(
        started_at=instant_of(at),
        warn_at=_instant(ahead.warn_at),
        due_at=_instant(ahead.due_at),
        tell_at=tuple(_instant(each) for each in ahead.tell_at),
        unknown_years=found[calendar.version_id].unknown_years(
            at, at if ahead.due_at is None else ahead.due_at
        ),
    )


def _instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else instant_of(seconds)
