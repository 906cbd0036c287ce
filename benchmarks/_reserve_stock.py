"""A merchant with every SKU at every place, received like any goods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import psycopg

from _reserve_limit import Stock
from santong_launcher.postgres import Cluster

# Django is set up by the benchmark before anything here is called.
# ruff: noqa: PLC0415

PLENTY = 1_000_000


def build(*, cluster: Cluster, skus: int, places: int) -> Stock:
    """So many levels, plenty in each, and ids without gaps to draw from."""
    from santong.catalog import public as catalog
    from santong.kernel import cells, tenancy
    from santong.merchants import public as merchants

    now = datetime.now(UTC)
    cell = cells.all_cells()[0]
    merchant_id = cells.register_merchant(code="bench", cell=cell)
    codes = [f"SKU{number:05d}" for number in range(skus)]
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code="bench", name="Bench", currency="CNY", now=now
        )
        catalog.import_skus(
            merchant_id=merchant_id,
            rows=[
                catalog.SkuRow(style_code="ST", style_name="大衣", code=code, currency="CNY")
                for code in codes
            ],
            now=now,
        )
        found = catalog.skus_by_code(merchant_id=merchant_id, codes=codes)
    sku_ids = sorted(sku.id for sku in found.values())
    stock = Stock(
        merchant_id=merchant_id,
        schema=cell.schema,
        cell=cell.number,
        first_sku=sku_ids[0],
        last_sku=sku_ids[-1],
        first_location=0,
        last_location=-1,
    )
    location_ids = _receive(stock, places=places, prefix="A")
    stock = replace(stock, first_location=location_ids[0], last_location=location_ids[-1])
    _settle(cluster, stock, rows=skus * places)
    return stock


def ten_times(*, cluster: Cluster, stock: Stock) -> Stock:
    """Nine times as many places beside the first ones."""
    places = stock.last_location - stock.first_location + 1
    location_ids = _receive(stock, places=places * 9, prefix="B")
    wider = replace(stock, last_location=location_ids[-1])
    _settle(cluster, wider, rows=stock.rows * 10)
    return wider


def last_units(*, stock: Stock, left: int) -> Stock:
    """One level that somebody has counted down to a few units above its promises."""
    from santong.inventory import public as inventory
    from santong.kernel import tenancy

    one = one_level(stock=stock)
    with tenancy.scope(merchant_id=stock.merchant_id):
        (level,) = inventory.levels_of(
            merchant_id=stock.merchant_id,
            location_ids=[one.first_location],
            sku_ids=[one.first_sku],
        )
        inventory.count(
            merchant_id=stock.merchant_id,
            location_id=one.first_location,
            counted_by_sku={one.first_sku: level.reserved + level.allocated + left},
            key="last-units",
            now=datetime.now(UTC),
        )
    return one


def plenty_again(*, stock: Stock) -> None:
    """Goods come in where the last units were sold, as much as everywhere."""
    from santong.inventory import public as inventory
    from santong.kernel import tenancy

    with tenancy.scope(merchant_id=stock.merchant_id):
        inventory.receive(
            merchant_id=stock.merchant_id,
            location_id=stock.first_location,
            quantity_by_sku={stock.first_sku: PLENTY},
            reason="more",
            key="plenty-again",
            now=datetime.now(UTC),
        )


def one_level(*, stock: Stock) -> Stock:
    """The first SKU at the first place."""
    return replace(stock, last_sku=stock.first_sku, last_location=stock.first_location)


def _receive(stock: Stock, *, places: int, prefix: str) -> list[int]:
    from santong.inventory import public as inventory
    from santong.kernel import tenancy
    from santong.stores import public as stores

    now = datetime.now(UTC)
    codes = [f"{prefix}{number:05d}" for number in range(places)]
    with tenancy.scope(merchant_id=stock.merchant_id):
        stores.import_locations(
            merchant_id=stock.merchant_id,
            rows=[
                stores.LocationRow(
                    code=code, name=code, kind="store", latitude=31.2, longitude=121.5
                )
                for code in codes
            ],
            now=now,
        )
        found = stores.locations_by_code(merchant_id=stock.merchant_id, codes=codes)
    sku_ids: Iterable[int] = range(stock.first_sku, stock.last_sku + 1)
    for location in found.values():
        with tenancy.scope(merchant_id=stock.merchant_id):
            inventory.receive(
                merchant_id=stock.merchant_id,
                location_id=location.id,
                quantity_by_sku=dict.fromkeys(sku_ids, PLENTY),
                reason="opening stock",
                key=f"open-{location.code}",
                now=now,
            )
    return sorted(location.id for location in found.values())


def _settle(cluster: Cluster, stock: Stock, *, rows: int) -> None:
    """What autovacuum and the next checkpoint would otherwise do while it is measured."""
    assert stock.rows == rows, "ids are drawn from whole ranges"
    with psycopg.connect(cluster.owner_url, autocommit=True) as owner:
        owner.execute(f'SET search_path TO "{stock.schema}"')
        owner.execute(
            "VACUUM (ANALYZE) inventory_stocklevel, inventory_stockmovement,"
            " inventory_reservation, kernel_outboxevent"
        )
    with psycopg.connect(cluster.superuser_url, autocommit=True) as superuser:
        superuser.execute("CHECKPOINT")
