"""A place's orders are sent by another system: it is asked, and asked no longer."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment import public as fulfilment
from santong.kernel import audit, tenancy
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.qimen import contracts
from santong.qimen.models import Delivery, DeliveryLine, Sending, WarehouseCode
from santong.qimen.rules.shapes.common import AskedLine, Party
from santong.qimen.rules.shapes.deliveries import DeliveryCreate, DeliveryOrder
from santong.qimen.rules.shapes.orders import Cancel
from santong.qimen.selectors.systems import contract_by_id
from santong.qimen.services.queue_message import queue_message
from santong.stores import public as stores

WHY: str = "to be sent by another system"


@all_or_nothing
def hand_work_over(*, merchant_id: int, work_id: int, now: datetime) -> int | None:
    """Queue `deliveryorder.create` for work at a place whose orders another system sends.

    Nothing where no system does, where it was asked already, and for goods that buyers fetch.
    Raises NoSuch. Locks the lane.
    """
    work = fulfilment.work_by_id(merchant_id=merchant_id, fulfilment_order_id=work_id)
    told = (
        WarehouseCode.objects.of_merchant(merchant_id)
        .filter(location_id=work.location_id, is_told_of_orders=True, contract__state="active")
        .first()
    )
    asked = Delivery.objects.of_merchant(merchant_id).filter(work_id=work_id).exists()
    if told is None or asked or work.mode != "ship" or work.state != "offered":
        return None
    contract = contract_by_id(merchant_id=merchant_id, contract_id=told.contract_id)
    order = orders.order_by_id(merchant_id=merchant_id, order_id=work.order_id)
    row = _write(merchant_id, contract, work, order, now)
    queue_message(
        merchant_id=merchant_id,
        contract_id=contract.id,
        lane=row.code,
        serial_no=f"{row.code}:create",
        method="deliveryorder.create",
        document=_document(contract, told.code, work, order, now),
        now=now,
    )
    return row.id


@all_or_nothing
def withdraw_work(*, merchant_id: int, work_id: int, reason: str, now: datetime) -> None:
    """Let the other system send it no longer: what still waits is not sent, else it is cancelled.

    Locks the delivery, then the lane.
    """
    row: Delivery | None = (
        Delivery.objects.of_merchant(merchant_id).filter(work_id=work_id).lock().first()
    )
    if row is None or row.state in {"sent", "cancelled"}:
        return
    assert row.location_id is not None
    was_refused = row.state == "exception" and "create was refused" in row.reason
    before, row.state, row.changed_at = row.state, "cancelled", now
    row.reason = (row.reason or reason)[:200]
    row.save(update_fields=["state", "reason", "changed_at"])
    audit.record(
        audit.Change(
            action="qimen.withdraw_work",
            subject="qimen_delivery",
            subject_id=row.id,
            reason=reason,
            before={"state": before},
            after={"state": row.state},
        ),
        now=now,
    )
    unsent = Sending.objects.of_merchant(merchant_id).filter(
        contract_id=row.contract_id,
        serial_no=f"{row.code}:create",
        state="waiting",
        attempts=0,
        claim=0,
    )
    if unsent.update(state="refused", ended_at=now, code="withdrawn", body_sealed=b""):
        return
    if was_refused:
        return
    told = WarehouseCode.objects.of_merchant(merchant_id).filter(
        contract_id=row.contract_id, location_id=row.location_id
    )
    queue_message(
        merchant_id=merchant_id,
        contract_id=row.contract_id,
        lane=row.code,
        serial_no=f"{row.code}:cancel",
        method="order.cancel",
        document=Cancel(
            warehouse_code=told.values_list("code", flat=True).first() or "",
            order_code=row.code,
            order_id=row.outside_id,
            order_type="JYCK",
            cancel_reason=reason[:200],
        ),
        now=now,
    )


@all_or_nothing
def withdraw_declined(*, merchant_id: int, work_id: int, reason: str, now: datetime) -> None:
    """As `withdraw_work`, if nothing of the work is left for whoever was asked. Raises NoSuch."""
    work = fulfilment.work_by_id(merchant_id=merchant_id, fulfilment_order_id=work_id)
    if work.state in {"declined", "timed_out", "cancelled", "exception"}:
        withdraw_work(merchant_id=merchant_id, work_id=work_id, reason=reason, now=now)


@all_or_nothing
def withdraw_order(*, merchant_id: int, order_id: int, now: datetime) -> None:
    """An order is given up: whoever was to send some of it is told. Locks deliveries and lanes."""
    rows = Delivery.objects.of_merchant(merchant_id).filter(order_id=order_id)
    for work_id in rows.order_by("id").values_list("work_id", flat=True):
        if work_id is not None:
            withdraw_work(merchant_id=merchant_id, work_id=work_id, reason="cancelled", now=now)


def code_of(*, work_id: int) -> str:
    """What other systems call the work of a place."""
    return f"ST{work_id:08}"


def _write(
    merchant_id: int,
    contract: contracts.Contract,
    work: fulfilment.FulfilmentOrder,
    order: orders.Order,
    now: datetime,
) -> Delivery:
    row = Delivery.objects.create(
        merchant_id=merchant_id,
        contract_id=contract.id,
        way="sent",
        code=code_of(work_id=work.id),
        order_id=work.order_id,
        work_id=work.id,
        location_id=work.location_id,
        created_at=now,
        changed_at=now,
    )
    lines = {line.id: line for line in order.lines}
    DeliveryLine.objects.bulk_create(
        [
            DeliveryLine(
                merchant_id=merchant_id,
                delivery=row,
                order_line_id=line.order_line_id,
                outside_number=str(lines[line.order_line_id].number),
                item_code=lines[line.order_line_id].sku_code,
                planned=line.quantity,
            )
            for line in work.lines
        ]
    )
    audit.record(
        audit.Change(
            action="qimen.hand_work_over",
            subject="qimen_delivery",
            subject_id=row.id,
            reason=f"{contract.code} sends for this place",
            after={"work_id": work.id, "order_id": work.order_id},
        ),
        now=now,
    )
    return row


def _document(
    contract: contracts.Contract,
    warehouse_code: str,
    work: fulfilment.FulfilmentOrder,
    order: orders.Order,
    now: datetime,
) -> DeliveryCreate:
    merchant_id = tenancy.current().merchant_id
    place = stores.locations_by_id(merchant_id=merchant_id, location_ids=[work.location_id])[
        work.location_id
    ]
    revealed = orders.reveal_recipient(
        merchant_id=merchant_id, order_id=order.id, reason=WHY, now=now
    )
    lines = {line.id: line for line in order.lines}
    shops = {ours: theirs for theirs, ours in contract.storefront_by_shop.items()}
    return DeliveryCreate(
        delivery_order=DeliveryOrder(
            delivery_order_code=code_of(work_id=work.id),
            order_type="JYCK",
            warehouse_code=warehouse_code,
            source_platform_code="OTHER",
            create_time=now,
            place_order_time=order.placed_at,
            pay_time=order.paid_at,
            operate_time=now,
            shop_nick=shops.get(order.storefront_code, order.storefront_code),
            logistics_code="OTHER",
            sender_info=_sender(place),
            receiver_info=_receiver(revealed.recipient),
            buyer_message=revealed.buyer_note,
        ),
        order_lines=tuple(
            _line(contract, lines[line.order_line_id], line.quantity) for line in work.lines
        ),
    )


def _line(contract: contracts.Contract, line: orders.OrderLine, quantity: int) -> AskedLine:
    return AskedLine(
        order_line_no=str(line.number),
        owner_code=contract.owner_code or contract.customer_id,
        item_code=line.sku_code,
        item_id=str(line.sku_id),
        item_name=line.sku_name[:200],
        plan_qty=quantity,
        retail_price=line.unit_price_minor,
        actual_price=line.line_total_minor // line.quantity,
    )


def _sender(place: stores.Location) -> Party:
    return Party(
        name=place.name,
        province=place.province or place.city,
        city=place.city,
        area=place.district,
        detail_address=place.address or place.name,
    )


def _receiver(recipient: orders.Recipient) -> Party:
    return Party(
        name=recipient.name,
        mobile=recipient.phone,
        zip_code=recipient.postcode,
        country_code=recipient.country,
        province=recipient.province or recipient.city,
        city=recipient.city,
        area=recipient.district,
        detail_address=recipient.address,
    )
