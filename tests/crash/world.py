"""A merchant for the crash test: places, goods that will run out, a token. Prints it as JSON."""

from __future__ import annotations

import json
import os
import random
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import django

# Not every place has everything, and of nothing is there enough.
PLACES, SKUS, UNITS, HELD = 6, 12, 40, 0.7


@dataclass(frozen=True, slots=True)
class Opened:
    """A merchant, and what a channel needs to know of it."""

    merchant_id: int
    token: str
    skus: list[str]


def build() -> dict[str, str | list[str]]:
    """Open the merchant; what a channel needs to know of it."""
    opened = open_merchant(code="crash", places=PLACES, skus=SKUS, units=UNITS, held=HELD)
    return {"token": opened.token, "skus": opened.skus}


def open_merchant(*, code: str, places: int, skus: int, units: int, held: float) -> Opened:
    """A merchant with so many places; each has so many units of that part of the goods."""
    from santong.catalog import public as catalog  # noqa: PLC0415  Django is set up first
    from santong.inventory import public as inventory  # noqa: PLC0415
    from santong.kernel import cells, tenancy  # noqa: PLC0415
    from santong.merchants import public as merchants  # noqa: PLC0415
    from santong.stores import public as stores  # noqa: PLC0415

    now = datetime.now(UTC)
    chance = random.Random(7)
    merchant_id = cells.register_merchant(code=code, cell=cells.all_cells()[0])
    with tenancy.scope(merchant_id=merchant_id):
        about: dict[str, Any] = {"merchant_id": merchant_id, "now": now}
        merchants.open_merchant(code=code, name=code.title(), currency="CNY", **about)
        merchants.create_storefront(code="flagship", name="Flagship", channel="h5", **about)
        person = merchants.create_staff(login="boss", name="Boss", **about)
        merchants.grant_role(staff_id=person.staff.id, role="head_office", **about)
        token = merchants.create_token(
            staff_id=person.staff.id,
            name=code,
            permissions=merchants.PERMISSIONS_BY_ROLE["head_office"],
            **about,
        )
        catalog.create_style(code="ST", name="大衣", **about)
        codes = [f"SKU{number}" for number in range(skus)]
        ids = [catalog.create_sku(style_code="ST", code=each, **about).id for each in codes]
        for number in range(places):
            place = stores.open_location(
                code=f"P{number}",
                name=f"店 {number}",
                kind="store",
                latitude=31.2 + number,
                longitude=121.4 - number,
                parcel_cost_minor=600,
                **about,
            )
            inventory.receive(
                location_id=place.id,
                quantity_by_sku={sku: units for sku in ids if chance.random() < held},
                reason="opening",
                key=f"open-{number}",
                **about,
            )
    return Opened(merchant_id, token.secret, codes)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "santong.config.settings")
    django.setup()
    sys.stdout.write(json.dumps(build()))
