"""What can be promised, and what places hold, for agents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from santong.agents.tools.registry import Asked, Call, Told, Tool, Words
from santong.agents.tools.shapes import Id, PageAsked, Text, cut
from santong.catalog import public as catalog
from santong.inventory import public as inventory
from santong.kernel.errors import NoSuch
from santong.kernel.http.pages import before_id, id_of
from santong.stores import public as stores

MOST_PLACES = 50

SkuCode = Annotated[Text, Field(min_length=1, description="A SKU's code or a barcode.")]


class CityAsked(Asked):
    """A SKU, and a city or province; without one, everywhere."""

    sku: SkuCode
    city: Annotated[Text, Field(description="How it begins is enough: 上海, 杭州市.")] = ""


class PlaceAsked(PageAsked):
    """A place by its id, and SKUs; without any, all of them."""

    location_id: Id
    skus: Annotated[list[SkuCode], Field(default_factory=list, max_length=50)]


class PromisedAt(Told):
    """What one place can promise. Without a dealer it is the merchant's own."""

    location_id: str
    code: str
    name: str
    kind: str
    city: str
    dealer_id: str | None
    quantity: int
    can_ship: bool
    can_pickup: bool
    can_courier: bool


class PromisableTold(Told):
    """What places of a city can promise of a SKU now. Only an order binds it.

    Places that are switched off promise nothing and are left out.
    """

    sku_code: str
    sku_name: str
    city: str
    quantity: int
    quantity_own: int
    quantity_of_dealers: int
    quantity_to_ship: int
    quantity_to_collect: int
    places: list[PromisedAt] = Field(description="Those with most of it first.")
    places_left_out: int


class LevelTold(Told):
    """What one place holds of one SKU: atp = on hand - allocated - reserved - safety stock."""

    sku_id: str
    sku_code: str
    sku_name: str
    on_hand: int
    allocated: int
    reserved: int
    safety_stock: int
    shortfall: int
    atp: int


class StockOfPlace(Told):
    """What a place holds, newest level first."""

    location_id: str
    location_code: str
    levels: list[LevelTold]
    next_cursor: str | None


def sku_of(call: Call, text: str) -> catalog.Sku:
    """A SKU by its code or a barcode. Raises NoSuch."""
    by_code = catalog.skus_by_code(merchant_id=call.merchant_id, codes=[text])
    found = by_code or catalog.skus_by_barcode(merchant_id=call.merchant_id, scanned=[text])
    if text not in found:
        raise NoSuch(kind="sku", key=text)
    return found[text]


def _promisable(call: Call, asked: CityAsked) -> PromisableTold:
    sku = sku_of(call, asked.sku)
    levels = inventory.atp_at(
        merchant_id=call.merchant_id, sku_ids=[sku.id], location_ids=call.actor.location_ids
    )
    quantities = {level.location_id: level.quantity for level in levels}
    places = stores.locations_by_id(merchant_id=call.merchant_id, location_ids=quantities)
    found = [
        _promised_at(place, quantities[place.id])
        for place in places.values()
        if place.is_open and is_in(place, asked.city)
    ]
    found.sort(key=lambda each: (-each.quantity, each.code))
    return PromisableTold(
        sku_code=sku.code,
        sku_name=sku.name,
        city=asked.city,
        quantity=sum(each.quantity for each in found),
        quantity_own=sum(each.quantity for each in found if each.dealer_id is None),
        quantity_of_dealers=sum(each.quantity for each in found if each.dealer_id is not None),
        quantity_to_ship=sum(each.quantity for each in found if each.can_ship),
        quantity_to_collect=sum(each.quantity for each in found if each.can_pickup),
        places=found[:MOST_PLACES],
        places_left_out=max(0, len(found) - MOST_PLACES),
    )


def is_in(place: stores.Location, city: str) -> bool:
    """Whether a place lies in a city or province that begins like this; anywhere, if empty."""
    return place.city.startswith(city) or place.province.startswith(city)


def _promised_at(place: stores.Location, quantity: int) -> PromisedAt:
    return PromisedAt(
        location_id=str(place.id),
        code=place.code,
        name=place.name,
        kind=place.kind,
        city=place.city,
        dealer_id=str(place.dealer_id) if place.dealer_id is not None else None,
        quantity=quantity,
        can_ship=place.can_ship,
        can_pickup=place.can_pickup,
        can_courier=place.can_courier,
    )


def _stock(call: Call, asked: PlaceAsked) -> StockOfPlace:
    location_id = id_of(asked.location_id, kind="location")
    places = stores.locations_by_id(merchant_id=call.merchant_id, location_ids=[location_id])
    if location_id not in places or not call.actor.may_at(location_id):
        raise NoSuch(kind="location", key=asked.location_id)
    wanted = [sku_of(call, text).id for text in asked.skus]
    found = inventory.levels_of(
        merchant_id=call.merchant_id,
        location_ids=[location_id],
        sku_ids=wanted or None,
        before_id=before_id(asked.cursor),
        limit=asked.limit + 1,
    )
    rows, cursor = cut(found, limit=asked.limit, ids=[level.id for level in found])
    return StockOfPlace(
        location_id=str(location_id),
        location_code=places[location_id].code,
        levels=_levels(call, rows),
        next_cursor=cursor,
    )


def _levels(call: Call, rows: Sequence[inventory.Level]) -> list[LevelTold]:
    skus = catalog.skus_by_id(
        merchant_id=call.merchant_id, sku_ids=[level.sku_id for level in rows]
    )
    return [
        LevelTold(
            sku_id=str(level.sku_id),
            sku_code=skus[level.sku_id].code,
            sku_name=skus[level.sku_id].name,
            on_hand=level.on_hand,
            allocated=level.allocated,
            reserved=level.reserved,
            safety_stock=level.safety_stock,
            shortfall=level.shortfall,
            atp=level.atp,
        )
        for level in rows
    ]


TOOLS: tuple[Tool[Any, Any], ...] = (
    Tool(
        name="promisable_stock",
        title=Words(zh="一座城市能承诺多少", en="What a city can promise"),
        about=Words(
            zh="一个 SKU 在一座城市（或全国）现在能承诺的数量，按地点列出，自有与经销商分开合计。",
            en="How many units of a SKU the places of a city (or all) can promise now, place by"
            " place, with sums for the merchant's own places and for dealers'.",
        ),
        permission="stock.view",
        takes=CityAsked,
        gives=PromisableTold,
        does=_promisable,
    ),
    Tool(
        name="stock_of_place",
        title=Words(zh="地点库存", en="Stock of a place"),
        about=Words(
            zh="一个地点的在手、分配、预占、安全库存和可承诺量。",
            en="On hand, allocated, reserved, safety stock and what can be promised at one place.",
        ),
        permission="stock.view",
        takes=PlaceAsked,
        gives=StockOfPlace,
        does=_stock,
    ),
)
