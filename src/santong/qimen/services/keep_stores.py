"""Stores of another system are places of ours; what is bound to them is written down."""

from __future__ import annotations

from typing import Final

from santong.kernel import bulk
from santong.kernel.errors import FieldInvalid
from santong.qimen.errors import NotCarried
from santong.qimen.models import StoreItem, WarehouseCode
from santong.qimen.rules.answers import Answered, done
from santong.qimen.rules.shapes.stores import Banding, Shop, Store, StoreAddress, Warehouse
from santong.qimen.rules.xml import leaf
from santong.qimen.selectors.calls import Call
from santong.qimen.selectors.stock import sku_of, store_of
from santong.stores import public as stores

CLOSED: Final = frozenset({"CLOSE", "HOLD", "0"})


def open_store(*, call: Call, document: Store) -> Answered:
    """Open a place under the store's own code, and let the contract know it. Twice is once.

    Raises FieldInvalid, and what `stores.open_location` raises. Locks the map.
    """
    if not document.store_code or not document.store_name or document.address is None:
        raise FieldInvalid(pointer="/storeCode", reason="a store has a code, a name, an address")
    known = call.location_by_code.get(document.store_code)
    if known is not None:
        return done(results=[leaf("storeId", str(known))])
    point = _point(document.address)
    place = stores.open_location(
        merchant_id=call.merchant_id,
        code=document.store_code,
        name=document.store_name,
        kind="store",
        latitude=point.latitude,
        longitude=point.longitude,
        province=document.address.province,
        city=document.address.city,
        district=document.address.area,
        address=document.address.detail_address,
        is_open=document.store_status not in CLOSED,
        now=call.now,
    )
    WarehouseCode.objects.create(
        merchant_id=call.merchant_id,
        contract_id=call.contract.id,
        code=document.store_code,
        location_id=place.id,
    )
    return done(results=[leaf("storeId", str(place.id))])


def change_store(*, call: Call, document: Store) -> Answered:
    """Change a store that the contract names. Raises UnknownCode, FieldInvalid. Locks the map."""
    location_id = store_of(call=call, text=document.store_id or document.store_code)
    changes: stores.LocationChanges = {}
    if document.store_name:
        changes["name"] = document.store_name
    if document.store_status:
        changes["is_open"] = document.store_status not in CLOSED
    if document.address is not None:
        point = _point(document.address)
        changes["latitude"], changes["longitude"] = point.latitude, point.longitude
        changes["province"] = document.address.province
        changes["city"] = document.address.city
        changes["district"] = document.address.area
        changes["address"] = document.address.detail_address
    stores.update_location(
        merchant_id=call.merchant_id, location_id=location_id, changes=changes, now=call.now
    )
    return done(results=[leaf("storeId", str(location_id))])


def bind_items(*, call: Call, document: Banding) -> Answered:
    """Bind an item to stores, or unbind it. Stock and promises stay. Raises UnknownCode."""
    sku = sku_of(call=call, outer_id="", item_id=document.item_id, sku_id="")
    places = [store_of(call=call, text=text) for text in document.store_ids]
    rows = StoreItem.objects.of_merchant(call.merchant_id)
    if document.action_type == "DELETE":
        rows.filter(contract_id=call.contract.id, sku_id=sku.id, location_id__in=places).delete()
        return done()
    bulk.insert_new(
        [
            StoreItem(
                merchant_id=call.merchant_id,
                contract_id=call.contract.id,
                location_id=place,
                sku_id=sku.id,
            )
            for place in sorted(set(places))
        ],
        unique=["merchant_id", "contract_id", "location_id", "sku_id"],
    )
    return done()


def know_shop(*, call: Call, document: Shop) -> Answered:
    """Shops are told by the contract, by hand: a call cannot make one. Raises NotCarried."""
    nick = document.shop_nick or document.shop_code
    call.storefront_of(nick)
    return done(message="the contract names it")


def know_warehouse(*, call: Call, document: Warehouse) -> Answered:
    """Warehouses are told by the contract, by hand. Raises UnknownCode."""
    call.location_of(document.warehouse_code)
    return done(message="the contract names it")


def _point(address: StoreAddress) -> stores.Coordinates:
    found = stores.place_of(
        country="CN", province=address.province, city=address.city, district=address.area
    )
    if found is None:
        raise NotCarried(what="a store outside China")
    return found
