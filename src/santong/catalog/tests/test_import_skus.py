"""Importing SKUs: all or nothing, by code, and the same rows again change nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import pytest
from django.db import transaction

from santong.catalog import public as catalog
from santong.catalog.contracts import ImportReport, SkuRow
from santong.catalog.models import Barcode, Sku, Style
from santong.catalog.services.import_skus import MOST_ERRORS_SHOWN
from santong.catalog.tests.factories import NOW, make_row, make_sku
from santong.kernel import audit, tenancy
from santong.kernel.models import OutboxEvent
from santong.merchants.tests.factories import make_brand


def bring(merchant_id: int, *rows: SkuRow) -> ImportReport:
    return catalog.import_skus(merchant_id=merchant_id, rows=rows, now=NOW)


def refused(merchant_id: int, *rows: SkuRow) -> list[tuple[int, str, str]]:
    with pytest.raises(catalog.ImportRefused) as why, transaction.atomic():
        bring(merchant_id, *rows)
    return [(error.row, error.column, error.reason) for error in why.value.errors]


def told(merchant_id: int, name: str) -> list[str]:
    events = OutboxEvent.objects.filter(merchant_id=merchant_id, name=name).order_by("id")
    return [event.body["code"] for event in events]


def test_new_rows_are_created_with_their_style_and_barcodes(merchant_id: int) -> None:
    brand = make_brand(merchant_id, code="CX")

    report = bring(
        merchant_id,
        make_row(code="A", style_code="S", style_name="大衣", brand_code="CX", size="M"),
        make_row(code="B", style_code="S", style_name="", size="L", barcodes=("4006381333931",)),
    )

    found = catalog.skus_by_code(merchant_id=merchant_id, codes=["A", "B"])
    assert report == ImportReport(created=2, changed=0, unchanged=0)
    assert [(sku.name, sku.brand_id, sku.size) for sku in found.values()] == [
        ("大衣", brand.id, "M"),
        ("大衣", brand.id, "L"),
    ]
    assert found["B"].barcodes == ("4006381333931",)
    assert found["A"].currency == "CNY"
    assert told(merchant_id, "catalog.sku_created.v1") == ["A", "B"]


def test_the_same_rows_again_change_nothing(merchant_id: int) -> None:
    rows = [
        make_row(code="A", barcodes=("4006381333931",), internal_codes=("in-1",)),
        make_row(code="B", size="L"),
    ]
    bring(merchant_id, *rows)

    report = bring(merchant_id, *rows)

    assert report == ImportReport(created=0, changed=0, unchanged=2)
    assert told(merchant_id, "catalog.sku_changed.v1") == []


def test_what_differs_is_changed_told_and_recorded(merchant_id: int) -> None:
    first, same = make_row(code="A", weight_grams=700), make_row(code="B")
    bring(merchant_id, first, same)

    report = bring(merchant_id, replace(first, weight_grams=750), same)

    sku = catalog.skus_by_code(merchant_id=merchant_id, codes=["A"])["A"]
    trail = audit.trail_of(merchant_id=merchant_id, subject="sku", subject_ids=[sku.id])
    assert report == ImportReport(created=0, changed=1, unchanged=1)
    assert sku.weight_grams == 750
    assert told(merchant_id, "catalog.sku_changed.v1") == ["A"]
    assert [(entry.before, entry.after) for entry in trail][-1] == (
        {"weight_grams": 700},
        {"weight_grams": 750},
    )


def test_what_a_row_leaves_empty_stays_with_the_style(merchant_id: int) -> None:
    row = make_row(code="A", style_code="S", style_name="大衣")
    bring(merchant_id, replace(row, category="女装", season="2026冬"))

    bring(merchant_id, replace(row, style_name="羊绒大衣"))

    style = catalog.styles_by_code(merchant_id=merchant_id, codes=["S"])["S"]
    assert (style.name, style.category, style.season) == ("羊绒大衣", "女装", "2026冬")


def test_a_changed_style_is_told_for_every_sku_of_it(merchant_id: int) -> None:
    row = make_row(code="A", style_code="S", style_name="大衣")
    bring(merchant_id, row, make_row(code="B", style_code="S", style_name=""))

    report = bring(merchant_id, replace(row, style_name="新大衣"))

    assert report == ImportReport(created=0, changed=1, unchanged=0)
    assert told(merchant_id, "catalog.sku_changed.v1") == ["A", "B"]


def test_the_barcodes_of_a_row_replace_the_skus(merchant_id: int) -> None:
    row = make_row(code="A", barcodes=("4006381333931", "036000291452"))
    bring(merchant_id, row)

    bring(merchant_id, replace(row, barcodes=("036000291452", "40170725")))

    sku = catalog.skus_by_code(merchant_id=merchant_id, codes=["A"])["A"]
    assert sku.barcodes == ("40170725", "036000291452")
    assert told(merchant_id, "catalog.sku_changed.v1") == ["A"]


def test_barcodes_that_a_row_leaves_out_stay(merchant_id: int) -> None:
    row = make_row(code="A", barcodes=("4006381333931",))
    bring(merchant_id, row)

    bring(merchant_id, replace(row, barcodes=(), weight_grams=1))

    sku = catalog.skus_by_code(merchant_id=merchant_id, codes=["A"])["A"]
    assert sku.barcodes == ("4006381333931",)


def test_a_barcode_can_move_to_another_sku_in_one_import(merchant_id: int) -> None:
    bring(merchant_id, make_row(code="A", barcodes=("4006381333931",)), make_row(code="B"))

    bring(
        merchant_id,
        make_row(code="A", barcodes=("40170725",)),
        make_row(code="B", barcodes=("4006381333931",)),
    )

    found = catalog.skus_by_barcode(merchant_id=merchant_id, scanned=["4006381333931"])
    assert found["4006381333931"].code == "B"


class Case(NamedTuple):
    name: str
    row: SkuRow
    column: str
    reason: str


WRONG = [
    Case("no code", replace(make_row(), code=" "), "code", "empty"),
    Case("no style", replace(make_row(), style_code=""), "style_code", "empty"),
    Case("a code that is too long", make_row(code="x" * 61), "code", "too_long"),
    Case("a line break in a colour", make_row(colour="red\nx"), "colour", "letters"),
    Case("half a character", make_row(size="\ud83d"), "size", "letters"),
    Case("a negative weight", make_row(weight_grams=-1), "weight_grams", "range"),
    Case("a weight of tons", make_row(weight_grams=2**31), "weight_grams", "range"),
    Case("a currency that is none", make_row(currency="yuan"), "currency", "currency"),
    Case("a wrong check digit", make_row(barcodes=("4006381333930",)), "barcodes", "check_digit"),
    Case("an impossible length", make_row(barcodes=("123",)), "barcodes", "length"),
    Case(
        "an internal code that is a GTIN",
        make_row(internal_codes=("4006381333931",)),
        "internal_codes",
        "reads_as_gtin",
    ),
    Case("a brand that is not there", make_row(brand_code="?"), "brand_code", "unknown"),
    Case("a new style without a name", make_row(style_name=""), "style_name", "empty"),
]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.name)
def test_one_wrong_row_keeps_all_out(case: Case, merchant_id: int) -> None:
    good = make_row(code="GOOD", style_code="OTHER")

    errors = refused(merchant_id, good, case.row)

    assert errors == [(2, case.column, case.reason)]
    assert not Sku.objects.of_merchant(merchant_id).exists()
    assert not Style.objects.of_merchant(merchant_id).exists()
    assert told(merchant_id, "catalog.sku_created.v1") == []


def test_rows_that_contradict_one_another_are_refused(merchant_id: int) -> None:
    errors = refused(
        merchant_id,
        make_row(code="A", style_code="S", style_name="大衣", barcodes=("036000291452",)),
        make_row(code="A", style_code="S", style_name="大衣"),
        make_row(code="C", style_code="S", style_name="风衣", barcodes=("0036000291452",)),
    )

    assert errors == [
        (2, "code", "repeated"),
        (3, "barcodes", "repeated"),
        (3, "style_name", "differs_from_above"),
    ]


def test_a_barcode_of_another_sku_is_refused(merchant_id: int) -> None:
    make_sku(merchant_id=merchant_id, code="OWNER", barcodes=["036000291452"])

    errors = refused(merchant_id, make_row(code="A", barcodes=("0036000291452",)))

    assert errors == [(1, "barcodes", "taken")]
    assert catalog.skus_by_code(merchant_id=merchant_id, codes=["A"]) == {}


def test_thousands_of_errors_are_counted_and_the_first_shown(merchant_id: int) -> None:
    rows = [make_row(weight_grams=-1) for _ in range(MOST_ERRORS_SHOWN + 50)]

    with pytest.raises(catalog.ImportRefused) as why:
        bring(merchant_id, *rows)

    assert len(why.value.errors) == MOST_ERRORS_SHOWN
    assert why.value.error_count == MOST_ERRORS_SHOWN + 50


def test_nothing_is_imported_from_nothing(merchant_id: int) -> None:
    assert bring(merchant_id) == ImportReport(created=0, changed=0, unchanged=0)


def test_two_imports_of_the_same_codes_have_one_effect(
    merchant: int, at_once: Callable[..., Any]
) -> None:
    rows = [
        make_row(code=f"R{n}", style_code=f"S{n % 7}", internal_codes=(f"i-{n}",))
        for n in range(200)
    ]

    def run(*, backwards: bool) -> ImportReport:
        with tenancy.scope(merchant_id=merchant):
            return bring(merchant, *(reversed(rows) if backwards else rows))

    results = at_once(*(lambda b=b: run(backwards=b) for b in (False, True, False, True)))

    with tenancy.scope(merchant_id=merchant):
        counts = [model.objects.of_merchant(merchant).count() for model in (Style, Sku, Barcode)]
        created = told(merchant, "catalog.sku_created.v1")
    assert counts == [7, 200, 200]
    assert len(created) == 200
    assert sorted(results, key=lambda report: report.created) == [
        *[ImportReport(created=0, changed=0, unchanged=200)] * 3,
        ImportReport(created=200, changed=0, unchanged=0),
    ]


def test_two_imports_that_differ_follow_one_another(
    merchant: int, at_once: Callable[..., Any]
) -> None:
    light = [make_row(code=f"R{n}", weight_grams=1) for n in range(100)]
    heavy = [replace(row, weight_grams=2) for row in light]

    def run(rows: list[SkuRow]) -> ImportReport:
        with tenancy.scope(merchant_id=merchant):
            return bring(merchant, *rows)

    results = at_once(lambda: run(light), lambda: run(heavy[::-1]))

    with tenancy.scope(merchant_id=merchant):
        weights = set(Sku.objects.of_merchant(merchant).values_list("weight_grams", flat=True))
    assert len(weights) == 1
    assert sorted((report.created, report.changed) for report in results) == [(0, 100), (100, 0)]


def test_a_creator_and_an_importer_of_one_code_agree(
    merchant: int, at_once: Callable[..., Any], now: datetime
) -> None:
    with tenancy.scope(merchant_id=merchant):
        bring(merchant, make_row(code="FIRST", style_code="S"))

    def import_it() -> ImportReport:
        with tenancy.scope(merchant_id=merchant):
            return bring(merchant, make_row(code="X", style_code="S"))

    def create_it() -> catalog.Sku:
        with tenancy.scope(merchant_id=merchant):
            return make_sku(merchant_id=merchant, code="X", style_code="S")

    imported, created = at_once(import_it, create_it)

    with tenancy.scope(merchant_id=merchant):
        assert Sku.objects.of_merchant(merchant).filter(code="X").count() == 1
    assert isinstance(imported, ImportReport)
    assert isinstance(created, catalog.Sku | catalog.CodeTaken)
    assert isinstance(created, catalog.CodeTaken) == (imported.created == 1)
