"""Stores, what they sell, and what they have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from santong.qimen.rules.codes import AddOrDelete, AddOrUpdate, CertainOrNot, StoreOrWarehouse
from santong.qimen.rules.marks import Code, Count, Instant, Long, Many, Part, Signed, Text, Words
from santong.qimen.rules.shapes.common import Phone, Place


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StoreAddress(Part):
    """Where a store is."""

    country_code: Code = ""
    province: Place
    city: Place
    area: Place = ""
    town: Place = ""
    detail_address: Annotated[str, Text(200)]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StoreKeeper(Part):
    """Who keeps a store."""

    name: Words = ""
    tel: Phone = ""
    mobile: Phone = ""
    fax: Phone = ""
    zip_code: Code = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Store(Part):
    """`store.create`, `store.update`, and what `store.query` answers."""

    store_id: Code = ""
    store_code: Code = ""
    store_name: Words = ""
    company_name: Words = ""
    store_type: Code = ""
    store_status: Code = ""
    main_category: Words = ""
    start_time: Code = ""
    end_time: Code = ""
    address: StoreAddress | None = None
    store_keeper: StoreKeeper | None = None
    shop_id: Code = ""
    store_description: Long = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StoreQuery(Part):
    """`store.query` and `store.delete`."""

    store_id: Code


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HeldInStore(Part):
    """What a store has of an item: all of it, or so many more or fewer."""

    bill_num: Words
    bill_type: Code = ""
    item_id: Code = ""
    outer_id: Code = ""
    sku_id: Code = ""
    inventory_type: CertainOrNot = "CERTAINTY"
    quantity: Signed
    final_quantity: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StoreStock(Part):
    """One store of a message about stock."""

    warehouse_type: StoreOrWarehouse = "STORE"
    warehouse_id: Code
    store_inventories: Annotated[
        tuple[HeldInStore, ...], Many("storeInventories", "storeInventory")
    ]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StoreInventory(Part):
    """`storeinventory.iteminitial` and `storeinventory.itemupdate`."""

    user_id: Code = ""
    operation_time: Instant | None = None
    stores: Annotated[tuple[StoreStock, ...], Many("stores", "store")]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AskedInStore(Part):
    """An item that is asked for."""

    item_id: Code = ""
    outer_id: Code = ""
    sku_id: Code = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AskedStore(Part):
    """A store that is asked about."""

    warehouse_type: StoreOrWarehouse = "STORE"
    warehouse_id: Code
    store_inventories: Annotated[
        tuple[AskedInStore, ...], Many("storeInventories", "storeInventory")
    ]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StoreInventoryQuery(Part):
    """`storeinventory.itemquery`."""

    user_id: Code = ""
    stores: Annotated[tuple[AskedStore, ...], Many("stores", "store")]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Banding(Part):
    """`itemstore.banding`: an item is sold in stores, or is not any more."""

    action_type: AddOrDelete
    item_id: Code
    store_ids: Annotated[tuple[str, ...], Many("storeIds", "storeId")]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BandingQuery(Part):
    """`itemstore.query` and `storeitem.query`."""

    item_id: Code = ""
    store_id: Code = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Shop(Part):
    """`shop.synchronize`."""

    action_type: AddOrUpdate
    shop_code: Code = ""
    shop_nick: Words = ""
    shop_name: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Warehouse(Part):
    """`warehouseinfo.synchronize`."""

    action_type: AddOrUpdate
    warehouse_code: Code
    warehouse_name: Words = ""
