"""A merchant for the storm: plenty of goods, two accounts of the simulated provider, a token."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime

import django

from tests.crash.world import open_merchant

MERCHANT = "storm"
ACCOUNTS = ("simulated", "simulated-alipay")
PLACES, SKUS, UNITS, HOLD_MINUTES = 3, 4, 1_000_000, 5
# What takes the provider half a minute takes a second and a half.
PACE_PERMILLE = 50
FEE_PER_MILLION = 6_000


def build() -> dict[str, str | list[str]]:
    """Open the merchant; what its shoppers need to know of it."""
    from santong.kernel import tenancy  # noqa: PLC0415  Django is set up first
    from santong.orders import public as orders  # noqa: PLC0415

    opened = open_merchant(code=MERCHANT, places=PLACES, skus=SKUS, units=UNITS, held=1)
    merchant_id, now = opened.merchant_id, datetime.now(UTC)
    with tenancy.scope(merchant_id=merchant_id):
        orders.set_unpaid_policy(
            merchant_id=merchant_id,
            storefront_code=None,
            hold_minutes=HOLD_MINUTES,
            grace_minutes=0,
            now=now,
        )
        open_accounts(merchant_id, now)
    return {"token": opened.token, "skus": opened.skus}


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
