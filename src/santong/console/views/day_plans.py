"""Plans for a day: proposed, looked at, taken or refused by a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from santong.console.views.fields import day_of, text_of
from santong.console.views.frame import command, page, plain_command, sentence_of, shown
from santong.console.views.visit_sight import own_provider, seen_by
from santong.fieldservice import public as fieldservice
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of


@page("visits.dispatch")
def plan_list(request: MerchantRequest) -> HttpResponse:
    """The newest plans, and the form that asks for another."""
    return plans_page(request)


def plans_page(request: MerchantRequest, *, refused: DomainError | None = None) -> HttpResponse:
    """The page of all plans; with a refusal beside the form."""
    sight = seen_by(request)
    known = fieldservice.providers(merchant_id=request.merchant_id, sight=sight)
    mine = [each for each in known if sight.is_whole or each.id in sight.provider_ids]
    values = {
        "plans": fieldservice.day_plans(merchant_id=request.merchant_id, sight=sight),
        "providers": mine,
        "name_by_id": {each.id: each.name for each in known},
        "tomorrow": timezone.localdate() + timedelta(days=1),
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "visits/plans", values, section="day_plans", status=status)


@page("visits.dispatch", method="POST")
def plan_propose(request: MerchantRequest) -> HttpResponse:
    """Ask for a plan: its page says how far it is, and what it would save."""

    def act() -> str:
        on = day_of(request.POST.get("on", ""))
        if on is None:
            raise FieldInvalid(pointer="/on", reason="a day")
        plan = fieldservice.ask_day_plan(
            merchant_id=request.merchant_id,
            provider_code=own_provider(request, request.POST.get("provider", "")).code,
            on=on,
            now=datetime.now(UTC),
        )
        return f"/console/day-plans/{plan.id}/"

    return command(request, act=act, again=lambda refused: plans_page(request, refused=refused))


@page("visits.dispatch")
def plan_detail(request: MerchantRequest, plan_id: str) -> HttpResponse:
    """One plan: every visit before and after, and the way that is saved."""
    return plan_page(request, _plan(request, plan_id))


def plan_page(
    request: MerchantRequest,
    plan: fieldservice.DayPlan,
    *,
    refused: DomainError | None = None,
) -> HttpResponse:
    """The page of one plan; with a refusal."""
    people = {each.technician_id for each in plan.moves} | {
        each.before_technician_id for each in plan.moves
    }
    values = {
        "plan": plan,
        "moves": sorted(plan.moves, key=lambda each: (not each.is_moved, each.starts_at)),
        "moved": sum(each.is_moved for each in plan.moves),
        "percent": round(100 * plan.saved_minutes / plan.before_minutes)
        if plan.before_minutes
        else 0,
        "names": fieldservice.names_of_technicians(
            merchant_id=request.merchant_id, technician_ids=people
        ),
        "provider": next(
            (
                each
                for each in fieldservice.providers(merchant_id=request.merchant_id)
                if each.id == plan.provider_id
            ),
            None,
        ),
        "refusal": sentence_of(refused) if refused else "",
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "visits/plan", values, section="day_plans", status=status)


@page("visits.dispatch", method="POST")
def plan_take(request: MerchantRequest, plan_id: str) -> HttpResponse:
    """Let everybody go where the plan says."""
    plan = _plan(request, plan_id)
    return plain_command(
        request,
        write=lambda: fieldservice.take_day_plan(
            merchant_id=request.merchant_id, plan_id=plan.id, now=datetime.now(UTC)
        ),
        said=_("Taken. Everybody's day is as the plan says."),
        where=f"/console/day-plans/{plan.id}/",
        again=lambda refused: plan_page(request, plan, refused=refused),
    )


@page("visits.dispatch", method="POST")
def plan_refuse(request: MerchantRequest, plan_id: str) -> HttpResponse:
    """The day stays as it is."""
    plan = _plan(request, plan_id)
    return plain_command(
        request,
        write=lambda: fieldservice.refuse_day_plan(
            merchant_id=request.merchant_id,
            plan_id=plan.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        ),
        said=_("The day stays as it is."),
        where=f"/console/day-plans/{plan.id}/",
        again=lambda refused: plan_page(request, plan, refused=refused),
    )


def _plan(request: MerchantRequest, plan_id: str) -> fieldservice.DayPlan:
    return fieldservice.day_plan_by_id(
        merchant_id=request.merchant_id,
        plan_id=id_of(plan_id, kind="day plan"),
        sight=seen_by(request),
    )
