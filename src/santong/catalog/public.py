"""The door of the catalogue: what can be stocked and sold, and what is printed on it."""

from santong.catalog.contracts import BarcodeKind, ImportReport, Sku, SkuRow, Style
from santong.catalog.errors import BarcodeInvalid, BarcodeTaken, CodeTaken, ImportRefused, RowError
from santong.catalog.selectors.invariants import check_invariants
from santong.catalog.selectors.skus import (
    skus_by_barcode,
    skus_by_code,
    skus_by_id,
    skus_of_styles,
    skus_page,
)
from santong.catalog.selectors.styles import (
    sellable_styles,
    styles_by_code,
    styles_by_id,
    styles_page,
)
from santong.catalog.services.create_sku import create_sku
from santong.catalog.services.create_style import create_style
from santong.catalog.services.import_skus import import_skus
from santong.catalog.services.reprice_sku import reprice_sku

__all__ = [
    "BarcodeInvalid",
    "BarcodeKind",
    "BarcodeTaken",
    "CodeTaken",
    "ImportRefused",
    "ImportReport",
    "RowError",
    "Sku",
    "SkuRow",
    "Style",
    "check_invariants",
    "create_sku",
    "create_style",
    "import_skus",
    "reprice_sku",
    "sellable_styles",
    "skus_by_barcode",
    "skus_by_code",
    "skus_by_id",
    "skus_of_styles",
    "skus_page",
    "styles_by_code",
    "styles_by_id",
    "styles_page",
]
