"""Reading SKUs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from santong.catalog.contracts import Sku
from santong.catalog.models import Barcode, Style
from santong.catalog.models import Sku as SkuTable
from santong.catalog.rules import barcodes
from santong.catalog.selectors import recent

# A name that stands for more styles than this says too little to search by.
MOST_STYLES_BY_NAME = 500

_COLUMNS = (
    "id",
    "code",
    "style_id",
    "style__code",
    "style__name",
    "style__category",
    "style__brand_id",
    "colour",
    "size",
    "weight_grams",
    "length_mm",
    "width_mm",
    "height_mm",
    "list_price_minor",
    "currency",
    "is_sellable",
    "printed_barcodes",
)


def skus_by_code(*, merchant_id: int, codes: Iterable[str]) -> dict[str, Sku]:
    """SKUs by their codes; unknown codes are left out. At most two seconds old."""
    wanted = list(dict.fromkeys(codes))
    version = recent.trusted_version(merchant_id=merchant_id)
    kept = recent.recent_skus(keys=[(merchant_id, code) for code in wanted], version=version)
    missing = [code for code in wanted if (merchant_id, code) not in kept]
    if missing:
        kept |= _read_and_keep(merchant_id, Q(code__in=missing), version)
    return {code: kept[merchant_id, code] for code in wanted if (merchant_id, code) in kept}


def skus_by_id(*, merchant_id: int, sku_ids: Iterable[int]) -> dict[int, Sku]:
    """SKUs by their ids; unknown ids are left out. At most two seconds old."""
    wanted = list(dict.fromkeys(sku_ids))
    version = recent.trusted_version(merchant_id=merchant_id)
    kept = recent.recent_skus(keys=[(merchant_id, sku_id) for sku_id in wanted], version=version)
    missing = [sku_id for sku_id in wanted if (merchant_id, sku_id) not in kept]
    if missing:
        kept |= _read_and_keep(merchant_id, Q(id__in=missing), version)
    return {sku_id: kept[merchant_id, sku_id] for sku_id in wanted if (merchant_id, sku_id) in kept}


def skus_by_barcode(*, merchant_id: int, scanned: Iterable[str]) -> dict[str, Sku]:
    """SKUs by what a scanner read, in any spelling of the same number."""
    value_by_scan = {text: barcodes.normal_form(text) for text in scanned}
    sku_id_by_value = dict(
        Barcode.objects.of_merchant(merchant_id)
        .filter(value__in=set(value_by_scan.values()))
        .values_list("value", "sku_id")
    )
    found = skus_by_id(merchant_id=merchant_id, sku_ids=sku_id_by_value.values())
    return {
        text: found[sku_id_by_value[value]]
        for text, value in value_by_scan.items()
        if value in sku_id_by_value
    }


def skus_of_styles(*, merchant_id: int, style_ids: Iterable[int]) -> list[Sku]:
    """Every SKU of some styles, oldest first."""
    rows = _with_barcodes(merchant_id).filter(style_id__in=set(style_ids))
    return [_contract(row) for row in rows.order_by("id").values_list(*_COLUMNS)]


def skus_page(
    *,
    merchant_id: int,
    search: str = "",
    style_code: str = "",
    below_id: int | None = None,
    limit: int = 50,
) -> list[Sku]:
    """SKUs, newest first: all, or by the beginning of a code, a barcode, or part of a name."""
    rows = _with_barcodes(merchant_id)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    if style_code:
        rows = rows.filter(style__code=style_code)
    if search.strip():
        rows = rows.filter(_matches(merchant_id, search.strip()))
    return [_contract(row) for row in rows.order_by("-id").values_list(*_COLUMNS)[:limit]]


def _matches(merchant_id: int, text: str) -> Q:
    """Each part can use an index of its own, since styles and barcodes are looked up before."""
    styles = Style.objects.of_merchant(merchant_id).filter(
        Q(name__icontains=text) | Q(code__startswith=text) | Q(code__startswith=text.upper())
    )
    sku_ids = (
        Barcode.objects.of_merchant(merchant_id)
        .filter(value=barcodes.normal_form(text))
        .values_list("sku_id", flat=True)
    )
    return (
        Q(code__startswith=text)
        | Q(code__startswith=text.upper())
        | Q(id__in=list(sku_ids))
        | Q(
            style_id__in=list(
                styles.order_by("-id").values_list("id", flat=True)[:MOST_STYLES_BY_NAME]
            )
        )
    )


def _read_and_keep(merchant_id: int, which: Q, version: int | None) -> dict[recent.Key, Sku]:
    rows = _with_barcodes(merchant_id).filter(which).values_list(*_COLUMNS)
    skus = [_contract(row) for row in rows]
    read: dict[recent.Key, Sku] = {(merchant_id, sku.code): sku for sku in skus}
    read |= {(merchant_id, sku.id): sku for sku in skus}
    recent.keep(skus=read, version=version)
    return read


def _with_barcodes(merchant_id: int) -> QuerySet[Any]:
    printed = (
        Barcode.objects.of_merchant(merchant_id)
        .filter(sku_id=OuterRef("id"))
        .order_by("value")
        .values("printed")
    )
    found: QuerySet[Any] = SkuTable.objects.of_merchant(merchant_id).annotate(
        printed_barcodes=ArraySubquery(printed)
    )
    return found


def _contract(row: Sequence[Any]) -> Sku:
    values = dict(zip(_COLUMNS, row, strict=True))
    return Sku(
        style_code=values.pop("style__code"),
        name=values.pop("style__name"),
        category=values.pop("style__category"),
        brand_id=values.pop("style__brand_id"),
        barcodes=tuple(values.pop("printed_barcodes")),
        **values,
    )
