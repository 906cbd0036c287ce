"""Technicians' days: shifts, what they have already, and who could be sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from santong.fieldservice.contracts import Hours, Point
from santong.fieldservice.models import (
    Leave,
    Slot,
    Technician,
    Territory,
    Visit,
    WorkHours,
)
from santong.fieldservice.rules.availability import Day, Stop
from santong.fieldservice.rules.calendar import working_spans
from santong.fieldservice.rules.clock import Span, day_span, instant_of, minute_from, minute_of
from santong.fieldservice.rules.dispatch import Candidate
from santong.fieldservice.rules.territory import covers
from santong.fieldservice.rules.travel import Matrix
from santong.fieldservice.selectors.people import holidays_by_provider
from santong.merchants import public as merchants


@cache
def matrix() -> Matrix:
    """The matrix that the installation has chosen."""
    found: Matrix = import_string(settings.SANTONG_TRAVEL_MATRIX)
    return found


def zone_of(*, merchant_id: int) -> ZoneInfo:
    """On whose clock days are counted."""
    return ZoneInfo(merchants.merchant(merchant_id=merchant_id).timezone)


@dataclass(frozen=True, slots=True)
class _Calendars:
    hours: Mapping[int, list[Hours]]
    leave: Mapping[int, list[Span]]
    away: frozenset[int]


def days_of(
    *,
    merchant_id: int,
    technicians: Sequence[Technician],
    on: date,
    zone: ZoneInfo,
    now: datetime,
    but_for: Collection[int] = (),
) -> dict[int, Day]:
    """The day of each technician; the slots of the visits `but_for` are left out."""
    whole = day_span(on, zone)
    ids = [each.id for each in technicians]
    calendars = _calendars(merchant_id, ids, on, whole)
    stops = stops_by_technician(
        merchant_id=merchant_id, technician_ids=ids, within=whole, now=now, but_for=but_for
    )
    return {
        each.id: Day(
            home=each.home,
            shifts=()
            if each.provider_id in calendars.away or not each.is_working
            else working_spans(
                day=on,
                hours=calendars.hours[each.id],
                leave=calendars.leave[each.id],
                holidays=(),
                zone=zone,
            ),
            stops=tuple(stops[each.id]),
            speed=each.provider.speed,
        )
        for each in technicians
    }


def stops_by_technician(
    *,
    merchant_id: int,
    technician_ids: Collection[int],
    within: Span,
    now: datetime,
    but_for: Collection[int] = (),
) -> dict[int, list[Stop]]:
    """What technicians have on a day, in order; holds that ran out are not counted."""
    rows = (
        Slot.objects.of_merchant(merchant_id)
        .filter(
            Q(state="booked") | Q(state="held", held_until__gt=now),
            technician__in=list(technician_ids),
            busy_from__lt=instant_of(within.end),
            busy_until__gt=instant_of(within.start),
        )
        .exclude(visit__in=list(but_for))
        .order_by("busy_from")
    )
    found: dict[int, list[Stop]] = defaultdict(list)
    points = _points(merchant_id, {row.visit_id for row in rows})
    for row in rows:
        latitude, longitude = points[row.visit_id]
        busy = Span(minute_of(row.busy_from), minute_from(row.busy_until))
        found[row.technician_id].append(Stop(busy, Point(latitude=latitude, longitude=longitude)))
    return found


def candidates_for(
    *,
    merchant_id: int,
    visit: Visit,
    on: date,
    zone: ZoneInfo,
    now: datetime,
    technician_ids: Collection[int] | None = None,
) -> list[Candidate]:
    """Everybody who may be sent to a visit on a day, with their days as they stand."""
    rows = (
        Technician.objects.of_merchant(merchant_id)
        .filter(is_working=True, provider__is_open=True)
        .select_related("provider")
        .order_by("id")
    )
    if technician_ids is not None:
        rows = rows.filter(id__in=list(technician_ids))
    people = list(rows)
    days = days_of(
        merchant_id=merchant_id,
        technicians=people,
        on=on,
        zone=zone,
        now=now,
        but_for=[visit.id],
    )
    covered = territories_at(merchant_id, people, visit)
    return [
        Candidate(
            technician_id=each.id,
            code=each.code,
            skills=tuple(each.skills),
            is_covered=each.territory_id is None or each.territory_id in covered,
            load_minutes=sum(stop.busy.end - stop.busy.start for stop in days[each.id].stops),
            day=days[each.id],
        )
        for each in people
    ]


def territories_at(merchant_id: int, people: Sequence[Technician], visit: Visit) -> set[int]:
    """The territories of some people in which a visit lies."""
    rows = Territory.objects.of_merchant(merchant_id).filter(
        id__in={each.territory_id for each in people if each.territory_id is not None}
    )
    return {
        row.id
        for row in rows
        if covers(
            cells=frozenset(row.cells),
            districts=frozenset(row.districts),
            point=visit.point,
            district=visit.district,
        )
    }


def _calendars(
    merchant_id: int, technician_ids: Collection[int], on: date, whole: Span
) -> _Calendars:
    hours: dict[int, list[Hours]] = defaultdict(list)
    rows = WorkHours.objects.of_merchant(merchant_id).filter(technician__in=technician_ids)
    for row in rows.order_by("id"):
        hours[row.technician_id].append(row.as_contract())
    leave: dict[int, list[Span]] = defaultdict(list)
    gone = Leave.objects.of_merchant(merchant_id).filter(
        technician__in=technician_ids,
        starts_at__lt=instant_of(whole.end),
        ends_at__gt=instant_of(whole.start),
    )
    for each in gone:
        leave[each.technician_id].append(Span(minute_of(each.starts_at), minute_from(each.ends_at)))
    return _Calendars(hours, leave, holidays_by_provider(merchant_id=merchant_id, on=on))


def _points(merchant_id: int, visit_ids: Collection[int]) -> dict[int, tuple[float, float]]:
    rows = Visit.objects.of_merchant(merchant_id).filter(id__in=list(visit_ids))
    return {
        id_: (north, east) for id_, north, east in rows.values_list("id", "latitude", "longitude")
    }
