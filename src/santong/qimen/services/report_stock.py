"""What another system has found or moved becomes a movement of our stock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from santong.inventory import public as inventory
from santong.qimen.errors import QuantityWrong
from santong.qimen.models import Delivery, StockOrder
from santong.qimen.rules.answers import Answered, done
from santong.qimen.rules.codes import GOOD
from santong.qimen.rules.shapes.stock import ChangedItem, CountedItem, InventoryReport, StockChange
from santong.qimen.selectors.calls import Call
from santong.qimen.services.gather_parts import gather_pages
from santong.qimen.services.once import once


def report_changes(*, call: Call, document: StockChange) -> Answered:
    """Book every change once, by its `outBizCode`; all of them or none.

    What a document moved that is known here is booked by that document's confirmation, and damaged
    goods are in no stock of ours: neither is booked.

    Raises UnknownCode, NumberReused, BelowZero, QuantityWrong. Locks numbers, then stock levels.
    """
    known = _known_orders(call, {item.order_code for item in document.items})
    is_again = True
    for item in _merged(document.items):
        answered = once(
            call=call,
            kind="stockchange",
            number="/".join(_number_of(item)),
            document=item,
            work=lambda taken_id, item=item: _book(call, item, taken_id, known),  # type: ignore[misc]
        )
        is_again = is_again and answered.is_again
    return replace(done(), is_again=is_again)


def report_count(*, call: Call, document: InventoryReport) -> Answered:
    """Take in a count when all its pages are there: as differences or as wholes, as agreed.

    Raises UnknownCode, NumberReused, BelowZero, QuantityWrong. Locks the count, then stock levels.
    """
    location_id = call.location_of(document.warehouse_code)
    number = f"{document.warehouse_code}/{document.check_order_code}"
    gathered = gather_pages(
        call=call,
        kind="count",
        number=number,
        document=document,
        page=document.current_page,
        of_pages=document.total_page,
    )
    if gathered is None:
        return replace(done(message="waits for its other pages"), is_waiting=True)
    pages = sorted(gathered, key=lambda page: page.current_page)
    whole = replace(
        pages[0],
        current_page=1,
        out_biz_code="",
        page_size=0,
        items=tuple(item for page in pages for item in page.items),
    )
    return once(
        call=call,
        kind="count",
        number=number,
        document=whole,
        work=lambda taken_id: _count(call, location_id, whole, taken_id),
    )


def _known_orders(call: Call, codes: set[str]) -> set[str]:
    """Documents of this contract whose goods their confirmations book."""
    found: set[str] = set()
    for rows in (
        Delivery.objects.of_merchant(call.merchant_id),
        StockOrder.objects.of_merchant(call.merchant_id),
    ):
        same = rows.filter(contract_id=call.contract.id, code__in=codes)
        found |= set(same.values_list("code", flat=True))
    return found


def _number_of(item: ChangedItem) -> tuple[str, ...]:
    return (item.out_biz_code, item.warehouse_code, item.item_code, item.inventory_type)


def _merged(items: tuple[ChangedItem, ...]) -> list[ChangedItem]:
    """One change for each number: batches of one item are several lines of it."""
    by_number: dict[tuple[str, ...], ChangedItem] = {}
    for item in items:
        if item.batchs and sum(batch.quantity or 0 for batch in item.batchs) != item.quantity:
            raise QuantityWrong(item_code=item.item_code, reason="batches do not add up")
        number = _number_of(item)
        seen = by_number.get(number)
        quantity = item.quantity + (seen.quantity if seen else 0)
        by_number[number] = replace(seen or item, quantity=quantity)
    return sorted(by_number.values(), key=lambda item: item.item_code)


def _book(call: Call, item: ChangedItem, taken_id: int, known: set[str]) -> Answered:
    location_id = call.location_of(item.warehouse_code)
    sku = call.skus([item.item_code])[item.item_code]
    if item.order_code in known or item.inventory_type != GOOD or not item.quantity:
        return done()
    inventory.adjust(
        merchant_id=call.merchant_id,
        location_id=location_id,
        sku_id=sku.id,
        delta=item.quantity,
        reason=reason_of(call=call, number=item.order_code),
        key=f"qimen:{taken_id}",
        now=call.now,
    )
    return done()


def _count(call: Call, location_id: int, report: InventoryReport, taken_id: int) -> Answered:
    good = [item for item in report.items if item.inventory_type == GOOD]
    quantity_by_sku = _by_sku(call, good)
    reason = reason_of(call=call, number=report.check_order_code)
    if call.contract.quirks.counts == "whole" and quantity_by_sku:
        inventory.count(
            merchant_id=call.merchant_id,
            location_id=location_id,
            counted_by_sku=quantity_by_sku,
            reason=reason,
            key=f"qimen:{taken_id}",
            now=call.now,
        )
        return done()
    for sku_id, delta in sorted(quantity_by_sku.items()):
        if delta:
            inventory.adjust(
                merchant_id=call.merchant_id,
                location_id=location_id,
                sku_id=sku_id,
                delta=delta,
                reason=reason,
                key=f"qimen:{taken_id}:{sku_id}",
                now=call.now,
            )
    return done()


def _by_sku(call: Call, items: list[CountedItem]) -> Mapping[int, int]:
    skus = call.skus(item.item_code for item in items)
    found: dict[int, int] = {}
    for item in items:
        if item.quantity < 0 and call.contract.quirks.counts == "whole":
            raise QuantityWrong(item_code=item.item_code, reason="less than nothing was found")
        sku_id = skus[item.item_code].id
        found[sku_id] = found.get(sku_id, 0) + item.quantity
    return found


def reason_of(*, call: Call, number: str) -> str:
    """Why stock moved, as the ledger says it, and by which system."""
    return f"qimen {call.contract.code} {number}"[:200]
