"""What a till or an ERP says that its stores have: all of it, or so many more or fewer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from django.db import transaction

from santong.inventory import public as inventory
from santong.kernel.errors import DomainError, FieldInvalid
from santong.qimen.errors import NotCarried, NumberReused, QuantityWrong
from santong.qimen.rules.answers import Answered, done
from santong.qimen.rules.shapes.stores import HeldInStore, StoreInventory
from santong.qimen.rules.xml import Element, branch, leaf
from santong.qimen.selectors.calls import Call
from santong.qimen.selectors.stock import sku_of, store_of
from santong.qimen.services.once import once
from santong.qimen.services.report_stock import reason_of

MOST_STORES: Final = 20
IDEMPOTENT: Final = "IDEMPOTENT"

Write = Callable[[Call, int, int, HeldInStore, str], None]


def set_store_stock(*, call: Call, document: StoreInventory) -> Answered:
    """`iteminitial`: what is there is so many. Each `billNum` once; refused ones are listed.

    Raises FieldInvalid, UnknownCode. Locks numbers, then stock levels.
    """
    return _each(call, document, "iteminitial", _set)


def change_store_stock(*, call: Call, document: StoreInventory) -> Answered:
    """`itemupdate`: so many more or fewer. Each `billNum` once; refused ones are listed.

    Raises FieldInvalid, UnknownCode. Locks numbers, then stock levels.
    """
    return _each(call, document, "itemupdate", _change)


def _each(call: Call, document: StoreInventory, kind: str, write: Write) -> Answered:
    if len(document.stores) > MOST_STORES:
        raise FieldInvalid(pointer="/stores", reason=f"at most {MOST_STORES}")
    bills_by_reason: dict[str, list[str]] = {}
    is_again = True
    for store in document.stores:
        location_id = store_of(call=call, text=store.warehouse_id)
        for held in store.store_inventories:
            reason = _one(call, kind, location_id, held, write)
            is_again = is_again and reason == IDEMPOTENT
            if reason:
                bills_by_reason.setdefault(reason, []).append(held.bill_num)
    results = [_result(reason, bills) for reason, bills in bills_by_reason.items()]
    return replace(done(results=[branch("results", results)] if results else []), is_again=is_again)


def _one(call: Call, kind: str, location_id: int, held: HeldInStore, write: Write) -> str:
    """Why a bill was not taken, or nothing."""
    try:
        with transaction.atomic():
            answered = once(
                call=call,
                kind=kind,
                number=held.bill_num,
                document=held,
                work=lambda taken_id: _write(call, location_id, held, taken_id, write),
            )
    except NumberReused:
        return "billNum was used for something else"
    except DomainError as refused:
        return refused.code
    return IDEMPOTENT if answered.is_again else ""


def _write(
    call: Call, location_id: int, held: HeldInStore, taken_id: int, write: Write
) -> Answered:
    if held.inventory_type != "CERTAINTY":
        raise NotCarried(what=f"inventoryType {held.inventory_type}")
    sku = sku_of(call=call, outer_id=held.outer_id, item_id=held.item_id, sku_id=held.sku_id)
    write(call, location_id, sku.id, held, f"qimen:{taken_id}")
    return done()


def _set(call: Call, location_id: int, sku_id: int, held: HeldInStore, key: str) -> None:
    if held.quantity < 0:
        raise QuantityWrong(item_code=held.outer_id, reason="less than nothing")
    inventory.count(
        merchant_id=call.merchant_id,
        location_id=location_id,
        counted_by_sku={sku_id: held.quantity},
        reason=reason_of(call=call, number=held.bill_num),
        key=key,
        now=call.now,
    )


def _change(call: Call, location_id: int, sku_id: int, held: HeldInStore, key: str) -> None:
    if held.quantity:
        inventory.adjust(
            merchant_id=call.merchant_id,
            location_id=location_id,
            sku_id=sku_id,
            delta=held.quantity,
            reason=reason_of(call=call, number=held.bill_num),
            key=key,
            now=call.now,
        )


def _result(reason: str, bills: list[str]) -> Element:
    numbers = [leaf("billNum", bill) for bill in bills]
    return branch("result", [leaf("description", reason), branch("billNums", numbers)])
