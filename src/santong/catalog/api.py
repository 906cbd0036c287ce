"""HTTP: styles, SKUs, barcodes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from ninja import Path, Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from santong.catalog import contracts
from santong.catalog.rules.rows import LARGEST_BY_COLUMN, LONGEST_BY_COLUMN
from santong.catalog.selectors import skus, styles
from santong.catalog.services.create_sku import create_sku
from santong.catalog.services.create_style import create_style
from santong.catalog.services.import_skus import import_skus
from santong.kernel.errors import NoSuch
from santong.kernel.http import MerchantRequest, Page, id_of, requires
from santong.kernel.http.pages import before_id, page_of

MOST_ROWS = 5_000
LONGEST_SEARCH = 100

router = Router(tags=["catalog"])

Grams = Annotated[int, Field(strict=True, ge=0, le=LARGEST_BY_COLUMN["weight_grams"])]
Millimetres = Annotated[int, Field(strict=True, ge=0, le=LARGEST_BY_COLUMN["length_mm"])]
AmountMinor = Annotated[int, Field(strict=True, ge=0, le=LARGEST_BY_COLUMN["list_price_minor"])]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Switch = Annotated[bool, Field(strict=True)]
Code = Annotated[str, Field(min_length=1, max_length=LONGEST_BY_COLUMN["code"])]
Printed = Annotated[str, Field(min_length=1, max_length=48)]
Id = Annotated[str, Field(pattern="^[0-9]{1,19}$")]
Search = Annotated[str, Query(max_length=LONGEST_SEARCH)]
Limit = Annotated[int, Query(ge=1, le=200)]


class In(Schema):
    """What is sent says nothing that is not understood."""

    model_config = ConfigDict(extra="forbid")


class MoneyOut(Schema):
    amount_minor: int
    currency: str


class StyleOut(Schema):
    id: str
    code: str
    name: str
    brand_id: str | None
    category: str
    season: str


class SkuOut(Schema):
    id: str
    code: str
    style_id: str
    style_code: str
    name: str
    category: str
    brand_id: str | None
    colour: str
    size: str
    weight_grams: int
    length_mm: int
    width_mm: int
    height_mm: int
    list_price: MoneyOut
    is_sellable: bool
    barcodes: list[str]


class StyleIn(In):
    code: Code
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_BY_COLUMN["style_name"])]
    category: Annotated[str, Field(max_length=LONGEST_BY_COLUMN["category"])] = ""
    season: Annotated[str, Field(max_length=LONGEST_BY_COLUMN["season"])] = ""
    brand_id: Id | None = None


class MoneyIn(In):
    amount_minor: AmountMinor
    currency: Currency


class SkuIn(In):
    code: Code
    style_code: Code
    colour: Annotated[str, Field(max_length=LONGEST_BY_COLUMN["colour"])] = ""
    size: Annotated[str, Field(max_length=LONGEST_BY_COLUMN["size"])] = ""
    weight_grams: Grams = 0
    length_mm: Millimetres = 0
    width_mm: Millimetres = 0
    height_mm: Millimetres = 0
    list_price: MoneyIn
    is_sellable: Switch = True
    barcodes: Annotated[tuple[Printed, ...], Field(max_length=20)] = ()
    internal_codes: Annotated[tuple[Printed, ...], Field(max_length=20)] = ()


class SkuRowIn(In):
    """A row: an empty text leaves what a style has; without a currency it is the merchant's."""

    code: str
    style_code: str
    style_name: str = ""
    category: str = ""
    brand_code: str = ""
    season: str = ""
    colour: str = ""
    size: str = ""
    weight_grams: Annotated[int, Field(strict=True)] = 0
    length_mm: Annotated[int, Field(strict=True)] = 0
    width_mm: Annotated[int, Field(strict=True)] = 0
    height_mm: Annotated[int, Field(strict=True)] = 0
    list_price_minor: Annotated[int, Field(strict=True)] = 0
    currency: str = ""
    is_sellable: Switch = True
    barcodes: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    internal_codes: Annotated[tuple[str, ...], Field(max_length=20)] = ()


class SkuImportIn(In):
    rows: Annotated[list[SkuRowIn], Field(min_length=1, max_length=MOST_ROWS)]


class ImportReportOut(Schema):
    created: int
    changed: int
    unchanged: int


@router.get("/styles", response=Page[StyleOut], auth=requires("catalog.view"))
def list_styles(
    request: MerchantRequest, search: Search = "", cursor: str = "", limit: Limit = 50
) -> Page[StyleOut]:
    """Styles, newest first; `search` is the beginning of a code or part of a name."""
    found = styles.styles_page(
        merchant_id=request.merchant_id, search=search, below_id=before_id(cursor), limit=limit + 1
    )
    return page_of(
        [_style(style) for style in found], limit=limit, ids=[style.id for style in found]
    )


