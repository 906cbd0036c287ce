"""The door of the catalogue: what can be stocked and sold, and what is printed on it."""

from santong.catalog.contracts import BarcodeKind, ImportReport, Sku, SkuRow, Style
from santong.catalog.errors import BarcodeInvalid, BarcodeTaken, CodeTaken, ImportRefused, RowError
from santong.catalog.selectors.invariants import check_invariants
from santong.catalog.selectors.skus import skus_by_barcode, skus_by_code, skus_by_id, skus_page
from santong.catalog.selectors.styles import styles_by_code, styles_page
from santong.catalog.services.create_sku import create_sku
from santong.catalog.services.create_style import create_style
from santong.catalog.services.import_skus import import_skus

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
    "skus_by_barcode",
    "skus_by_code",
    "skus_by_id",
    "skus_page",
    "styles_by_code",
    "styles_page",
]
