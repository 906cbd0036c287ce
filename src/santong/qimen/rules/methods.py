"""The methods that are carried: what each is called, what it says, and what makes it the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from santong.qimen.rules.marks import Part
from santong.qimen.rules.shapes import arrivals, deliveries, goods, orders, stock, stores

PREFIX: Final = "taobao.qimen."
OTHER_PREFIX: Final = "taobao.jst.astrolabe."


@dataclass(frozen=True, slots=True)
class Method:
    """A method by its bare name. `changes` says whether it does more than ask."""

    name: str
    shape: type[Part]
    changes: bool = True


_ALL: Final = (
    Method("singleitem.synchronize", goods.SingleItem),
    Method("items.synchronize", goods.ManyItems),
    Method("combineitem.synchronize", goods.CombinedItem),
    Method("entryorder.create", arrivals.EntryCreate),
    Method("entryorder.confirm", arrivals.EntryConfirm),
    Method("entryorder.query", orders.DocumentQuery, changes=False),
    Method("returnorder.create", arrivals.ReturnCreate),
    Method("returnorder.confirm", arrivals.ReturnConfirm),
    Method("returnorder.query", orders.DocumentQuery, changes=False),
    Method("stockout.create", deliveries.OutCreate),
    Method("stockout.confirm", deliveries.OutConfirm),
    Method("stockout.query", orders.DocumentQuery, changes=False),
    Method("deliveryorder.create", deliveries.DeliveryCreate),
    Method("deliveryorder.confirm", deliveries.DeliveryConfirm),
    Method("deliveryorder.batchconfirm", deliveries.DeliveryBatchConfirm),
    Method("deliveryorder.query", orders.DocumentQuery, changes=False),
    Method("order.cancel", orders.Cancel),
    Method("order.pending", orders.Pending),
    Method("orderprocess.report", orders.ProcessReport),
    Method("orderprocess.query", orders.ProcessQuery, changes=False),
    Method("orderexception.report", orders.OrderException),
    Method("itemlack.report", orders.ItemLack),
    Method("inventory.query", stock.InventoryQuery, changes=False),
    Method("stock.query", stock.StockQuery, changes=False),
    Method("inventory.report", stock.InventoryReport),
    Method("stockchange.report", stock.StockChange),
    Method("store.create", stores.Store),
    Method("store.update", stores.Store),
    Method("store.query", stores.StoreQuery, changes=False),
    Method("itemstore.banding", stores.Banding),
    Method("itemstore.query", stores.BandingQuery, changes=False),
    Method("storeitem.query", stores.BandingQuery, changes=False),
    Method("storeinventory.iteminitial", stores.StoreInventory),
    Method("storeinventory.itemupdate", stores.StoreInventory),
    Method("storeinventory.itemquery", stores.StoreInventoryQuery, changes=False),
    Method("shop.synchronize", stores.Shop),
    Method("warehouseinfo.synchronize", stores.Warehouse),
)
METHODS: Final[Mapping[str, Method]] = {each.name: each for each in _ALL}


def bare_name(*, method: str) -> str:
    """A method without the platform's prefix: `taobao.qimen.order.cancel` is `order.cancel`."""
    for prefix in (PREFIX, OTHER_PREFIX):
        if method.startswith(prefix):
            return method.removeprefix(prefix)
    return method
