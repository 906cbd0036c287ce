from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from random import Random

from santong.catalog import public as catalog
from santong.merchants import public as merchants
from santong.routing import public as routing
from santong.simulation.rules.olist.tables import CURRENCY
from santong.simulation.rules.replay.freight import FreightRates
from santong.simulation.rules.replay.priced import tariff_of
from santong.simulation.rules.replay.world import Place, World
from santong.simulation.services.enter_merchant import replayed_merchant
from santong.stores import public as stores

TIMEZONE = "America/Sao_Paulo"
COUNTRY = "BR"
STOREFRONT = "olist"
LONGEST_NAME = 200
WAREHOUSE_ACCEPT_PPM = 995_000
STORE_ACCEPT_PERCENT = (85, 98)
UNKNOWN_CATEGORY = "unknown"


def open_replay_merchant(
    *,
    code: str,
    world: World,
    rates: FreightRates,
    english_by_category: Mapping[str, str],
    now: datetime,
) -> int:
    """Enter a merchant with the world's places and goods, and the fitted freight; gives its id.

    What is there already stays. Emits what opening places and creating SKUs emits. Locks the
    routing policy.
    """
    with replayed_merchant(
        code=code, name=f"Olist {code}", currency=CURRENCY, timezone=TIMEZONE, now=now
    ) as merchant_id:
        if not merchants.storefronts(merchant_id=merchant_id):
            merchants.create_storefront(
                merchant_id=merchant_id,
                code=STOREFRONT,
                name="Olist",
                channel="marketplace",
                now=now,
            )
        stores.import_locations(merchant_id=merchant_id, rows=_location_rows(world), now=now)
        catalog.import_skus(
            merchant_id=merchant_id, rows=_sku_rows(world, english_by_category), now=now
        )
        _set_freight(merchant_id, rates, now)
    return merchant_id


def _set_freight(merchant_id: int, rates: FreightRates, now: datetime) -> None:
    """Live orders are routed by what carrying really cost, as those in memory are."""
    policy = routing.current_policy(merchant_id=merchant_id)
    routing.set_policy(
        merchant_id=merchant_id,
        tariff=tariff_of(rates=rates),
        limit=policy.limit,
        expected_version=policy.version,
        now=now,
    )


def _location_rows(world: World) -> list[stores.LocationRow]:
    return [
        stores.LocationRow(
            code=place.code,
            name=place.name[:LONGEST_NAME],
            kind=place.kind,
            latitude=place.point.latitude,
            longitude=place.point.longitude,
            country=COUNTRY,
            province=place.state,
            city=place.city,
            timezone=TIMEZONE,
            can_pickup=False,
            accept_rate_ppm=_accept_ppm(place, world),
        )
        for place in world.places.values()
    ]


def _accept_ppm(place: Place, world: World) -> int:
    if place.kind == "warehouse":
        return WAREHOUSE_ACCEPT_PPM
    random = Random(f"{world.rule.seed}/{place.code}")
    return random.randint(*STORE_ACCEPT_PERCENT) * 10_000


def _sku_rows(world: World, english_by_category: Mapping[str, str]) -> list[catalog.SkuRow]:
    return [
        catalog.SkuRow(
            style_code=good.code,
            code=good.code,
            style_name=f"{_category(good.category, english_by_category)} {good.code[:6]}",
            category=_category(good.category, english_by_category),
            weight_grams=good.weight_grams,
            length_mm=good.length_mm,
            width_mm=good.width_mm,
            height_mm=good.height_mm,
            list_price_minor=good.price_minor,
            currency=CURRENCY,
        )
        for good in world.goods.values()
    ]


def _category(category: str, english_by_category: Mapping[str, str]) -> str:
    return english_by_category.get(category, category) or UNKNOWN_CATEGORY
