"""Stores and what is bound to them, read back."""

from __future__ import annotations

from santong.qimen.models import StoreItem
from santong.qimen.rules.answers import Answered, done
from santong.qimen.rules.reading import write
from santong.qimen.rules.shapes.stores import BandingQuery, Store, StoreAddress, StoreQuery
from santong.qimen.rules.xml import branch, leaf
from santong.qimen.selectors.calls import Call
from santong.qimen.selectors.stock import sku_of, store_of
from santong.stores import public as stores


def query_store(*, call: Call, document: StoreQuery) -> Answered:
    """A store that the contract names. Raises UnknownCode."""
    location_id = store_of(call=call, text=document.store_id)
    place = stores.locations_by_id(merchant_id=call.merchant_id, location_ids=[location_id])[
        location_id
    ]
    store = Store(
        store_id=str(place.id),
        store_code=call.code_of(place.id),
        store_name=place.name,
        store_status="NORMAL" if place.is_open else "CLOSE",
        address=StoreAddress(
            country_code=place.country,
            province=place.province,
            city=place.city,
            area=place.district,
            detail_address=place.address,
        ),
    )
    return done(results=[write(part=store, name="store")])


def query_stores_of_item(*, call: Call, document: BandingQuery) -> Answered:
    """The stores that an item is bound to. Raises UnknownCode."""
    sku = sku_of(call=call, outer_id="", item_id=document.item_id, sku_id="")
    rows = StoreItem.objects.of_merchant(call.merchant_id).filter(
        contract_id=call.contract.id, sku_id=sku.id
    )
    found = [leaf("storeId", str(row.location_id)) for row in rows.order_by("location_id")]
    return done(results=[branch("storeIds", found), leaf("totalLines", str(len(found)))])


def query_items_of_store(*, call: Call, document: BandingQuery) -> Answered:
    """The items that are bound to a store. Raises UnknownCode."""
    location_id = store_of(call=call, text=document.store_id)
    rows = StoreItem.objects.of_merchant(call.merchant_id).filter(
        contract_id=call.contract.id, location_id=location_id
    )
    found = [leaf("itemId", str(row.sku_id)) for row in rows.order_by("sku_id")]
    return done(results=[branch("itemIds", found), leaf("totalLines", str(len(found)))])
