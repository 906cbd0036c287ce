"""A draft of what a programme promises: tried on past orders, then published."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.forms.terms import (
    BLANK_ROWS,
    field_of_pointer,
    fields_of,
    rule_rows,
    terms_of_fields,
    tier_rows,
)
from santong.console.selectors.past_purchases import MOST_ORDERS, past_purchases
from santong.console.views.fields import text_of
from santong.console.views.frame import command, page, sentence_of, shown
from santong.console.views.hints import hint_of, sent_fields
from santong.console.views.programmes import programme_of, promised
from santong.kernel.errors import DomainError, FieldInvalid, PermissionMissing
from santong.kernel.http.auth import MerchantRequest
from santong.membership import public as membership
from santong.merchants import public as merchants

DAYS_TRIED: Final = (30, 90, 365)
# Of a hundred points, how many are expected to be used, where nobody says otherwise.
REDEEMED_PERCENT: Final = 80


@page("programmes.edit")
def draft(request: MerchantRequest, programme_id: str) -> HttpResponse:
    """The terms in force, as a form."""
    programme = _own(request, programme_id)
    return _draft_page(request, programme, fields_of(_standing(request, programme)))


@page("programmes.edit", method="POST")
def simulate(request: MerchantRequest, programme_id: str) -> HttpResponse:
    """What the draft would have cost over past orders, and how large its tiers would be."""
    programme = _own(request, programme_id)
    fields = sent_fields(request)
    try:
        terms = terms_of_fields(fields, standing=_standing(request, programme))
        membership.check_terms(terms=terms)
    except FieldInvalid as refused:
        return _draft_page(request, programme, fields, refused=refused)
    now = datetime.now(UTC)
    days = next((d for d in DAYS_TRIED if str(d) == request.POST.get("days")), DAYS_TRIED[1])
    percent = _percent(request)
    purchases = past_purchases(
        merchant_id=request.merchant_id,
        programme=programme,
        since=now - timedelta(days=days),
        until=now,
    )
    current = promised(request.merchant_id, programme.id)
    values = {
        "tried": _try(terms, purchases, percent, now),
        "before": _try(current.terms, purchases, percent, now) if current else None,
        "tried_tiers": terms.tiers,
        "days": days,
        "percent": percent,
    }
    return _draft_page(request, programme, fields, extra=values)


@page("programmes.edit", method="POST")
def publish(request: MerchantRequest, programme_id: str) -> HttpResponse:
    """Let the programme give by the draft from now on, for a reason."""
    programme = _own(request, programme_id)
    fields = sent_fields(request)

    def act() -> str:
        published = membership.publish_terms(
            merchant_id=request.merchant_id,
            programme_code=programme.code,
            terms=terms_of_fields(fields, standing=_standing(request, programme)),
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(
            request,
            _("Version %(n)s is in force. What was given stays as it was.")
            % {"n": published.version},
        )
        return f"/console/programmes/{programme.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: _draft_page(request, programme, fields, refused=refused),
    )


def _draft_page(
    request: MerchantRequest,
    programme: membership.Programme,
    fields: dict[str, str],
    *,
    refused: DomainError | None = None,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    wrong = ""
    if isinstance(refused, FieldInvalid):
        wrong = field_of_pointer(refused.pointer, fields=fields)
    values = {
        "programme": programme,
        "fields": fields,
        "tier_rows": _rows(tier_rows(fields)),
        "rule_rows": _rows(rule_rows(fields)),
        "wrong": wrong,
        "hint": hint_of(refused),
        "refusal": sentence_of(refused) if refused else "",
        "reason": request.POST.get("reason", ""),
        "days_tried": DAYS_TRIED,
        "days": DAYS_TRIED[1],
        "percent": REDEEMED_PERCENT,
        "most_orders": MOST_ORDERS,
        **(extra or {}),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "draft", values, section="programmes", status=status)


def _own(request: MerchantRequest, programme_id: str) -> membership.Programme:
    """The programme, if it is this person's to change. Raises NoSuch, PermissionMissing."""
    programme = programme_of(request, programme_id)
    if request.actor.location_ids is None:
        return programme
    grants = (
        merchants.grants_of(merchant_id=request.merchant_id, staff_id=int(request.actor.id))
        if request.actor.kind == "staff"
        else []
    )
    if programme.brand_id not in {grant.brand_id for grant in grants}:
        raise PermissionMissing(permission="programmes.edit")
    return programme


def _standing(request: MerchantRequest, programme: membership.Programme) -> membership.Terms:
    current = promised(request.merchant_id, programme.id)
    return current.terms if current else membership.Terms(rules=FIRST_RULES)


# What a programme begins with that has never promised anything: a point and an experience a unit.
FIRST_RULES: Final = (
    membership.AccrualRule(code="base", points=1, per_minor=100),
    membership.AccrualRule(code="growth", asset="experience", points=1, per_minor=100),
)


def _rows(filled: list[int]) -> list[str]:
    """Those in which something stands, and a few to be filled in."""
    first = max(filled, default=-1) + 1
    return [str(place) for place in [*filled, *range(first, first + BLANK_ROWS)]]


def _percent(request: MerchantRequest) -> int:
    text = request.POST.get("percent", "")
    return int(text) if text.isascii() and text.isdigit() and int(text) <= 100 else REDEEMED_PERCENT  # noqa: PLR2004  of a hundred


def _try(
    terms: membership.Terms,
    purchases: list[membership.PastPurchase],
    percent: int,
    now: datetime,
) -> membership.Simulated:
    return membership.simulate(
        draft=terms, purchases=purchases, redeemed_percent=percent, until=now
    )
