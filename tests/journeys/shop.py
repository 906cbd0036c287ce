"""A small shop for journeys: two stores, a coat, a storefront."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from santong.catalog.tests.factories import make_sku
from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.merchants.tests.factories import make_storefront
from santong.stores import public as stores

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Shop:
    """The ids of the places, nearest to the buyer first, and the coat."""

    near: int
    far: int
    sku_code: str


def open_shop(merchant_id: int, *, near: int = 0, far: int = 0) -> Shop:
    with tenancy.scope(merchant_id=merchant_id):
        make_storefront(merchant_id, code="flagship")
        sku = make_sku(merchant_id=merchant_id, code="COAT")
        places = {}
        for code, point, quantity in (
            ("SH1", (31.23, 121.47), near),
            ("BJ1", (39.90, 116.40), far),
        ):
            place = stores.open_location(
                merchant_id=merchant_id,
                code=code,
                name=code,
                kind="store",
                latitude=point[0],
                longitude=point[1],
                parcel_cost_minor=600,
                now=NOW,
            )
            places[code] = place.id
            if quantity:
                inventory.receive(
                    merchant_id=merchant_id,
                    location_id=place.id,
                    quantity_by_sku={sku.id: quantity},
                    reason="opening",
                    key=f"open-{code}",
                    now=NOW,
                )
    return Shop(places["SH1"], places["BJ1"], sku.code)


def order_document(
    *, quantity: int = 1, pickup_at: str = "", is_paid: bool = True
) -> dict[str, Any]:
    """An order as a channel hands it in: one coat, a buyer in Shanghai."""
    number = f"J{next(_numbers):06}"
    total = 19_900 * quantity
    document: dict[str, Any] = {
        "storefront_code": "flagship",
        "external_number": number,
        "placed_at": "2026-11-11T15:27:00+08:00",
        "currency": "CNY",
        "lines": [{"sku_code": "COAT", "quantity": quantity, "unit_price_minor": 19_900}],
        "recipient": {
            "name": "钱小满",
            "phone": "19900001111",
            "province": "上海市",
            "city": "上海市",
            "district": "黄浦区",
            "address": "测试路 1 号",
            "latitude": 31.23,
            "longitude": 121.48,
        },
    }
    if is_paid:
        document["payment"] = {
            "external_id": f"pay-{number}",
            "amount_minor": total,
            "currency": "CNY",
            "paid_at": "2026-11-11T15:28:00+08:00",
        }
    if pickup_at:
        document |= {"mode": "pickup", "pickup_location_code": pickup_at}
    return document
