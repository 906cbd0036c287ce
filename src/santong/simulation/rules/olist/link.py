"""Rows of ten files into one whole: duplicates and rows that point at nothing are put aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Protocol, TypeVar

from santong.simulation.rules.olist import geography
from santong.simulation.rules.olist.tables import (
    Customer,
    OlistData,
    Order,
    OrderLine,
    Payment,
    Point,
    Product,
    RawPoint,
    Reason,
    Remark,
    Review,
    Seller,
    Tally,
)

SUMS_DIFFER_ABOVE_MINOR = 2


class _Placed(Protocol):
    @property
    def line(self) -> int: ...


Row = TypeVar("Row", bound=_Placed)
OfOrder = TypeVar("OfOrder", OrderLine, Payment, Review)


@dataclass(frozen=True, slots=True)
class Rows:
    """The usable rows of every file, in the order they stand there."""

    customers: Iterable[Customer]
    sellers: Iterable[Seller]
    products: Iterable[Product]
    categories: Iterable[tuple[str, str]]
    orders: Iterable[Order]
    lines: Iterable[tuple[OrderLine, int]]
    payments: Iterable[tuple[Payment, int]]
    reviews: Iterable[tuple[Review, int]]
    published_points: Iterable[RawPoint]
    raw_points: Iterable[RawPoint]


def linked(rows: Rows, *, tally: Tally) -> OlistData:
    """The rows that are whole, in one piece; the others go to the tally."""
    customers = _once(rows.customers, lambda row: row.customer_id, file="customers", tally=tally)
    sellers = _once(rows.sellers, lambda row: row.seller_id, file="sellers", tally=tally)
    products = {product.product_id: product for product in rows.products}
    points = geography.point_by_prefix(
        published=rows.published_points,
        raw=rows.raw_points,
        addresses=[row.address for row in (*customers.values(), *sellers.values())],
        published_file="geolocation_by_zip",
        raw_file="geolocation_points",
        tally=tally,
    )
    customers = _placed(customers, points, file="customers", tally=tally)
    sellers = _placed(sellers, points, file="sellers", tally=tally)
    orders = _orders_of_known(rows.orders, customers=customers, tally=tally)
    lines_by_order = _by_order(
        rows.lines, file="order_items", orders=orders, refuse=_line_check(products, sellers),
        tally=tally,
    )  # fmt: skip
    payments_by_order = _by_order(
        rows.payments, file="order_payments", orders=orders, refuse=_payment_check(), tally=tally
    )
    reviews_by_order = _by_order(
        rows.reviews, file="order_reviews", orders=orders, refuse=_no_check, tally=tally
    )
    _remark_on_sums(lines_by_order, payments_by_order, tally=tally)
    return OlistData(
        customers=customers,
        sellers=sellers,
        products=_measured(products, tally=tally),
        english_by_category=dict(rows.categories),
        points=points,
        orders=orders,
        lines_by_order=lines_by_order,
        payments_by_order=payments_by_order,
        reviews_by_order=reviews_by_order,
        tally=tally,
    )


def _once(
    rows: Iterable[Row], key: Callable[[Row], str], *, file: str, tally: Tally
) -> dict[str, Row]:
    kept: dict[str, Row] = {}
    for row in rows:
        if kept.setdefault(key(row), row) is not row:
            tally.put_aside(file=file, line=row.line, field="", reason=Reason.DUPLICATE)
    return kept


def _placed(
    rows: Mapping[str, Customer] | Mapping[str, Seller], points: Mapping[str, Point], *, file: str, tally: Tally
):
    ...
