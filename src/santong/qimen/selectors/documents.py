"""Documents that are read back: how far they are, and what has moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from santong.fulfilment import public as fulfilment
from santong.kernel.errors import NoSuch
from santong.orders import public as orders
from santong.qimen import contracts
from santong.qimen.models import Delivery, DeliveryPackage, ProcessStep, StockOrder, StockOrderLine
from santong.qimen.rules.answers import Answered, done
from santong.qimen.rules.marks import Time
from santong.qimen.rules.reading import text_of, write
from santong.qimen.rules.shapes.common import ConfirmedLine, Package
from santong.qimen.rules.shapes.orders import DocumentQuery, ProcessHistory, ProcessQuery, Step
from santong.qimen.rules.xml import Element, branch, leaf
from santong.qimen.selectors.calls import Call
from santong.qimen.selectors.deliveries import needed_delivery

_INBOUND: Final[Mapping[str, str]] = {
    "accepted": "ACCEPT",
    "partly_moved": "PARTFULFILLED",
    "moved": "FULFILLED",
    "cancelled": "CANCELED",
}
_OUTBOUND: Final[Mapping[str, str]] = {
    "accepted": "ACCEPT",
    "partly_moved": "PARTDELIVERED",
    "moved": "DELIVERED",
    "cancelled": "CANCELED",
}
_DELIVERIES: Final[Mapping[str, str]] = {
    "accepted": "ACCEPT",
    "partly_sent": "PARTDELIVERED",
    "sent": "DELIVERED",
    "cancelled": "CANCELED",
    "exception": "EXCEPTION",
}


def query_entry(*, call: Call, document: DocumentQuery) -> Answered:
    """An entry order, with what has come. Raises NoSuch."""
    return _goods(call, document, "entry", "entryOrder", "entryOrderCode")


def query_return(*, call: Call, document: DocumentQuery) -> Answered:
    """A return order, with what has come. Raises NoSuch."""
    return _goods(call, document, "return", "returnOrder", "returnOrderCode")


def query_leaving(*, call: Call, document: DocumentQuery) -> Answered:
    """Goods that leave, with what has left. Raises NoSuch."""
    return _goods(call, document, "stockout", "deliveryOrder", "deliveryOrderCode")


def query_delivery(*, call: Call, document: DocumentQuery) -> Answered:
    """A delivery order with its lines and packages. Raises NoSuch."""
    row = needed_delivery(call=call, code=document.code)
    order = orders.order_by_id(merchant_id=call.merchant_id, order_id=row.order_id)
    head = [
        leaf("deliveryOrderCode", row.code),
        leaf("deliveryOrderId", str(row.id)),
        leaf("orderType", row.order_type),
        leaf("status", status_of(row=row, order=order)),
        leaf("warehouseCode", call.code_of(row.location_id)),
    ]
    lines = [
        write(
            part=ConfirmedLine(
                order_line_no=str(line.number),
                item_code=line.sku_code,
                item_id=str(line.sku_id),
                plan_qty=line.quantity,
                actual_qty=line.shipped_quantity,
            ),
            name="orderLine",
        )
        for line in order.lines
    ]
    packages = [write(part=each, name="package") for each in packages_of(call=call, row=row)]
    return done(
        results=[
            branch("deliveryOrder", head),
            *([branch("packages", packages)] if packages else []),
            branch("orderLines", lines),
            leaf("totalLines", str(len(lines))),
        ]
    )


def query_steps(*, call: Call, document: ProcessQuery) -> Answered:
    """How far a document has come, step by step: told by them, or seen here. Raises NoSuch."""
    told = ProcessStep.objects.of_merchant(call.merchant_id).filter(
        contract_id=call.contract.id, order_code=document.order_code
    )
    steps = [
        Step(process_status=row.status, operator_code=row.operator_code, operate_time=row.at)
        for row in told
    ]
    row = (
        Delivery.objects.of_merchant(call.merchant_id)
        .filter(contract_id=call.contract.id, code=document.order_code)
        .first()
    )
    if row is not None and row.way == "taken":
        steps += _seen(call, row.order_id)
    if row is None and not steps:
        _needed_goods(call, document.order_code)
    history = ProcessHistory(
        order_code=document.order_code,
        order_type=document.order_type,
        warehouse_code=document.warehouse_code,
        processes=tuple(sorted(steps, key=lambda step: step.operate_time or call.now)),
    )
    return done(results=[write(part=history, name="orderProcess")])


def status_of(*, row: Delivery, order: orders.Order) -> str:
    """What a delivery is called on the bus: by the order itself where we send it."""
    if row.way == "sent" or row.state in {"cancelled", "exception"}:
        return _DELIVERIES[row.state]
    if order.state == "cancelled":
        return "CANCELED"
    if order.state in {"shipped", "delivered"}:
        return "DELIVERED"
    return "PARTDELIVERED" if order.state == "partly_shipped" else "ACCEPT"


def packages_of(*, call: Call, row: Delivery) -> list[Package]:
    """What went into carriers' hands: as they told it, or as our places handed it over."""
    if row.way == "sent":
        kept = DeliveryPackage.objects.of_merchant(call.merchant_id).filter(delivery=row)
        return [
            Package(logistics_code=each.logistics_code, express_code=each.express_code)
            for each in kept.order_by("id")
        ]
    code_by_carrier = {carrier: code for code, carrier in call.contract.carrier_by_code.items()}
    return [
        Package(
            logistics_code=code_by_carrier.get(parcel.carrier, parcel.carrier),
            express_code=parcel.tracking_number,
        )
        for work in fulfilment.work_of(merchant_id=call.merchant_id, order_id=row.order_id)
        for parcel in work.parcels
    ]


