"""What other contexts know of orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from santong.orders.contracts.handing_in import Mode, Recipient

State = Literal[
    "placed",
    "paid",
    "paid_without_stock",
    "partly_shipped",
    "shipped",
    "delivered",
    "cancelled",
]
ProgressKind = Literal["shipped", "delivered", "collected"]
PaymentKind = Literal["payment", "refund_due"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedRecipient:
    """A recipient as screens show it: enough to recognise, too little to reach anybody."""

    name: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealedRecipient:
    """A recipient in clear text and what the buyer wrote; whoever holds one has given a reason."""

    recipient: Recipient
    buyer_note: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One SKU of an order at its frozen price.

    `discount_minor` is the line's own discount, `order_discount_minor` its share of the order's:
    quantity x price - both = `line_total_minor`.
    """

    id: int
    number: int
    sku_id: int
    sku_code: str
    sku_name: str
    quantity: int
    unit_price_minor: int
    discount_minor: int
    order_discount_minor: int
    line_total_minor: int
    shipped_quantity: int = 0
    delivered_quantity: int = 0
    cancelled_quantity: int = 0

    @property
    def open_quantity(self) -> int:
        """What has still to leave a place."""
        return self.quantity - self.shipped_quantity - self.cancelled_quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a buyer bought, with its frozen prices and how far it has come.

    `goods_minor` - `discount_minor` + `freight_minor` = `total_minor`, and the line totals add up
    to the first two; `points_minor` of the discount were paid by points. Of an order that was given
    up `forfeited_minor` is kept. Coordinates are rounded to about a hundred metres.
    """

    id: int
    storefront_id: int
    storefront_code: str
    external_number: str
    state: State
    placed_at: datetime
    currency: str
    goods_minor: int
    discount_minor: int
    freight_minor: int
    total_minor: int
    paid_minor: int
    refund_due_minor: int
    mode: Mode
    pickup_location_id: int | None
    seller_location_id: int | None
    guide_code: str
    member_reference: str | None
    member_id: int | None
    points_key: str | None
    points_minor: int
    country: str
    province: str
    city: str
    district: str
    latitude: float | None
    longitude: float | None
    recipient: MaskedRecipient
    buyer_note: str
    hold_until: datetime | None
    give_up_at: datetime | None = None
    paid_at: datetime | None
    lines: tuple[OrderLine, ...]
    forfeited_minor: int = 0

    @property
    def is_paid(self) -> bool:
        """Whether all of its money has come in and it has not been cancelled."""
        return self.state not in {"placed", "cancelled"}

    @property
    def overpaid_minor(self) -> int:
        """What came in beyond the total."""
        return max(0, self.paid_minor - self.total_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedOrders:
    """Orders that something happened to, the last changed first, and when it did, by id."""

    orders: tuple[Order, ...]
    changed_at: Mapping[int, datetime]
    total: int
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that came in for an order, or that has to go back."""

    id: int
    order_id: int
    kind: PaymentKind
    provider: str
    external_id: str
    amount_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HourFigure:
    """How many orders of one hour are in one state, and what they come to."""

    hour: datetime
    state: State
    currency: str
    orders: int
    total_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one order asked for and about where it went; nothing says whose it was.

    What was to be fetched has the place at which it was to lie.
    """

    latitude: float | None
    longitude: float | None
    country: str
    province: str
    city: str
    district: str
    pickup_location_id: int | None
    quantity_by_sku: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpaidPolicy:
    """How long an unpaid order of a storefront holds its stock, and when it is given up."""

    storefront_id: int | None
    hold_minutes: int
    grace_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One thing that happened to an order: a change from the audit trail, a fact, a payment.

    Changes of one moment came in the order of their numbers; what is no change has none.
    """

    at: datetime
    kind: Literal["change", "fact", "payment"]
    name: str
    actor: str
    reason: str
    details: dict[str, object]
    number: int = 0
