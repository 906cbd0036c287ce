"""Stock of stores (门店库存): what is there, what has changed, what is promised.

The same methods are published under two names; both are here. `bill_num` names a change of a SKU at
a place: sent again it changes nothing, and is told as `IDEMPOTENT`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal, NamedTuple

from django.db import transaction
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from santong.catalog import public as catalog
from santong.inventory import public as inventory
from santong.kernel.errors import DomainError
from santong.topgateway import errors
from santong.topgateway.contracts import Call
from santong.topgateway.errors import Refused
from santong.topgateway.methods.finding import location_id_of
from santong.topgateway.rules.arguments import Asked, Id, Listed, Text, Whole
from santong.topgateway.rules.declaring import Does, Method, method
from santong.topgateway.rules.outline import Item

MOST_STORES: Final = 20
MOST_LINES: Final = 500
MOST_UNITS: Final = 1_000_000_000
IDEMPOTENT: Final = "IDEMPOTENT"
CERTAINTY: Final = "CERTAINTY"
OK: Final = "0"
SUCCESS: Final = "success"
NAMES: Final = ("taobao.qimen.storeinventory", "taobao.jst.astrolabe.storeinventory")

WarehouseType = Literal["STORE", "WAREHOUSE"]
InventoryType = Literal["CERTAINTY", "UNCERTAINTY"]


class _InJson(Asked):
    """What stands in a JSON text; some clients write its names as Qimen's XML does."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, loc_by_alias=False
    )


class SkuNamed(_InJson):
    """One SKU at a place."""

    sku_id: Id | None = Field(None, description="The SKU, by its number,")
    outer_id: Text | None = Field(None, description="or by its code with the seller.")
    item_id: Id | None = Field(None, description="Its item; it is not looked at.")


class Counted(SkuNamed):
    """What was found of one SKU."""

    bill_num: Text = Field(description="The caller's own number of the change.", max_length=60)
    quantity: Id = Field(description="So many are there, in pieces.", le=MOST_UNITS)
    inventory_type: InventoryType = Field(
        "CERTAINTY", description="Only CERTAINTY (on hand) is kept."
    )


class Changed(SkuNamed):
    """What has changed of one SKU."""

    bill_num: Text = Field(description="The caller's own number of the change.", max_length=60)
    bill_type: Text | None = Field(None, description="Why, as BALANCE.")
    quantity: Whole = Field(
        description="So many more, or fewer, in pieces.", ge=-MOST_UNITS, le=MOST_UNITS
    )
    inventory_type: InventoryType = Field(
        "CERTAINTY", description="Only CERTAINTY (on hand) is kept."
    )


class StoreNamed(_InJson):
    """One place."""

    warehouse_id: Text = Field(description="The place's code, or its own number.")
    warehouse_type: WarehouseType = Field("STORE", description="STORE or WAREHOUSE.")


class StoreCounted(StoreNamed):
    """What was found at one place."""

    store_inventories: Listed[Counted] = Field(description="Its SKUs.")


class StoreChanged(StoreNamed):
    """What has changed at one place."""

    store_inventories: Listed[Changed] = Field(description="Its SKUs.")


class StoreAsked(StoreNamed):
    """What is asked of one place."""

    store_inventories: Listed[SkuNamed] = Field(description="Its SKUs.")


class Initial(Asked):
    """What was found at places."""

    stores: Listed[StoreCounted] = Field(
        description=f"Places and their SKUs, as a JSON list of at most {MOST_STORES}.",
        max_length=MOST_STORES,
    )
    operation_time: Text | None = Field(None, description="When; it is not looked at.")


class Update(Asked):
    """What has changed at places."""

    stores: Listed[StoreChanged] = Field(
        description=f"Places and their SKUs, as a JSON list of at most {MOST_STORES}.",
        max_length=MOST_STORES,
    )
    operation_time: Text | None = Field(None, description="When; it is not looked at.")


