"""Orders over HTTP: taken in, priced, routed, reserved and told, at concurrency 16.

Everything runs on this machine: the site (two workers), PostgreSQL (durable: it waits for the
disk) and the load, whose own processor time is left out of the figures.
"""

from __future__ import annotations

import json
import random
import statistics
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from _load import Result, cpu_seconds, descendants, post_all
from _pgbench import reserve_limit
from _product import Site, installed, serving
from _report import Report
from santong_launcher.postgres import Cluster

CONNECTIONS = 16
CITIES = ((31.23, 121.47), (39.90, 116.40), (23.13, 113.26), (30.57, 104.07), (22.54, 114.06))
PERMISSIONS = ("orders.place", "orders.view", "orders.pay", "stock.view")


@dataclass(slots=True)
class World:
    """A merchant with places, goods and stock."""

    merchant_id: int
    token: str
    location_ids: list[int]
    sku_ids: dict[str, int]
    random: random.Random = field(default_factory=lambda: random.Random(20261111))

    def order(self, number: str, *sku_codes: str, quantity: int = 1) -> bytes:
        """A paid order of a buyer near one of the cities, as a channel would send it."""
        latitude, longitude = self.random.choice(CITIES)
        price = 12_900
        total = price * quantity * len(sku_codes) + 800
        return json.dumps(
            {
                "storefront_code": "shop",
                "external_number": number,
                "placed_at": "2026-11-11T15:27:00+08:00",
                "currency": "CNY",
                "lines": [
                    {"sku_code": code, "quantity": quantity, "unit_price_minor": price}
                    for code in sku_codes
                ],
                "freight_minor": 800,
                "recipient": {
                    "name": "钱小满",
                    "phone": "19900001111",
                    "province": "上海市",
                    "city": "上海市",
                    "district": "黄浦区",
                    "address": "测试路 1 号",
                    "latitude": latitude + self.random.uniform(-1, 1),
                    "longitude": longitude + self.random.uniform(-1, 1),
                },
                "payment": {
                    "external_id": f"pay-{number}",
                    "amount_minor": total,
                    "currency": "CNY",
                    "paid_at": "2026-11-11T15:27:30+08:00",
                },
            }
        ).encode()


