from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from santong.catalog.contracts import ImportReport, SkuRow
from santong.catalog.errors import ImportRefused, RowError
from santong.catalog.events import SkuChanged, SkuCreated
from santong.catalog.models import Barcode, CatalogueVersion, Sku, Style
from santong.catalog.rules.rows import GoodRow, check_rows, styles_of
from santong.catalog.selectors import recent
from santong.kernel import audit, bulk, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants

MOST_ERRORS_SHOWN = 200
_SKU_FIELDS = (
    "style_id",
    "colour",
    "size",
    "weight_grams",
    "length_mm",
    "width_mm",
    "height_mm",
    "list_price_minor",
    "currency",
    "is_sellable",
)
_STYLE_FIELDS = ("name", "category", "season", "brand_id")


@all_or_nothing
def import_skus(*, merchant_id: int, rows: Sequence[SkuRow], now: datetime) -> ImportReport:
    """Bring rows of goods into the catalogue by their codes: new ones are created, others changed.

    All rows or none. The same rows again change nothing. What a row says of a style, and its
    barcodes, replaces what stands there; left empty, it stays.

    Raises ImportRefused, with what is wrong by row and column. Emits SkuCreated, SkuChanged.
    Locks the catalogue, then styles, SKUs and barcodes.
    """
    currency = merchants.merchant(merchant_id=merchant_id).currency
    good, errors = check_rows(rows, default_currency=currency)
    brand_ids = {brand.code: brand.id for brand in merchants.brands(merchant_id=merchant_id)}
    _refuse([*errors, *_unknown_brands(good, brand_ids)])
    CatalogueVersion.objects.take(merchant_id=merchant_id)
    styles = _write_styles(merchant_id, good, brand_ids, now=now)
    skus = _write_skus(merchant_id, good, styles, now=now)
    printed_before = _write_barcodes(merchant_id, good, skus)
    touched = skus.before_by_code.keys() | printed_before.keys()
    changed = _changed_skus(merchant_id, touched - skus.created.keys(), skus, styles)
    _tell(styles, skus, printed_before, changed, now=now)
    recent.forget_on_commit(merchant_id=merchant_id)
    changed_rows = sum(sku.code in skus.by_code for sku in changed)
    return ImportReport(
        created=len(skus.created),
        changed=changed_rows,
        unchanged=len(rows) - len(skus.created) - changed_rows,
    )


def _refuse(errors: Sequence[RowError]) -> None:
    if errors:
        raise ImportRefused(errors=errors[:MOST_ERRORS_SHOWN], error_count=len(errors))


def _unknown_brands(good: Iterable[GoodRow], brand_ids: Mapping[str, int]) -> list[RowError]:
    return [
        RowError(row=each.number, column="brand_code", reason="unknown", value=each.row.brand_code)
        for each in good
        if each.row.brand_code and each.row.brand_code not in brand_ids
    ]


def _write_styles(
    merchant_id: int, good: Sequence[GoodRow], brand_ids: Mapping[str, int], *, now: datetime
) -> bulk.Merged[Style]:
    wanted = [
        Style(
            merchant_id=merchant_id,
            code=said.code,
            name=said.name,
            category=said.category,
            season=said.season,
            brand_id=brand_ids.get(said.brand_code),
            created_at=now,
            changed_at=now,
        )
        for said in styles_of(good).values()
    ]
    written = bulk.merge(
        wanted,
        fields=_STYLE_FIELDS,
        differences=_said_differently,
        also=lambda _: {"changed_at": now},
    )
    nameless = {style.code for style in written.created.values() if not style.name}
    _refuse(
        [
            RowError(row=each.number, column="style_name", reason="empty", value="")
            for each in good
            if each.row.style_code in nameless
        ]
    )
    return written


def _write_skus(
    merchant_id: int, good: Sequence[GoodRow], styles: bulk.Merged[Style], *, now: datetime
) -> bulk.Merged[Sku]:
    wanted = [
        Sku(
            merchant_id=merchant_id,
            code=each.row.code,
            style_id=styles.by_code[each.row.style_code].id,
            created_at=now,
            changed_at=now,
            **{field: getattr(each.row, field) for field in _SKU_FIELDS if field != "style_id"},
        )
        for each in good
    ]
    return bulk.merge(wanted, fields=_SKU_FIELDS, also=lambda _: {"changed_at": now})


