from __future__ import annotations

import secrets
from datetime import datetime

from santong.catalog import public as catalog
from santong.inventory import public as inventory
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.payments import public as payments
from santong.simulation.rules.demo.household import (
    BRAND,
    COUNTER,
    GOODS,
    PIECES,
    PRICE_BY_GOOD,
    SHOP,
    WALLET,
)
from santong.simulation.rules.demo.shape import CURRENCY, DemoMerchant
from santong.stores import public as stores


@all_or_nothing
def open_demo_household(*, merchant_id: int, demo: DemoMerchant, now: datetime) -> None:
    """The household brand with its shop, its accounts, its goods and their stock; once.

    Emits what creating SKUs and receiving goods emits.
    """
    if BRAND.code in {brand.code for brand in merchants.brands(merchant_id=merchant_id)}:
        return
    brand = merchants.create_brand(
        merchant_id=merchant_id, code=BRAND.code, name=BRAND.name, now=now
    )
    merchants.create_storefront(
        merchant_id=merchant_id,
        code=SHOP.code,
        name=SHOP.name,
        channel=SHOP.kind,
        brand_id=brand.id,
        now=now,
    )
    _open_accounts(merchant_id, now)
    catalog.import_skus(merchant_id=merchant_id, rows=_rows(), now=now)
    warehouse = next(place.code for place in demo.places if place.kind == "warehouse")
    places = stores.locations_by_code(merchant_id=merchant_id, codes=[warehouse])
    skus = catalog.skus_by_code(merchant_id=merchant_id, codes=[good.code for good in GOODS])
    inventory.receive(
        merchant_id=merchant_id,
        location_id=places[warehouse].id,
        quantity_by_sku={sku.id: PIECES for sku in skus.values()},
        reason="opening stock",
        key="demo-household",
        now=now,
    )


def _open_accounts(merchant_id: int, now: datetime) -> None:
    """A wallet of its own, so that nobody's statement changes; and what counters write down."""
    payments.open_payment_account(
        merchant_id=merchant_id,
        code=WALLET,
        provider="simulated",
        method="wechat_pay",
        name=f"微信支付·{BRAND.name}（模拟）",
        currency=CURRENCY,
        secrets={"secret": secrets.token_urlsafe(32)},
        fee_per_million=6_000,
        now=now,
    )
    payments.open_payment_account(
        merchant_id=merchant_id,
        code=COUNTER,
        provider="external",
        method="external",
        name="门店 POS（到账登记）",
        currency=CURRENCY,
        now=now,
    )


def _rows() -> list[catalog.SkuRow]:
    return [
        catalog.SkuRow(
            style_code=good.code,
            code=good.code,
            style_name=good.name,
            category=good.category,
            brand_code=BRAND.code,
            weight_grams=good.weight_grams,
            list_price_minor=PRICE_BY_GOOD[good.code],
            currency=CURRENCY,
        )
        for good in GOODS
    ]
