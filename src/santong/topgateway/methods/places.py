"""Stores (门店) and warehouses (仓): opened, changed, read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field

from santong.kernel.errors import NoSuch
from santong.stores import public as stores
from santong.topgateway import errors
from santong.topgateway.contracts import Call
from santong.topgateway.errors import Refused
from santong.topgateway.methods.finding import LONGEST_PAGE, location_by_id
from santong.topgateway.rules.arguments import Asked, Id, Page, PageSize, Structure, Text
from santong.topgateway.rules.declaring import method
from santong.topgateway.rules.outline import Item

NORMAL: Final = "NORMAL"
CLOSE: Final = "CLOSE"
HOLD: Final = "HOLD"
STORE_TYPE: Final = "NORMAL"
TYPE_OWN: Final = "TYPE_OWN"
# As it is written where an address is one text: province~city~district.
PARTED_BY: Final = "~"

Status = Literal["NORMAL", "CLOSE", "HOLD"]


class Address(Asked):
    """Where a store is."""

    province: Text = Field(description="Province, or city of that rank.", max_length=60)
    city: Text = Field(description="City.", max_length=60)
    district: Text | None = Field(None, description="District.", max_length=60)
    address: Text = Field(description="Street and number.", max_length=200)


class StoreOpened(Asked):
    """A new store."""

    name: Text = Field(description="What it is called.", max_length=100)
    outer_code: Text = Field(description="Its code with the seller.", max_length=40)
    store_type: Text | None = Field(None, description="Its kind; it is not looked at.")
    main_category: Text | None = Field(None, description="What it sells; it is not looked at.")
    store_adress: Structure[Address] = Field(description="Where it is, as a JSON text (sic).")
    status: Status = Field("NORMAL", description="NORMAL is open; CLOSE and HOLD are not.")


class StoreChanged(Asked):
    """What is to be different of a store; what is not named stays."""

    store_id: Id = Field(description="The store, by its number.")
    name: Text | None = Field(None, description="What it is called.", max_length=100)
    store_adress: Structure[Address] | None = Field(
        None, description="Where it is, as a JSON text (sic)."
    )
    status: Status | None = Field(None, description="NORMAL is open; CLOSE and HOLD are not.")


class StoreAsked(Asked):
    """Which store."""

    store_id: Id = Field(description="The store, by its number.")


class SwitchSet(Asked):
    """A store's switch."""

    store_id: Id = Field(description="The store, by its number.")
    status: Status = Field(description="NORMAL takes orders; CLOSE and HOLD do not.")


class WarehouseManaged(Asked):
    """A warehouse, new or changed."""

    operate_type: Literal["ADD", "UPDATE"] = Field(description="ADD or UPDATE.")
    store_code: Text = Field(description="Its code with the seller.", max_length=40)
    store_name: Text = Field(description="What it is called.", max_length=100)
    store_type: Text | None = Field(None, description="TYPE_OWN; it is not looked at.")
    address: Text = Field(description="Street and number.", max_length=200)
    address_area_name: Text = Field(description="province~city~district.", max_length=200)


