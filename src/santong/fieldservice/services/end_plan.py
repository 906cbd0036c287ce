"""Take a plan for a day, all of it, or refuse it."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.fieldservice import contracts
from santong.fieldservice.errors import PlanOutdated, PlanPassed
from santong.fieldservice.models import DayPlan, Slot, Technician, Visit
from santong.fieldservice.rules.clock import Span, minute_of
from santong.fieldservice.rules.day_plan import PlannedStop, Routes, faults_of
from santong.fieldservice.rules.states import MOVABLE
from santong.fieldservice.selectors.days import matrix
from santong.fieldservice.selectors.people import found_or_refused
from santong.fieldservice.selectors.plans import day_as_it_stands, plan_of
from santong.fieldservice.selectors.visits import WITH
from santong.fieldservice.services.book_visit import take_on, tell_rescheduled
from santong.fieldservice.services.promises import promise
from santong.fieldservice.services.record import clean_reason, release_slots, save
from santong.fieldservice.services.signature import signature
from santong.fieldservice.services.take_time import insert_slot
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def take_day_plan(*, merchant_id: int, plan_id: int, now: datetime) -> contracts.DayPlan:
    """Let everybody go where the plan says; promised windows stay what they are.

    Taken twice, it is taken once. A plan that was made from another day than it is now is refused.

    Raises NoSuch, PlanPassed, PlanOutdated, SlotTaken. Emits VisitRescheduled for each that moves.
    Locks the plan, the visits, the technicians.
    """
    row = _locked(merchant_id, plan_id)
    if row.state == "taken":
        return plan_of(row)
    _check_waits(row)
    plan = plan_of(row)
    ids = [each.visit_id for each in plan.moves]
    rows = Visit.objects.of_merchant(merchant_id).filter(id__in=ids).select_related(*WITH)
    visits = {visit.id: visit for visit in rows.lock()}
    people = {each.technician_id for each in plan.moves}
    list(Technician.objects.of_merchant(merchant_id).filter(id__in=people).lock())
    _check_stands(plan, visits, now)
    moved = [each for each in plan.moves if each.is_moved]
    # Everybody's old time is free before anybody's new time is taken: two may change places.
    for each in moved:
        release_slots(visits[each.visit_id], states=["booked"])
    for each in moved:
        _move(visits[each.visit_id], each, now=now)
    return _end(row, "taken", why="", now=now)


@all_or_nothing
def refuse_day_plan(
    *, merchant_id: int, plan_id: int, reason: str, now: datetime
) -> contracts.DayPlan:
    """The day stays as it is. Raises NoSuch, PlanPassed, FieldInvalid. Locks the plan."""
    reason = clean_reason(reason)
    row = _locked(merchant_id, plan_id)
    if row.state == "refused":
        return plan_of(row)
    _check_waits(row)
    return _end(row, "refused", why=reason, now=now)


def _locked(merchant_id: int, plan_id: int) -> DayPlan:
    rows = DayPlan.objects.of_merchant(merchant_id).filter(id=plan_id)
    return found_or_refused(rows.lock().first(), "day plan", str(plan_id))


def _check_waits(row: DayPlan) -> None:
    if row.state != "proposed":
        raise PlanPassed(plan_id=str(row.id), state=row.state)


def _check_stands(plan: contracts.DayPlan, visits: dict[int, Visit], now: datetime) -> None:
    """The visits are where they were, and the plan can still be kept by whoever makes it."""
    day = day_as_it_stands(
        merchant_id=next(iter(visits.values())).merchant_id,
        provider_id=plan.provider_id,
        on=plan.on,
        now=now,
    )
    as_made = all(
        each.visit_id in visits
        and visits[each.visit_id].state in MOVABLE
        and visits[each.visit_id].technician_id == each.before_technician_id
        and visits[each.visit_id].starts_at == each.before_starts_at
        for each in plan.moves
    )
    same = {each.visit_id for each in plan.moves} == {each.visit_id for each in day.visits}
    if (
        not as_made
        or not same
        or faults_of(
            routes=_routes(plan, visits), visits=day.visits, people=day.people, matrix=matrix()
        )
    ):
        raise PlanOutdated(plan_id=str(plan.id))


def _routes(plan: contracts.DayPlan, visits: dict[int, Visit]) -> Routes:
    stops: dict[int, list[PlannedStop]] = {}
    for each in sorted(plan.moves, key=lambda move: move.starts_at):
        service = visits[each.visit_id].service_type
        start = minute_of(each.starts_at) - service.before_minutes
        total = service.before_minutes + service.work_minutes + service.after_minutes
        stop = PlannedStop(visit_id=each.visit_id, busy=Span(start, start + total))
        stops.setdefault(each.technician_id, []).append(stop)
    return Routes(stops={who: tuple(made) for who, made in stops.items()}, left_out=())


def _move(visit: Visit, move: contracts.PlanMove, *, now: datetime) -> None:
    service = visit.service_type
    before: dict[str, object] = {
        "technician": visit.technician_id,
        "starts_at": move.before_starts_at.isoformat(),
    }
    assert visit.window_from is not None
    assert visit.window_until is not None
    ends_at = move.starts_at + timedelta(minutes=service.work_minutes)
    slot = Slot(
        merchant_id=visit.merchant_id,
        visit=visit,
        technician_id=move.technician_id,
        state="booked",
        window_from=visit.window_from,
        window_until=visit.window_until,
        starts_at=move.starts_at,
        ends_at=ends_at,
        busy_from=move.starts_at - timedelta(minutes=service.before_minutes),
        busy_until=ends_at + timedelta(minutes=service.after_minutes),
        made_at=now,
    )
    insert_slot(slot)
    take_on(visit, slot)
    save(visit, action="plan", reason="the day plan", before=before, now=now)
    if move.technician_id != move.before_technician_id:
        promise(visit, now=now)
    tell_rescheduled(visit, by="plan", now=now)


def _end(row: DayPlan, state: contracts.PlanState, *, why: str, now: datetime) -> contracts.DayPlan:
    row.state, row.ended_by, row.ended_at, row.ended_why = state, signature(), now, why
    row.save(update_fields=["state", "ended_by", "ended_at", "ended_why"])
    audit.record(
        audit.Change(
            action=f"fieldservice.plan_{state}",
            subject="day_plan",
            subject_id=row.id,
            reason=why or "taken",
        ),
        now=now,
    )
    return plan_of(row)
