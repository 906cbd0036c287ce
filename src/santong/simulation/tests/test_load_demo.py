from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils.module_loading import import_string
from pytest_django.plugin import DjangoDbBlocker

from santong.catalog import public as catalog
from santong.fulfilment import public as fulfilment
from santong.inventory import public as inventory
from santong.kernel import cells, crypto, relay, tenancy
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.simulation.contracts import Progress
from santong.simulation.rules.demo.group import demo_merchant
from santong.simulation.rules.demo.shape import DemoMerchant
from santong.simulation.services.find_crew import find_crew
from santong.simulation.services.load_demo_merchant import Loaded, load_demo_merchant
from santong.simulation.services.work_due import work_due
from santong.stores import public as stores

ENDS_AT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
PASSWORD = "klar-wie-2-monde"


def silent(_title: str, _total: int) -> Progress:
    return lambda _done: None


def load(demo: DemoMerchant) -> Loaded:
    return load_demo_merchant(demo=demo, seed=7, password=PASSWORD, now=ENDS_AT, bars=silent)


def small_demo(*, orders_placed: int) -> DemoMerchant:
    demo = demo_merchant(
        seed=7, week_ends_at=ENDS_AT, stores=14, skus=60, order_count=orders_placed
    )
    return replace(demo, code=f"demo-{uuid.uuid4().hex[:12]}")


@pytest.fixture(scope="module")
def demo() -> DemoMerchant:
    return small_demo(orders_placed=90)


@pytest.fixture(scope="module")
def loaded(demo: DemoMerchant, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Loaded:
    """The demo, loaded once for all tests that only look at it."""
    with django_db_blocker.unblock():
        cells.forget()
        crypto.forget_keys()
        made = load(demo)
        relay.drain(cell=cells.cell_of(made.merchant_id), wait_seconds=120)
    return made


def findings(merchant_id: int) -> list[str]:
    found: list[str] = []
    for path in settings.SANTONG_CHECKS:
        with tenancy.scope(merchant_id=merchant_id):
            check = import_string(path)
            found += [f"{each.rule}: {each.detail}" for each in check(merchant_id=merchant_id)]
    return found


def test_everything_of_the_demo_is_there_and_sound(
    demo: DemoMerchant, loaded: Loaded, database: None
) -> None:
    with tenancy.scope(merchant_id=loaded.merchant_id):
        places = stores.location_map(merchant_id=loaded.merchant_id).ids
        shops = merchants.storefronts(merchant_id=loaded.merchant_id)
        skus = catalog.skus_by_code(
            merchant_id=loaded.merchant_id, codes=[sku.code for sku in demo.skus]
        )
        placed = orders.orders_page(merchant_id=loaded.merchant_id, limit=200)
    assert (len(places), len(shops)) == (18, len(demo.storefronts))
    assert len(skus) == 60
    assert {sku.barcodes[0] for sku in skus.values()} == {sku.barcode for sku in demo.skus}
    assert len(placed) == loaded.played.placed
    assert loaded.played.placed + loaded.played.refused.total() == 90
    assert loaded.played.placed > 80
    assert {"paid", "shipped", "cancelled"} <= {order.state for order in placed}
    assert findings(loaded.merchant_id) == []


def test_stock_is_what_was_laid_in_less_what_has_left(
    demo: DemoMerchant, loaded: Loaded, database: None
) -> None:
    with tenancy.scope(merchant_id=loaded.merchant_id):
        levels = inventory.levels_of(merchant_id=loaded.merchant_id, limit=10_000)
        movements = [
            movement
            for level in levels
            for movement in inventory.movements_of(
                merchant_id=loaded.merchant_id,
                location_id=level.location_id,
                sku_id=level.sku_id,
                limit=100,
            )
        ]
    kinds = Counter(movement.kind for movement in movements)
    changed = sum(m.on_hand_delta for m in movements if m.kind != "receive")
    assert len(levels) == kinds["receive"] == len(demo.stock)
    assert kinds["consume"] > 0
    assert sum(level.on_hand for level in levels) == sum(demo.stock.values()) + changed


def test_loading_again_changes_nothing(demo: DemoMerchant, loaded: Loaded, database: None) -> None:
    with tenancy.scope(merchant_id=loaded.merchant_id):
        before = inventory.levels_of(merchant_id=loaded.merchant_id, limit=10_000)

    second = load(demo)

    with tenancy.scope(merchant_id=loaded.merchant_id):
        after = inventory.levels_of(merchant_id=loaded.merchant_id, limit=10_000)
        placed = orders.orders_page(merchant_id=loaded.merchant_id, limit=200)
    assert second.merchant_id == loaded.merchant_id
    assert second.log_ins == []
    assert before == after
    assert len(placed) == loaded.played.placed


def test_each_role_can_log_in_and_the_developer_has_a_token(
    demo: DemoMerchant, loaded: Loaded, database: None
) -> None:
    roles = {log_in.role for log_in in loaded.log_ins}
    assert roles >= {person.role for person in demo.staff if person.has_log_in}
    assert "API token" in roles
    with tenancy.scope(merchant_id=loaded.merchant_id):
        people = merchants.staff(merchant_id=loaded.merchant_id)
    assert {person.login for person in people} == {
        person.username for person in demo.staff if person.has_log_in
    }
    assert PASSWORD not in repr(loaded.log_ins)


def test_an_order_tells_its_story_in_the_order_of_its_time(loaded: Loaded, database: None) -> None:
    with tenancy.scope(merchant_id=loaded.merchant_id):
        shipped = orders.orders_page(merchant_id=loaded.merchant_id, state="shipped", limit=1)[0]
        story = fulfilment.timeline_of(merchant_id=loaded.merchant_id, order_id=shipped.id)
    moments = [entry.at for entry in story]
    assert moments == sorted(moments)
    assert moments[0] >= shipped.placed_at
    assert moments[-1] <= ENDS_AT


def test_simulated_places_finish_what_they_were_given(database: None) -> None:
    merchant_id = load(small_demo(orders_placed=25)).merchant_id
    cell = cells.cell_of(merchant_id)
    crew = find_crew(merchant_id=merchant_id, seed=7)

    for hour in range(1, 30):
        now = datetime.now(UTC) + timedelta(hours=hour)
        relay.drain(cell=cell, wait_seconds=120)
        with tenancy.scope(merchant_id=merchant_id):
            fulfilment.time_out_offers(merchant_id=merchant_id, now=now)
        work_due(merchant_id=merchant_id, crew=crew, speed=60, now=now)

    with tenancy.scope(merchant_id=merchant_id):
        waiting = fulfilment.counts_by_state(merchant_id=merchant_id)
    assert not any(waiting.values())
    assert findings(merchant_id) == []
