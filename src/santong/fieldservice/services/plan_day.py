"""Propose a provider's day anew: it is asked for, and worked out by the clock. Nothing moves."""

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
NO_BETTER = "no plan keeps every promise and saves way"


@all_or_nothing
def ask_day_plan(
    *, merchant_id: int, provider_code: str, on: date, now: datetime
) -> contracts.DayPlan:
    """Ask for a plan of a provider's day; it is worked out within seconds, and not meanwhile.

    One that was asked for and not worked out yet is the same one.

    Raises NoSuch. Locks the provider.
    """
    provider = found_or_refused(
        Provider.objects.of_merchant(merchant_id).filter(code=provider_code).lock().first(),
        "provider",
        provider_code,
    )
    rows = DayPlan.objects.of_merchant(merchant_id).filter(provider=provider, on=on, state="asked")
    row = rows.first() or DayPlan.objects.create(
        merchant_id=merchant_id,
        provider=provider,
        on=on,
        state="asked",
        before_minutes=0,
        after_minutes=0,
        moves=[],
        proposed_by=signature(),
        proposed_at=now,
    )
    _record(row, "ask_plan", reason=f"{provider.code} {on}", now=now)
    return plan_of(row)


@all_or_nothing
def work_out_day_plans(*, merchant_id: int, limit: int, now: datetime) -> int:
    """Work out what was asked for, oldest first; how many. What somebody works on is passed over.

    Locks the plans.
    """
    rows = DayPlan.objects.of_merchant(merchant_id).filter(state="asked").order_by("id")
    found = list(rows.select_for_update(no_key=True, skip_locked=True)[:limit])
    for row in found:
        work_out(row, now=now)
    return len(found)


@all_or_nothing
def propose_day_plan(
    *, merchant_id: int, provider_code: str, on: date, now: datetime
) -> contracts.DayPlan:
    """Ask for a plan and work it out at once, for whoever can wait.

    Raises NoSuch, NothingToPlan. Locks the provider, then the plan.
    """
    asked = ask_day_plan(merchant_id=merchant_id, provider_code=provider_code, on=on, now=now)
    row = DayPlan.objects.of_merchant(merchant_id).filter(id=asked.id).lock().get()
    work_out(row, now=now)
    if row.state == "nothing":
        raise NothingToPlan(on=on.isoformat())
    return plan_of(row)


def work_out(row: DayPlan, *, now: datetime) -> None:
    """Route a day for a locked plan, and show what it would save; the plan before is outdated.

    Only what keeps every promised window, leaves nobody out and saves way is proposed.
    """
    day = day_as_it_stands(
        merchant_id=row.merchant_id, provider_id=row.provider_id, on=row.on, now=now
    )
    routes = _better(day)
    if routes is None:
        row.state, row.ended_at, row.ended_why = "nothing", now, NO_BETTER
        row.save(update_fields=["state", "ended_at", "ended_why"])
        _record(row, "no_plan", reason=NO_BETTER, now=now)
        return
    DayPlan.objects.of_merchant(row.merchant_id).filter(
        provider=row.provider_id, on=row.on, state="proposed"
    ).update(state="outdated", ended_at=now)
    row.state, row.proposed_at = "proposed", now
    row.before_minutes, row.after_minutes = _way(day, day.routes), _way(day, routes)
    row.moves = _moves(day, routes)
    row.save(update_fields=["state", "proposed_at", "before_minutes", "after_minutes", "moves"])
    _record(row, "propose_plan", reason=f"{row.provider_id} {row.on}", now=now)


def _better(day: DayAsItStands) -> Routes | None:
    if len(day.visits) < FEWEST:
        return None
    routes = plan_day(visits=day.visits, people=day.people, matrix=matrix())
    faults = faults_of(routes=routes, visits=day.visits, people=day.people, matrix=matrix())
    saves = _way(day, routes) < _way(day, day.routes)
    return routes if saves and not faults and not routes.left_out else None


def _record(row: DayPlan, action: str, *, reason: str, now: datetime) -> None:
    audit.record(
        audit.Change(
            action=f"fieldservice.{action}",
            subject="day_plan",
            subject_id=row.id,
            reason=reason,
            after={"before_minutes": row.before_minutes, "after_minutes": row.after_minutes},
        ),
        now=now,
    )


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