def main() -> None:
    report = Report.begin(bench="orders", about="Orders over HTTP, routed and reserved.")
    places, skus, orders = (20, 200, 300) if report.is_quick else (300, 2_000, 4_000)
    with installed() as cluster:
        report.postgres = str(cluster.programs)
        report.progress("building the merchant")
        world = build(places=places, skus=skus, prefix="S")
        with serving() as site:
            report.progress("warming up")
            run(site, world, spread(world, "warm", 200), name="warm")
            _measure_spread(report, cluster, site, world, orders)
            _measure_hot(report, site, world, orders // 2)
            _measure_last_units(report, site, world)
            _measure_crossed(report, cluster, site, world, orders // 4)
            report.progress("ten times the stock rows")
            add_stock(world, skus=skus * 9, prefix="X")
            codes = list(world.sku_ids)
            runs = [
                run(site, world, spread(world, f"ten{n}", orders // 2, codes), name=f"ten{n}")
                for n in range(3)
            ]
            report.figure("orders_per_s_spread_10x_stock_rows", _median_rate(runs))
        limit = reserve_limit(
            cluster=cluster,
            merchant_id=world.merchant_id,
            clients=CONNECTIONS,
            seconds=2 if report.is_quick else 8,
        )
        report.figure("pgbench_reserve_per_s", limit)
        rate = report.figures["orders_per_s_spread"]
        assert isinstance(rate, float)
        report.figure("ratio_to_pgbench_reserve", rate / limit)
    report.end()


def _measure_spread(
    report: Report, cluster: Cluster, site: Site, world: World, orders: int
) -> None:
    report.progress("spread SKUs")
    runs, cpus = [], []
    for number in range(3):
        bodies = spread(world, f"spread{number}", orders)
        before = _cpu(cluster, site)
        runs.append(run(site, world, bodies, name=f"spread{number}"))
        cpus.append((_cpu(cluster, site) - before) * 1000 / orders)
    report.figure("orders_per_s_spread", _median_rate(runs), aim="≥ 250")
    report.figure("cpu_ms_per_order", statistics.median(cpus), aim="≤ 6")
    report.figure("p50_ms_spread", statistics.median(r.percentile(0.5) for r in runs))
    report.figure("p95_ms_spread", statistics.median(r.percentile(0.95) for r in runs), aim="≤ 150")
    report.note("spread", _told(runs))


def _measure_hot(report: Report, site: Site, world: World, orders: int) -> None:
    report.progress("one hot SKU at one place")
    stock(world, "HOT", quantity=1_000_000)
    runs = [
        run(site, world, [world.order(f"hot{n}-{i}", "HOT") for i in range(orders)], name=f"hot{n}")
        for n in range(3)
    ]
    report.figure("orders_per_s_hot", _median_rate(runs), aim="≥ 120")
    report.note("hot", _told(runs))


def _measure_last_units(report: Report, site: Site, world: World) -> None:
    report.progress("50 units, 200 attempts")
    stock(world, "LAST", quantity=50)
    result = run(
        site,
        world,
        [world.order(f"last-{i}", "LAST") for i in range(200)],
        name="last",
        strict=False,
    )
    report.figure("sold_of_50", result.count_by_status.get(201, 0), aim="= 50")
    report.note("last units", _told([result]))


def _measure_crossed(
    report: Report, cluster: Cluster, site: Site, world: World, orders: int
) -> None:
    report.progress("crossed orders of two lines")
    for code in ("LEFT", "RIGHT"):
        stock(world, code, quantity=1_000_000)
    before = _deadlocks(cluster)
    bodies = [
        world.order(f"cross-{i}", *(("LEFT", "RIGHT") if i % 2 else ("RIGHT", "LEFT")))
        for i in range(orders)
    ]
    result = run(site, world, bodies, name="cross")
    report.figure("deadlock_errors", _deadlocks(cluster) - before, aim="= 0")
    report.note("crossed", _told([result]))


def run(site: Site, world: World, bodies: list[bytes], *, name: str, strict: bool = True) -> Result:
    """Send orders; every one must be taken in, unless the test is about refusals."""
    result = post_all(
        port=site.port,
        path="/api/v1/orders?if_short=refuse",
        token=world.token,
        bodies=bodies,
        connections=CONNECTIONS,
        name=name,
    )
    if strict and result.count_by_status != {201: len(bodies)}:
        raise SystemExit(f"{name}: {result.count_by_status} {result.refusals}")
    return result


def spread(world: World, name: str, orders: int, codes: list[str] | None = None) -> list[bytes]:
    known = codes or [code for code in world.sku_ids if code.startswith("S")]
    return [world.order(f"{name}-{i}", world.random.choice(known)) for i in range(orders)]


def build(*, places: int, skus: int, prefix: str) -> World:
    """A merchant with places around five cities and stock at 40 % of them."""
    from santong.kernel import cells, tenancy  # noqa: PLC0415  after Django is set up
    from santong.merchants import public as merchants  # noqa: PLC0415
    from santong.stores import public as stores  # noqa: PLC0415

    now = datetime.now(UTC)
    merchant_id = cells.register_merchant(code="bench", cell=cells.all_cells()[0])
    chance = random.Random(1)
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code="bench", name="Bench", currency="CNY", now=now
        )
        merchants.create_storefront(**_storefront(merchant_id, now))
        person = merchants.create_staff(**_person(merchant_id, now))
        merchants.grant_role(
            merchant_id=merchant_id, staff_id=person.staff.id, role="head_office", now=now
        )
        made = merchants.create_token(
            merchant_id=merchant_id,
            staff_id=person.staff.id,
            name="load",
            permissions=PERMISSIONS,
            now=now,
        )
        stores.import_locations(
            merchant_id=merchant_id,
            rows=[_place(number, chance) for number in range(places)],
            now=now,
        )
        known = stores.location_map(merchant_id=merchant_id)
    world = World(merchant_id, made.secret, [int(each) for each in known.ids], {})
    add_stock(world, skus=skus, prefix=prefix)
    return world


def add_stock(world: World, *, skus: int, prefix: str) -> None:
    """More goods, each at 40 % of the places."""
    from santong.catalog import public as catalog  # noqa: PLC0415
    from santong.inventory import public as inventory  # noqa: PLC0415
    from santong.kernel import tenancy  # noqa: PLC0415

    now = datetime.now(UTC)
    codes = [f"{prefix}{number:05d}" for number in range(skus)]
    with tenancy.scope(merchant_id=world.merchant_id):
        catalog.import_skus(
            merchant_id=world.merchant_id,
            rows=[
                catalog.SkuRow(
                    style_code=f"ST-{prefix}",
                    code=code,
                    style_name="大衣",
                    weight_grams=700,
                    list_price_minor=12_900,
                    currency="CNY",
                )
                for code in codes
            ],
            now=now,
        )
        found = catalog.skus_by_code(merchant_id=world.merchant_id, codes=codes)
    world.sku_ids.update({code: sku.id for code, sku in found.items()})
    ids = [sku.id for sku in found.values()]
    for location_id in world.location_ids:
        with tenancy.scope(merchant_id=world.merchant_id):
            inventory.receive(
                merchant_id=world.merchant_id,
                location_id=location_id,
                quantity_by_sku={sku_id: 500 for sku_id in ids if world.random.random() < 0.4},
                reason="opening stock",
                key=f"open-{prefix}-{location_id}",
                now=now,
            )


def stock(world: World, code: str, *, quantity: int) -> None:
    """A SKU of its own at the first place only."""
    from santong.catalog import public as catalog  # noqa: PLC0415
    from santong.inventory import public as inventory  # noqa: PLC0415
    from santong.kernel import tenancy  # noqa: PLC0415

    now = datetime.now(UTC)
    with tenancy.scope(merchant_id=world.merchant_id):
        sku = catalog.create_sku(
            merchant_id=world.merchant_id,
            style_code="ST-S",
            code=code,
            weight_grams=700,
            list_price_minor=12_900,
            currency="CNY",
            now=now,
        )
        inventory.receive(
            merchant_id=world.merchant_id,
            location_id=world.location_ids[0],
            quantity_by_sku={sku.id: quantity},
            reason="opening stock",
            key=f"open-{code}",
            now=now,
        )


def _storefront(merchant_id: int, now: datetime) -> dict[str, Any]:
    return {
        "merchant_id": merchant_id,
        "code": "shop",
        "name": "Shop",
        "channel": "h5",
        "now": now,
    }


def _person(merchant_id: int, now: datetime) -> dict[str, Any]:
    return {"merchant_id": merchant_id, "login": "bench", "name": "Bench", "now": now}


def _place(number: int, chance: random.Random) -> Any:
    from santong.stores import public as stores  # noqa: PLC0415

    latitude, longitude = CITIES[number % len(CITIES)]
    return stores.LocationRow(
        code=f"P{number:04d}",
        name=f"店 {number}",
        kind="store",
        latitude=latitude + chance.uniform(-2, 2),
        longitude=longitude + chance.uniform(-2, 2),
        parcel_cost_minor=600,
        handling_cost_minor=150,
        accept_rate_ppm=chance.randrange(800_000, 1_000_000),
    )


def _cpu(cluster: Cluster, site: Site) -> float:
    """Processor time of the site and of the database so far."""
    return cpu_seconds([*descendants(site.pid), *cluster.pids()])


def _median_rate(runs: list[Result]) -> float:
    return statistics.median(sum(r.count_by_status.values()) / r.seconds for r in runs)


def _deadlocks(cluster: Cluster) -> int:
    import psycopg  # noqa: PLC0415

    with psycopg.connect(cluster.superuser_url) as connection:
        row = connection.execute("SELECT sum(deadlocks)::int FROM pg_stat_database").fetchone()
    return row[0] if row else 0


def _told(runs: list[Result]) -> str:
    return "; ".join(
        f"{sum(r.count_by_status.values())} requests in {r.seconds:.1f} s, {r.count_by_status}"
        + (f", {r.refusals}" if r.refusals else "")
        for r in runs
    )


if __name__ == "__main__":
    main()
