"""Visits: in a list, on a board, and one with its decision explained."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils import timezone

from santong.clocks import public as clocks
from santong.console.rules.maps import drawing_around, scale_bar
from santong.console.rules.visit_board import drawn_board
from santong.console.selectors.statement_lines import numbers_of_documents
from santong.console.views.buyer_link import BuyerLink, buyer_link
from santong.console.views.frame import page, sentence_of, shown
from santong.console.views.lists import SHOWN, asked_text, asked_word, next_page
from santong.console.views.visit_sight import asked_date, seen_by, visit_of
from santong.fieldservice import public as fieldservice
from santong.kernel import audit
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id

CHOICE_DAYS = 7
MAP_WIDTH, MAP_HEIGHT = 760, 430
HUES = 8
CITY_DEGREES = 0.03


@page("visits.view")
def visit_list(request: MerchantRequest) -> HttpResponse:
    """Visits, the newest first."""
    state = asked_word(request, "state", among=fieldservice.STATES)
    document = asked_text(request, "document")
    found = fieldservice.visits_page(
        merchant_id=request.merchant_id,
        states=[state] if state else [],
        document=document,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
        sight=seen_by(request),
    )
    values = {
        "visits": found[:SHOWN],
        "states": fieldservice.STATES,
        "state": state,
        "document": document,
        "next": next_page(found, state=state, document=document),
    }
    return shown(request, "visits/list", values, section="visits")


@page("visits.view")
def visit_detail(request: MerchantRequest, visit_id: str) -> HttpResponse:
    """One visit: when, who, why, what was proved, and what can be done now."""
    return visit_page(request, visit_of(request, visit_id))


def visit_page(
    request: MerchantRequest,
    visit: fieldservice.Visit,
    *,
    refused: DomainError | None = None,
    **more: Any,
) -> HttpResponse:
    """The page of one visit; with a refusal, or with what is shown once."""
    merchant_id = request.merchant_id
    decisions = fieldservice.decisions_of(merchant_id=merchant_id, visit_id=visit.id)
    names = fieldservice.names_of_technicians(
        merchant_id=merchant_id,
        technician_ids={offer.technician_id for each in decisions for offer in each.offers},
    )
    values = {
        "visit": visit,
        "number": numbers_of_documents(merchant_id=merchant_id, documents=[visit.document]).get(
            visit.document, ""
        ),
        "fee": _fee(request, visit),
        "decision": decisions[0] if decisions else None,
        "names": names,
        "parts": fieldservice.parts_of(merchant_id=merchant_id, visit_id=visit.id),
        "photos": fieldservice.photos_of(merchant_id=merchant_id, visit_id=visit.id),
        "follower": fieldservice.follower_of(merchant_id=merchant_id, visit_id=visit.id),
        "clocks": clocks.clocks_of(merchant_id=merchant_id, subject=f"visit:{visit.id}"),
        "trail": audit.trail_of(merchant_id=merchant_id, subject="visit", subject_ids=[visit.id]),
        "can_move": visit.state in {"offered", "booked", "confirmed"},
        "can_cancel": visit.state in {"requested", "offered", "booked", "confirmed"},
        "can_follow": visit.state in {"arrived", "working", "done", "accepted"},
        "is_missing": visit.state in {"booked", "confirmed", "en_route"},
        "days": _choices(request, visit),
        "technicians": fieldservice.technicians(merchant_id=merchant_id, sight=seen_by(request)),
        "link": _link(request, visit),
        "reasons": [each for each in fieldservice.FOLLOW_REASONS if each != "missed"],
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
        **more,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "visits/visit", values, section="visits", status=status)


def _fee(request: MerchantRequest, visit: fieldservice.Visit) -> fieldservice.VisitFee | None:
    """What a late cancellation costs; most cost nothing."""
    if not visit.fee_minor:
        return None
    now = datetime.now(UTC)
    return fieldservice.fee_of(merchant_id=request.merchant_id, visit=visit, now=now)


@page("visits.view")
def visit_board(request: MerchantRequest) -> HttpResponse:
    """A day of everybody: hours from left to right, ways on a map."""
    on, sight = asked_date(request), seen_by(request)
    rows = fieldservice.board_of(
        merchant_id=request.merchant_id, on=on, now=datetime.now(UTC), sight=sight
    )
    zone = ZoneInfo(request.merchant.timezone)  # type: ignore[attr-defined]
    values = {
        "on": on,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "rows": rows,
        "board": drawn_board(rows, zone=zone),
        "map": _map(rows),
        "waiting": fieldservice.visits_page(
            merchant_id=request.merchant_id, states=["offered"], limit=20, sight=sight
        ),
    }
    return shown(request, "visits/board", values, section="visit_board")


def _link(request: MerchantRequest, visit: fieldservice.Visit) -> BuyerLink | None:
    if "visits.dispatch" not in request.whole_actor.permissions:  # type: ignore[attr-defined]
        return None
    path = fieldservice.link_path(
        merchant_id=request.merchant_id, visit_id=visit.id, now=datetime.now(UTC)
    )
    return buyer_link(request, path, renew="visit_link", thing_id=visit.id) if path else None


def _choices(request: MerchantRequest, visit: fieldservice.Visit) -> list[Any]:
    """The windows of the next days in which somebody can come."""
    if visit.state not in {"offered", "booked", "confirmed"}:
        return []
    if "visits.dispatch" not in request.whole_actor.permissions:  # type: ignore[attr-defined]
        return []
    found = fieldservice.windows_for(
        merchant_id=request.merchant_id,
        visit_id=visit.id,
        on=timezone.localdate(),
        days=CHOICE_DAYS,
        now=datetime.now(UTC),
    )
    return [day for day in found if day.windows]


def _map(rows: list[fieldservice.BoardRow]) -> dict[str, Any] | None:
    """Homes, visits, and the ways between them, without any ground beneath."""
    busy = [row for row in rows if row.visits]
    points = [(row.technician.home.latitude, row.technician.home.longitude) for row in busy]
    points += [(each.latitude, each.longitude) for row in busy for each in row.visits]
    if not points:
        return None
    drawing = drawing_around(
        points, width=MAP_WIDTH, height=MAP_HEIGHT, smallest_degrees=CITY_DEGREES
    )
    kilometres, pixels = scale_bar(drawing)
    ways = []
    for number, row in enumerate(busy):
        home = drawing.place((row.technician.home.latitude, row.technician.home.longitude))
        stops = [
            (drawing.place((each.latitude, each.longitude)), place + 1, each)
            for place, each in enumerate(row.visits)
        ]
        ways.append(
            {
                "hue": number % HUES,
                "name": row.technician.name,
                "home": home,
                "line": " ".join(f"{x:g},{y:g}" for x, y in [home, *(at for at, *_ in stops)]),
                "stops": stops,
            }
        )
    return {
        "width": MAP_WIDTH,
        "height": MAP_HEIGHT,
        "ways": ways,
        "kilometres": kilometres,
        "pixels": pixels,
    }