def _seen(call: Call, order_id: int) -> list[Step]:
    steps: list[Step] = []
    for work in fulfilment.work_of(merchant_id=call.merchant_id, order_id=order_id):
        for status, at in (
            ("ACCEPT", work.accepted_at),
            ("PACKAGE", work.packed_at),
            ("DELIVERED", work.handed_over_at),
            ("SIGN", work.delivered_at),
        ):
            if at is not None:
                steps.append(Step(process_status=status, operate_time=at))
    return steps


def _needed_goods(call: Call, code: str) -> None:
    rows = StockOrder.objects.of_merchant(call.merchant_id)
    if not rows.filter(contract_id=call.contract.id, code=code).exists():
        raise NoSuch(kind="order", key=code[:60])


def _goods(
    call: Call,
    document: DocumentQuery,
    kind: contracts.StockOrderKind,
    element: str,
    code_element: str,
) -> Answered:
    row: StockOrder | None = (
        StockOrder.objects.of_merchant(call.merchant_id)
        .filter(contract_id=call.contract.id, kind=kind, code=document.code)
        .first()
    )
    if row is None:
        raise NoSuch(kind=f"{kind} order", key=document.code[:60])
    status = (_OUTBOUND if kind == "stockout" else _INBOUND)[row.state]
    head = [
        leaf(code_element, row.code),
        leaf("orderType", row.order_type),
        leaf("status", status),
        leaf("warehouseCode", call.code_of(row.location_id)),
        leaf("operateTime", text_of(mark=Time(), value=row.changed_at)),
        *[leaf(name, text) for name, text in sorted(row.head.items())],
    ]
    lines = [_line(each) for each in _lines_of(call, row)]
    return done(
        results=[
            branch(element, head),
            branch("orderLines", lines),
            leaf("totalLines", str(len(lines))),
        ]
    )


def _lines_of(call: Call, row: StockOrder) -> list[StockOrderLine]:
    return list(
        StockOrderLine.objects.of_merchant(call.merchant_id)
        .filter(stock_order=row)
        .order_by("number")
    )


def _line(row: StockOrderLine) -> Element:
    line = ConfirmedLine(
        order_line_no=row.outside_number or str(row.number),
        item_code=row.item_code,
        plan_qty=row.planned,
        actual_qty=row.moved,
    )
    return write(part=line, name="orderLine")
