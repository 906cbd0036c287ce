"""A merchant for the storm: plenty of goods, two accounts of the simulated provider, a token."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from typing import Any

import django

MERCHANT = "storm"
ACCOUNTS = ("simulated", "simulated-alipay")
PLACES, SKUS, UNITS, HOLD_MINUTES = 3, 4, 1_000_000, 5
# What takes the provider half a minute takes a second and a half.
PACE_PERMILLE = 50
FEE_PER_MILLION = 6_000


def build() -> dict[str, str | list[str]]:
    """Open the merchant; what its shoppers need to know of it."""
    from santong.catalog import public as catalog  # noqa: PLC0415  Django is set up first
    from santong.inventory import public as inventory  # noqa: PLC0415
    from santong.kernel import cells, tenancy  # noqa: PLC0415
    from santong.merchants import public as merchants  # noqa: PLC0415
    from santong.orders import public as orders  # noqa: PLC0415
    from santong.stores import public as stores  # noqa: PLC0415

    now = datetime.now(UTC)
    merchant_id = cells.register_merchant(code=MERCHANT, cell=cells.all_cells()[0])
    with tenancy.scope(merchant_id=merchant_id):
        about: dict[str, Any] = {"merchant_id": merchant_id, "now": now}
        merchants.open_merchant(code=MERCHANT, name="Storm", currency="CNY", **about)
        merchants.create_storefront(code="flagship", name="Flagship", channel="h5", **about)
        person = merchants.create_staff(login="boss", name="Boss", **about)
        merchants.grant_role(staff_id=person.staff.id, role="head_office", **about)
        token = merchants.create_token(
            staff_id=person.staff.id,
            name="storm",
            permissions=merchants.PERMISSIONS_BY_ROLE["head_office"],
            **about,
        )
        catalog.create_style(code="ST", name="大衣", **about)
        codes = [f"SKU{number}" for number in range(SKUS)]
        ids = [catalog.create_sku(style_code="ST", code=code, **about).id for code in codes]
        for number in range(PLACES):
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
                quantity_by_sku=dict.fromkeys(ids, UNITS),
                reason="opening",
                key=f"open-{number}",
                **about,
            )
        orders.set_unpaid_policy(
            storefront_code=None, hold_minutes=HOLD_MINUTES, grace_minutes=0, **about
        )
        open_accounts(merchant_id, now)
    return {"token": token.secret, "skus": codes}


def open_accounts(merchant_id: int, now: datetime) -> None:
    """Two accounts, each in a storm of its own."""
    from santong.payments import public as payments  # noqa: PLC0415

    methods: dict[str, payments.Method] = dict(zip(ACCOUNTS, ("wechat_pay", "alipay"), strict=True))
    for code, method in methods.items():
        payments.open_payment_account(
            merchant_id=merchant_id,
            code=code,
            provider="simulated",
            method=method,
            name=code,
            currency="CNY",
            settings={
                "profile": "stormy",
                "seed": f"{code} {os.environ.get('SANTONG_CRASH_SEED', '')}",
                "pace_permille": str(PACE_PERMILLE),
                "fee_per_million": str(FEE_PER_MILLION),
            },
            secrets={"secret": "a secret of the storm"},
            fee_per_million=FEE_PER_MILLION,
            now=now,
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "santong.config.settings")
    django.setup()
    sys.stdout.write(json.dumps(build()))
