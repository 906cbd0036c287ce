"""What another system says that it has sent of our orders ships them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from santong.fulfilment import public as fulfilment
from santong.kernel import audit, bulk
from santong.kernel.errors import DomainError
from santong.qimen.errors import QuantityWrong, StatePassed, UnknownCode
from santong.qimen.models import Delivery, DeliveryLine, DeliveryPackage
from santong.qimen.rules.answers import Answered, done
from santong.qimen.rules.codes import GOOD
from santong.qimen.rules.confirmed import quantity_by_quality
from santong.qimen.rules.sameness import digest_of
from santong.qimen.rules.shapes.common import ConfirmedLine, Package
from santong.qimen.rules.shapes.deliveries import DeliveryBatchConfirm, DeliveryConfirm
from santong.qimen.rules.xml import branch, leaf
from santong.qimen.selectors.calls import Call
from santong.qimen.services.lock_delivery import lock_delivery
from santong.qimen.services.once import once

INTERIM: Final = 1


def confirm_delivery(*, call: Call, document: DeliveryConfirm) -> Answered:
    """Ship what was sent: at once when it is final or complete, until then it adds up.

    What a final confirmation leaves out is sought at other places.

    Raises NoSuch, StatePassed, QuantityWrong, NumberReused. Locks the number, the delivery, then
    what fulfilment locks.
    """
    order = document.delivery_order
    return once(
        call=call,
        kind="delivery.confirm",
        number=f"{order.delivery_order_code}/{order.out_biz_code or digest_of(document=document)}",
        document=document,
        work=lambda _: _confirm(call, document),
    )


def confirm_many(*, call: Call, document: DeliveryBatchConfirm) -> Answered:
    """Ship each of several; those that are refused are listed, with why."""
    failed = []
    for each in document.orders:
        try:
            with transaction.atomic():
                confirm_delivery(call=call, document=each)
        except DomainError as refused:
            number = leaf("deliveryOrderCode", each.delivery_order.delivery_order_code)
            failed.append(branch("order", [number, leaf("message", refused.code)]))
    return done(results=[branch("orders", failed)] if failed else [])


def _confirm(call: Call, document: DeliveryConfirm) -> Answered:
    order = document.delivery_order
    row = lock_delivery(call=call, code=order.delivery_order_code)
    if row.way != "sent" or row.state in {"sent", "cancelled"}:
        raise StatePassed(number=row.code, state=row.state)
    lines = list(
        DeliveryLine.objects.of_merchant(call.merchant_id)
        .filter(delivery=row)
        .lock()
        .order_by("id")
    )
    _add_up(lines, document.order_lines)
    packages = list(document.packages)
    if not packages and order.express_code:
        packages = [Package(logistics_code=order.logistics_code, express_code=order.express_code)]
    _keep_packages(call, row, packages)
    is_whole = all(line.sent == line.planned for line in lines)
    is_final = order.confirm_type != INTERIM or is_whole
    before, row.state = row.state, "sent" if is_final else "partly_sent"
    row.changed_at = call.now
    row.save(update_fields=["state", "changed_at"])
    if is_final:
        _ship(call, row, lines)
    audit.record(
        audit.Change(
            action="qimen.confirm_delivery",
            subject="qimen_delivery",
            subject_id=row.id,
            reason=f"{call.contract.code} {row.code}",
            before={"state": before},
            after={"state": row.state, "sent": sum(line.sent for line in lines)},
        ),
        now=call.now,
    )
    return done()


def _add_up(rows: Sequence[DeliveryLine], lines: Sequence[ConfirmedLine]) -> None:
    for line in lines:
        row = _row_of(rows, line)
        by_quality = quantity_by_quality(line=line)
        sent = sum(by_quality.values())
        if by_quality.get(GOOD, 0) != sent:
            raise QuantityWrong(item_code=line.item_code, reason="damaged goods are not sent")
        if row.sent + sent > row.planned:
            raise QuantityWrong(item_code=line.item_code, reason="more than was asked")
        row.sent += sent
        row.save(update_fields=["sent"])


def _row_of(rows: Sequence[DeliveryLine], line: ConfirmedLine) -> DeliveryLine:
    same = [row for row in rows if row.item_code == line.item_code]
    numbered = [row for row in same if row.outside_number == line.order_line_no]
    found = numbered or same
    if not found:
        raise UnknownCode(kind="itemCode", value=line.item_code)
    return found[0]


def _keep_packages(call: Call, row: Delivery, packages: Sequence[Package]) -> None:
    bulk.insert_new(
        [
            DeliveryPackage(
                merchant_id=call.merchant_id,
                delivery=row,
                logistics_code=package.logistics_code,
                express_code=package.express_code,
                weight_grams=package.weight,
                items=[[item.item_code, item.quantity] for item in package.items],
                at=call.now,
            )
            for package in packages
        ],
        unique=["merchant_id", "delivery_id", "logistics_code", "express_code"],
    )


def _ship(call: Call, row: Delivery, lines: Sequence[DeliveryLine]) -> None:
    """The steps that a place of ours would take; the first package is the tracked parcel."""
    assert row.work_id is not None
    merchant_id, work_id, now = call.merchant_id, row.work_id, call.now
    sent_by_line = {line.order_line_id: line.sent for line in lines}
    if not any(sent_by_line.values()):
        fulfilment.decline(
            merchant_id=merchant_id, fulfilment_order_id=work_id, reason="not_in_stock", now=now
        )
        return
    first = (
        DeliveryPackage.objects.of_merchant(merchant_id).filter(delivery=row).order_by("id").first()
    )
    if first is None:
        raise QuantityWrong(item_code="", reason="no package")
    begin_picking(call=call, work_id=work_id)
    fulfilment.record_picked(
        merchant_id=merchant_id,
        fulfilment_order_id=work_id,
        picked_by_line=sent_by_line,
        now=now,
    )
    fulfilment.pack(merchant_id=merchant_id, fulfilment_order_id=work_id, now=now)
    fulfilment.hand_over(
        merchant_id=merchant_id,
        fulfilment_order_id=work_id,
        carrier=call.carrier_of(first.logistics_code),
        tracking_number=first.express_code,
        now=now,
    )


def begin_picking(*, call: Call, work_id: int) -> None:
    """Whatever state the work is in before: it is being picked now."""
    work = fulfilment.work_by_id(merchant_id=call.merchant_id, fulfilment_order_id=work_id)
    if work.state == "offered":
        fulfilment.accept(merchant_id=call.merchant_id, fulfilment_order_id=work_id, now=call.now)
    if work.state in {"offered", "accepted"}:
        fulfilment.start_picking(
            merchant_id=call.merchant_id, fulfilment_order_id=work_id, now=call.now
        )
