"""Plans for a day, and what they are made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from santong.fieldservice import contracts
from santong.fieldservice.models import DayPlan, Technician, Visit
from santong.fieldservice.rules.clock import Span, day_span, instant_of, minute_from, minute_of
from santong.fieldservice.rules.day_plan import PlannedStop, PlanPerson, PlanVisit, Routes
from santong.fieldservice.rules.states import AHEAD, MOVABLE
from santong.fieldservice.selectors.days import days_of, territories_at, zone_of
from santong.fieldservice.selectors.offers import work_of
from santong.fieldservice.selectors.people import found_or_refused
from santong.fieldservice.selectors.sight import EVERYTHING, Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAsItStands:
    """What of a provider's day can be planned anew: visits, people, and how it is made now."""

    rows: tuple[Visit, ...]
    visits: tuple[PlanVisit, ...]
    people: tuple[PlanPerson, ...]
    routes: Routes


def day_as_it_stands(
    *, merchant_id: int, provider_id: int, on: date, now: datetime
) -> DayAsItStands:
    """The visits that may still be moved, by those who have nothing else to do on that day.

    Whoever is on the way, at work, or held for a buyer who decides is left out with their visits.
    """
    zone = zone_of(merchant_id=merchant_id)
    whole = day_span(on, zone)
    rows = list(
        Visit.objects.of_merchant(merchant_id)
        .filter(
            provider=provider_id,
            state__in=AHEAD,
            starts_at__gte=instant_of(whole.start),
            starts_at__lt=instant_of(whole.end),
        )
        .select_related("service_type")
        .order_by("starts_at", "id")
    )
    people = list(
        Technician.objects.of_merchant(merchant_id)
        .filter(provider=provider_id, is_working=True, provider__is_open=True)
        .select_related("provider")
        .order_by("id")
    )
    movable = [row for row in rows if row.state in MOVABLE]
    days = days_of(
        merchant_id=merchant_id,
        technicians=people,
        on=on,
        zone=zone,
        now=now,
        but_for=[row.id for row in movable],
    )
    free = [each for each in people if not days[each.id].stops]
    ids = {each.id for each in free}
    kept = tuple(row for row in movable if row.technician_id in ids)
    covered = _covered(merchant_id, kept, free)
    return DayAsItStands(
        rows=kept,
        visits=tuple(_visit(row) for row in kept),
        people=tuple(
            PlanPerson(
                technician_id=each.id,
                skills=frozenset(each.skills),
                covered=frozenset(row.id for row in kept if each.id in covered[row.id]),
                day=days[each.id],
            )
            for each in free
        ),
        routes=_routes(kept),
    )


def day_plans(
    *, merchant_id: int, limit: int = 50, sight: Sight = EVERYTHING
) -> list[contracts.DayPlan]:
    """Plans of the providers that somebody sees, the newest first."""
    rows = DayPlan.objects.of_merchant(merchant_id).order_by("-id")
    return [plan_of(row) for row in rows if _is_seen(row, sight)][:limit]


def day_plan_by_id(
    *, merchant_id: int, plan_id: int, sight: Sight = EVERYTHING
) -> contracts.DayPlan:
    """One plan. Raises NoSuch."""
    row = DayPlan.objects.of_merchant(merchant_id).filter(id=plan_id).first()
    seen = row if row is not None and _is_seen(row, sight) else None
    return plan_of(found_or_refused(seen, "day plan", str(plan_id)))


def plan_of(row: DayPlan) -> contracts.DayPlan:
    """A plan as others see it."""
    return contracts.DayPlan(
        id=row.id,
        provider_id=row.provider_id,
        on=row.on,
        state=row.state,  # type: ignore[arg-type]  # one of the words of the type
        before_minutes=row.before_minutes,
        after_minutes=row.after_minutes,
        moves=tuple(_move(*each) for each in row.moves),
        left_out=tuple(row.left_out),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
        ended_why=row.ended_why,
    )


def _move(
    visit_id: int, before: Sequence[int], after: Sequence[int], window: Sequence[int]
) -> contracts.PlanMove:
    return contracts.PlanMove(
        visit_id=visit_id,
        before_technician_id=before[0],
        before_starts_at=instant_of(before[1]),
        technician_id=after[0],
        starts_at=instant_of(after[1]),
        window_from=instant_of(window[0]),
        window_until=instant_of(window[1]),
    )


def _is_seen(row: DayPlan, sight: Sight) -> bool:
    return sight.is_whole or row.provider_id in sight.provider_ids


def _visit(row: Visit) -> PlanVisit:
    assert row.window_from is not None
    assert row.window_until is not None
    return PlanVisit(
        visit_id=row.id,
        point=row.point,
        window=Span(minute_from(row.window_from), minute_of(row.window_until)),
        work=work_of(row.service_type),
        skills=frozenset(row.service_type.skills),
    )


def _covered(
    merchant_id: int, rows: Sequence[Visit], people: Sequence[Technician]
) -> dict[int, set[int]]:
    """Who may go to each visit, by territory."""
    found: dict[int, set[int]] = {}
    for row in rows:
        lies_in = territories_at(merchant_id, people, row)
        found[row.id] = {
            each.id for each in people if each.territory_id is None or each.territory_id in lies_in
        }
    return found


def _routes(rows: Sequence[Visit]) -> Routes:
    """How the day is made now."""
    stops: dict[int, tuple[PlannedStop, ...]] = {}
    for row in rows:
        assert row.technician_id is not None
        assert row.starts_at is not None
        work = work_of(row.service_type)
        start = minute_of(row.starts_at) - work.before
        stop = PlannedStop(visit_id=row.id, busy=Span(start, start + work.total))
        stops[row.technician_id] = (*stops.get(row.technician_id, ()), stop)
    return Routes(stops=stops, left_out=())
