"""Places: on a map, in a list, and one with its hours, its load and its queue."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse

from santong.console.selectors import day
from santong.console.views.frame import may_at, page, shown
from santong.fulfilment import public as fulfilment
from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, cursor_after, id_of
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.stores import public as stores

SHOWN = 50
NAMED_MAX = 2_000
LONGEST_SEARCH = 60
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@page("stores.view")
def place_list(request: MerchantRequest) -> HttpResponse:
    """All places that the reader may see, on a map and in a list."""
    asked = _asked(request)
    brands = merchants.brands(merchant_id=request.merchant_id)
    wanted = _wanted(request, asked)
    found = stores.locations_page(
        merchant_id=request.merchant_id,
        search=asked["search"],
        location_ids=wanted,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    filters = {name: text for name, text in asked.items() if text}
    values = {
        "places": found[:SHOWN],
        "asked": asked,
        "query": urlencode(filters),
        "brands": brands,
        "brand_by_id": {brand.id: brand for brand in brands},
        "total": len(wanted),
        "next": (
            urlencode({**filters, "cursor": cursor_after(found[SHOWN - 1].id)})
            if len(found) > SHOWN
            else ""
        ),
    }
    return shown(request, "places", values, section="places")


@page("stores.view")
def points(request: MerchantRequest) -> HttpResponse:
    """What the map draws: where each place is, whose, and whether it is open."""
    wanted = _wanted(request, _asked(request))
    everywhere = stores.location_map(merchant_id=request.merchant_id)
    rows = (
        stores.locations_page(merchant_id=request.merchant_id, location_ids=wanted, limit=NAMED_MAX)
        if len(wanted) <= NAMED_MAX
        else []
    )
    name_by_id = {row.id: f"{row.name} · {row.city}" for row in rows}
    code_by_id = {location_id: code for code, location_id in everywhere.id_by_code.items()}
    chosen = set(wanted)
    drawn = [
        [
            round(math.degrees(longitude), 5),
            round(math.degrees(latitude), 5),
            str(location_id),
            name_by_id.get(location_id) or code_by_id.get(location_id, ""),
            "warehouse" if is_warehouse else "store",
            bool(is_open),
        ]
        for location_id, latitude, longitude, is_warehouse, is_open in zip(
            everywhere.ids.tolist(),
            everywhere.latitudes.tolist(),
            everywhere.longitudes.tolist(),
            everywhere.is_warehouse.tolist(),
            everywhere.is_open.tolist(),
            strict=True,
        )
        if location_id in chosen
    ]
    return JsonResponse({"points": drawn})


@page("stores.view")
def place_detail(request: MerchantRequest, location_id: str) -> HttpResponse:
    """One place: what it can do, when it is open, how much it has to do, how it answers."""
    wanted = id_of(location_id, kind="location")
    places = stores.locations_by_id(merchant_id=request.merchant_id, location_ids=[wanted])
    if wanted not in places or not request.actor.may_at(wanted):
        raise NoSuch(kind="location", key=location_id)
    place = places[wanted]
    now = datetime.now(UTC)
    sees_work = may_at(request, "fulfilment.view", place.id)
    only_here = frozenset({place.id})
    values: dict[str, Any] = {
        "place": place,
        "brand": next(
            (
                brand
                for brand in merchants.brands(merchant_id=request.merchant_id)
                if brand.id == place.brand_id
            ),
            None,
        ),
        "week": [(name, (place.hours or {}).get(name, ())) for name in WEEKDAYS],
        "is_open_now": place.is_open
        and stores.is_open_at(hours=place.hours, timezone=place.timezone, at=now),
        "sees_work": sees_work,
        "may_work": may_at(request, "fulfilment.work", place.id),
        "may_see_stock": may_at(request, "stock.view", place.id),
    }
    if sees_work:
        answers = day.answers_of(merchant_id=request.merchant_id, location_ids=only_here)
        values["counts"] = fulfilment.counts_by_state(
            merchant_id=request.merchant_id, location_ids=only_here
        )
        values["answers"] = answers[0] if answers else None
        queue = fulfilment.queue_of(
            merchant_id=request.merchant_id, location_ids=[place.id], limit=20
        )
        known = orders.orders_by_id(
            merchant_id=request.merchant_id, order_ids=[each.order_id for each in queue]
        )
        values["queue"] = queue
        values["number_by_id"] = {id_: order.external_number for id_, order in known.items()}
    return shown(request, "place", values, section="places")


def _asked(request: MerchantRequest) -> dict[str, str]:
    return {
        name: request.GET.get(name, "").strip()[:LONGEST_SEARCH]
        for name in ("search", "brand", "kind", "open")
    }


def _wanted(request: MerchantRequest, asked: dict[str, str]) -> list[int]:
    """The places of a filter that the reader may see."""
    everywhere = stores.location_map(merchant_id=request.merchant_id)
    fits = everywhere.ids > 0
    if asked["kind"] in {"store", "warehouse"}:
        fits &= everywhere.is_warehouse == (asked["kind"] == "warehouse")
    if asked["open"] in {"yes", "no"}:
        fits &= everywhere.is_open == (asked["open"] == "yes")
    brand = asked["brand"]
    if brand.isascii() and brand.isdigit() and len(brand) < len(str(2**63)):
        fits &= everywhere.brand_ids == int(brand)
    ids: list[int] = everywhere.ids[fits].tolist()
    places = request.actor.location_ids
    return ids if places is None else [each for each in ids if each in places]
