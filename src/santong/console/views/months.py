"""A month: its trial balance, what stands in the way of closing it, and who closed it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Final

from django.http import HttpResponse

from santong.console.views.frame import shown
from santong.console.views.payments import may_everywhere, signers
from santong.console.views.reconciliation import following, month_in, refusal_of, today_of
from santong.console.views.whole import whole_page
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.payments import public as payments
from santong.reconciliation import public as reconciliation

OBSTACLES_SHOWN: Final = 40


@whole_page("reconciliation.view")
def month(request: MerchantRequest) -> HttpResponse:
    """The month that is asked for; the one before this one if none is."""
    today = today_of(request)
    before = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    asked = request.GET.get("month", "")
    return month_page(request, month_in(asked, today=today) if asked else before)


def month_page(
    request: MerchantRequest, first: date, *, refused: DomainError | None = None
) -> HttpResponse:
    """One month; with a refusal beside the form that closes or opens it."""
    merchant_id = request.merchant_id
    balance = reconciliation.trial_balance(merchant_id=merchant_id, month=first)
    close = reconciliation.current_close(merchant_id=merchant_id, month=first)
    closes = reconciliation.closes(merchant_id=merchant_id)
    obstacles = (
        []
        if close
        else reconciliation.obstacles(merchant_id=merchant_id, month=first, now=datetime.now(UTC))
    )
    accounts = payments.payment_accounts(merchant_id=merchant_id)
    until = following(first)
    signed = {each.closed_by for each in closes} | {each.reopened_by for each in closes} - {""}
    values = {
        "first": first,
        "before": first - timedelta(days=1),
        "after": until if until <= today_of(request) else None,
        "balance": balance,
        "close": close,
        "closes": closes,
        "obstacles": obstacles[:OBSTACLES_SHOWN],
        "obstacle_count": len(obstacles),
        "signers": signers(request, signed),
        "is_own": close is not None
        and close.closed_by == f"{request.actor.kind}:{request.actor.id}",
        "name_by_account": {each.code: each.name for each in accounts},
        "may_work": may_everywhere(request, "reconciliation.work"),
        **refusal_of(request, refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "reconciliation/month", values, section="months", status=status)
