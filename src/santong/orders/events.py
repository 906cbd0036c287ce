"""What has happened to orders. Ids and values only: nothing here says who the buyer is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from santong.kernel.facts import fact


@fact("orders.order_placed.v1", aggregate="order_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced:
    """An order came in and its prices are frozen."""

    order_id: int
    storefront_id: int
    external_number: str
    placed_at: datetime
    mode: Literal["ship", "pickup"]
    currency: str
    goods_minor: int
    discount_minor: int
    freight_minor: int
    total_minor: int
    quantity_by_sku: dict[int, int]


@fact("orders.order_paid.v1", aggregate="order_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaid:
    """All the money is in and the stock is firm: work on the order may begin.

    Told again when an order that was paid without stock has found some.
    """

    order_id: int
    currency: str
    total_minor: int
    paid_minor: int
    paid_at: datetime


@fact("orders.paid_in_part.v1", aggregate="order_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class PaidInPart:
    """Money came in for an unpaid order, and some is still missing."""

    order_id: int
    currency: str
    amount_minor: int
    paid_minor: int
    total_minor: int
    paid_at: datetime


@fact("orders.money_forfeited.v1", aggregate="order_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyForfeited:
    """An order was given up, and this much of what had been paid for it does not go back."""

    order_id: int
    currency: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BoughtLine:
    """One line of what a member bought, and what was paid for all of its pieces."""

    line_id: int
    sku_id: int
    quantity: int
    amount_minor: int


@fact("orders.member_bought.v1", aggregate="order_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class MemberBought:
    """A member's order is paid in full, whether or not its stock is firm.

    What is cancelled of it later is told by OrderCancelled, line by line.
    """

    order_id: int
    member_id: int
    storefront_id: int
    seller_location_id: int | None
    pickup_location_id: int | None
    guide_code: str
    bought_at: datetime
    currency: str
    lines: tuple[BoughtLine, ...]


@fact("orders.paid_without_stock.v1", aggregate="order_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class PaidWithoutStock:
    """The money is in, but what `short_by_line` counts is promised from nowhere."""

    order_id: int
    currency: str
    total_minor: int
    paid_minor: int
    short_by_line: dict[int, int]


@fact("orders.order_cancelled.v1", aggregate="order_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled:
    """What had not been shipped will not be. With `is_whole`, nothing of the order is left."""

    order_id: int
    why: Literal["asked", "unpaid"]
    is_whole: bool
    quantity_by_line: dict[int, int]


@fact("orders.refund_owed.v1", aggregate="order_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOwed:
    """Money has to go back to the buyer: `amount_minor` more, `owed_minor` in all so far."""

    order_id: int
    why: Literal["cancelled", "overpaid", "paid_after_cancellation"]
    currency: str
    amount_minor: int
    owed_minor: int


@fact("orders.payment_told.v1", aggregate="order_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTold:
    """Somebody told the order of money that they collected for it, under a number of theirs."""

    order_id: int
    collected_by: str
    number: str
    currency: str
    amount_minor: int
    paid_at: datetime


@fact("orders.order_shipped.v1", aggregate="order_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderShipped:
    """Goods left a place. With `is_whole`, nothing is left to ship."""

    order_id: int
    quantity_by_line: dict[int, int]
    is_whole: bool


@fact("orders.order_delivered.v1", aggregate="order_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDelivered:
    """Goods reached the buyer. With `is_whole`, all of them have."""

    order_id: int
    quantity_by_line: dict[int, int]
    is_whole: bool
