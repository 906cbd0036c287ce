"""What happened to goods."""

from __future__ import annotations

from dataclasses import dataclass

from santong.kernel.facts import fact


@fact("catalog.sku_created.v1", aggregate="sku_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class SkuCreated:
    """A SKU can be stocked and sold from now on."""

    sku_id: int
    code: str
    style_id: int
    style_code: str


@fact("catalog.sku_changed.v1", aggregate="sku_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class SkuChanged:
    """Something of a SKU, of its barcodes or of its style is different now."""

    sku_id: int
    code: str
    style_id: int
    style_code: str
    is_sellable: bool
