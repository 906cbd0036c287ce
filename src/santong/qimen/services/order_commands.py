"""What is said of documents that are there: cancelled, suspended, how far, what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from santong.fulfilment import public as fulfilment
from santong.inventory import public as inventory
from santong.kernel import audit, bulk
from santong.kernel.errors import NoSuch
from santong.orders import public as orders
from santong.qimen.errors import NotCarried, StatePassed, UnknownCode
from santong.qimen.models import (
    Delivery,
    DeliveryLine,
    DeliveryPackage,
    ProcessStep,
    StockOrder,
)
from santong.qimen.rules.answers import Answered, done
from santong.qimen.rules.shapes.orders import (
    Cancel,
    ItemLack,
    OrderException,
    Pending,
    ProcessReport,
    Step,
)
from santong.qimen.selectors.calls import Call
from santong.qimen.selectors.deliveries import delivery_of
from santong.qimen.services.announce_goods import holder_of
from santong.qimen.services.confirm_delivery import begin_picking
from santong.qimen.services.lock_delivery import lock_delivery
from santong.qimen.services.once import once

_TROUBLE: Final = frozenset({"EXCEPTION", "REFUSE", "REJECT", "TMSCANCELFAILED"})


def cancel(*, call: Call, document: Cancel) -> Answered:
    """Give a document up; cancelled twice is cancelled once.

    Raises NoSuch, StatePassed, and what `orders.cancel_order` raises. Locks the document, the
    order, then stock levels.
    """
    if delivery_of(call=call, code=document.order_code) is None:
        return _cancel_goods(call, document)
    row = lock_delivery(call=call, code=document.order_code)
    if row.state == "cancelled":
        return replace(done(), is_again=True)
    if row.way != "taken":
        raise StatePassed(number=row.code, state="it is an order of ours")
    reason = document.cancel_reason or "cancelled by the system that placed it"
    orders.cancel_order(
        merchant_id=call.merchant_id, order_id=row.order_id, reason=reason, now=call.now
    )
    _turn(call, row, "cancelled", reason)
    return done()


def suspend(*, call: Call, document: Pending) -> Answered:
    """Let no place be asked for an order, or let it be asked again.

    Raises NoSuch, StatePassed, NotCarried. Locks the document.
    """
    if delivery_of(call=call, code=document.order_code) is None:
        raise NotCarried(what="order.pending of other documents than deliveries")
    row = lock_delivery(call=call, code=document.order_code)
    reason = document.reason or "suspended by the system that placed it"
    if document.action_type == "restore":
        fulfilment.let_go(
            merchant_id=call.merchant_id, order_id=row.order_id, reason=reason, now=call.now
        )
        return done()
    if fulfilment.work_of(merchant_id=call.merchant_id, order_id=row.order_id):
        raise StatePassed(number=row.code, state="work has begun")
    fulfilment.hold_back(
        merchant_id=call.merchant_id, order_id=row.order_id, reason=reason, now=call.now
    )
    return done()


def report_step(*, call: Call, document: ProcessReport) -> Answered:
    """Write down how far a document is; of an order of ours that they send, it is so here, too.

    Raises NoSuch. Locks the document, then what fulfilment locks.
    """
    code = document.order.order_code
    row = delivery_of(call=call, code=code)
    goods = StockOrder.objects.of_merchant(call.merchant_id).filter(
        contract_id=call.contract.id, code=code
    )
    if row is None and not goods.exists():
        raise NoSuch(kind="order", key=code[:60])
    is_new = _keep_step(call, code, document.process)
    if row is not None and is_new and row.way == "sent":
        _follow(call, lock_delivery(call=call, code=code), document.process)
    return replace(done(), is_again=not is_new)


def report_exception(*, call: Call, document: OrderException) -> Answered:
    """Something is wrong with an order that they send: it waits for a person.

    Raises NoSuch, NumberReused. Locks the number, then the delivery.
    """
    number = f"{document.delivery_order_code}/{document.out_biz_code or document.message_type}"
    return once(
        call=call,
        kind="exception",
        number=number,
        document=document,
        work=lambda _: _trouble(call, document.delivery_order_code, document.message_type),
    )


def report_lack(*, call: Call, document: ItemLack) -> Answered:
    """What they have not got of an order of ours is sought at other places.

    Raises NoSuch, UnknownCode, NumberReused. Locks the number, the delivery, then the work.
    """
    number = f"{document.delivery_order_code}/{document.out_biz_code or 'lack'}"
    return once(
        call=call,
        kind="lack",
        number=number,
        document=document,
        work=lambda _: _lack(call, document),
    )


def _cancel_goods(call: Call, document: Cancel) -> Answered:
    row: StockOrder | None = (
        StockOrder.objects.of_merchant(call.merchant_id)
        .filter(contract_id=call.contract.id, code=document.order_code)
        .lock()
        .first()
    )
    if row is None:
        raise NoSuch(kind="order", key=document.order_code[:60])
    if row.state == "cancelled":
        return replace(done(), is_again=True)
    if row.state != "accepted":
        raise StatePassed(number=row.code, state=row.state)
    before, row.state, row.changed_at = row.state, "cancelled", call.now
    row.save(update_fields=["state", "changed_at"])
    reason = document.cancel_reason or "cancelled by the system that announced it"
    if row.kind == "stockout":
        inventory.release(
            merchant_id=call.merchant_id,
            holder=holder_of(stock_order_id=row.id),
            reason=reason,
            now=call.now,
        )
    audit.record(
        audit.Change(
            action="qimen.cancel_goods",
            subject="qimen_stock_order",
            subject_id=row.id,
            reason=reason,
            before={"state": before},
            after={"state": row.state},
        ),
        now=call.now,
    )
    return done()


def _keep_step(call: Call, code: str, step: Step) -> bool:
    row = ProcessStep(
        merchant_id=call.merchant_id,
        contract_id=call.contract.id,
        order_code=code,
        status=step.process_status,
        operator_code=step.operator_code,
        info=step.operate_info,
        at=step.operate_time or call.now,
    )
    unique = ["merchant_id", "contract_id", "order_code", "status", "at"]
    return bool(bulk.insert_new([row], unique=unique))


def _follow(call: Call, row: Delivery, step: Step) -> None:
    assert row.work_id is not None
    work = fulfilment.work_by_id(merchant_id=call.merchant_id, fulfilment_order_id=row.work_id)
    status = step.process_status
    if status == "ACCEPT" and work.state == "offered":
        fulfilment.accept(merchant_id=call.merchant_id, fulfilment_order_id=work.id, now=call.now)
    elif status == "PICK" and work.state in {"offered", "accepted"}:
        begin_picking(call=call, work_id=work.id)
    elif status == "SIGN" and work.state == "handed_over":
        _signed_for(call, row, step)
    elif status in _TROUBLE:
        _turn(call, row, "exception", status)


def _signed_for(call: Call, row: Delivery, step: Step) -> None:
    first = (
        DeliveryPackage.objects.of_merchant(call.merchant_id)
        .filter(delivery=row)
        .order_by("id")
        .first()
    )
    if first is not None:
        at = step.operate_time or call.now
        fulfilment.record_tracking(
            merchant_id=call.merchant_id,
            carrier=call.carrier_of(first.logistics_code),
            tracking_number=first.express_code,
            key=f"qimen:{row.id}:SIGN",
            state="delivered",
            place="",
            at=at,
            now=call.now,
        )


def _trouble(call: Call, code: str, why: str) -> Answered:
    row = lock_delivery(call=call, code=code)
    _keep_step(call, code, Step(process_status="EXCEPTION", operate_info=why))
    if row.state not in {"sent", "cancelled"}:
        _turn(call, row, "exception", why or "exception")
    return done()


def _lack(call: Call, document: ItemLack) -> Answered:
    row = lock_delivery(call=call, code=document.delivery_order_code)
    if row.way != "sent" or row.state in {"sent", "cancelled"}:
        raise StatePassed(number=row.code, state=row.state)
    assert row.work_id is not None
    lines = {
        line.item_code: line
        for line in DeliveryLine.objects.of_merchant(call.merchant_id)
        .filter(delivery=row)
        .lock()
        .order_by("id")
    }
    lacking: dict[int, int] = {}
    for item in document.items:
        line = lines.get(item.item_code)
        if line is None:
            raise UnknownCode(kind="itemCode", value=item.item_code)
        units = min(item.lack_qty, line.planned - line.sent)
        if units:
            line.planned -= units
            line.save(update_fields=["planned"])
            lacking[line.order_line_id] = units
    if lacking:
        fulfilment.decline(
            merchant_id=call.merchant_id,
            fulfilment_order_id=row.work_id,
            reason="not_in_stock",
            quantity_by_line=lacking,
            now=call.now,
        )
    if not any(line.planned for line in lines.values()):
        _turn(call, row, "cancelled", "itemlack")
    return done()


def _turn(call: Call, row: Delivery, state: str, reason: str) -> None:
    before, row.state, row.reason, row.changed_at = row.state, state, reason[:200], call.now
    row.save(update_fields=["state", "reason", "changed_at"])
    audit.record(
        audit.Change(
            action="qimen.turn_delivery",
            subject="qimen_delivery",
            subject_id=row.id,
            reason=reason[:500],
            before={"state": before},
            after={"state": state},
        ),
        now=call.now,
    )
