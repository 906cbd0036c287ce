from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.catalog import contracts
from santong.catalog.errors import BarcodeInvalid, BarcodeTaken, CodeTaken
from santong.catalog.events import SkuCreated
from santong.catalog.models import Barcode, CatalogueVersion, Sku, Style
from santong.catalog.rules import rows
from santong.catalog.selectors import recent
from santong.catalog.selectors.skus import skus_by_id
from santong.kernel import audit, bulk, outbox
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def create_sku(
    *,
    merchant_id: int,
    style_code: str,
    code: str,
    colour: str = "",
    size: str = "",
    weight_grams: int = 0,
    length_mm: int = 0,
    width_mm: int = 0,
    height_mm: int = 0,
    list_price_minor: int = 0,
    currency: str = "CNY",
    is_sellable: bool = True,
    barcodes: Sequence[str] = (),
    internal_codes: Sequence[str] = (),
    now: datetime,
) -> contracts.Sku:
    """Bring a new SKU of a style that is there into the catalogue, with its barcodes.

    Raises CodeTaken, BarcodeTaken, BarcodeInvalid, FieldInvalid, NoSuch (style). Emits SkuCreated.
    Locks the catalogue.
    """
    good = _checked(
        contracts.SkuRow(
            style_code=style_code,
            code=code,
            colour=colour,
            size=size,
            weight_grams=weight_grams,
            length_mm=length_mm,
            width_mm=width_mm,
            height_mm=height_mm,
            list_price_minor=list_price_minor,
            currency=currency,
            is_sellable=is_sellable,
            barcodes=tuple(barcodes),
            internal_codes=tuple(internal_codes),
        )
    )
    CatalogueVersion.objects.take(merchant_id=merchant_id)
    style = Style.objects.of_merchant(merchant_id).filter(code=good.row.style_code).first()
    if style is None:
        raise NoSuch(kind="style", key=good.row.style_code)
    sku = Sku(
        merchant_id=merchant_id,
        style_id=style.id,
        code=good.row.code,
        colour=good.row.colour,
        size=good.row.size,
        weight_grams=weight_grams,
        length_mm=length_mm,
        width_mm=width_mm,
        height_mm=height_mm,
        list_price_minor=list_price_minor,
        currency=good.row.currency,
        is_sellable=is_sellable,
        created_at=now,
        changed_at=now,
    )
    if not bulk.insert_new([sku], unique=["merchant_id", "code"]):
        raise CodeTaken(kind="sku", taken=sku.code)
    _print(good, sku)
    _tell(sku, style, now=now)
    recent.forget_on_commit(merchant_id=merchant_id)
    return skus_by_id(merchant_id=merchant_id, sku_ids=[sku.id])[sku.id]


def _checked(row: contracts.SkuRow) -> rows.GoodRow:
    [good], errors = rows.check_rows([row], default_currency="")
    for error in errors:
        if error.column in {"barcodes", "internal_codes"}:
            raise BarcodeInvalid(barcode=error.value, reason=error.reason)
        raise FieldInvalid(pointer=f"/{error.column}", reason=error.reason)
    return good


def _print(good: rows.GoodRow, sku: Sku) -> None:
    wanted = [
        Barcode(
            merchant_id=sku.merchant_id,
            sku_id=sku.id,
            value=barcode.value,
            printed=barcode.printed,
            kind=barcode.kind,
        )
        for barcode in good.barcodes
    ]
    inserted = {row.value for row in bulk.insert_new(wanted, unique=["merchant_id", "value"])}
    for barcode in wanted:
        if barcode.value not in inserted:
            owner = Sku.objects.of_merchant(sku.merchant_id).get(barcodes__value=barcode.value)
            raise BarcodeTaken(barcode=barcode.printed, sku_code=owner.code)


def _tell(sku: Sku, style: Style, *, now: datetime) -> None:
    audit.record(
        audit.Change(
            action="catalog.create_sku",
            subject="sku",
            subject_id=sku.id,
            reason="created",
            after={"code": sku.code, "style_code": style.code, "is_sellable": sku.is_sellable},
        ),
        now=now,
    )
    outbox.publish(
        SkuCreated(sku_id=sku.id, code=sku.code, style_id=style.id, style_code=style.code), now=now
    )
