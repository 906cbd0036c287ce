"""What the demo merchant is made of: plain values, named by codes, in no database yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

CURRENCY = "CNY"
COUNTRY = "CN"
TIMEZONE = "Asia/Shanghai"

Role = Literal[
    "head_office",
    "brand_operator",
    "store_manager",
    "clerk",
    "warehouse",
    "customer_service",
    "finance",
    "dealer",
    "developer",
    "technician",
    "provider",
]
StorefrontKind = Literal["marketplace", "h5", "mini_programme", "kiosk"]
PlaceKind = Literal["store", "warehouse"]
Format = Literal["flagship", "standard", "small", "warehouse"]
Mode = Literal["ship", "pickup"]
PaymentMethod = Literal["wechat", "alipay", "card"]
# How far an order is to be taken through the doors once it is placed.
Destiny = Literal[
    "unpaid",
    "cancelled",
    "offered",
    "declined_once",
    "accepted",
    "picking",
    "packed",
    "handed_over",
    "delivered",
    "ready_for_pickup",
    "collected",
]
Hours = Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Brand:
    code: str
    name: str
    latin_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Dealer:
    """An independent company that owns some of the stores."""

    code: str
    name: str
    province: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Storefront:
    """One shop window of one channel. Without a brand it shows all of them."""

    code: str
    name: str
    kind: StorefrontKind
    brand: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A store or a warehouse at a real place; street and mall are invented."""

    code: str
    name: str
    kind: PlaceKind
    format: Format
    brand: str | None
    dealer: str | None
    latitude: float
    longitude: float
    province: str
    city: str
    district: str
    address: str
    hours: Hours | None
    daily_capacity: int
    can_ship: bool
    can_pickup: bool
    can_courier: bool
    accepts_returns: bool
    parcel_cost_minor: int
    handling_cost_minor: int
    accept_rate_ppm: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Sku:
    code: str
    barcode: str
    colour: str
    size: str
    weight_grams: int
    length_mm: int
    width_mm: int
    height_mm: int
    list_price_minor: int
    size_share: int  # of a hundred pieces of the style in one colour


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """One design. `popularity` is its share of demand, in no particular unit."""

    code: str
    name: str
    brand: str
    category: str
    season: str
    popularity: int
    markdown_percent: int
    skus: tuple[Sku, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Staff:
    """A person who works there and exists nowhere. Not everybody has a log-in."""

    username: str
    name: str
    phone: str
    role: Role
    has_log_in: bool
    brand: str | None = None
    dealer: str | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """A buyer who exists nowhere, in a real city. Marketplaces pass no coordinates on."""

    name: str
    phone: str
    province: str
    city: str
    district: str
    address: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """`discount_minor` is this line's part of the order's discount, for all its pieces."""

    sku: str
    quantity: int
    list_price_minor: int
    unit_price_minor: int
    discount_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Payment:
    number: str
    method: PaymentMethod
    amount_minor: int
    paid_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """One order as its channel would send it. The lines' discounts add up to the order's."""

    storefront: str
    number: str
    placed_at: datetime
    lines: tuple[Line, ...]
    freight_minor: int
    discount_minor: int
    recipient: Recipient
    mode: Mode
    pickup_place: str | None
    seller_place: str | None
    guide: str | None
    buyer_note: str
    payment: Payment | None
    destiny: Destiny

    @property
    def goods_minor(self) -> int:
        return sum(line.unit_price_minor * line.quantity for line in self.lines)

    @property
    def payable_minor(self) -> int:
        return self.goods_minor - self.discount_minor + self.freight_minor


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoMerchant:
    code: str
    name: str
    brands: tuple[Brand, ...]
    dealers: tuple[Dealer, ...]
    storefronts: tuple[Storefront, ...]
    places: tuple[Place, ...]
    staff: tuple[Staff, ...]
    styles: tuple[Style, ...]
    stock: Mapping[tuple[str, str], int]  # (place, sku) -> pieces on hand
    orders: tuple[Order, ...]

    @property
    def skus(self) -> tuple[Sku, ...]:
        return tuple(sku for style in self.styles for sku in style.skus)
