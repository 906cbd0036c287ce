"""The technician's own pages, on a phone: today, and one visit step by step."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from santong.console.views.frame import page, sentence_of, shown
from santong.console.views.lists import SHOWN, asked_text
from santong.console.views.visit_sight import asked_date, seen_by, visit_of
from santong.evidence import public as evidence
from santong.fieldservice import public as fieldservice
from santong.kernel.errors import DomainError, NoSuch
from santong.kernel.http.auth import MerchantRequest


@page("visits.work")
def my_day(request: MerchantRequest) -> HttpResponse:
    """Somebody's visits of a day in their order; whoever looks after several chooses one."""
    on, sight = asked_date(request), seen_by(request)
    people = fieldservice.technicians(merchant_id=request.merchant_id, sight=sight)
    code = asked_text(request, "technician")
    chosen = next(
        (each for each in people if each.code == code or each.id == sight.technician_id), None
    )
    visits = (
        fieldservice.visits_on(
            merchant_id=request.merchant_id, on=on, technician_id=chosen.id, sight=sight
        )
        if chosen
        else []
    )
    values = {
        "on": on,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "technician": chosen,
        "people": people if sight.technician_id is None else [],
        "visits": visits,
        "next_on": None if visits or chosen is None else _next_day(request, chosen, on),
    }
    return shown(request, "visits/my_day", values, section="my_day")


def _next_day(
    request: MerchantRequest, technician: fieldservice.Technician, on: date
) -> date | None:
    """The next day on which somebody goes anywhere, of what was booked last."""
    booked = fieldservice.visits_page(
        merchant_id=request.merchant_id,
        states=["booked", "confirmed"],
        limit=SHOWN,
        sight=seen_by(request),
    )
    days = [
        timezone.localdate(each.starts_at)
        for each in booked
        if each.technician_id == technician.id and each.starts_at is not None
    ]
    return min((day for day in days if day > on), default=None)


@page("visits.work")
def my_visit(request: MerchantRequest, visit_id: str) -> HttpResponse:
    """One visit, and the next thing to do."""
    return work_page(request, visit_of(request, visit_id))


def work_page(
    request: MerchantRequest,
    visit: fieldservice.Visit,
    *,
    refused: DomainError | None = None,
    known: fieldservice.RevealedContact | None = None,
) -> HttpResponse:
    """The page of a visit for whoever goes there; with a refusal, or with the contact."""
    service = fieldservice.service_type_by_code(
        merchant_id=request.merchant_id, code=visit.service_type
    )
    values: dict[str, Any] = {
        "visit": visit,
        "service": service,
        "known": known,
        "is_coming": visit.state in {"booked", "confirmed", "en_route"},
        "is_there": visit.state in {"arrived", "working"},
        "takes_photos": visit.state in {"arrived", "working", "done"},
        "may_reveal": visit.state in {"booked", "confirmed", "en_route", "arrived", "working"},
        "photos": fieldservice.photos_of(merchant_id=request.merchant_id, visit_id=visit.id),
        "parts": fieldservice.parts_of(merchant_id=request.merchant_id, visit_id=visit.id),
        "follower": fieldservice.follower_of(merchant_id=request.merchant_id, visit_id=visit.id),
        "reasons": ["parts", "not_finished"],
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
        "now": datetime.now(UTC),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "visits/my_visit", values, section="my_day", status=status)


@page("visits.view")
def visit_photo(request: MerchantRequest, visit_id: str, photo_id: str) -> HttpResponse:
    """A file that stands behind a visit."""
    visit = visit_of(request, visit_id)
    kept = fieldservice.photos_of(merchant_id=request.merchant_id, visit_id=visit.id)
    if photo_id not in {str(each.id) for each in kept}:
        raise NoSuch(kind="evidence", key=photo_id)
    return evidence.file_answer(
        request=request, merchant_id=request.merchant_id, evidence_id=int(photo_id)
    )
