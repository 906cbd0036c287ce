"""Goods, bundles and master data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from santong.qimen.rules.codes import AddOrUpdate, ItemType
from santong.qimen.rules.marks import (
    Code,
    Count,
    Fen,
    Flag,
    Grams,
    Many,
    Millilitres,
    Millimetres,
    Named,
    Number,
    Part,
    Text,
    Words,
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Item(Part):
    """What is stocked: one SKU as an ERP knows it."""

    item_code: Code
    item_id: Code = ""
    goods_code: Code = ""
    item_name: Words
    short_name: Words = ""
    english_name: Words = ""
    bar_code: Annotated[str, Text(500)]
    sku_property: Words = ""
    stock_unit: Code = ""
    length: Millimetres | None = None
    width: Millimetres | None = None
    height: Millimetres | None = None
    volume: Millilitres | None = None
    gross_weight: Grams | None = None
    net_weight: Grams | None = None
    color: Code = ""
    size: Annotated[str, Text(40)] = ""
    title: Words = ""
    category_id: Code = ""
    category_name: Words = ""
    pricing_category: Code = ""
    safety_stock: Count | None = None
    item_type: ItemType
    tag_price: Fen | None = None
    retail_price: Fen | None = None
    cost_price: Fen | None = None
    purchase_price: Fen | None = None
    season_code: Code = ""
    season_name: Words = ""
    brand_code: Annotated[str, Text(40)] = ""
    brand_name: Words = ""
    is_sn_mgmt: Annotated[Flag | None, Named("isSNMgmt")] = None
    is_shelf_life_mgmt: Flag | None = None
    shelf_life: Number | None = None
    is_batch_mgmt: Flag | None = None
    is_valid: Flag | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SingleItem(Part):
    """`singleitem.synchronize`."""

    action_type: AddOrUpdate
    warehouse_code: Code = ""
    owner_code: Code = ""
    supplier_code: Code = ""
    supplier_name: Words = ""
    item: Item


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ManyItems(Part):
    """`items.synchronize`."""

    action_type: AddOrUpdate
    warehouse_code: Code = ""
    owner_code: Code = ""
    items: Annotated[tuple[Item, ...], Many("items", "item")]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BundledItem(Part):
    """What a bundle holds of one item."""

    item_code: Code
    quantity: Count


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CombinedItem(Part):
    """`combineitem.synchronize`."""

    item_code: Code
    owner_code: Code = ""
    warehouse_code: Code = ""
    items: Annotated[tuple[BundledItem, ...], Many("items", "item")]
