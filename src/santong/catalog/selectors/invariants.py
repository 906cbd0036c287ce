"""What must hold of a merchant's goods; `doctor` asks."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from santong.catalog.models import Barcode, Sku, Style
from santong.catalog.rules import barcodes
from santong.kernel.doctor import Finding
from santong.merchants import public as merchants


def check_invariants(*, merchant_id: int) -> list[Finding]:
    """The broken rules of one merchant, each with the rows that break it."""
    return [
        Finding("catalog", rule, detail)
        for rule, detail in [
            *_barcodes(merchant_id),
            *_lost_skus(merchant_id),
            *_strange_brands(merchant_id),
        ]
    ]


def _barcodes(merchant_id: int) -> Iterator[tuple[str, str]]:
    rows = Barcode.objects.of_merchant(merchant_id).values_list("id", "value", "printed", "kind")
    for barcode_id, value, printed, kind in rows.iterator(chunk_size=2_000):
        is_own = kind == "internal"
        found = barcodes.read_internal(printed) if is_own else barcodes.read_gtin(printed)
        if isinstance(found, barcodes.Wrong):
            yield "a barcode can be scanned", f"barcode {barcode_id}, {printed}: {found.reason}"
        elif (found.value, found.kind) != (value, kind):
            yield "a barcode is kept in its normal form", f"barcode {barcode_id}, {printed}"


def _lost_skus(merchant_id: int) -> Iterator[tuple[str, str]]:
    """A key alone would let a SKU belong to another merchant's style, which nobody could see."""
    styles = Style.objects.of_merchant(merchant_id).filter(id=OuterRef("style_id"))
    for code in (
        Sku.objects.of_merchant(merchant_id).filter(~Exists(styles)).values_list("code", flat=True)
    ):
        yield "a SKU belongs to a style of its merchant", f"SKU {code}"


def _strange_brands(merchant_id: int) -> Iterator[tuple[str, str]]:
    known = [brand.id for brand in merchants.brands(merchant_id=merchant_id)]
    branded = Style.objects.of_merchant(merchant_id).filter(brand_id__isnull=False)
    for code in branded.exclude(brand_id__in=known).values_list("code", flat=True):
        yield "a style has a brand of its merchant", f"style {code}"
