"""Plans for a provider's day: proposed, taken, refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from ninja import Schema, Status

from santong.fieldservice import contracts
from santong.fieldservice.api.routes import Body, VisitReasonIn, router, seen_by, shown
from santong.fieldservice.selectors.people import providers
from santong.fieldservice.selectors.plans import day_plan_by_id, day_plans
from santong.fieldservice.services import end_plan as ending
from santong.fieldservice.services import plan_day as planning
from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of

DISPATCH = "visits.dispatch"


class PlanMoveOut(Schema):
    """A visit in a plan: who would come when, before and after."""

    visit_id: str
    before_technician_id: str
    before_starts_at: datetime
    technician_id: str
    starts_at: datetime
    window_from: datetime
    window_until: datetime
    is_moved: bool


class DayPlanOut(Schema):
    """A proposal for a provider's day."""

    id: str
    provider_id: str
    on: date
    state: contracts.PlanState
    before_minutes: int
    after_minutes: int
    saved_minutes: int
    moves: list[PlanMoveOut]
    proposed_at: datetime
    ended_at: datetime | None
    ended_why: str


class DayPlanIn(Body):
    """Whose day, and which."""

    provider_code: str
    on: date


@router.get("/day-plans", response=list[DayPlanOut], auth=requires(DISPATCH))
def list_day_plans(request: MerchantRequest) -> Any:
    """The plans that the caller sees, the newest first."""
    rows = day_plans(merchant_id=request.merchant_id, sight=seen_by(request))
    return [_shown(row) for row in rows]


@router.get("/day-plans/{plan_id}", response=DayPlanOut, auth=requires(DISPATCH))
def show_day_plan(request: MerchantRequest, plan_id: str) -> Any:
    """One plan: asked for, proposed, or how it ended."""
    row = day_plan_by_id(
        merchant_id=request.merchant_id, plan_id=_seen(request, plan_id), sight=seen_by(request)
    )
    return _shown(row)


@router.post("/day-plans", response={202: DayPlanOut}, auth=requires(DISPATCH))
def propose_day_plan(request: MerchantRequest, body: DayPlanIn) -> Any:
    """Ask for a plan of a provider's day: it is worked out within seconds. Nothing moves."""
    sight = seen_by(request)
    known = providers(merchant_id=request.merchant_id, sight=sight)
    mine = [each for each in known if sight.is_whole or each.id in sight.provider_ids]
    if body.provider_code not in {each.code for each in mine}:
        raise NoSuch(kind="provider", key=body.provider_code)
    row = planning.ask_day_plan(
        merchant_id=request.merchant_id,
        provider_code=body.provider_code,
        on=body.on,
        now=datetime.now(UTC),
    )
    return Status(202, _shown(row))


@router.post("/day-plans/{plan_id}/take", response=DayPlanOut, auth=requires(DISPATCH))
def take_day_plan(request: MerchantRequest, plan_id: str) -> Any:
    """Let everybody go where the plan says."""
    row = ending.take_day_plan(
        merchant_id=request.merchant_id, plan_id=_seen(request, plan_id), now=datetime.now(UTC)
    )
    return _shown(row)


@router.post("/day-plans/{plan_id}/refuse", response=DayPlanOut, auth=requires(DISPATCH))
def refuse_day_plan(request: MerchantRequest, plan_id: str, body: VisitReasonIn) -> Any:
    """The day stays as it is."""
    row = ending.refuse_day_plan(
        merchant_id=request.merchant_id,
        plan_id=_seen(request, plan_id),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return _shown(row)


def _seen(request: MerchantRequest, text: str) -> int:
    plan_id = id_of(text, kind="day plan")
    return day_plan_by_id(
        merchant_id=request.merchant_id, plan_id=plan_id, sight=seen_by(request)
    ).id


def _shown(row: contracts.DayPlan) -> dict[str, Any]:
    moves = [
        shown(each, PlanMoveOut, ["visit_id", "before_technician_id", "technician_id"])
        for each in row.moves
    ]
    return {**shown(row, DayPlanOut, ["id", "provider_id"]), "moves": moves}