def _said_differently(stored: Style, wanted: Style, fields: Sequence[str]) -> bulk.Values:
    said = bulk.different(stored, wanted, fields)
    return {field: value for field, value in said.items() if value not in {"", None}}


def _write_barcodes(
    merchant_id: int, good: Sequence[GoodRow], skus: bulk.Merged[Sku]
) -> dict[str, list[str]]:
    """Give SKUs the barcodes of their rows; what was printed on those that differ, by code."""
    labelled = {skus.by_code[each.row.code].id: each for each in good if each.barcodes}
    stored = list(Barcode.objects.of_merchant(merchant_id).filter(sku_id__in=labelled).lock())
    wanted = {
        (sku_id, barcode.printed): Barcode(
            merchant_id=merchant_id,
            sku_id=sku_id,
            value=barcode.value,
            printed=barcode.printed,
            kind=barcode.kind,
        )
        for sku_id, each in labelled.items()
        for barcode in each.barcodes
    }
    there = {(row.sku_id, row.printed): row for row in stored}
    surplus = [row for key, row in there.items() if key not in wanted]
    missing = [row for key, row in wanted.items() if key not in there]
    Barcode.objects.of_merchant(merchant_id).filter(id__in=[row.id for row in surplus]).delete()
    inserted = {row.value for row in bulk.insert_new(missing, unique=["merchant_id", "value"])}
    _refuse([_taken(row, labelled[row.sku_id]) for row in missing if row.value not in inserted])
    printed_by_code: dict[str, list[str]] = {
        labelled[row.sku_id].row.code: [] for row in [*surplus, *missing]
    }
    for row in stored:
        printed_by_code.get(labelled[row.sku_id].row.code, []).append(row.printed)
    return printed_by_code


def _taken(barcode: Barcode, good: GoodRow) -> RowError:
    column = "internal_codes" if barcode.kind == "internal" else "barcodes"
    return RowError(row=good.number, column=column, reason="taken", value=barcode.printed)


def _changed_skus(
    merchant_id: int, touched: Iterable[str], skus: bulk.Merged[Sku], styles: bulk.Merged[Style]
) -> list[Sku]:
    """SKUs of which something differs now: they, their barcodes, or the style they belong to."""
    found = {code: skus.by_code[code] for code in touched}
    style_ids = [styles.by_code[code].id for code in styles.before_by_code]
    if style_ids:
        rows = Sku.objects.of_merchant(merchant_id).filter(style_id__in=style_ids)
        found |= {row.code: row for row in rows if row.code not in skus.created}
    return sorted(found.values(), key=lambda sku: sku.id)


def _tell(
    styles: bulk.Merged[Style],
    skus: bulk.Merged[Sku],
    printed_before: Mapping[str, Sequence[str]],
    changed: Sequence[Sku],
    *,
    now: datetime,
) -> None:
    style_code_by_id = {style.id: code for code, style in styles.by_code.items()}
    audit.record(
        *_changes_of("style", styles),
        *_changes_of("sku", skus),
        *(
            audit.Change(
                action="catalog.print_barcodes",
                subject="sku",
                subject_id=skus.by_code[code].id,
                reason="import",
                before={"barcodes": list(printed)},
            )
            for code, printed in printed_before.items()
            if code not in skus.created
        ),
        now=now,
    )
    outbox.publish(
        *(
            SkuCreated(
                sku_id=sku.id,
                code=sku.code,
                style_id=sku.style_id,
                style_code=style_code_by_id[sku.style_id],
            )
            for sku in skus.created.values()
        ),
        *(
            SkuChanged(
                sku_id=sku.id,
                code=sku.code,
                style_id=sku.style_id,
                style_code=style_code_by_id[sku.style_id],
                is_sellable=sku.is_sellable,
            )
            for sku in changed
        ),
        now=now,
    )


def _changes_of(
    subject: str, written: bulk.Merged[Style] | bulk.Merged[Sku]
) -> Iterator[audit.Change]:
    for code, row in written.created.items():
        yield audit.Change(
            action=f"catalog.create_{subject}",
            subject=subject,
            subject_id=row.pk,
            reason="import",
            after={"code": code},
        )
    for code, before in written.before_by_code.items():
        row = written.by_code[code]
        yield audit.Change(
            action=f"catalog.change_{subject}",
            subject=subject,
            subject_id=row.pk,
            reason="import",
            before=before,
            after={field: getattr(row, field) for field in before},
        )
