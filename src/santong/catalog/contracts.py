"""What other contexts know of goods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BarcodeKind = Literal["gtin", "in_store", "internal"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """One design (款) in all its colours and sizes. `category` is a path: `女装/连衣裙`."""

    id: int
    code: str
    name: str
    brand_id: int | None
    category: str
    season: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sku:
    """What is stocked and sold: one style in one colour and size.

    `barcodes` are as printed on the goods. `name`, `category` and `brand_id` are the style's.
    """

    id: int
    code: str
    style_id: int
    style_code: str
    name: str
    category: str
    brand_id: int | None
    colour: str
    size: str
    weight_grams: int
    length_mm: int
    width_mm: int
    height_mm: int
    list_price_minor: int
    currency: str
    is_sellable: bool
    barcodes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SkuRow:
    """One row of an import. A style's first row names it; later ones may leave its fields empty."""

    style_code: str
    code: str
    style_name: str = ""
    category: str = ""
    brand_code: str = ""
    season: str = ""
    colour: str = ""
    size: str = ""
    weight_grams: int = 0
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    list_price_minor: int = 0
    currency: str = ""
    is_sellable: bool = True
    barcodes: tuple[str, ...] = ()
    internal_codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportReport:
    """What an import did."""

    created: int
    changed: int
    unchanged: int
