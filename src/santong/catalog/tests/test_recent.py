"""What a process remembers of SKUs: fresh, bounded, and forgotten at once by whoever changes it."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from santong.catalog import public as catalog
from santong.catalog.contracts import Sku
from santong.catalog.models import CatalogueVersion
from santong.catalog.models import Sku as SkuTable
from santong.catalog.selectors import recent
from santong.catalog.selectors.recent import RecentSkus
from santong.catalog.tests.factories import NOW, make_row, make_sku
from santong.kernel import tenancy


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "_recent", RecentSkus())
    monkeypatch.setattr(recent, "_versions", {})


def a_sku(number: int) -> Sku:
    return Sku(
        id=number,
        code=f"C{number}",
        style_id=1,
        style_code="S",
        name="大衣",
        category="",
        brand_id=None,
        colour="",
        size="",
        weight_grams=0,
        length_mm=0,
        width_mm=0,
        height_mm=0,
        list_price_minor=0,
        currency="CNY",
        is_sellable=True,
        barcodes=(),
    )


def test_what_is_kept_is_found_by_its_merchant_only() -> None:
    cache = RecentSkus()
    cache.keep(skus={(1, "C1"): a_sku(1)}, version=5)

    found = cache.found(keys=[(1, "C1"), (2, "C1"), (1, "C2")], version=5)

    assert found == {(1, "C1"): a_sku(1)}


def test_what_an_older_version_said_is_not_believed() -> None:
    cache = RecentSkus()
    cache.keep(skus={(1, "C1"): a_sku(1)}, version=5)

    assert cache.found(keys=[(1, "C1")], version=6) == {}


def test_what_was_used_longest_ago_is_dropped() -> None:
    cache = RecentSkus(most_kept=2)
    cache.keep(skus={(1, "C1"): a_sku(1), (1, "C2"): a_sku(2)}, version=5)
    cache.found(keys=[(1, "C1")], version=5)

    cache.keep(skus={(1, "C3"): a_sku(3)}, version=5)

    found = cache.found(keys=[(1, "C1"), (1, "C2"), (1, "C3")], version=5)
    assert set(found) == {(1, "C1"), (1, "C3")}


def test_a_sku_that_was_read_is_not_read_again(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        sku = make_sku(merchant_id=merchant, code="A")
    with tenancy.scope(merchant_id=merchant):
        catalog.skus_by_code(merchant_id=merchant, codes=["A"])

        with CaptureQueriesContext(connection) as queries:
            by_code = catalog.skus_by_code(merchant_id=merchant, codes=["A"])
            by_id = catalog.skus_by_id(merchant_id=merchant, sku_ids=[sku.id])

    assert (by_code["A"], by_id[sku.id]) == (sku, sku)
    assert len(queries) == 0


def test_several_skus_are_read_at_once(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        codes = [make_sku(merchant_id=merchant).code for _ in range(5)]
    with (
        tenancy.scope(merchant_id=merchant),
        CaptureQueriesContext(connection) as queries,
    ):
        found = catalog.skus_by_code(merchant_id=merchant, codes=codes)

    assert list(found) == codes
    assert len([query for query in queries if "catalog_sku" in query["sql"]]) == 1


def test_a_change_is_seen_at_once_by_the_process_that_made_it(merchant: int) -> None:
    row = make_row(code="A", weight_grams=1)
    with tenancy.scope(merchant_id=merchant):
        catalog.import_skus(merchant_id=merchant, rows=[row], now=NOW)
    with tenancy.scope(merchant_id=merchant):
        catalog.skus_by_code(merchant_id=merchant, codes=["A"])
    with tenancy.scope(merchant_id=merchant):
        catalog.import_skus(merchant_id=merchant, rows=[replace(row, weight_grams=2)], now=NOW)
        inside = catalog.skus_by_code(merchant_id=merchant, codes=["A"])
    with tenancy.scope(merchant_id=merchant):
        after = catalog.skus_by_code(merchant_id=merchant, codes=["A"])

    assert (inside["A"].weight_grams, after["A"].weight_grams) == (2, 2)


def test_a_sku_that_was_rolled_back_is_not_remembered(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_sku(merchant_id=merchant, code="GHOST")
        seen = catalog.skus_by_code(merchant_id=merchant, codes=["GHOST"])
        transaction.set_rollback(True)
    with tenancy.scope(merchant_id=merchant):
        later = catalog.skus_by_code(merchant_id=merchant, codes=["GHOST"])

    assert list(seen) == ["GHOST"]
    assert later == {}


def test_another_process_is_heard_within_seconds(
    merchant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "SECONDS_TRUSTED", 0.2)
    row = make_row(code="A", weight_grams=1)
    with tenancy.scope(merchant_id=merchant):
        catalog.import_skus(merchant_id=merchant, rows=[row], now=NOW)
    with tenancy.scope(merchant_id=merchant):
        catalog.skus_by_code(merchant_id=merchant, codes=["A"])
    with tenancy.scope(merchant_id=merchant):  # what another process does: no word to this one
        CatalogueVersion.objects.take(merchant_id=merchant)
        SkuTable.objects.of_merchant(merchant).update(weight_grams=2)

    time.sleep(0.25)

    with tenancy.scope(merchant_id=merchant):
        found = catalog.skus_by_code(merchant_id=merchant, codes=["A"])
    assert found["A"].weight_grams == 2
