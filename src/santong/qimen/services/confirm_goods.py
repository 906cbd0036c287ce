"""What another system says has come to a place, or has left it, moves our stock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from santong.inventory import public as inventory
from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.qimen import contracts
from santong.qimen.errors import QuantityWrong, StatePassed, UnknownCode
from santong.qimen.models import StockOrder, StockOrderLine
from santong.qimen.rules.answers import Answered, done
from santong.qimen.rules.codes import GOOD
from santong.qimen.rules.confirmed import quantity_by_quality
from santong.qimen.rules.marks import Part
from santong.qimen.rules.sameness import digest_of
from santong.qimen.rules.shapes.arrivals import EntryConfirm, ReturnConfirm
from santong.qimen.rules.shapes.common import ConfirmedLine
from santong.qimen.rules.shapes.deliveries import OutConfirm
from santong.qimen.selectors.calls import Call
from santong.qimen.services.announce_goods import holder_of
from santong.qimen.services.once import once
from santong.qimen.services.report_stock import reason_of

INTERIM: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """Which document, under which number of the message, and whether more will follow."""

    kind: contracts.StockOrderKind
    code: str
    out_biz_code: str
    is_interim: bool


def confirm_entry(*, call: Call, document: EntryConfirm) -> Answered:
    """Book in what has come. Each confirmation adds, and the final one closes.

    Raises NoSuch, StatePassed, QuantityWrong, NumberReused. Locks the order, then stock levels.
    """
    order = document.entry_order
    said = _Said(
        kind="entry",
        code=order.entry_order_code,
        out_biz_code=order.out_biz_code,
        is_interim=order.confirm_type == INTERIM,
    )
    return _confirm(call, said, document, document.order_lines)


def confirm_return(*, call: Call, document: ReturnConfirm) -> Answered:
    """Book in what has come back, as `confirm_entry` does."""
    order = document.return_order
    said = _Said(
        kind="return",
        code=order.return_order_code,
        out_biz_code=order.out_biz_code,
        is_interim=order.confirm_type == INTERIM,
    )
    return _confirm(call, said, document, document.order_lines)


def confirm_leaving(*, call: Call, document: OutConfirm) -> Answered:
    """Book out what has left; the final confirmation gives back what stays.

    Raises NoSuch, StatePassed, QuantityWrong, NumberReused. Locks the order, then stock levels.
    """
    order = document.delivery_order
    said = _Said(
        kind="stockout",
        code=order.delivery_order_code,
        out_biz_code=order.out_biz_code,
        is_interim=order.confirm_type == INTERIM,
    )
    return _confirm(call, said, document, document.order_lines)


def _confirm(call: Call, said: _Said, document: Part, lines: Sequence[ConfirmedLine]) -> Answered:
    return once(
        call=call,
        kind=f"{said.kind}.confirm",
        number=f"{said.code}/{said.out_biz_code or digest_of(document=document)}",
        document=document,
        work=lambda taken_id: _book(call, said, lines, taken_id),
    )


def _book(call: Call, said: _Said, lines: Sequence[ConfirmedLine], taken_id: int) -> Answered:
    kind, code = said.kind, said.code
    row = lock_stock_order(call=call, kind=kind, code=code)
    if row.state in {"moved", "cancelled"}:
        raise StatePassed(number=code, state=row.state)
    rows = list(
        StockOrderLine.objects.of_merchant(call.merchant_id)
        .filter(stock_order=row)
        .lock()
        .order_by("number")
    )
    good = _add_up(rows, lines, is_leaving=kind == "stockout")
    _move(call, row, good, taken_id)
    before, row.state = row.state, "partly_moved" if said.is_interim else "moved"
    row.changed_at = call.now
    row.save(update_fields=["state", "changed_at"])
    if kind == "stockout" and not said.is_interim:
        inventory.release(
            merchant_id=call.merchant_id,
            holder=holder_of(stock_order_id=row.id),
            reason=f"{code} is final",
            now=call.now,
        )
    audit.record(
        audit.Change(
            action=f"qimen.confirm_{kind}",
            subject="qimen_stock_order",
            subject_id=row.id,
            reason=f"{call.contract.code} {code}",
            before={"state": before},
            after={"state": row.state, "units": sum(good.values())},
        ),
        now=call.now,
    )
    return done()


def _add_up(
    rows: Sequence[StockOrderLine], lines: Sequence[ConfirmedLine], *, is_leaving: bool
) -> dict[StockOrderLine, int]:
    """Good units by line; every line is written with what has moved of it so far."""
    good: dict[StockOrderLine, int] = {}
    for line in lines:
        row = _row_of(rows, line)
        by_quality = quantity_by_quality(line=line)
        moved = sum(by_quality.values())
        damaged = moved - by_quality.get(GOOD, 0)
        if is_leaving and (row.moved + moved > row.planned or damaged):
            raise QuantityWrong(item_code=line.item_code, reason="more than was announced")
        row.moved += moved
        row.damaged += damaged
        row.save(update_fields=["moved", "damaged"])
        if moved - damaged:
            good[row] = good.get(row, 0) + moved - damaged
    return good


def _row_of(rows: Sequence[StockOrderLine], line: ConfirmedLine) -> StockOrderLine:
    same = [row for row in rows if row.item_code == line.item_code]
    numbered = [row for row in same if line.order_line_no == row.outside_number]
    found = numbered or same
    if not found:
        raise UnknownCode(kind="itemCode", value=line.item_code)
    return found[0]


def _move(call: Call, row: StockOrder, good: dict[StockOrderLine, int], taken_id: int) -> None:
    if not good:
        return
    if row.kind == "stockout":
        inventory.consume(
            merchant_id=call.merchant_id,
            holder=holder_of(stock_order_id=row.id),
            location_id=row.location_id,
            quantity_by_line={line.id: units for line, units in good.items()},
            key=f"qimen:{taken_id}",
            now=call.now,
        )
        return
    by_sku: dict[int, int] = {}
    for line, units in good.items():
        by_sku[line.sku_id] = by_sku.get(line.sku_id, 0) + units
    inventory.receive(
        merchant_id=call.merchant_id,
        location_id=row.location_id,
        quantity_by_sku=by_sku,
        reason=reason_of(call=call, number=row.code),
        key=f"qimen:{taken_id}",
        now=call.now,
    )


def lock_stock_order(*, call: Call, kind: contracts.StockOrderKind, code: str) -> StockOrder:
    """A stock order of this contract, locked. Raises NoSuch."""
    found: StockOrder | None = (
        StockOrder.objects.of_merchant(call.merchant_id)
        .filter(contract_id=call.contract.id, kind=kind, code=code)
        .lock()
        .first()
    )
    if found is None:
        raise NoSuch(kind=f"{kind} order", key=code[:60])
    return found
