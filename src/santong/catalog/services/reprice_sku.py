"""A SKU gets another list price."""

from __future__ import annotations

from datetime import datetime

from santong.catalog import contracts
from santong.catalog.models import CatalogueVersion
from santong.catalog.selectors import recent
from santong.catalog.selectors.skus import skus_by_id
from santong.catalog.services.import_skus import import_skus
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def reprice_sku(
    *, merchant_id: int, sku_id: int, list_price_minor: int, now: datetime
) -> contracts.Sku:
    """Set the list price of one SKU, in its currency; the price it has already changes nothing.

    Raises NoSuch, ImportRefused. Emits SkuChanged. Locks the catalogue, then the SKU.
    """
    # Before it is read: what else the row says must be what it says now.
    CatalogueVersion.objects.take(merchant_id=merchant_id)
    recent.forget_on_commit(merchant_id=merchant_id)
    sku = skus_by_id(merchant_id=merchant_id, sku_ids=[sku_id]).get(sku_id)
    if sku is None:
        raise NoSuch(kind="sku", key=str(sku_id))
    row = contracts.SkuRow(
        style_code=sku.style_code,
        code=sku.code,
        colour=sku.colour,
        size=sku.size,
        weight_grams=sku.weight_grams,
        length_mm=sku.length_mm,
        width_mm=sku.width_mm,
        height_mm=sku.height_mm,
        list_price_minor=list_price_minor,
        currency=sku.currency,
        is_sellable=sku.is_sellable,
    )
    import_skus(merchant_id=merchant_id, rows=[row], now=now)
    return skus_by_id(merchant_id=merchant_id, sku_ids=[sku_id])[sku_id]
