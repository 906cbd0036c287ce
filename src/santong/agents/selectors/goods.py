"""What a shop for agents sells, what can be promised of it, and where."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from santong.agents import contracts
from santong.catalog import public as catalog
from santong.inventory import public as inventory
from santong.merchants import public as merchants
from santong.stores import public as stores


def variants_of(
    *, merchant_id: int, shop: contracts.AgentShop, skus: Sequence[catalog.Sku]
) -> list[contracts.Variant]:
    """SKUs as variants, in their order, with what open places can promise of each."""
    storefront = merchants.storefront_by_id(
        merchant_id=merchant_id, storefront_id=shop.storefront_id
    )
    shelves = shelves_of(merchant_id=merchant_id, sku_ids=[sku.id for sku in skus])
    return [_variant(sku, shop, storefront.brand_id, _promisable(sku.id, shelves)) for sku in skus]


def facts_of(
    *, merchant_id: int, shop: contracts.AgentShop, item_ids: Iterable[str]
) -> contracts.Facts:
    """Everything that a session's standing depends on, beside what was asked for."""
    sku_id_by_item = {item_id: sku_id_of(item_id) for item_id in item_ids}
    wanted = {sku_id for sku_id in sku_id_by_item.values() if sku_id is not None}
    skus = catalog.skus_by_id(merchant_id=merchant_id, sku_ids=wanted)
    shelves = shelves_of(merchant_id=merchant_id, sku_ids=list(skus))
    storefront = merchants.storefront_by_id(
        merchant_id=merchant_id, storefront_id=shop.storefront_id
    )
    return contracts.Facts(
        shop=shop,
        variant_by_item={
            item_id: _variant(skus[sku_id], shop, storefront.brand_id, _promisable(sku_id, shelves))
            for item_id, sku_id in sku_id_by_item.items()
            if sku_id in skus
        },
        shelves=tuple(shelves),
    )


def sku_id_of(item_id: str) -> int | None:
    """Which SKU a variant's id names; None for what is none of ours."""
    return _number(item_id, "sku-")


def style_id_of(item_id: str) -> int | None:
    """Which style a product's id names; None for what is none of ours."""
    return _number(item_id, "style-")


def shelves_of(*, merchant_id: int, sku_ids: Collection[int]) -> list[contracts.Shelf]:
    """Places in work that can promise something of these SKUs, by id."""
    levels = inventory.atp_at(merchant_id=merchant_id, sku_ids=sku_ids, location_ids=None)
    atp: dict[int, dict[int, int]] = {}
    for level in levels:
        atp.setdefault(level.location_id, {})[level.sku_id] = level.quantity
    places = stores.locations_by_id(merchant_id=merchant_id, location_ids=atp)
    return [
        contracts.Shelf(
            location_id=place.id,
            code=place.code,
            name=place.name,
            country=place.country,
            province=place.province,
            city=place.city,
            district=place.district,
            address=place.address,
            can_ship=place.can_ship,
            can_pickup=place.can_pickup and place.kind == "store",
            atp_by_sku=atp[place.id],
        )
        for place in sorted(places.values(), key=lambda place: place.id)
        if place.is_open
    ]


def _promisable(sku_id: int, shelves: Sequence[contracts.Shelf]) -> int:
    return sum(
        shelf.atp_by_sku.get(sku_id, 0) for shelf in shelves if shelf.can_ship or shelf.can_pickup
    )


def _variant(
    sku: catalog.Sku, shop: contracts.AgentShop, brand_id: int | None, promisable: int
) -> contracts.Variant:
    is_of_brand = brand_id is None or sku.brand_id in (None, brand_id)
    return contracts.Variant(
        sku_id=sku.id,
        code=sku.code,
        style_id=sku.style_id,
        style_code=sku.style_code,
        name=sku.name,
        category=sku.category,
        colour=sku.colour,
        size=sku.size,
        price_minor=sku.list_price_minor,
        currency=sku.currency,
        is_sellable=sku.is_sellable and is_of_brand and sku.currency == shop.currency,
        barcodes=sku.barcodes,
        promisable=promisable,
    )


def _number(text: str, prefix: str) -> int | None:
    digits = text.removeprefix(prefix)
    is_ours = text.startswith(prefix) and digits.isascii() and digits.isdigit()
    return int(digits) if is_ours and 0 < len(digits) < 19 else None  # noqa: PLR2004  a bigint has 19
