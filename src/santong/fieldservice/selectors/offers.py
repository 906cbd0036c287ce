"""When somebody can come, and who would."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from santong.fieldservice import contracts
from santong.fieldservice.models import ServiceType, Visit
from santong.fieldservice.rules.availability import Work, best_fit, windows_of
from santong.fieldservice.rules.clock import Span, day_span, instant_of, minute_from, minute_of
from santong.fieldservice.rules.dispatch import Asked, Candidate
from santong.fieldservice.selectors.days import candidates_for, matrix, zone_of

DAYS_AHEAD = 14


def work_of(service: ServiceType) -> Work:
    """How long a kind of service takes."""
    return Work(service.before_minutes, service.work_minutes, service.after_minutes)


def asked_of(visit: Visit, window: Span) -> Asked:
    """What a visit asks of whoever comes."""
    service = visit.service_type
    return Asked(
        point=visit.point,
        window=window,
        work=work_of(service),
        skills=tuple(service.skills),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedDay:
    """The windows of a local day in which somebody can come."""

    on: date
    windows: tuple[contracts.Window, ...]


def windows_for(
    *, merchant_id: int, visit_id: int, on: date, days: int = 1, now: datetime
) -> list[OfferedDay]:
    """The windows of some days, the first of them `on`, in which somebody can come to a visit."""
    visit = Visit.objects.of_merchant(merchant_id).select_related("service_type").get(id=visit_id)
    zone = zone_of(merchant_id=merchant_id)
    return [
        OfferedDay(on=day, windows=tuple(_windows(merchant_id, visit, day, zone, now)))
        for day in (on + timedelta(days=step) for step in range(min(days, DAYS_AHEAD)))
    ]


def window_at(*, visit: Visit, starts_at: datetime, zone: ZoneInfo) -> Span | None:
    """The window of the visit's grid that begins at an instant; none if none does."""
    minute = minute_of(starts_at)
    day = day_span(starts_at.astimezone(zone).date(), zone)
    grid = windows_of(day=day, minutes=visit.service_type.window_minutes, not_before=day.start)
    return next((each for each in grid if each.start == minute), None)


def earliest_of(visit: Visit, now: datetime) -> int:
    """The first minute at which a window of this visit may begin."""
    return minute_from(now + timedelta(hours=visit.service_type.notice_hours))


def candidates_on(
    *,
    merchant_id: int,
    visit: Visit,
    window: Span,
    zone: ZoneInfo,
    now: datetime,
    technician_ids: Collection[int] | None = None,
) -> list[Candidate]:
    """Who may be sent in a window."""
    return candidates_for(
        merchant_id=merchant_id,
        visit=visit,
        on=instant_of(window.start).astimezone(zone).date(),
        zone=zone,
        now=now,
        technician_ids=technician_ids,
    )


def _windows(
    merchant_id: int, visit: Visit, day: date, zone: ZoneInfo, now: datetime
) -> list[contracts.Window]:
    whole = day_span(day, zone)
    grid = windows_of(
        day=whole,
        minutes=visit.service_type.window_minutes,
        not_before=earliest_of(visit, now),
    )
    if not grid:
        return []
    candidates = [
        each
        for each in candidates_for(merchant_id=merchant_id, visit=visit, on=day, zone=zone, now=now)
        if each.is_covered and set(visit.service_type.skills) <= set(each.skills)
    ]
    return [
        contracts.Window(starts_at=instant_of(window.start), ends_at=instant_of(window.end))
        for window in grid
        if any(_can_come(visit, window, each) for each in candidates)
    ]


def _can_come(visit: Visit, window: Span, candidate: Candidate) -> bool:
    asked = asked_of(visit, window)
    fit = best_fit(
        day=candidate.day,
        window=window,
        work=asked.work,
        point=asked.point,
        matrix=matrix(),
    )
    return fit is not None
