"""A day of everybody, for a board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from santong.fieldservice import contracts
from santong.fieldservice.models import Technician
from santong.fieldservice.rules.clock import instant_of
from santong.fieldservice.selectors.days import days_of, zone_of
from santong.fieldservice.selectors.sight import EVERYTHING, Sight, technicians_seen
from santong.fieldservice.selectors.visits import visits_on


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """Somebody's day: when they work, and their visits in order."""

    technician: contracts.Technician
    shifts: tuple[contracts.Window, ...]
    visits: tuple[contracts.Visit, ...]


def board_of(
    *,
    merchant_id: int,
    on: date,
    provider_id: int | None = None,
    now: datetime,
    sight: Sight = EVERYTHING,
) -> list[BoardRow]:
    """The day of every technician whom somebody sees, by code."""
    rows = (
        Technician.objects.of_merchant(merchant_id)
        .filter(technicians_seen(sight), is_working=True)
        .select_related("provider")
        .order_by("provider__code", "code")
    )
    if provider_id is not None:
        rows = rows.filter(provider=provider_id)
    people = list(rows)
    days = days_of(
        merchant_id=merchant_id,
        technicians=people,
        on=on,
        zone=zone_of(merchant_id=merchant_id),
        now=now,
    )
    visits = visits_on(merchant_id=merchant_id, on=on, provider_id=provider_id, sight=sight)
    return [
        BoardRow(
            technician=each.as_contract(),
            shifts=tuple(
                contracts.Window(starts_at=instant_of(span.start), ends_at=instant_of(span.end))
                for span in days[each.id].shifts
            ),
            visits=tuple(visit for visit in visits if visit.technician_id == each.id),
        )
        for each in people
    ]
