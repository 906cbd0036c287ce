"""Olist's published tables, typed. Ids stay text; money is centavos; times carry their zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

CURRENCY = "BRL"
BRASILIA = ZoneInfo("America/Sao_Paulo")  # the files name no zone; Olist means Brasília's


class Reason(StrEnum):
    """Why a row is not used."""

    WRONG_FIELD_COUNT = "wrong number of fields"
    EMPTY = "empty field"
    BAD_NUMBER = "bad number"
    BAD_DATE = "bad date"
    BAD_PREFIX = "bad postal prefix"
    BAD_WORD = "unknown word"
    DUPLICATE = "duplicate"
    UNKNOWN_ORDER = "unknown order"
    UNKNOWN_CUSTOMER = "unknown customer"
    UNKNOWN_PRODUCT = "unknown product"
    UNKNOWN_SELLER = "unknown seller"
    OUTSIDE_BRAZIL = "prefix outside Brazil"
    NO_COORDINATES = "no coordinates"
    NO_LINES = "no lines"
    NO_PAYMENT = "no payment"
    NOT_DELIVERED = "not delivered"
    DELIVERED_BEFORE_HANDOVER = "delivered before handed over"


class Remark(StrEnum):
    """What was used although it is not quite right, and how."""

    TO_THE_MINUTE = "times to the minute only"
    NO_CATEGORY = "product without category"
    WEIGHT_OF_CATEGORY = "weight taken from the category"
    SIZE_OF_CATEGORY = "size taken from the category"
    FAR_FROM_REGION = "prefix far from its region: point not used"
    POINT_FROM_RAW = "prefix placed by its raw points"
    PLACE_FROM_CITY = "prefix placed by its city"
    PLACE_FROM_REGION = "prefix placed by its region"
    SUMS_DIFFER = "paid differs from the lines"
    REVIEW_WITHOUT_ID = "review without id"


@dataclass(frozen=True, slots=True)
class SetAside:
    """One row that is not used, where it stands and why."""

    file: str
    line: int
    field: str
    reason: Reason


@dataclass(slots=True)
class Tally:
    """What reading a directory counted."""

    rows_by_file: Counter[str] = field(default_factory=Counter[str])
    set_aside: list[SetAside] = field(default_factory=list[SetAside])
    remarks: Counter[Remark] = field(default_factory=Counter[Remark])

    def put_aside(self, *, file: str, line: int, field: str, reason: Reason) -> None:
        """Record a row that will not be used."""
        self.set_aside.append(SetAside(file=file, line=line, field=field, reason=reason))

    def count_by_reason(self) -> Counter[tuple[str, Reason]]:
        """How many rows of each file were put aside, by reason."""
        return Counter((row.file, row.reason) for row in self.set_aside)


@dataclass(frozen=True, slots=True)
class Point:
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class RawPoint:
    """One row of a geolocation file: a postal prefix and where somebody said it is."""

    prefix: str
    point: Point
    city: str
    state: str
    line: int


@dataclass(frozen=True, slots=True)
class Address:
    prefix: str
    city: str
    state: str


@dataclass(frozen=True, slots=True)
class Customer:
    """Who ordered. Olist gives each order its own customer; `person_id` finds who came again."""

    customer_id: str
    person_id: str
    address: Address
    line: int


@dataclass(frozen=True, slots=True)
class Seller:
    seller_id: str
    address: Address
    line: int


@dataclass(frozen=True, slots=True)
class Product:
    """One product; a weight or size of 0 means that Olist does not know it."""

    product_id: str
    category: str
    photos: int
    weight_grams: int
    length_mm: int
    height_mm: int
    width_mm: int
    line: int


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str
    customer_id: str
    status: str
    purchased_at: datetime
    approved_at: datetime | None
    handed_over_at: datetime | None
    delivered_at: datetime | None
    promised_on: date
    line: int


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One piece of one product. Several pieces are several lines."""

    order_id: str
    number: int
    product_id: str
    seller_id: str
    ship_by: datetime
    price_minor: int
    freight_minor: int


@dataclass(frozen=True, slots=True)
class Payment:
    order_id: str
    number: int
    method: str
    instalments: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Review:
    review_id: str
    order_id: str
    score: int
    created_on: date


@dataclass(frozen=True, slots=True)
class OlistData:
    """Everything that could be read, linked: no row here points at a row that is not."""

    customers: Mapping[str, Customer]
    sellers: Mapping[str, Seller]
    products: Mapping[str, Product]
    english_by_category: Mapping[str, str]
    points: Mapping[str, Point]
    orders: Mapping[str, Order]
    lines_by_order: Mapping[str, tuple[OrderLine, ...]]
    payments_by_order: Mapping[str, tuple[Payment, ...]]
    reviews_by_order: Mapping[str, tuple[Review, ...]]
    tally: Tally