@router.post("/styles", response={201: StyleOut}, auth=requires("catalog.edit"))
def create_a_style(request: MerchantRequest, body: StyleIn) -> Status[StyleOut]:
    """Bring a new style into the catalogue."""
    style = create_style(
        merchant_id=request.merchant_id,
        code=body.code,
        name=body.name,
        category=body.category,
        season=body.season,
        brand_id=None if body.brand_id is None else id_of(body.brand_id, kind="brand"),
        now=datetime.now(UTC),
    )
    return Status(201, _style(style))


@router.get("/skus", response=Page[SkuOut], auth=requires("catalog.view"))
def list_skus(
    request: MerchantRequest,
    search: Search = "",
    style_code: Annotated[str, Query(max_length=LONGEST_BY_COLUMN["style_code"])] = "",
    cursor: str = "",
    limit: Limit = 50,
) -> Page[SkuOut]:
    """SKUs, newest first; `search` is the beginning of a code, a barcode, or part of a name."""
    found = skus.skus_page(
        merchant_id=request.merchant_id,
        search=search,
        style_code=style_code,
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([_sku(sku) for sku in found], limit=limit, ids=[sku.id for sku in found])


@router.post("/skus", response={201: SkuOut}, auth=requires("catalog.edit"))
def create_a_sku(request: MerchantRequest, body: SkuIn) -> Status[SkuOut]:
    """Bring a new SKU of a style into the catalogue, with its barcodes."""
    sku = create_sku(
        merchant_id=request.merchant_id,
        code=body.code,
        style_code=body.style_code,
        colour=body.colour,
        size=body.size,
        weight_grams=body.weight_grams,
        length_mm=body.length_mm,
        width_mm=body.width_mm,
        height_mm=body.height_mm,
        list_price_minor=body.list_price.amount_minor,
        currency=body.list_price.currency,
        is_sellable=body.is_sellable,
        barcodes=body.barcodes,
        internal_codes=body.internal_codes,
        now=datetime.now(UTC),
    )
    return Status(201, _sku(sku))


@router.post("/skus/import", response=ImportReportOut, auth=requires("catalog.edit"))
def import_a_list_of_skus(request: MerchantRequest, body: SkuImportIn) -> ImportReportOut:
    """Bring rows of goods into the catalogue by their codes: all of them, or none."""
    rows = [contracts.SkuRow(**row.dict()) for row in body.rows]
    report = import_skus(merchant_id=request.merchant_id, rows=rows, now=datetime.now(UTC))
    return ImportReportOut(
        created=report.created, changed=report.changed, unchanged=report.unchanged
    )


@router.get("/skus/{sku_id}", response=SkuOut, auth=requires("catalog.view"))
def show_a_sku(request: MerchantRequest, sku_id: str) -> SkuOut:
    """One SKU."""
    wanted = id_of(sku_id, kind="sku")
    found = skus.skus_by_id(merchant_id=request.merchant_id, sku_ids=[wanted])
    if wanted not in found:
        raise NoSuch(kind="sku", key=sku_id)
    return _sku(found[wanted])


@router.get("/barcodes/{scanned}", response=SkuOut, auth=requires("catalog.view"))
def look_up_a_barcode(
    request: MerchantRequest, scanned: Annotated[str, Path(max_length=LONGEST_SEARCH)]
) -> SkuOut:
    """The SKU that a scanned code means, in any spelling of the same number."""
    found = skus.skus_by_barcode(merchant_id=request.merchant_id, scanned=[scanned])
    if scanned not in found:
        raise NoSuch(kind="barcode", key=scanned)
    return _sku(found[scanned])


def _style(style: contracts.Style) -> StyleOut:
    return StyleOut(
        id=str(style.id),
        code=style.code,
        name=style.name,
        brand_id=_id(style.brand_id),
        category=style.category,
        season=style.season,
    )


def _sku(sku: contracts.Sku) -> SkuOut:
    return SkuOut(
        id=str(sku.id),
        code=sku.code,
        style_id=str(sku.style_id),
        style_code=sku.style_code,
        name=sku.name,
        category=sku.category,
        brand_id=_id(sku.brand_id),
        colour=sku.colour,
        size=sku.size,
        weight_grams=sku.weight_grams,
        length_mm=sku.length_mm,
        width_mm=sku.width_mm,
        height_mm=sku.height_mm,
        list_price=MoneyOut(amount_minor=sku.list_price_minor, currency=sku.currency),
        is_sellable=sku.is_sellable,
        barcodes=list(sku.barcodes),
    )


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)
