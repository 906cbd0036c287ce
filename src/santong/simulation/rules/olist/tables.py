"""Olist's published tables, typed. Ids stay text; money is centavos; times carry their zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from santong.simulation.rules.published.tally import Tally

CURRENCY = "BRL"
BRASILIA = ZoneInfo("America/Sao_Paulo")  # the files name no zone; Olist means Brasília's


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
