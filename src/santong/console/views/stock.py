"""Stock: what there is of each SKU and at each place, and every movement of it."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from django.http import HttpResponse

from santong.catalog import public as catalog
from santong.console.rules.ledgers import running
from santong.console.views.frame import may_at, page, sentence_of, shown
from santong.inventory import public as inventory
from santong.kernel.errors import DomainError, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import LARGEST_ID, before_id, cursor_after, id_of
from santong.merchants import public as merchants
from santong.stores import public as stores

SHOWN = 50
LONGEST_SEARCH = 60


@page("stock.view")
def sku_list(request: MerchantRequest) -> HttpResponse:
    """SKUs with what can be promised of each over the places that the reader may see."""
    search = request.GET.get("search", "").strip()[:LONGEST_SEARCH]
    found = catalog.skus_page(
        merchant_id=request.merchant_id,
        search=search,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    skus = found[:SHOWN]
    values = {
        "skus": skus,
        "atp": inventory.atp_by_sku(
            merchant_id=request.merchant_id,
            sku_ids=[sku.id for sku in skus],
            location_ids=request.actor.location_ids,
        ),
        "search": search,
        "next": _next([sku.id for sku in found], {"search": search} if search else {}),
    }
    return shown(request, "stock", values, section="stock")


@page("stock.view")
def by_sku(request: MerchantRequest, sku_id: str) -> HttpResponse:
    """One SKU: the places that hold it."""
    sku = _sku(request, sku_id)
    levels = inventory.levels_of(
        merchant_id=request.merchant_id,
        sku_ids=[sku.id],
        location_ids=_places(request),
        before_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    rows = levels[:SHOWN]
    values = {
        "sku": sku,
        "levels": rows,
        "places": stores.locations_by_id(
            merchant_id=request.merchant_id, location_ids=[level.location_id for level in rows]
        ),
        "atp": inventory.atp_by_sku(
            merchant_id=request.merchant_id,
            sku_ids=[sku.id],
            location_ids=request.actor.location_ids,
        )[sku.id],
        "next": _next([level.id for level in levels], {}),
    }
    return shown(request, "stock_by_sku", values, section="stock")


@page("stock.view")
def by_place(request: MerchantRequest, location_id: str) -> HttpResponse:
    """One place: what it holds."""
    place = visible_place(request, location_id)
    levels = inventory.levels_of(
        merchant_id=request.merchant_id,
        location_ids=[place.id],
        before_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    rows = levels[:SHOWN]
    values = {
        "place": place,
        "levels": rows,
        "skus": catalog.skus_by_id(
            merchant_id=request.merchant_id, sku_ids=[level.sku_id for level in rows]
        ),
        "next": _next([level.id for level in levels], {}),
    }
    return shown(request, "stock_by_place", values, section="stock")


@page("stock.view")
def level(request: MerchantRequest, location_id: str, sku_id: str) -> HttpResponse:
    """One level: its movements with running totals, and who is promised what."""
    return level_page(request, location_id, sku_id)


def level_page(
    request: MerchantRequest,
    location_id: str,
    sku_id: str,
    *,
    refused: DomainError | None = None,
    failed: str = "",
) -> HttpResponse:
    """The page of one level; with a refusal beside the form that was refused."""
    place = visible_place(request, location_id)
    sku = _sku(request, sku_id)
    levels = inventory.levels_of(
        merchant_id=request.merchant_id, location_ids=[place.id], sku_ids=[sku.id], limit=1
    )
    cursor = before_id(request.GET.get("cursor"))
    movements = inventory.movements_of(
        merchant_id=request.merchant_id,
        location_id=place.id,
        sku_id=sku.id,
        before_id=cursor,
        limit=SHOWN + 1,
    )
    is_newest = cursor == LARGEST_ID
    values = {
        "place": place,
        "sku": sku,
        "level": levels[0] if levels else None,
        # Totals run back from what stands there now, so only the newest page can show them.
        "rows": running(movements[:SHOWN], level=levels[0] if levels and is_newest else None),
        "names": merchants.names_by_signature(
            merchant_id=request.merchant_id, signatures=[each.actor for each in movements]
        ),
        "promises": inventory.live_reservations_at(
            merchant_id=request.merchant_id, location_id=place.id, sku_id=sku.id, limit=20
        ),
        "next": _next([movement.id for movement in movements], {}),
        "is_newest": is_newest,
        "may_adjust": may_at(request, "stock.adjust", place.id),
        "may_count": may_at(request, "stock.count", place.id),
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "level", values, section="stock", status=status)


@page("stock.view")
def shortfalls(request: MerchantRequest) -> HttpResponse:
    """Where more is promised than is there."""
    tasks = inventory.open_shortfalls(
        merchant_id=request.merchant_id,
        location_ids=_places(request),
        before_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    rows = tasks[:SHOWN]
    values = {
        "tasks": rows,
        "places": stores.locations_by_id(
            merchant_id=request.merchant_id, location_ids=[task.location_id for task in rows]
        ),
        "skus": catalog.skus_by_id(
            merchant_id=request.merchant_id, sku_ids=[task.sku_id for task in rows]
        ),
        "next": _next([task.id for task in tasks], {}),
    }
    return shown(request, "shortfalls", values, section="stock")


def visible_place(request: MerchantRequest, location_id: str) -> stores.Location:
    """The place, if it is among the reader's. Raises NoSuch."""
    wanted = id_of(location_id, kind="location")
    whole = request.whole_actor  # type: ignore[attr-defined]
    places = stores.locations_by_id(merchant_id=request.merchant_id, location_ids=[wanted])
    if wanted not in places or not whole.at("stock.view").may_at(wanted):
        raise NoSuch(kind="location", key=location_id)
    return places[wanted]


def _sku(request: MerchantRequest, sku_id: str) -> catalog.Sku:
    wanted = id_of(sku_id, kind="sku")
    skus = catalog.skus_by_id(merchant_id=request.merchant_id, sku_ids=[wanted])
    if wanted not in skus:
        raise NoSuch(kind="sku", key=sku_id)
    return skus[wanted]


def _places(request: MerchantRequest) -> list[int] | None:
    places = request.actor.location_ids
    return None if places is None else sorted(places)


def _next(ids: list[int], filters: dict[str, str]) -> str:
    if len(ids) <= SHOWN:
        return ""
    return urlencode({**filters, "cursor": cursor_after(ids[SHOWN - 1])})
