from __future__ import annotations

from datetime import datetime

from django.db import transaction

from santong.catalog import public as catalog
from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.simulation.rules.demo.shape import COUNTRY, CURRENCY, TIMEZONE, DemoMerchant, Place
from santong.simulation.services.enter_merchant import merchant_id_of
from santong.stores import public as stores


def open_demo_merchant(*, demo: DemoMerchant, now: datetime) -> int:
    """Enter the merchant into the directory with all that it owns but stock; gives its id.

    What is there already stays. Emits what opening places and creating SKUs emits.
    """
    with transaction.atomic():
        merchant_id = merchant_id_of(code=demo.code)
        with tenancy.scope(merchant_id=merchant_id):
            merchants.open_merchant(
                merchant_id=merchant_id,
                code=demo.code,
                name=demo.name,
                currency=CURRENCY,
                timezone=TIMEZONE,
                now=now,
            )
            _create_owners(merchant_id, demo, now)
            _create_storefronts(merchant_id, demo, now)
            stores.import_locations(
                merchant_id=merchant_id, rows=[_row(place) for place in demo.places], now=now
            )
            catalog.import_skus(merchant_id=merchant_id, rows=_sku_rows(demo), now=now)
    return merchant_id


def _create_owners(merchant_id: int, demo: DemoMerchant, now: datetime) -> None:
    brands = {brand.code for brand in merchants.brands(merchant_id=merchant_id)}
    for brand in demo.brands:
        if brand.code not in brands:
            merchants.create_brand(
                merchant_id=merchant_id, code=brand.code, name=brand.name, now=now
            )
    dealers = {dealer.code for dealer in merchants.dealers(merchant_id=merchant_id)}
    for dealer in demo.dealers:
        if dealer.code not in dealers:
            merchants.create_dealer(
                merchant_id=merchant_id, code=dealer.code, name=dealer.name, now=now
            )


def _create_storefronts(merchant_id: int, demo: DemoMerchant, now: datetime) -> None:
    brand_ids = {brand.code: brand.id for brand in merchants.brands(merchant_id=merchant_id)}
    there = {shop.code for shop in merchants.storefronts(merchant_id=merchant_id)}
    for shop in demo.storefronts:
        if shop.code not in there:
            merchants.create_storefront(
                merchant_id=merchant_id,
                code=shop.code,
                name=shop.name,
                channel=shop.kind,
                brand_id=brand_ids[shop.brand] if shop.brand else None,
                now=now,
            )


def _row(place: Place) -> stores.LocationRow:
    return stores.LocationRow(
        code=place.code,
        name=place.name,
        kind=place.kind,
        latitude=place.latitude,
        longitude=place.longitude,
        country=COUNTRY,
        province=place.province,
        city=place.city,
        district=place.district,
        address=place.address,
        timezone=TIMEZONE,
        brand_code=place.brand or "",
        dealer_code=place.dealer or "",
        hours=place.hours,
        daily_capacity=place.daily_capacity,
        can_ship=place.can_ship,
        can_pickup=place.can_pickup,
        can_courier=place.can_courier,
        accepts_returns=place.accepts_returns,
        parcel_cost_minor=place.parcel_cost_minor,
        handling_cost_minor=place.handling_cost_minor,
        accept_rate_ppm=place.accept_rate_ppm,
    )


def _sku_rows(demo: DemoMerchant) -> list[catalog.SkuRow]:
    return [
        catalog.SkuRow(
            style_code=style.code,
            code=sku.code,
            style_name=style.name,
            category=style.category,
            brand_code=style.brand,
            season=style.season,
            colour=sku.colour,
            size=sku.size,
            weight_grams=sku.weight_grams,
            length_mm=sku.length_mm,
            width_mm=sku.width_mm,
            height_mm=sku.height_mm,
            list_price_minor=sku.list_price_minor,
            currency=CURRENCY,
            barcodes=(sku.barcode,),
        )
        for style in demo.styles
        for sku in style.skus
    ]
