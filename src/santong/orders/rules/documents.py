"""Writes orders as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.orders.contracts import (
    MoneyDocument,
    Order,
    OrderDocument,
    OrderLine,
    OrderLineDocument,
    RecipientDocument,
    SentOrderDocument,
)


def order_document(*, order: Order) -> OrderDocument:
    """An order for the API: string ids, money with its currency, instants with their offset."""

    def money(amount_minor: int) -> MoneyDocument:
        return {"amount_minor": amount_minor, "currency": order.currency}

    return {
        "id": str(order.id),
        "storefront_id": str(order.storefront_id),
        "storefront_code": order.storefront_code,
        "external_number": order.external_number,
        "state": order.state,
        "mode": order.mode,
        "placed_at": order.placed_at.isoformat(),
        "paid_at": _instant(order.paid_at),
        "hold_until": _instant(order.hold_until),
        "goods": money(order.goods_minor),
        "discount": money(order.discount_minor),
        "points": money(order.points_minor),
        "freight": money(order.freight_minor),
        "total": money(order.total_minor),
        "paid": money(order.paid_minor),
        "refund_due": money(order.refund_due_minor),
        "is_overpaid": order.overpaid_minor > 0,
        "pickup_location_id": _id(order.pickup_location_id),
        "seller_location_id": _id(order.seller_location_id),
        "guide_code": order.guide_code,
        "member_reference": order.member_reference,
        "member_id": _id(order.member_id),
        "recipient": _recipient(order),
        "buyer_note": order.buyer_note,
        "lines": [_line(line, order.currency) for line in order.lines],
    }


def sent_order_document(*, order: Order, quantity_by_line: Mapping[int, int]) -> SentOrderDocument:
    """An order for a place that sends these units of it."""
    return {
        "id": str(order.id),
        "storefront_id": str(order.storefront_id),
        "storefront_code": order.storefront_code,
        "external_number": order.external_number,
        "state": order.state,
        "mode": order.mode,
        "placed_at": order.placed_at.isoformat(),
        "recipient": _recipient(order),
        "buyer_note": order.buyer_note,
        "lines": [
            {
                "id": str(line.id),
                "sku_id": str(line.sku_id),
                "sku_code": line.sku_code,
                "sku_name": line.sku_name,
                "quantity": quantity_by_line[line.id],
            }
            for line in order.lines
            if line.id in quantity_by_line
        ],
    }


def _recipient(order: Order) -> RecipientDocument:
    return {
        "name": order.recipient.name,
        "phone": order.recipient.phone,
        "country": order.country,
        "province": order.province,
        "city": order.city,
        "district": order.district,
        "address": order.recipient.address,
    }


def _line(line: OrderLine, currency: str) -> OrderLineDocument:
    def money(amount_minor: int) -> MoneyDocument:
        return {"amount_minor": amount_minor, "currency": currency}

    return {
        "id": str(line.id),
        "number": line.number,
        "sku_id": str(line.sku_id),
        "sku_code": line.sku_code,
        "sku_name": line.sku_name,
        "quantity": line.quantity,
        "unit_price": money(line.unit_price_minor),
        "discount": money(line.discount_minor),
        "order_discount": money(line.order_discount_minor),
        "total": money(line.line_total_minor),
        "shipped_quantity": line.shipped_quantity,
        "delivered_quantity": line.delivered_quantity,
        "cancelled_quantity": line.cancelled_quantity,
    }


def _instant(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _id(number: int | None) -> str | None:
    return str(number) if number is not None else None
