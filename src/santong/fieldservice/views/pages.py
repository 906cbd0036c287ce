"""The buyer's page of a visit, its calendar entry, and its photos."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from santong.evidence import public as evidence
from santong.fieldservice import contracts
from santong.fieldservice.errors import LinkOver
from santong.fieldservice.rules.calendar_entry import calendar_entry
from santong.fieldservice.rules.states import MOVABLE
from santong.fieldservice.rules.terms import GRACE, change_terms
from santong.fieldservice.selectors.codes import arrival_code, completion_code
from santong.fieldservice.selectors.fees import fee_of, pay_accounts
from santong.fieldservice.selectors.links import page_path
from santong.fieldservice.selectors.offers import DAYS_AHEAD, OfferedDay, windows_for
from santong.fieldservice.selectors.people import service_type_by_code
from santong.fieldservice.selectors.photos import photos_of
from santong.fieldservice.selectors.visits import held_slot, parts_of, visit_by_id
from santong.fieldservice.views.acts import act
from santong.fieldservice.views.links import (
    BuyerRequest,
    behind_link,
    scope_of,
    visit_behind,
)
from santong.kernel.errors import DomainError
from santong.merchants import public as merchants

SHOWN_DAYS = 5
SHOWS_CODE = ("booked", "confirmed", "en_route")


@behind_link("GET", "HEAD", "POST")
@sensitive_post_parameters("written", "signature")
def visit_page(request: BuyerRequest, token: str) -> HttpResponse:
    """When somebody comes; choosing, moving and calling off; codes; signing."""
    if request.method != "POST":
        return _shown(request, token)
    try:
        with scope_of(request):
            act(request, visit_id=visit_behind(request))
    except LinkOver:
        raise
    except DomainError as refused:
        return _shown(request, token, refused=refused)
    return HttpResponseRedirect(request.path)


@behind_link("GET", "HEAD")
def calendar_file(request: BuyerRequest, token: str) -> HttpResponse:
    """The visit as an entry of a calendar (RFC 5545); called off, it says so."""
    with scope_of(request):
        merchant_id = request.link.merchant_id
        visit = visit_by_id(merchant_id=merchant_id, visit_id=visit_behind(request))
        merchant = merchants.merchant(merchant_id=merchant_id)
    if visit.window is None:
        raise LinkOver
    entry = calendar_entry(
        visit=visit,
        house=merchant.name,
        domain=request.get_host(),
        address=request.build_absolute_uri(page_path(token=token)),
        now=datetime.now(UTC),
    )
    return HttpResponse(
        entry,
        content_type="text/calendar; charset=utf-8; method="
        + ("CANCEL" if visit.state == "cancelled" else "PUBLISH"),
        headers={"Content-Disposition": 'attachment; filename="visit.ics"'},
    )


@behind_link("GET", "HEAD")
def photo(request: BuyerRequest, token: str, photo_id: str) -> HttpResponse:
    """A photo that the technician took."""
    with scope_of(request):
        merchant_id = request.link.merchant_id
        kept = photos_of(merchant_id=merchant_id, visit_id=visit_behind(request))
        if photo_id not in {str(each.id) for each in kept}:
            raise LinkOver
        return evidence.file_answer(
            request=request, merchant_id=merchant_id, evidence_id=int(photo_id)
        )


def _shown(
    request: BuyerRequest, token: str, *, refused: DomainError | None = None
) -> HttpResponse:
    with scope_of(request):
        visit_id = visit_behind(request)
        merchant = merchants.merchant(merchant_id=request.link.merchant_id)
        visit = visit_by_id(merchant_id=request.link.merchant_id, visit_id=visit_id)
        with timezone.override(ZoneInfo(merchant.timezone)):
            values = {
                "house": merchant,
                "token": token,
                "visit": visit,
                "refused": refused,
                "why": gettext(refused.code) if refused else "",
                "sent": request.POST if refused else {},
                "key": secrets.token_urlsafe(16),
                **_about(request, visit),
            }
            return render(
                request,
                "fieldservice/visit.html",
                values,
                status=refused.status if refused else HTTPStatus.OK,
            )


def _about(request: BuyerRequest, visit: contracts.Visit) -> dict[str, Any]:
    merchant_id, now = request.link.merchant_id, datetime.now(UTC)
    service = service_type_by_code(merchant_id=merchant_id, code=visit.service_type)
    terms = change_terms(
        window_from=visit.window.starts_at if visit.window else None,
        free_hours=service.free_change_hours,
        late_fee_minor=service.late_fee_minor,
        now=now,
    )
    moves = visit.state in MOVABLE and not terms.is_late
    chooses = visit.state == "offered" or (moves and "change" in request.GET)
    begins = _asked_day(request)
    return {
        "service": service,
        "terms": terms,
        "moves": moves,
        "chooses": chooses,
        "days": _days(request, visit, begins) if chooses else [],
        "earlier": _step(begins, -SHOWN_DAYS),
        "later": _step(begins, SHOWN_DAYS),
        "is_first": begins <= timezone.localdate(),
        "held": held_slot(merchant_id=merchant_id, visit_id=visit.id, now=now),
        "arrival": arrival_code(merchant_id=merchant_id, visit_id=visit.id)
        if visit.state in SHOWS_CODE
        else "",
        "completion": completion_code(merchant_id=merchant_id, visit_id=visit.id)
        if visit.state == "done"
        else "",
        "can_cancel": visit.state in {"requested", "offered", *MOVABLE},
        "can_report": visit.state in {*MOVABLE, "en_route"}
        and visit.window is not None
        and now >= visit.window.ends_at,
        "missed_before": _missed_before(merchant_id, visit),
        "grace_minutes": int(GRACE.total_seconds()) // 60,
        "photos": [
            each
            for each in photos_of(merchant_id=merchant_id, visit_id=visit.id)
            if each.kind == "photo" and each.is_picture
        ],
        "parts": [
            each
            for each in parts_of(merchant_id=merchant_id, visit_id=visit.id)
            if each.kind == "needed" and not each.is_there
        ],
        "is_coming": visit.state in SHOWS_CODE,
        "currency": merchants.merchant(merchant_id=merchant_id).currency,
        **(_fee(merchant_id, visit, now) if visit.fee_minor else {}),
    }


def _missed_before(merchant_id: int, visit: contracts.Visit) -> str:
    """Who was not there the last time, as long as no other time is chosen."""
    if visit.state != "offered" or visit.follow_reason != "missed" or visit.follows_id is None:
        return ""
    return visit_by_id(merchant_id=merchant_id, visit_id=visit.follows_id).missed_by


def _fee(merchant_id: int, visit: contracts.Visit, now: datetime) -> dict[str, Any]:
    fee = fee_of(merchant_id=merchant_id, visit=visit, now=now)
    known = pay_accounts(merchant_id=merchant_id, currency=fee.currency) if fee.open_minor else []
    return {"fee": fee, "accounts": known}


def _days(request: BuyerRequest, visit: contracts.Visit, begins: date) -> list[OfferedDay]:
    found = windows_for(
        merchant_id=request.link.merchant_id,
        visit_id=visit.id,
        on=begins,
        days=SHOWN_DAYS,
        now=datetime.now(UTC),
    )
    return [day for day in found if day.windows]


def _asked_day(request: BuyerRequest) -> date:
    """The first day to show: today, or the one that was leafed to."""
    today = timezone.localdate()
    try:
        asked = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return today
    last = today + timedelta(days=3 * DAYS_AHEAD)
    return min(max(asked, today), last)


def _step(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()
