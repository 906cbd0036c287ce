"""Writes what became of an order, as the API shows it."""

from __future__ import annotations

from typing_extensions import TypedDict

from santong.orders import public as orders
from santong.routing import public as routing


class PortionDocument(TypedDict):
    """So many units from one place."""

    location_id: str
    quantity: int


class PromisedLineDocument(TypedDict):
    """Where one line comes from; what no place can promise, and why."""

    line_id: str
    number: int
    sku_code: str
    portions: list[PortionDocument]
    unfilled_quantity: int
    unfilled_reason: str | None


class PromiseDocument(TypedDict):
    """Where an order's goods come from. Without a decision nothing has been decided yet."""

    decision_id: str | None
    reason: str | None
    is_complete: bool
    lines: list[PromisedLineDocument]


class TakenInDocument(TypedDict):
    """An order and its promise."""

    order: orders.OrderDocument
    promise: PromiseDocument


def taken_in_document(*, order: orders.Order, promise: routing.Promise) -> TakenInDocument:
    """An order with what was promised for it."""
    return {
        "order": orders.order_document(order=order),
        "promise": promise_document(order=order, promise=promise),
    }


def promise_document(*, order: orders.Order, promise: routing.Promise) -> PromiseDocument:
    """Line by line, where the goods come from."""
    decision = promise.decision
    if decision is None:
        return {"decision_id": None, "reason": None, "is_complete": False, "lines": []}
    choice = decision.choice
    portions_by_line: dict[int, list[PortionDocument]] = {}
    for parcel in choice.parcels:
        for portion in parcel.portions:
            portions_by_line.setdefault(portion.line_id, []).append(
                {"location_id": str(parcel.location_id), "quantity": portion.quantity}
            )
    unfilled_by_line = {unfilled.line_id: unfilled for unfilled in choice.unfilled}
    return {
        "decision_id": str(decision.id),
        "reason": choice.reason.code,
        "is_complete": not choice.unfilled,
        "lines": [
            _line(line, portions_by_line.get(line.id, []), unfilled_by_line.get(line.id))
            for line in order.lines
        ],
    }


def _line(
    line: orders.OrderLine,
    portions: list[PortionDocument],
    unfilled: routing.UnfilledLine | None,
) -> PromisedLineDocument:
    return {
        "line_id": str(line.id),
        "number": line.number,
        "sku_code": line.sku_code,
        "portions": portions,
        "unfilled_quantity": unfilled.quantity if unfilled else 0,
        "unfilled_reason": unfilled.why if unfilled else None,
    }
