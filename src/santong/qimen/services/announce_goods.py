"""Goods that another system announces: to come to a place of ours, or to leave it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from santong.inventory import public as inventory
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.qimen import contracts
from santong.qimen.errors import NotCarried
from santong.qimen.models import StockOrder, StockOrderLine
from santong.qimen.rules.answers import Answered, done
from santong.qimen.rules.codes import GOOD
from santong.qimen.rules.marks import Part, Time
from santong.qimen.rules.reading import text_of
from santong.qimen.rules.shapes.arrivals import EntryCreate, ReturnCreate
from santong.qimen.rules.shapes.common import AskedLine
from santong.qimen.rules.shapes.deliveries import OutCreate
from santong.qimen.rules.xml import leaf
from santong.qimen.selectors.calls import Call
from santong.qimen.services.gather_parts import gather_lines
from santong.qimen.services.once import once


def announce_entry(*, call: Call, document: EntryCreate) -> Answered:
    """Expect goods. Raises UnknownCode, NumberReused, QuantityWrong. Locks the document."""
    order = document.entry_order
    parts = gather_lines(
        call=call,
        kind="entry",
        number=order.entry_order_code,
        document=document,
        lines=len(document.order_lines),
        of_lines=order.total_order_lines,
    )
    if parts is None:
        return _waits()
    whole = replace(document, order_lines=_all_lines([part.order_lines for part in parts]))
    wanted = _Wanted(
        "entry",
        order.entry_order_code,
        order.order_type or "CGRK",
        order.warehouse_code,
        {"ownerCode": order.owner_code, "purchaseOrderCode": order.purchase_order_code},
    )
    return _announce(call, wanted, whole, whole.order_lines, "entryOrderId")


def announce_return(*, call: Call, document: ReturnCreate) -> Answered:
    """Expect goods back. Raises UnknownCode, NumberReused, QuantityWrong. Locks the document."""
    order = document.return_order
    parts = gather_lines(
        call=call,
        kind="return",
        number=order.return_order_code,
        document=document,
        lines=len(document.order_lines),
        of_lines=order.total_order_lines,
    )
    if parts is None:
        return _waits()
    whole = replace(document, order_lines=_all_lines([part.order_lines for part in parts]))
    wanted = _Wanted(
        "return",
        order.return_order_code,
        order.order_type or "THRK",
        order.warehouse_code,
        {"ownerCode": order.owner_code, "preDeliveryOrderCode": order.pre_delivery_order_code},
    )
    return _announce(call, wanted, whole, whole.order_lines, "returnOrderId")


def announce_leaving(*, call: Call, document: OutCreate) -> Answered:
    """Let goods leave, and promise them firmly until they do.

    Raises UnknownCode, NumberReused, QuantityWrong, InsufficientStock. Locks the document, then
    stock levels.
    """
    order = document.delivery_order
    parts = gather_lines(
        call=call,
        kind="stockout",
        number=order.delivery_order_code,
        document=document,
        lines=len(document.order_lines),
        of_lines=order.total_order_lines,
    )
    if parts is None:
        return _waits()
    whole = replace(document, order_lines=_all_lines([part.order_lines for part in parts]))
    wanted = _Wanted(
        "stockout", order.delivery_order_code, order.order_type, order.warehouse_code, {}
    )
    answered = _announce(call, wanted, whole, whole.order_lines, "deliveryOrderId")
    if answered.is_again:
        return answered
    created = leaf("createTime", text_of(mark=Time(), value=call.now))
    return replace(answered, results=(created, *answered.results))


class _Wanted:
    """What a stock order is called, and where."""

    def __init__(
        self,
        kind: contracts.StockOrderKind,
        code: str,
        order_type: str,
        warehouse_code: str,
        head: dict[str, str],
    ) -> None:
        self.kind: contracts.StockOrderKind = kind
        self.code = code
        self.order_type = order_type
        self.warehouse_code = warehouse_code
        self.head = head


def _waits() -> Answered:
    return replace(done(message="waits for its other lines"), is_waiting=True)


def _all_lines(parts: Sequence[tuple[AskedLine, ...]]) -> tuple[AskedLine, ...]:
    lines = tuple(line for part in parts for line in part)
    if not lines:
        raise FieldInvalid(pointer="/orderLines", reason="at least one line")
    return lines


def _announce(
    call: Call, wanted: _Wanted, document: Part, lines: Sequence[AskedLine], answer: str
) -> Answered:
    return once(
        call=call,
        kind=wanted.kind,
        number=wanted.code,
        document=document,
        work=lambda _: done(results=[leaf(answer, str(_write(call, wanted, lines)))]),
    )


def _write(call: Call, wanted: _Wanted, lines: Sequence[AskedLine]) -> int:
    location_id = call.location_of(wanted.warehouse_code)
    skus = call.skus(line.item_code for line in lines)
    is_leaving = wanted.kind == "stockout"
    if is_leaving and any(line.inventory_type != GOOD for line in lines):
        raise NotCarried(what="stock of another quality than ZP")
    row = StockOrder.objects.create(
        merchant_id=call.merchant_id,
        contract_id=call.contract.id,
        kind=wanted.kind,
        code=wanted.code,
        order_type=wanted.order_type,
        location_id=location_id,
        head={name: text for name, text in wanted.head.items() if text},
        created_at=call.now,
        changed_at=call.now,
    )
    made = [
        StockOrderLine.objects.create(
            merchant_id=call.merchant_id,
            stock_order=row,
            number=number,
            outside_number=line.order_line_no,
            sku_id=skus[line.item_code].id,
            item_code=line.item_code,
            planned=line.plan_qty,
            is_leaving=is_leaving,
        )
        for number, line in enumerate(lines, start=1)
    ]
    if is_leaving:
        _promise(call, row, made)
    audit.record(
        audit.Change(
            action=f"qimen.announce_{wanted.kind}",
            subject="qimen_stock_order",
            subject_id=row.id,
            reason=f"{call.contract.code} {wanted.code}",
            after={"location_id": location_id, "units": sum(line.planned for line in made)},
        ),
        now=call.now,
    )
    return row.id


def _promise(call: Call, row: StockOrder, lines: Sequence[StockOrderLine]) -> None:
    inventory.reserve(
        merchant_id=call.merchant_id,
        holder=holder_of(stock_order_id=row.id),
        lines=[
            inventory.ReserveLine(
                location_id=row.location_id,
                sku_id=line.sku_id,
                quantity=line.planned,
                line_id=line.id,
            )
            for line in lines
            if line.planned
        ],
        expires_at=None,
        now=call.now,
    )


def holder_of(*, stock_order_id: int) -> str:
    """By which stock knows goods that are to leave."""
    return f"qimen_stock_order:{stock_order_id}"
