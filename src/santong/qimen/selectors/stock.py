"""What a contract's places hold, as the other system asks for it."""

from __future__ import annotations

from typing import Final

from santong.catalog import public as catalog
from santong.inventory import public as inventory
from santong.kernel.errors import FieldInvalid
from santong.qimen.rules.answers import Answered, done
from santong.qimen.rules.codes import GOOD
from santong.qimen.rules.reading import write
from santong.qimen.rules.shapes.stock import HeldItem, InventoryQuery, StockQuery
from santong.qimen.rules.shapes.stores import AskedInStore, StoreInventoryQuery
from santong.qimen.rules.xml import Element, branch, leaf
from santong.qimen.selectors.calls import Call

MOST_CRITERIA: Final = 100
LARGEST_PAGE: Final = 100
MOST_LEVELS: Final = 50_000
MOST_DIGITS: Final = 18


def query_inventory(*, call: Call, document: InventoryQuery) -> Answered:
    """What there is of items: free and promised. What is unknown is not listed."""
    if len(document.criteria_list) > MOST_CRITERIA:
        raise FieldInvalid(pointer="/criteriaList", reason=f"at most {MOST_CRITERIA}")
    codes = {each.item_code for each in document.criteria_list}
    skus = catalog.skus_by_code(merchant_id=call.merchant_id, codes=sorted(codes))
    found: list[Element] = []
    for asked in document.criteria_list:
        if asked.item_code in skus and asked.inventory_type == GOOD:
            places = call.locations_of(asked.warehouse_code)
            found += _held(call, places, {skus[asked.item_code].id: asked.item_code})
    return done(results=[branch("items", found)] if found else [])


def query_stock(*, call: Call, document: StockQuery) -> Answered:
    """One page of what there is, with how many lines there are in all."""
    places = call.locations_of(document.warehouse_code)
    if not (1 <= document.page_size <= LARGEST_PAGE and document.page >= 1):
        raise FieldInvalid(pointer="/pageSize", reason=f"1 to {LARGEST_PAGE}")
    sku_ids = None
    if document.item_code:
        sku_ids = [call.skus([document.item_code])[document.item_code].id]
    levels = sorted(
        inventory.levels_of(
            merchant_id=call.merchant_id,
            location_ids=places,
            sku_ids=sku_ids,
            limit=MOST_LEVELS,
        ),
        key=lambda level: (level.sku_id, level.location_id),
    )
    if document.inventory_type != GOOD:
        levels = []
    begins = (document.page - 1) * document.page_size
    shown = levels[begins : begins + document.page_size]
    skus = catalog.skus_by_id(
        merchant_id=call.merchant_id, sku_ids=sorted({level.sku_id for level in shown})
    )
    items = [_item(call, level, skus[level.sku_id].code) for level in shown]
    # One document sample says the one, the published description the other.
    count = str(len(levels))
    results = [leaf("totalCount", count), leaf("totalLines", count)]
    return done(results=[*results, branch("items", items)] if items else results)


def query_stores(*, call: Call, document: StoreInventoryQuery) -> Answered:
    """What stores have of items: on hand, and how much of it is promised."""
    stores = []
    for asked in document.stores:
        location_id = store_of(call=call, text=asked.warehouse_id)
        lines = [_detail(call, location_id, each) for each in asked.store_inventories]
        head = [
            leaf("warehouseType", asked.warehouse_type),
            leaf("warehouseId", asked.warehouse_id),
        ]
        stores.append(branch("store", [*head, branch("storeInventories", lines)]))
    return done(results=[branch("stores", stores)])


def store_of(*, call: Call, text: str) -> int:
    """A store by its code in the contract, or by our own number of it, if the contract names it.

    Raises UnknownCode.
    """
    if text.isascii() and text.isdigit() and int(text) in call.location_by_code.values():
        return int(text)
    return call.location_of(text)


def sku_of(*, call: Call, outer_id: str, item_id: str, sku_id: str) -> catalog.Sku:
    """An item by its code, or by our own number of it. Raises UnknownCode."""
    number = sku_id or item_id
    if not outer_id and number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS:
        found = catalog.skus_by_id(merchant_id=call.merchant_id, sku_ids=[int(number)])
        if found:
            return found[int(number)]
    code = outer_id or number
    return call.skus([code])[code]


def _held(call: Call, places: list[int], code_by_sku: dict[int, str]) -> list[Element]:
    levels = inventory.levels_of(
        merchant_id=call.merchant_id, location_ids=places, sku_ids=list(code_by_sku)
    )
    return [_item(call, level, code_by_sku[level.sku_id]) for level in levels]


def _item(call: Call, level: inventory.Level, code: str) -> Element:
    promised = level.allocated + level.reserved
    held = HeldItem(
        warehouse_code=call.code_of(level.location_id),
        item_code=code,
        item_id=str(level.sku_id),
        quantity=max(level.on_hand - promised, 0),
        lock_quantity=promised,
    )
    return write(part=held, name="item")


def _detail(call: Call, location_id: int, asked: AskedInStore) -> Element:
    sku = sku_of(call=call, outer_id=asked.outer_id, item_id=asked.item_id, sku_id=asked.sku_id)
    levels = inventory.levels_of(
        merchant_id=call.merchant_id, location_ids=[location_id], sku_ids=[sku.id]
    )
    on_hand = levels[0].on_hand if levels else 0
    promised = levels[0].allocated + levels[0].reserved if levels else 0
    detail = branch(
        "quantityDetail",
        [
            leaf("inventoryType", "CERTAINTY"),
            leaf("quantity", str(max(on_hand, 0))),
            leaf("occupyQuantity", str(promised)),
        ],
    )
    return branch(
        "storeInventory",
        [
            leaf("itemId", str(sku.id)),
            leaf("outerId", sku.code),
            leaf("skuId", str(sku.id)),
            branch("quantityDetails", [detail]),
        ],
    )
