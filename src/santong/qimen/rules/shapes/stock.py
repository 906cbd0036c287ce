"""What is there: asked for, reported, changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from santong.qimen.rules.codes import CheckOrAdjust, InventoryType
from santong.qimen.rules.marks import Code, Count, Instant, Many, Number, OnDay, Part, Signed, Words
from santong.qimen.rules.shapes.common import Batches


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Criterion(Part):
    """One item of `inventory.query`."""

    warehouse_code: Code = ""
    owner_code: Code = ""
    item_code: Code
    item_id: Code = ""
    inventory_type: InventoryType = "ZP"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class InventoryQuery(Part):
    """`inventory.query`."""

    criteria_list: Annotated[tuple[Criterion, ...], Many("criteriaList", "criteria")]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StockQuery(Part):
    """`stock.query`."""

    warehouse_code: Code = ""
    owner_code: Code = ""
    item_code: Code = ""
    item_id: Code = ""
    inventory_type: InventoryType = "ZP"
    batch_code: Code = ""
    page: Number = 1
    page_size: Number = 100


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HeldItem(Part):
    """What a warehouse has of an item: `quantity` is free, `lock_quantity` is promised."""

    warehouse_code: Code
    item_code: Code
    item_id: Code = ""
    inventory_type: InventoryType = "ZP"
    quantity: Count
    lock_quantity: Count | None = None
    batch_code: Code = ""
    product_date: OnDay | None = None
    expire_date: OnDay | None = None
    produce_code: Code = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CountedItem(Part):
    """What somebody found of an item, as a difference or as a whole: the contract says which."""

    item_code: Code
    item_id: Code = ""
    inventory_type: InventoryType = "ZP"
    quantity: Signed
    batch_code: Code = ""
    product_date: OnDay | None = None
    expire_date: OnDay | None = None
    produce_code: Code = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class InventoryReport(Part):
    """`inventory.report`: a count, or one page of it."""

    total_page: Number = 1
    current_page: Number = 1
    page_size: Number = 100
    warehouse_code: Code
    check_order_code: Code
    check_order_id: Code = ""
    owner_code: Code = ""
    check_time: Instant | None = None
    out_biz_code: Words = ""
    adjust_type: CheckOrAdjust = "CHECK"
    items: Annotated[tuple[CountedItem, ...], Many("items", "item")] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ChangedItem(Part):
    """So many units more or fewer, and which document moved them."""

    owner_code: Code
    warehouse_code: Code
    order_code: Code
    order_type: Code = ""
    out_biz_code: Words
    item_code: Code
    item_id: Code = ""
    inventory_type: InventoryType = "ZP"
    quantity: Signed
    change_time: Instant | None = None
    batch_code: Code = ""
    batchs: Batches = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StockChange(Part):
    """`stockchange.report`."""

    items: Annotated[tuple[ChangedItem, ...], Many("items", "item")]
