"""A merchant whose members have points in lots, opened as an import does."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg

from santong_launcher.postgres import Cluster

# Django is set up by the benchmark before anything here is called.
# ruff: noqa: PLC0415

ASSET = "points:bench"
LOTS = 5
PLENTY = 1_000_000
IN_ONE_GO = 5_000


@dataclass(frozen=True, slots=True)
class Members:
    """Whose accounts there are: `member:1` to the last, each with its lots."""

    merchant_id: int
    schema: str
    cell: int
    last: int
    first: int = 1


def open_merchant() -> Members:
    """A merchant with an asset of points, and nobody who has any."""
    from santong.kernel import cells, tenancy
    from santong.merchants import public as merchants
    from santong.payments import public as ledger

    now = datetime.now(UTC)
    cell = cells.all_cells()[0]
    merchant_id = cells.register_merchant(code="bench", cell=cell)
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code="bench", name="Bench", currency="CNY", now=now
        )
        ledger.open_asset(merchant_id=merchant_id, code=ASSET, kind="points", now=now)
    return Members(merchant_id=merchant_id, schema=cell.schema, cell=cell.number, last=0)


def open_balances(*, members: Members, until: int, each: int = PLENTY, lots: int = LOTS) -> float:
    """Give more members so many lots each, in large batches; say how many members a second."""
    from santong.kernel import tenancy
    from santong.payments import public as ledger

    now = datetime.now(UTC)
    numbers = range(members.last + 1, until + 1)
    began = time.perf_counter()
    for first in range(numbers.start, numbers.stop, IN_ONE_GO):
        txns = [
            opening(number, each=each, lots=lots, now=now)
            for number in range(first, min(first + IN_ONE_GO, numbers.stop))
        ]
        with tenancy.scope(merchant_id=members.merchant_id):
            ledger.post_many(merchant_id=members.merchant_id, source="bench", txns=txns, now=now)
    return len(numbers) / (time.perf_counter() - began)


def opening(number: int, *, each: int, lots: int, now: datetime):  # type: ignore[no-untyped-def]  # the product's types are there only once Django is set up
    """What a member brings along: lots that end in different months."""
    from santong.payments import public as ledger

    available = ledger.AccountKey(ASSET, "available", f"member:{number}")
    return ledger.NewTxn(
        key=f"opening/{number}",
        kind="opening",
        entries=(
            ledger.NewEntry(ledger.AccountKey(ASSET, "opening", "pool"), -each * lots),
            *(
                ledger.NewEntry(available, each, now + timedelta(days=30 * lot + 30))
                for lot in range(lots)
            ),
        ),
        occurred_at=now,
    )


def settle(*, cluster: Cluster, members: Members) -> None:
    """What autovacuum and the next checkpoint would otherwise do while it is measured."""
    with psycopg.connect(cluster.owner_url, autocommit=True) as owner:
        owner.execute(f'SET search_path TO "{members.schema}"')
        owner.execute(
            "VACUUM (ANALYZE) payments_asset, payments_account, payments_txn, payments_entry,"
            " payments_lot, payments_lotuse"
        )
    with psycopg.connect(cluster.superuser_url, autocommit=True) as superuser:
        superuser.execute("CHECKPOINT")