class WarehousesAsked(Asked):
    """Which warehouses."""

    store_code: Text | None = Field(None, description="The warehouse's code; all without it.")
    page_no: Page = Field(1, description="From 1.")
    page_size: PageSize = Field(LONGEST_PAGE, description=f"At most {LONGEST_PAGE}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A store."""

    store_id: Annotated[int, "The store's number."]
    outer_code: Annotated[str, "Its code with the seller."]
    name: Annotated[str, "What it is called."]
    store_type: Annotated[str, "Its kind."]
    status: Annotated[str, "NORMAL, or HOLD where it takes no orders."]
    province: Annotated[str, "Province."]
    city: Annotated[str, "City."]
    district: Annotated[str, "District."]
    address: Annotated[str, "Street and number."]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneStore:
    """A store."""

    store: Annotated[Store, "The store."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A store's switch."""

    status: Annotated[str, "NORMAL, or HOLD where it takes no orders."]


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchShown:
    """A store's switch."""

    result: Annotated[Switch, "How it stands."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouse:
    """A warehouse."""

    store_code: Annotated[str, "Its code with the seller."]
    store_name: Annotated[str, "What it is called."]
    store_type: Annotated[str, "TYPE_OWN."]
    address: Annotated[str, "Street and number."]
    address_area_name: Annotated[str, "province~city~district."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouses:
    """Warehouses."""

    store_list: Annotated[tuple[Warehouse, ...], "The newest first.", Item("store")]


@method("taobao.place.store.create", pack="stores", does="writes", permission="stores.edit")
def create(call: Call, asked: StoreOpened) -> OneStore:
    """Open a store; it stands where the packaged gazetteer knows its district or city."""
    where = asked.store_adress
    point = _point(where.province, where.city, where.district or "", place="store_adress")
    location = stores.open_location(
        merchant_id=call.merchant_id,
        code=asked.outer_code,
        name=asked.name,
        kind="store",
        latitude=point.latitude,
        longitude=point.longitude,
        province=where.province,
        city=where.city,
        district=where.district or "",
        address=where.address,
        is_open=asked.status == NORMAL,
        now=call.now,
    )
    return OneStore(store=_store(location))


@method("taobao.place.store.update", pack="stores", does="writes", permission="stores.edit")
def update(call: Call, asked: StoreChanged) -> OneStore:
    """Change a store's name, address or status."""
    before = _of_kind(location_by_id(call, store_id=asked.store_id), "store")
    changes: stores.LocationChanges = {}
    if asked.name is not None:
        changes["name"] = asked.name
    if asked.status is not None:
        changes["is_open"] = asked.status == NORMAL
    where = asked.store_adress
    if where is not None:
        changes |= _moved(
            where.province, where.city, where.district or "", where.address, place="store_adress"
        )
    changed = stores.update_location(
        merchant_id=call.merchant_id, location_id=before.id, changes=changes, now=call.now
    )
    return OneStore(store=_store(changed))


@method("taobao.place.store.get", pack="stores", does="reads", permission="stores.view")
def get(call: Call, asked: StoreAsked) -> OneStore:
    """Read a store."""
    return OneStore(store=_store(_of_kind(location_by_id(call, store_id=asked.store_id), "store")))


@method(
    "taobao.omniorder.store.switchstatus.get",
    pack="stores",
    does="reads",
    permission="stores.view",
)
def switch(call: Call, asked: StoreAsked) -> SwitchShown:
    """Read whether a store takes orders."""
    location = _of_kind(location_by_id(call, store_id=asked.store_id), "store")
    return SwitchShown(result=Switch(status=_status(location)))


@method(
    "taobao.omniorder.store.switchstatus.update",
    pack="stores",
    does="writes",
    permission="stores.edit",
)
def set_switch(call: Call, asked: SwitchSet) -> SwitchShown:
    """Let a store take orders, or take it out of work."""
    before = _of_kind(location_by_id(call, store_id=asked.store_id), "store")
    changed = stores.update_location(
        merchant_id=call.merchant_id,
        location_id=before.id,
        changes={"is_open": asked.status == NORMAL},
        now=call.now,
    )
    return SwitchShown(result=Switch(status=_status(changed)))


@method("taobao.inventory.store.manage", pack="stores", does="writes", permission="stores.edit")
def manage(call: Call, asked: WarehouseManaged) -> Warehouses:
    """Open a warehouse, or change its name and address."""
    parts = [part.strip() for part in asked.address_area_name.split(PARTED_BY)]
    province, city, district = (*parts[:3], "", "", "")[:3]
    if asked.operate_type == "ADD":
        point = _point(province, city, district, place="address_area_name")
        location = stores.open_location(
            merchant_id=call.merchant_id,
            code=asked.store_code,
            name=asked.store_name,
            kind="warehouse",
            latitude=point.latitude,
            longitude=point.longitude,
            province=province,
            city=city,
            district=district,
            address=asked.address,
            can_pickup=False,
            now=call.now,
        )
        return Warehouses(store_list=(_warehouse(location),))
    (before,) = _warehouses(call, asked.store_code)
    changes = _moved(province, city, district, asked.address, place="address_area_name")
    changes["name"] = asked.store_name
    changed = stores.update_location(
        merchant_id=call.merchant_id, location_id=before.id, changes=changes, now=call.now
    )
    return Warehouses(store_list=(_warehouse(changed),))


@method("taobao.inventory.store.query", pack="stores", does="reads", permission="stores.view")
def query(call: Call, asked: WarehousesAsked) -> Warehouses:
    """Read warehouses: one by its code, or all."""
    if asked.store_code is not None:
        found = _warehouses(call, asked.store_code)
    else:
        found = stores.locations_page(
            merchant_id=call.merchant_id,
            kind="warehouse",
            location_ids=call.location_ids,
            limit=asked.page_no * asked.page_size,
        )[(asked.page_no - 1) * asked.page_size :]
    return Warehouses(store_list=tuple(_warehouse(each) for each in found))


def _warehouses(call: Call, code: str) -> Sequence[stores.Location]:
    found = stores.locations_by_code(merchant_id=call.merchant_id, codes=[code]).get(code)
    if found is None or not call.actor.may_at(found.id):
        raise NoSuch(kind="store", key=code)
    return [_of_kind(found, "warehouse")]


def _of_kind(location: stores.Location, kind: stores.LocationKind) -> stores.Location:
    if location.kind != kind:
        raise NoSuch(kind=kind, key=str(location.id))
    return location


def _point(province: str, city: str, district: str, *, place: str) -> stores.Coordinates:
    found = stores.place_of(country="CN", province=province, city=city, district=district)
    if found is None or found.precision not in {"district", "city"}:
        why = f"{place}: no such city"
        raise Refused(errors.INVALID_ARGUMENTS, "isv.address-unknown", why)
    return found


def _moved(
    province: str, city: str, district: str, address: str, *, place: str
) -> stores.LocationChanges:
    point = _point(province, city, district, place=place)
    return {
        "province": province,
        "city": city,
        "district": district,
        "address": address,
        "latitude": point.latitude,
        "longitude": point.longitude,
    }


def _status(location: stores.Location) -> str:
    return NORMAL if location.is_open else HOLD


def _store(location: stores.Location) -> Store:
    return Store(
        store_id=location.id,
        outer_code=location.code,
        name=location.name,
        store_type=STORE_TYPE,
        status=_status(location),
        province=location.province,
        city=location.city,
        district=location.district,
        address=location.address,
    )


def _warehouse(location: stores.Location) -> Warehouse:
    parts = (location.province, location.city, location.district)
    return Warehouse(
        store_code=location.code,
        store_name=location.name,
        store_type=TYPE_OWN,
        address=location.address,
        address_area_name=PARTED_BY.join(part for part in parts if part),
    )


METHODS = (create, update, get, switch, set_switch, manage, query)
