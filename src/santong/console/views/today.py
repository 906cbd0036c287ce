"""The first page: today."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpResponse, HttpResponseRedirect

from santong.console.rules.menu import OPEN
from santong.console.selectors import day
from santong.console.views.frame import page, places_of, shown
from santong.fulfilment import public as fulfilment
from santong.kernel.http.auth import MerchantRequest
from santong.orders import public as orders

PLACES_SHOWN = 8


@page(OPEN)
def today(request: MerchantRequest) -> HttpResponse:
    """Orders, promises, places, exceptions, parcels and facts; every number leads to its list."""
    now = datetime.now(UTC)
    merchant = request.merchant  # type: ignore[attr-defined]
    may = request.actor.permissions
    if "orders.view" not in may and "fulfilment.work" in may:
        return HttpResponseRedirect("/console/store/")
    merchant_id = request.merchant_id
    seen = places_of(request, "orders.view")
    works_at = places_of(request, "fulfilment.view")
    answers = day.answers_of(merchant_id=merchant_id, location_ids=works_at)
    values = {
        "day": day.day_of(
            merchant_id=merchant_id, timezone=merchant.timezone, location_ids=seen, now=now
        ),
        "open_orders": orders.open_by_state(merchant_id=merchant_id, location_ids=seen),
        "work": fulfilment.counts_by_state(merchant_id=merchant_id, location_ids=works_at),
        "parcels": (
            fulfilment.parcels_under_way(merchant_id=merchant_id) if works_at is None else {}
        ),
        "answers": answers[:PLACES_SHOWN],
        "accepted": sum(each.accepted for each in answers),
        "asked": sum(each.asked for each in answers),
        "waiting": day.waiting_of(merchant_id=merchant_id, location_ids=works_at),
    }
    return shown(request, "today", values, section="today")
