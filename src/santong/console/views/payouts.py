"""Payout runs: drafted by one person, approved by another, and how each line ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.rules.amounts import minor_of
from santong.console.views.fields import choice_of, optional_text, text_of, whole_number
from santong.console.views.frame import (
    command,
    page,
    places_of,
    plain_command,
    sentence_of,
    shown,
)
from santong.console.views.lists import SHOWN, asked_word, next_page
from santong.kernel.errors import DomainError, FieldInvalid, PermissionMissing
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, id_of
from santong.merchants import public as merchants
from santong.payments import public as payments
from santong.settlement import public as settlement

# Money that came in somewhere else: nothing can be sent from there.
UNPAID_FROM: Final = frozenset({"external", "cash", "terminal", "prepaid", "gift_card"})
RUNS: Final = "payouts.run"
MOST_A_SECOND: Final = 1_000
RETRIED: Final = ("failed", "returned")


@page("payouts.view")
def run_list(request: MerchantRequest) -> HttpResponse:
    """Payout runs, the newest first, and the form that drafts one."""
    return list_page(request)


def list_page(request: MerchantRequest, *, refused: DomainError | None = None) -> HttpResponse:
    """Payout runs; with a refusal beside the form."""
    _check_everywhere(request, "payouts.view")
    merchant_id = request.merchant_id
    state = asked_word(request, "state", among=settlement.RUN_STATES)
    found = settlement.payout_runs_page(
        merchant_id=merchant_id,
        state=state or None,  # type: ignore[arg-type]  # one of the words of the type
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    may_run = places_of(request, RUNS) is None
    values = {
        "runs": found[:SHOWN],
        "names": merchants.names_by_signature(
            merchant_id=merchant_id,
            signatures=[name for each in found for name in (each.drafted_by, each.approved_by)],
        ),
        "states": settlement.RUN_STATES,
        "state": state,
        "next": next_page(found, state=state),
        "may_run": may_run,
        "accounts": list(_accounts(merchant_id).values()) if may_run else [],
        "limits": settlement.PayoutLimits(),
        "ways": settlement.PAYOUT_WAYS,
        "refusal": sentence_of(refused) if refused else "",
        "wrong": getattr(refused, "pointer", "").strip("/"),
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "settlement/payouts", values, section="payouts", status=status)


@page("payouts.view")
def run_detail(request: MerchantRequest, payout_run_id: str) -> HttpResponse:
    """One run: who drafted and approved it, its limits, and its lines."""
    _check_everywhere(request, "payouts.view")
    return run_page(request, _run(request, payout_run_id))


def run_page(
    request: MerchantRequest,
    run: settlement.PayoutRun,
    *,
    refused: DomainError | None = None,
    failed: str = "",
) -> HttpResponse:
    """The page of one run; with a refusal beside the form that was refused."""
    merchant_id = request.merchant_id
    state = asked_word(request, "state", among=settlement.PAYOUT_STATES)
    found = settlement.payout_lines_page(
        merchant_id=merchant_id,
        run_id=run.id,
        state=state or None,  # type: ignore[arg-type]  # one of the words of the type
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    lines = found[:SHOWN]
    values: dict[str, Any] = {
        "run": run,
        "lines": lines,
        "party_by_id": settlement.parties_by_id(
            merchant_id=merchant_id, party_ids={each.party_id for each in lines}
        ),
        "names": merchants.names_by_signature(
            merchant_id=merchant_id, signatures=[run.drafted_by, run.approved_by]
        ),
        "state": state,
        "next": next_page(found, state=state),
        "may_run": places_of(request, RUNS) is None,
        "is_mine": run.drafted_by == f"{request.actor.kind}:{request.actor.id}",
        "retried": RETRIED,
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "settlement/payout", values, section="payouts", status=status)


def _accounts(merchant_id: int) -> dict[str, payments.PaymentAccount]:
    """Those that can be paid out of, by code."""
    found = payments.payment_accounts(merchant_id=merchant_id)
    return {each.code: each for each in found if each.is_open and each.provider not in UNPAID_FROM}


@page(RUNS, method="POST")
def begin(request: MerchantRequest) -> HttpResponse:
    """Draft a payout of all that is due; somebody else has to approve it."""
    _check_everywhere(request, RUNS)

    def act() -> str:
        accounts = _accounts(request.merchant_id)
        account = accounts[choice_of(request, "account", among=accounts)]
        run = settlement.draft_payouts(
            merchant_id=request.merchant_id,
            account_code=account.code,
            currency=account.currency,
            minimum_minor=_amount(request, "minimum", account.currency),
            limits=settlement.PayoutLimits(
                most_minor=_limit(request, "most", account.currency),
                most_a_day_minor=_limit(request, "most_a_day", account.currency),
                per_second=whole_number(request, "per_second", least=1, most=MOST_A_SECOND),
            ),
            way=choice_of(request, "way", among=settlement.PAYOUT_WAYS),  # type: ignore[arg-type]  # one of the words of the type
            now=datetime.now(UTC),
        )
        messages.success(request, _("Drafted. Another person approves it."))
        return _page_of(run)

    return command(request, act=act, again=lambda refused: list_page(request, refused=refused))


@page(RUNS, method="POST")
def approve(request: MerchantRequest, payout_run_id: str) -> HttpResponse:
    """Let a draft be paid that somebody else made."""
    _check_everywhere(request, RUNS)
    run = _run(request, payout_run_id)
    return _about_run(
        request,
        run,
        write=lambda: settlement.approve_payouts(
            merchant_id=request.merchant_id, run_id=run.id, now=datetime.now(UTC)
        ),
        said=_("Approved. The transfers go out as fast as allowed."),
        form="approve",
    )


@page(RUNS, method="POST")
def cancel(request: MerchantRequest, payout_run_id: str) -> HttpResponse:
    """Give a draft up, with a reason; nothing of it is paid."""
    _check_everywhere(request, RUNS)
    run = _run(request, payout_run_id)
    return _about_run(
        request,
        run,
        write=lambda: settlement.cancel_payouts(
            merchant_id=request.merchant_id,
            run_id=run.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        ),
        said=_("Given up. Nothing of it is paid."),
        form="cancel",
    )


@page(RUNS, method="POST")
def retry(request: MerchantRequest, payout_line_id: str) -> HttpResponse:
    """Send a line again that failed or came back; its run is open again until it ends."""
    _check_everywhere(request, RUNS)
    line = settlement.payout_line(
        merchant_id=request.merchant_id, line_id=id_of(payout_line_id, kind="payout line")
    )
    return _about_run(
        request,
        settlement.payout_run(merchant_id=request.merchant_id, run_id=line.run_id),
        write=lambda: settlement.retry_payout(
            merchant_id=request.merchant_id,
            line_id=line.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        ),
        said=_("It is sent again as a transfer of its own."),
        form=f"retry-{line.id}",
    )


def _about_run(
    request: MerchantRequest,
    run: settlement.PayoutRun,
    *,
    write: Callable[[], object],
    said: str,
    form: str,
) -> HttpResponse:
    """Write, and show the run again; with a refusal beside the form that was refused."""
    return plain_command(
        request,
        write=write,
        said=said,
        where=_page_of(run),
        again=lambda refused: run_page(request, run, refused=refused, failed=form),
    )


def _page_of(run: settlement.PayoutRun) -> str:
    return f"/console/payouts/{run.id}/"


def _run(request: MerchantRequest, payout_run_id: str) -> settlement.PayoutRun:
    return settlement.payout_run(
        merchant_id=request.merchant_id, run_id=id_of(payout_run_id, kind="payout run")
    )


def _amount(request: MerchantRequest, name: str, currency: str) -> int:
    minor = minor_of(text=text_of(request, name, longest=20), currency=currency)
    if not minor:
        raise FieldInvalid(pointer=f"/{name}", reason="an amount above nothing")
    return minor


def _limit(request: MerchantRequest, name: str, currency: str) -> int | None:
    """An amount, or none where the field was left empty."""
    return _amount(request, name, currency) if optional_text(request, name) else None


def _check_everywhere(request: MerchantRequest, permission: str) -> None:
    """Payouts are the whole merchant's: whoever works at some places has none."""
    if request.actor.location_ids is not None:
        raise PermissionMissing(permission=permission)