class Query(Asked):
    """What is asked of places."""

    stores: Listed[StoreAsked] = Field(
        description=f"Places and their SKUs, as a JSON list of at most {MOST_STORES}.",
        max_length=MOST_STORES,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Changes that were not made, or not again, and why."""

    description: Annotated[str, f"{IDEMPOTENT}: made before; or the code of a refusal."]
    bill_nums: Annotated[tuple[str, ...], "The caller's own numbers.", Item("bill_num")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of changes: what is not among the failures was made."""

    qimen_code: Annotated[str, "0: all was read; look at the failures."]
    message: Annotated[str, "In words."]
    failures: Annotated[tuple[Failure, ...], "What was not made, by reason.", Item("failure")]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityDetail:
    """What is there of one SKU at one place."""

    inventory_type: Annotated[str, "CERTAINTY: on hand."]
    quantity: Annotated[int, "On hand, in pieces."]
    occupy_quantity: Annotated[int, "Of that promised to somebody, in pieces."]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreInventory:
    """One SKU at one place."""

    item_id: Annotated[int, "Its item."]
    sku_id: Annotated[int, "The SKU."]
    outer_id: Annotated[str, "Its code with the seller."]
    quantity_details: Annotated[
        tuple[QuantityDetail, ...], "What is there.", Item("quantity_detail")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One place."""

    warehouse_id: Annotated[str, "The place as it was asked for."]
    warehouse_type: Annotated[str, "STORE or WAREHOUSE."]
    store_inventories: Annotated[tuple[StoreInventory, ...], "SKUs.", Item("store_inventory")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What is there."""

    qimen_code: Annotated[str, "0: it went well."]
    message: Annotated[str, "In words."]
    stores: Annotated[tuple[Store, ...], "Places, as they were asked for.", Item("store")]


class _Line(NamedTuple):
    """One change of one SKU at one place. It is locked in this order."""

    sku_id: int
    location_id: int
    quantity: int
    bill_num: str
    why: str


def initial(call: Call, asked: Initial) -> Outcome:
    """Set what places hold to what was found there. One bill number changes a SKU once."""

    def make(line: _Line) -> bool:
        return inventory.count(
            merchant_id=call.merchant_id,
            location_id=line.location_id,
            counted_by_sku={line.sku_id: line.quantity},
            reason=line.why,
            key=_key(call, line),
            now=call.now,
        )

    return _outcome(call, asked.stores, make)


def update(call: Call, asked: Update) -> Outcome:
    """Change what places hold by so many pieces. One bill number changes a SKU once."""

    def make(line: _Line) -> bool:
        return inventory.adjust(
            merchant_id=call.merchant_id,
            location_id=line.location_id,
            sku_id=line.sku_id,
            delta=line.quantity,
            reason=line.why,
            key=_key(call, line),
            now=call.now,
        )

    return _outcome(call, asked.stores, make)


def query(call: Call, asked: Query) -> Stock:
    """Read what places hold of SKUs, and how much of that is promised."""
    skus = _skus(call, [line for store in asked.stores for line in store.store_inventories])
    place_ids = [
        location_id_of(call, store_id=store.warehouse_id, place=f"stores[{number}].warehouse_id")
        for number, store in enumerate(asked.stores)
    ]
    wanted = [
        (place_id, sku.id)
        for place_id, store in zip(place_ids, asked.stores, strict=True)
        for line in store.store_inventories
        if (sku := skus.get(_named(line))) is not None
    ]
    levels = inventory.levels_at(merchant_id=call.merchant_id, places=wanted)
    stores = tuple(
        Store(
            warehouse_id=store.warehouse_id,
            warehouse_type=store.warehouse_type,
            store_inventories=tuple(_shown(place_id, store, skus, levels)),
        )
        for place_id, store in zip(place_ids, asked.stores, strict=True)
    )
    return Stock(qimen_code=OK, message=SUCCESS, stores=stores)


def _shown(
    place_id: int,
    store: StoreAsked,
    skus: Mapping[int | str, catalog.Sku],
    levels: Mapping[tuple[int, int], inventory.Level],
) -> Iterator[StoreInventory]:
    """SKUs that nobody knows are left out; those that the place never had have nothing there."""
    for line in store.store_inventories:
        sku = skus.get(_named(line))
        if sku is None:
            continue
        level = levels.get((place_id, sku.id))
        detail = QuantityDetail(
            inventory_type=CERTAINTY,
            quantity=level.on_hand if level else 0,
            occupy_quantity=level.allocated + level.reserved if level else 0,
        )
        yield StoreInventory(
            item_id=sku.style_id, sku_id=sku.id, outer_id=sku.code, quantity_details=(detail,)
        )


def _outcome(
    call: Call,
    stores: Sequence[StoreCounted | StoreChanged],
    make: Callable[[_Line], bool],
) -> Outcome:
    bills_by_reason: dict[str, list[str]] = {}
    for line in sorted(_lines(call, stores, bills_by_reason)):
        try:
            with transaction.atomic():  # a refusal of one line leaves the others as they are
                reason = "" if make(line) else IDEMPOTENT
        except DomainError as refused:
            if refused.status >= 500:  # noqa: PLR2004  the whole call is tried again
                raise
            reason = refused.code
        if reason:
            bills_by_reason.setdefault(reason, []).append(line.bill_num)
    return Outcome(
        qimen_code=OK,
        message=SUCCESS,
        failures=tuple(
            Failure(description=reason, bill_nums=tuple(bills))
            for reason, bills in sorted(bills_by_reason.items())
        ),
    )


def _lines(
    call: Call,
    stores: Sequence[StoreCounted | StoreChanged],
    bills_by_reason: dict[str, list[str]],
) -> Iterator[_Line]:
    said: list[tuple[int, StoreNamed, Counted | Changed]] = []
    for number, store in enumerate(stores):
        said += [(number, store, line) for line in store.store_inventories]
    if len(said) > MOST_LINES:
        why = f"stores: {MOST_LINES} SKUs at most"
        raise Refused(errors.INVALID_ARGUMENTS, "isv.invalid-parameter", why)
    skus = _skus(call, [line for _, _, line in said])
    for number, at, line in said:
        sku = skus.get(_named(line))
        if sku is None or line.inventory_type != CERTAINTY:
            reason = "isv.inventory-type-not-kept" if sku else "isv.sku-not-exist"
            bills_by_reason.setdefault(reason, []).append(line.bill_num)
            continue
        yield _Line(
            sku_id=sku.id,
            location_id=location_id_of(
                call, store_id=at.warehouse_id, place=f"stores[{number}].warehouse_id"
            ),
            quantity=line.quantity,
            bill_num=line.bill_num,
            why=(line.bill_type if isinstance(line, Changed) else None) or "told by an application",
        )


def _skus(call: Call, said: Iterable[SkuNamed]) -> dict[int | str, catalog.Sku]:
    names = {_named(line) for line in said}
    ids = [name for name in names if isinstance(name, int)]
    codes = [name for name in names if isinstance(name, str)]
    found: dict[int | str, catalog.Sku] = {}
    if ids:
        found.update(catalog.skus_by_id(merchant_id=call.merchant_id, sku_ids=ids).items())
    if codes:
        found.update(catalog.skus_by_code(merchant_id=call.merchant_id, codes=codes).items())
    return found


def _named(line: SkuNamed) -> int | str:
    name = line.sku_id if line.sku_id is not None else line.outer_id
    if name is None:
        why = "stores: each SKU has a sku_id or an outer_id"
        raise Refused(errors.MISSING_ARGUMENTS, "isv.missing-parameter", why)
    return name


def _key(call: Call, line: _Line) -> str:
    """As long as inventory takes, whatever the bill is called."""
    named = f"{line.bill_num}\n{line.location_id}\n{line.sku_id}"
    return f"top:{call.app_key}:{hashlib.sha256(named.encode()).hexdigest()[:40]}"


def _both(last: str, carry_out: Callable[..., object], does: Does) -> tuple[Method, ...]:
    permission = "stock.view" if does == "reads" else "stock.adjust"
    return tuple(
        method(f"{name}.{last}", pack="goods", does=does, permission=permission)(carry_out)
        for name in NAMES
    )


METHODS = (
    *_both("iteminitial", initial, "writes"),
    *_both("itemupdate", update, "writes"),
    *_both("itemquery", query, "reads"),
)
