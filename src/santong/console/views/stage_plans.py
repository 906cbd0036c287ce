"""What is offered in stages: plans, and the versions of one."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.forms.reading import amount_in, basis_points_in
from santong.console.forms.stages import drafts_in, rows_of
from santong.console.views.fields import optional_text, text_of, whole_number
from santong.console.views.frame import command, page, places_of, sentence_of, shown
from santong.console.views.staged_sales import VIEW, now
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.stagedsales import public as stagedsales

EDIT: Final = "stagedsales.edit"
# What a plan begins with.
FIRST: Final[dict[str, Any]] = {
    "name": "",
    "credited_to": 1,
    "payable_minutes": 60,
    "code_days": 30,
    "grace_hours": 48,
    "category": "",
    "signs_codes": False,
}


@page(VIEW)
def plan_list(request: MerchantRequest) -> HttpResponse:
    """Every plan by its newest version, and the form for another."""
    return _list_page(request)


@page(VIEW)
def plan_detail(request: MerchantRequest, stage_plan_code: str) -> HttpResponse:
    """One plan: what it promises today, its versions, and the form that publishes another."""
    plan = stagedsales.plan_by_code(merchant_id=request.merchant_id, code=stage_plan_code[:40])
    return _plan_page(request, plan)


@page(EDIT, method="POST")
def publish(request: MerchantRequest) -> HttpResponse:
    """Publish a plan, or the same by new terms."""
    code = request.POST.get("code", "").strip()[:40]

    def act() -> str:
        stagedsales.publish_plan(
            merchant_id=request.merchant_id,
            code=text_of(request, "code", longest=40),
            terms=_terms(request),
            reason=text_of(request, "reason"),
            is_offered=bool(request.POST.get("is_offered")),
            now=now(),
        )
        messages.success(request, _("Published. What was sold before stays as it was."))
        return f"/console/stage-plans/{code}/"

    return command(request, act=act, again=lambda refused: _again(request, code, refused))


def _again(request: MerchantRequest, code: str, refused: DomainError) -> HttpResponse:
    known = stagedsales.versions_of(merchant_id=request.merchant_id, code=code)
    if known:
        return _plan_page(request, known[0], refused=refused)
    return _list_page(request, refused=refused)


def _list_page(request: MerchantRequest, *, refused: DomainError | None = None) -> HttpResponse:
    values = {
        "plans": stagedsales.plans(merchant_id=request.merchant_id),
        **_form(request, None, refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "staged/plans", values, section="stage_plans", status=status)


def _plan_page(
    request: MerchantRequest, plan: stagedsales.StagePlan, *, refused: DomainError | None = None
) -> HttpResponse:
    values = {
        "plan": plan,
        "versions": stagedsales.versions_of(merchant_id=request.merchant_id, code=plan.code),
        **_form(request, plan, refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "staged/plan", values, section="stage_plans", status=status)


def _form(
    request: MerchantRequest,
    plan: stagedsales.StagePlan | None,
    refused: DomainError | None,
) -> dict[str, Any]:
    stages = plan.terms.stages if plan else ()
    drafts = [stagedsales.DraftStage(number=0, terms=stage) for stage in stages]
    return {
        "plan": plan,
        "was": asdict(plan.terms) if plan else FIRST,
        "rows": rows_of(drafts, spare=2 if drafts else 4),
        "bases": stagedsales.BASES,
        "dues": stagedsales.DUES,
        "may_edit": places_of(request, EDIT) is None,
        "currency": request.merchant.currency,  # type: ignore[attr-defined]
        "refusal": sentence_of(refused) if refused else "",
        "wrong": getattr(refused, "pointer", ""),
        "why": getattr(refused, "reason", ""),
        "sent": request.POST,
    }


def _terms(request: MerchantRequest) -> stagedsales.PlanTerms:
    currency: str = request.merchant.currency  # type: ignore[attr-defined]
    stages = drafts_in(request.POST, currency=currency)
    return stagedsales.PlanTerms(
        name=text_of(request, "name", longest=60),
        currency=currency,
        deposit_minor=amount_in(request.POST, "deposit", currency) or 0,
        stages=tuple(each.terms for each in stages),
        credited_to=whole_number(request, "credited_to", least=1, most=12),
        payable_minutes=whole_number(request, "payable_minutes", least=1, most=43_200),
        code_days=whole_number(request, "code_days", least=1, most=730),
        grace_hours=whole_number(request, "grace_hours", least=0, most=336),
        signs_codes=bool(request.POST.get("signs_codes")),
        category=optional_text(request, "category", longest=40),
        refunds=stagedsales.RefundTerms(
            deposit_kept_bp=basis_points_in(request.POST, "deposit_kept"),
            paid_kept_bp=basis_points_in(request.POST, "paid_kept"),
            done_kept_bp=basis_points_in(request.POST, "done_kept"),
        ),
    )
