"""A merchant with an account at the simulated provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from santong_launcher.postgres import Cluster

# Django is set up by the benchmark before anything here is called.
# ruff: noqa: PLC0415

ACCOUNT = "simulated"
CURRENCY = "CNY"
FEE_PER_MILLION = 6_000


@dataclass(frozen=True, slots=True)
class Merchant:
    """Whose money it is, and where its tables are."""

    merchant_id: int
    schema: str
    cell: int


def open_merchant() -> Merchant:
    """A merchant with one payment account that all its money comes in at."""
    from santong.kernel import cells, tenancy
    from santong.merchants import public as merchants
    from santong.payments import public as payments

    now = datetime.now(UTC)
    cell = cells.all_cells()[0]
    merchant_id = cells.register_merchant(code="bench", cell=cell)
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code="bench", name="Bench", currency=CURRENCY, now=now
        )
        payments.open_payment_account(
            merchant_id=merchant_id,
            code=ACCOUNT,
            provider="simulated",
            method="wechat_pay",
            name="Bench",
            currency=CURRENCY,
            fee_per_million=FEE_PER_MILLION,
            now=now,
        )
    return Merchant(merchant_id=merchant_id, schema=cell.schema, cell=cell.number)


def settle(*, cluster: Cluster, merchant: Merchant) -> None:
    """What autovacuum and the next checkpoint would otherwise do while it is measured."""
    with psycopg.connect(cluster.owner_url, autocommit=True) as owner:
        owner.execute(f'SET search_path TO "{merchant.schema}"')
        owner.execute("VACUUM (ANALYZE)")
    with psycopg.connect(cluster.superuser_url, autocommit=True) as superuser:
        superuser.execute("CHECKPOINT")
