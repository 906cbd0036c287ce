"""Propose a provider's day anew. Nothing moves."""

from __future__ import annotations

from datetime import date, datetime

from santong.fieldservice import contracts
from santong.fieldservice.errors import NothingToPlan
from santong.fieldservice.models import DayPlan, Provider
from santong.fieldservice.rules.clock import minute_of
from santong.fieldservice.rules.day_plan import Routes, faults_of, plan_day, way_of
from santong.fieldservice.selectors.days import matrix
from santong.fieldservice.selectors.people import found_or_refused
from santong.fieldservice.selectors.plans import DayAsItStands, day_as_it_stands, plan_of
from santong.fieldservice.services.signature import signature
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing

FEWEST = 2


@all_or_nothing
def propose_day_plan(
    *, merchant_id: int, provider_code: str, on: date, now: datetime
) -> contracts.DayPlan:
    """Route a provider's day at once, and show what it would save; the plan before is outdated.

    Only what keeps every promised window, leaves nobody out and saves way is proposed.

    Raises NoSuch, NothingToPlan. Locks the provider.
    """
    provider = found_or_refused(
        Provider.objects.of_merchant(merchant_id).filter(code=provider_code).lock().first(),
        "provider",
        provider_code,
    )
    day = day_as_it_stands(merchant_id=merchant_id, provider_id=provider.id, on=on, now=now)
    if len(day.visits) < FEWEST:
        raise NothingToPlan(on=on.isoformat())
    routes = plan_day(visits=day.visits, people=day.people, matrix=matrix())
    faults = faults_of(routes=routes, visits=day.visits, people=day.people, matrix=matrix())
    before, after = _way(day, day.routes), _way(day, routes)
    if faults or routes.left_out or after >= before:
        raise NothingToPlan(on=on.isoformat())
    DayPlan.objects.of_merchant(merchant_id).filter(
        provider=provider, on=on, state="proposed"
    ).update(state="outdated", ended_at=now)
    row = DayPlan.objects.create(
        merchant_id=merchant_id,
        provider=provider,
        on=on,
        state="proposed",
        before_minutes=before,
        after_minutes=after,
        moves=_moves(day, routes),
        proposed_by=signature(),
        proposed_at=now,
    )
    audit.record(
        audit.Change(
            action="fieldservice.propose_plan",
            subject="day_plan",
            subject_id=row.id,
            reason=f"{provider.code} {on}",
            after={"before_minutes": before, "after_minutes": after},
        ),
        now=now,
    )
    return plan_of(row)


def _way(day: DayAsItStands, routes: Routes) -> int:
    return way_of(routes=routes, visits=day.visits, people=day.people, matrix=matrix())


def _moves(day: DayAsItStands, routes: Routes) -> list[list[object]]:
    after_by_visit = {
        stop.visit_id: (technician_id, stop.busy.start)
        for technician_id, stops in routes.stops.items()
        for stop in stops
    }
    moves: list[list[object]] = []
    for row, visit in zip(day.rows, day.visits, strict=True):
        technician_id, busy_from = after_by_visit[row.id]
        assert row.starts_at is not None
        moves.append(
            [
                row.id,
                [row.technician_id, minute_of(row.starts_at)],
                [technician_id, busy_from + visit.work.before],
                list(visit.window),
            ]
        )
    return moves
