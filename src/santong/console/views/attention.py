"""What waits for a person: exceptions, and facts that nobody could take."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import get_args

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.selectors import facts
from santong.console.views.frame import command, page, places_of, sentence_of, shown, sight_of
from santong.fulfilment import public as fulfilment
from santong.kernel import audit, relay
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.orders import public as orders
from santong.stores import public as stores

LONGEST_NOTE = 500
SHOWN = 100
CASE = "exception case"


@page("fulfilment.view")
def exceptions(request: MerchantRequest) -> HttpResponse:
    """Work that stands still, the oldest first, and what can be done about it."""
    return _exceptions_page(request)


@page("exceptions.handle", method="POST")
def resolve(request: MerchantRequest, case_id: str) -> HttpResponse:
    """Decide what becomes of an exception."""
    number = id_of(case_id, kind=CASE)

    def act() -> str:
        resolution = request.POST.get("resolution", "")
        note = request.POST.get("note", "").strip()
        if resolution not in get_args(fulfilment.Resolution):
            raise FieldInvalid(pointer="/resolution", reason="not a resolution")
        if len(note) > LONGEST_NOTE or not note.isprintable():
            raise FieldInvalid(pointer="/note", reason=f"at most {LONGEST_NOTE} characters")
        case = fulfilment.close_case(
            merchant_id=request.merchant_id,
            case_id=number,
            resolution=resolution,  # type: ignore[arg-type]  # one of the words of the type
            note=note,
            location_ids=request.actor.location_ids,
            now=datetime.now(UTC),
        )
        messages.success(
            request,
            _("The exception is settled.")
            if case.closed_at
            else _("Part of it has found a place; the rest is still wanting."),
        )
        return "/console/exceptions/"

    return command(
        request,
        act=act,
        again=lambda refused: _exceptions_page(request, refused=refused, failed=number),
    )


@page("outbox.view")
def facts_page(request: MerchantRequest) -> HttpResponse:
    """How far behind the relay is, and which facts wait for a person."""
    values = {
        "lag": facts.lag_of(merchant_id=request.merchant_id),
        "facts": facts.dead_facts(merchant_id=request.merchant_id, limit=SHOWN),
        "may_replay": "outbox.replay" in request.actor.permissions,
    }
    return shown(request, "facts", values, section="facts")


@page("outbox.replay", method="POST")
def settle_fact(request: MerchantRequest, fact_id: str, what: str) -> HttpResponse:
    """Tell a dead fact again, or give it up."""
    number = id_of(fact_id, kind="fact")
    if what not in {"replay", "drop"}:
        raise NoSuch(kind="step", key=what[:40])

    def act() -> str:
        now = datetime.now(UTC)
        if what == "replay":
            settled = relay.replay_dead(
                merchant_id=request.merchant_id, parked_ids=[number], now=now
            )
        else:
            settled = relay.drop_dead(merchant_id=request.merchant_id, parked_ids=[number])
        if not settled:
            raise NoSuch(kind="fact", key=fact_id)
        change = audit.Change(
            action=f"outbox.{what}", subject="parked_fact", subject_id=number, reason="by hand"
        )
        audit.record(change, now=now)
        messages.success(
            request,
            _("The fact is told again.") if what == "replay" else _("The fact is given up."),
        )
        return "/console/facts/"

    def again(refused: DomainError) -> HttpResponse:
        raise refused

    return command(request, act=act, again=again)


def _exceptions_page(
    request: MerchantRequest, *, refused: DomainError | None = None, failed: int = 0
) -> HttpResponse:
    cases = fulfilment.open_cases(
        merchant_id=request.merchant_id,
        location_ids=places_of(request, "fulfilment.view"),
        limit=SHOWN,
    )
    named = [case.location_id for case in cases if case.location_id]
    order_ids = [case.order_id for case in cases]
    sight = sight_of(request)
    values = {
        "cases": cases,
        "order_by_id": orders.orders_by_id(merchant_id=request.merchant_id, order_ids=order_ids),
        "opens": fulfilment.orders_seen(
            merchant_id=request.merchant_id, order_ids=order_ids, sight=sight
        ),
        "sold_here": orders.orders_by_id(
            merchant_id=request.merchant_id, order_ids=order_ids, location_ids=sight.sold_at
        ),
        "places": stores.locations_by_id(merchant_id=request.merchant_id, location_ids=named),
        "resolutions": fulfilment.RESOLUTIONS,
        "may_handle": "exceptions.handle" in request.actor.permissions,
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
        "limit": SHOWN,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "exceptions", values, section="exceptions", status=status)
