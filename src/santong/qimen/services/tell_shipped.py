"""Whoever handed an order over to us is told what we have sent of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.qimen.models import Delivery
from santong.qimen.rules.shapes.common import ConfirmedLine, Package, PackedItem
from santong.qimen.rules.shapes.deliveries import DeliveryConfirm, SentOrder
from santong.qimen.selectors.calls import call_of
from santong.qimen.selectors.systems import contract_by_id
from santong.qimen.services.queue_message import queue_message


@all_or_nothing
def tell_shipped(
    *,
    merchant_id: int,
    order_id: int,
    parcel_id: int,
    location_id: int,
    carrier: str,
    tracking_number: str,
    quantity_by_line: Mapping[int, int],
    now: datetime,
) -> None:
    """Queue `deliveryorder.confirm` for a parcel: interim while some of the order is still open.

    A system that wants one confirmation is told once, of everything, by the last parcel.
    Raises NoSuch. Locks the lane.
    """
    row = Delivery.objects.of_merchant(merchant_id).filter(order_id=order_id, way="taken").first()
    if row is None:
        return
    contract = contract_by_id(merchant_id=merchant_id, contract_id=row.contract_id)
    if not contract.url:
        return
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    is_whole = not any(line.open_quantity for line in order.lines)
    if contract.quirks.confirms == "one":
        if not is_whole:
            return
        quantity_by_line = {line.id: line.shipped_quantity for line in order.lines}
    call = call_of(merchant_id=merchant_id, contract=contract, now=now)
    code_by_carrier = {ours: theirs for theirs, ours in contract.carrier_by_code.items()}
    moved = [line for line in order.lines if quantity_by_line.get(line.id)]
    document = DeliveryConfirm(
        delivery_order=SentOrder(
            delivery_order_code=row.code,
            delivery_order_id=str(row.id),
            warehouse_code=call.code_of(location_id),
            order_type=row.order_type,
            status="DELIVERED" if is_whole else "PARTDELIVERED",
            out_biz_code=f"P{parcel_id}",
            confirm_type=0 if is_whole else 1,
            order_confirm_time=now,
        ),
        packages=(
            Package(
                logistics_code=code_by_carrier.get(carrier, carrier)[:60],
                express_code=tracking_number[:60],
                items=tuple(
                    PackedItem(
                        item_code=line.sku_code,
                        order_line_no=str(line.number),
                        quantity=quantity_by_line[line.id],
                    )
                    for line in moved
                ),
            ),
        ),
        order_lines=tuple(
            ConfirmedLine(
                order_line_no=str(line.number),
                item_code=line.sku_code,
                item_id=str(line.sku_id),
                plan_qty=line.quantity,
                actual_qty=quantity_by_line[line.id],
            )
            for line in moved
        ),
    )
    queue_message(
        merchant_id=merchant_id,
        contract_id=contract.id,
        lane=row.code,
        serial_no=f"{row.code}:confirm:{parcel_id}",
        method="deliveryorder.confirm",
        document=document,
        now=now,
    )
