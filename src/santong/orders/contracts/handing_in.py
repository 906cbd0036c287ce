"""What a channel hands in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Mode = Literal["ship", "pickup"]

LONGEST_NUMBER = 64
LONGEST_NAME = 100
LONGEST_ADDRESS = 300
LONGEST_NOTE = 500
MOST_LINES = 500
MOST_UNITS = 1_000_000
MOST_MINOR = 10**11


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who gets the goods, in clear text. What names a person never shows in a repr or a log."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    country: str = "CN"
    province: str = ""
    city: str = ""
    district: str = ""
    address: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    latitude: float | None = field(default=None, repr=False)
    longitude: float | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    """Money that came in, under the payment provider's own number."""

    external_id: str
    amount_minor: int
    currency: str
    paid_at: datetime
    provider: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """One line as the channel sold it. `discount_minor` is the whole line's own discount.

    `line_total_minor`, where a channel gives it, is checked: quantity x price - discount.
    """

    sku_code: str
    quantity: int
    unit_price_minor: int
    discount_minor: int = 0
    line_total_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """An order as a channel hands it in, under the storefront's own number.

    `discount_minor` is the discount on the whole order, beyond those of the lines. `total_minor`,
    where a channel gives it, is checked: lines - discount + freight. `points_minor` of the discount
    are paid by the member's points that the checkout held under `points_key`.
    """

    storefront_code: str
    external_number: str
    placed_at: datetime
    currency: str
    lines: tuple[NewLine, ...]
    recipient: Recipient = field(default_factory=Recipient)
    freight_minor: int = 0
    discount_minor: int = 0
    total_minor: int | None = None
    mode: Mode = "ship"
    pickup_location_code: str | None = None
    payment: NewPayment | None = None
    seller_location_code: str | None = None
    guide_code: str | None = None
    member_reference: str | None = None
    points_key: str | None = None
    points_minor: int = 0
    buyer_note: str = field(default="", repr=False)
