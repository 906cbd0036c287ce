"""Which command a method of the bus is: one table, read from the top."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from santong.kernel.tenancy import all_or_nothing
from santong.qimen.errors import NotCarried
from santong.qimen.rules.answers import Answered
from santong.qimen.rules.methods import METHODS
from santong.qimen.rules.reading import read
from santong.qimen.rules.xml import Element
from santong.qimen.selectors import documents, stock, stores
from santong.qimen.selectors.calls import Call
from santong.qimen.services import (
    announce_goods,
    confirm_delivery,
    confirm_goods,
    keep_stores,
    order_commands,
    report_stock,
    report_store_stock,
    sync_items,
    take_delivery,
)

Command = Callable[..., Answered]

COMMANDS: Final[Mapping[str, Command]] = {
    "singleitem.synchronize": sync_items.sync_single,
    "items.synchronize": sync_items.sync_many,
    "combineitem.synchronize": sync_items.sync_combined,
    "entryorder.create": announce_goods.announce_entry,
    "entryorder.confirm": confirm_goods.confirm_entry,
    "entryorder.query": documents.query_entry,
    "returnorder.create": announce_goods.announce_return,
    "returnorder.confirm": confirm_goods.confirm_return,
    "returnorder.query": documents.query_return,
    "stockout.create": announce_goods.announce_leaving,
    "stockout.confirm": confirm_goods.confirm_leaving,
    "stockout.query": documents.query_leaving,
    "deliveryorder.create": take_delivery.take_delivery,
    "deliveryorder.confirm": confirm_delivery.confirm_delivery,
    "deliveryorder.batchconfirm": confirm_delivery.confirm_many,
    "deliveryorder.query": documents.query_delivery,
    "order.cancel": order_commands.cancel,
    "order.pending": order_commands.suspend,
    "orderprocess.report": order_commands.report_step,
    "orderprocess.query": documents.query_steps,
    "orderexception.report": order_commands.report_exception,
    "itemlack.report": order_commands.report_lack,
    "inventory.query": stock.query_inventory,
    "stock.query": stock.query_stock,
    "inventory.report": report_stock.report_count,
    "stockchange.report": report_stock.report_changes,
    "store.create": keep_stores.open_store,
    "store.update": keep_stores.change_store,
    "store.query": stores.query_store,
    "itemstore.banding": keep_stores.bind_items,
    "itemstore.query": stores.query_stores_of_item,
    "storeitem.query": stores.query_items_of_store,
    "storeinventory.iteminitial": report_store_stock.set_store_stock,
    "storeinventory.itemupdate": report_store_stock.change_store_stock,
    "storeinventory.itemquery": stock.query_stores,
    "shop.synchronize": keep_stores.know_shop,
    "warehouseinfo.synchronize": keep_stores.know_warehouse,
}
assert COMMANDS.keys() == METHODS.keys()


@all_or_nothing
def carry_out(*, call: Call, method: str, element: Element) -> Answered:
    """Do what a document says, by the method's bare name.

    Raises Unreadable, NotCarried, and whatever the command refuses.
    """
    known = METHODS.get(method)
    if known is None:
        raise NotCarried(what=f"method {method[:60]}")
    document: Any = read(shape=known.shape, element=element, path="/request")
    return COMMANDS[method](call=call, document=document)
