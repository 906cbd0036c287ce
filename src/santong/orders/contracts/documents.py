"""An order as the API shows it: ids are strings, money has its currency, instants their offset."""

from __future__ import annotations

from typing_extensions import TypedDict


class MoneyDocument(TypedDict):
    """An amount in the currency's minor unit: 1 fen, 1 cent."""

    amount_minor: int
    currency: str


class RecipientDocument(TypedDict):
    """Who gets the goods, masked."""

    name: str
    phone: str
    country: str
    province: str
    city: str
    district: str
    address: str


class OrderLineDocument(TypedDict):
    """One SKU at its frozen price: quantity x unit price - both discounts = total."""

    id: str
    number: int
    sku_id: str
    sku_code: str
    sku_name: str
    quantity: int
    unit_price: MoneyDocument
    discount: MoneyDocument
    order_discount: MoneyDocument
    total: MoneyDocument
    shipped_quantity: int
    delivered_quantity: int
    cancelled_quantity: int


class OrderDocument(TypedDict):
    """An order: goods - discount + freight = total."""

    id: str
    storefront_id: str
    storefront_code: str
    external_number: str
    state: str
    mode: str
    placed_at: str
    paid_at: str | None
    hold_until: str | None
    goods: MoneyDocument
    discount: MoneyDocument
    points: MoneyDocument
    freight: MoneyDocument
    total: MoneyDocument
    paid: MoneyDocument
    refund_due: MoneyDocument
    is_overpaid: bool
    pickup_location_id: str | None
    seller_location_id: str | None
    guide_code: str
    member_reference: str | None
    member_id: str | None
    recipient: RecipientDocument
    buyer_note: str
    lines: list[OrderLineDocument]


class SentLineDocument(TypedDict):
    """Units of an order's line that a place sends."""

    id: str
    sku_id: str
    sku_code: str
    sku_name: str
    quantity: int


class SentOrderDocument(TypedDict):
    """What a place needs of an order that it sends a part of: neither money nor other places."""

    id: str
    storefront_id: str
    storefront_code: str
    external_number: str
    state: str
    mode: str
    placed_at: str
    recipient: RecipientDocument
    buyer_note: str
    lines: list[SentLineDocument]
