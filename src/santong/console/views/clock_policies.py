"""Policies: what is promised, what it would mean now, and who is told."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.clocks import public as clocks
from santong.console.forms.promises import form_of, promise_of, rows_of
from santong.console.views.clock_sight import EDIT, may_edit, sight_of_clocks
from santong.console.views.fields import text_of
from santong.console.views.frame import page, plain_command, sentence_of, shown
from santong.kernel.errors import DomainError, PermissionMissing
from santong.kernel.http.auth import MerchantRequest
from santong.merchants import public as merchants

NEW = {"hours": "24", "minutes": "0", "warn": "75", "is_in_use": "yes"}
ALL = clocks.Sight()


@page("clocks.view")
def policy_list(request: MerchantRequest) -> HttpResponse:
    """Every policy."""
    check_everywhere(request)
    values = {
        "policies": clocks.policies(merchant_id=request.merchant_id),
        "may_edit": may_edit(request),
    }
    return shown(request, "clocks/policies", values, section="clock_policies")


@page(EDIT)
def policy_new(request: MerchantRequest) -> HttpResponse:
    """The form for a policy that there is not yet; `?code=ship` names it."""
    check_everywhere(request)
    return form_page(request, code="", sent={**NEW, "code": request.GET.get("code", "")})


@page("clocks.view")
def policy_detail(request: MerchantRequest, policy_code: str) -> HttpResponse:
    """One policy with its form, and when a clock would be due that began now."""
    check_everywhere(request)
    policy = clocks.policy_by_code(merchant_id=request.merchant_id, code=policy_code)
    return form_page(request, code=policy.code, sent=form_of(policy))


@page(EDIT, method="POST")
def policy_publish(request: MerchantRequest) -> HttpResponse:
    """Let a policy promise what the form says from now on."""
    check_everywhere(request)
    sent = request.POST.dict()
    if sent.get("step") == "try":
        return form_page(request, code=_known(request, sent.get("code", "")), sent=sent)

    def write() -> None:
        clocks.publish_policy(
            merchant_id=request.merchant_id,
            code=sent.get("code", "").strip(),
            name=text_of(request, "name", longest=80),
            calendar_code=sent.get("calendar", ""),
            tell_calendar_code=sent.get("tell_calendar", ""),
            promise=promise_of(sent),
            is_in_use=bool(sent.get("is_in_use")),
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )

    return plain_command(
        request,
        write=write,
        said=_("Published. Clocks that begin from now on go by it."),
        where="/console/clock-policies/",
        again=lambda refused: form_page(
            request, code=_known(request, sent.get("code", "")), sent=sent, refused=refused
        ),
    )


def form_page(
    request: MerchantRequest,
    *,
    code: str,
    sent: dict[str, str],
    refused: DomainError | None = None,
) -> HttpResponse:
    """The form of a policy, with what it would mean now; with a refusal beside it."""
    trial, wrong = _trial(request, sent)
    said = refused or (wrong if request.method == "POST" else None)
    found = next(
        (each for each in clocks.policies(merchant_id=request.merchant_id) if each.code == code),
        None,
    )
    values: dict[str, Any] = {
        "policy": found,
        "sent": sent,
        "rows": rows_of(sent),
        "trial": trial,
        "told": _told(sent, trial),
        "calendars": clocks.calendars(merchant_id=request.merchant_id),
        "bases": clocks.STEP_BASES,
        "places": clocks.STEP_PLACES,
        "roles": merchants.ROLES,
        "may_edit": may_edit(request),
        "refusal": sentence_of(said) if said else "",
        "wrong": getattr(said, "pointer", "").strip("/"),
    }
    status = said.status if said else HTTPStatus.OK
    return shown(request, "clocks/policy", values, section="clock_policies", status=status)


def _trial(
    request: MerchantRequest, sent: dict[str, str]
) -> tuple[clocks.Trial | None, DomainError | None]:
    """What the form would mean for a clock that began now, or why it means nothing."""
    if not sent.get("calendar"):
        return None, None
    try:
        return clocks.trial_of(
            merchant_id=request.merchant_id,
            calendar_code=sent["calendar"],
            tell_calendar_code=sent.get("tell_calendar", ""),
            promise=promise_of(sent),
            started_at=datetime.now(UTC),
        ), None
    except DomainError as refused:
        return None, refused


def _told(sent: dict[str, str], trial: clocks.Trial | None) -> list[tuple[clocks.Step, Any]]:
    """Steps of the form with the instants at which they would be told."""
    if trial is None:
        return []
    return list(zip(promise_of(sent).steps, trial.tell_at, strict=True))


def _known(request: MerchantRequest, code: str) -> str:
    known = clocks.policy_or_none(merchant_id=request.merchant_id, code=code)
    return "" if known is None else known.code


def check_everywhere(request: MerchantRequest) -> None:
    """Policies are the whole merchant's: whoever works at some places has none."""
    if sight_of_clocks(request) != ALL:
        raise PermissionMissing(permission="clocks.view")
