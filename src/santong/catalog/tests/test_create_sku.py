"""Creating styles and SKUs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from santong.catalog import public as catalog
from santong.catalog.models import Barcode, Sku, Style
from santong.catalog.tests.factories import make_sku, make_style
from santong.kernel import audit, tenancy
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.models import OutboxEvent


def test_a_new_sku_is_found_by_code_id_and_barcode(merchant_id: int, now: datetime) -> None:
    make_style(merchant_id=merchant_id, code="C1", name="大衣", category="女装/大衣")

    sku = catalog.create_sku(
        merchant_id=merchant_id,
        style_code="C1",
        code="C1-RED-M",
        colour="红",
        size="M",
        weight_grams=900,
        list_price_minor=99_900,
        barcodes=["4006381333931"],
        internal_codes=["A-77"],
        now=now,
    )

    assert sku.name == "大衣"
    assert sku.category == "女装/大衣"
    assert sku.barcodes == ("4006381333931", "A-77")
    assert catalog.skus_by_code(merchant_id=merchant_id, codes=["C1-RED-M", "?"]) == {
        "C1-RED-M": sku
    }
    assert catalog.skus_by_id(merchant_id=merchant_id, sku_ids=[sku.id, sku.id + 1]) == {
        sku.id: sku
    }
    assert catalog.skus_by_barcode(
        merchant_id=merchant_id, scanned=["04006381333931", "A-77", "4006381333930"]
    ) == {"04006381333931": sku, "A-77": sku}


def test_a_new_sku_is_told_and_recorded(merchant_id: int) -> None:
    sku = make_sku(merchant_id=merchant_id)

    told = OutboxEvent.objects.filter(merchant_id=merchant_id, name="catalog.sku_created.v1")
    trail = audit.trail_of(merchant_id=merchant_id, subject="sku", subject_ids=[sku.id])
    assert [fact.body["code"] for fact in told] == [sku.code]
    assert [entry.action for entry in trail] == ["catalog.create_sku"]


def test_a_code_that_is_there_is_refused(merchant_id: int) -> None:
    first = make_sku(merchant_id=merchant_id, code="ONE")

    with pytest.raises(catalog.CodeTaken) as refused, transaction.atomic():
        make_sku(merchant_id=merchant_id, code="ONE", style_code=first.style_code)

    assert refused.value.members() == {"kind": "sku", "taken": "ONE"}


def test_a_style_code_that_is_there_is_refused(merchant_id: int) -> None:
    make_style(merchant_id=merchant_id, code="ST")

    with pytest.raises(catalog.CodeTaken, match="style"):
        make_style(merchant_id=merchant_id, code=" ST ")


def test_a_barcode_means_one_sku_however_it_is_written(merchant_id: int) -> None:
    owner = make_sku(merchant_id=merchant_id, barcodes=["036000291452"])

    with pytest.raises(catalog.BarcodeTaken) as refused, transaction.atomic():
        make_sku(merchant_id=merchant_id, code="LATER", barcodes=["0036000291452"])

    assert refused.value.members() == {"barcode": "0036000291452", "sku_code": owner.code}
    assert not catalog.skus_by_code(merchant_id=merchant_id, codes=["LATER"])


def test_a_wrong_check_digit_is_named(merchant_id: int) -> None:
    with pytest.raises(catalog.BarcodeInvalid) as refused:
        make_sku(merchant_id=merchant_id, barcodes=["4006381333930"])

    assert refused.value.reason == "check_digit"


def test_a_sku_needs_its_style(merchant_id: int) -> None:
    with pytest.raises(NoSuch, match="style"):
        make_sku(merchant_id=merchant_id, style_code="nowhere")


@pytest.mark.parametrize("code", ["", "   ", "x" * 61, "a\tb", "a\x00b", "a\ud800"])
def test_a_code_that_is_none_is_refused(code: str, merchant_id: int, now: datetime) -> None:
    style = make_style(merchant_id=merchant_id)

    with pytest.raises(FieldInvalid) as refused:
        catalog.create_sku(merchant_id=merchant_id, style_code=style.code, code=code, now=now)

    assert refused.value.pointer == "/code"


def test_another_merchants_goods_are_not_seen(new_merchant: Callable[..., int]) -> None:
    ours, theirs = new_merchant(), new_merchant()
    with tenancy.scope(merchant_id=ours):
        sku = make_sku(merchant_id=ours, code="OURS", barcodes=["4006381333931"])

    with tenancy.scope(merchant_id=theirs):
        by_code = catalog.skus_by_code(merchant_id=theirs, codes=["OURS"])
        by_wrong_merchant = catalog.skus_page(merchant_id=ours)
        by_id = catalog.skus_by_id(merchant_id=theirs, sku_ids=[sku.id])
        by_barcode = catalog.skus_by_barcode(merchant_id=theirs, scanned=["4006381333931"])

    assert (by_code, by_wrong_merchant, by_id, by_barcode) == ({}, [], {}, {})


def test_one_of_many_creators_of_a_code_wins(merchant: int, at_once: Callable[..., Any]) -> None:
    with tenancy.scope(merchant_id=merchant):
        style = make_style(merchant_id=merchant)

    def create() -> catalog.Sku:
        with tenancy.scope(merchant_id=merchant):
            return make_sku(
                merchant_id=merchant,
                code="WANTED",
                style_code=style.code,
                barcodes=["4006381333931"],
            )

    results = at_once(*[create] * 6)

    with tenancy.scope(merchant_id=merchant):
        assert Sku.objects.of_merchant(merchant).count() == 1
        assert Barcode.objects.of_merchant(merchant).count() == 1
        assert Style.objects.of_merchant(merchant).count() == 1
    assert sorted(type(result).__name__ for result in results) == ["CodeTaken"] * 5 + ["Sku"]


def test_one_of_two_skus_gets_a_barcode(merchant: int, at_once: Callable[..., Any]) -> None:
    with tenancy.scope(merchant_id=merchant):
        style = make_style(merchant_id=merchant)

    def create(code: str) -> catalog.Sku:
        with tenancy.scope(merchant_id=merchant):
            return make_sku(
                merchant_id=merchant, code=code, style_code=style.code, barcodes=["4006381333931"]
            )

    results = at_once(lambda: create("A"), lambda: create("B"))

    with tenancy.scope(merchant_id=merchant):
        assert Sku.objects.of_merchant(merchant).count() == 1
    assert sorted(type(result).__name__ for result in results) == ["BarcodeTaken", "Sku"]
