"""Rows of ten files into one whole: duplicates and rows that point at nothing are put aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
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
    Review,
    Seller,
)
from santong.simulation.rules.published.tally import Reason, Remark, Tally

SUMS_DIFFER_ABOVE_MINOR = 2
ALL = "*"  # stands for every category together
UNKNOWN_WEIGHT_GRAMS = 500  # when no product at all has a weight
UNKNOWN_SIZE_MM = (200, 100, 150)


class _Row(Protocol):
    @property
    def line(self) -> int: ...


AnyRow = TypeVar("AnyRow", bound=_Row)
AtPlace = TypeVar("AtPlace", Customer, Seller)
OfOrder = TypeVar("OfOrder", OrderLine, Payment, Review)
Refusal = tuple[str, Reason]


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
    products = _once(rows.products, lambda row: row.product_id, file="products", tally=tally)
    points = geography.point_by_prefix(
        published=rows.published_points,
        raw=rows.raw_points,
        addresses=[
            *(customer.address for customer in customers.values()),
            *(seller.address for seller in sellers.values()),
        ],
        published_file="geolocation_by_zip",
        raw_file="geolocation_points",
        tally=tally,
    )
    customers = _placed(customers, points, file="customers", tally=tally)
    sellers = _placed(sellers, points, file="sellers", tally=tally)
    orders = _of_known_customers(rows.orders, customers, tally=tally)
    lines_by_order = _by_order(
        rows.lines, orders, file="order_items", refuse=_line_check(products, sellers), tally=tally
    )
    payments_by_order = _by_order(
        rows.payments, orders, file="order_payments", refuse=_payment_check(), tally=tally
    )
    reviews_by_order = _by_order(
        rows.reviews, orders, file="order_reviews", refuse=_accept, tally=tally
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
    rows: Iterable[AnyRow], key: Callable[[AnyRow], str], *, file: str, tally: Tally
) -> dict[str, AnyRow]:
    kept: dict[str, AnyRow] = {}
    for row in rows:
        if kept.setdefault(key(row), row) is not row:
            tally.put_aside(file=file, line=row.line, field="", reason=Reason.DUPLICATE)
    return kept


def _placed(
    rows: Mapping[str, AtPlace], points: Mapping[str, Point], *, file: str, tally: Tally
) -> dict[str, AtPlace]:
    kept: dict[str, AtPlace] = {}
    for key, row in rows.items():
        if row.address.prefix in points:
            kept[key] = row
        else:
            tally.put_aside(
                file=file, line=row.line, field="zip_code_prefix", reason=Reason.NO_COORDINATES
            )
    return kept


def _of_known_customers(
    rows: Iterable[Order], customers: Mapping[str, Customer], *, tally: Tally
) -> dict[str, Order]:
    orders = _once(rows, lambda row: row.order_id, file="orders", tally=tally)
    kept: dict[str, Order] = {}
    for key, order in orders.items():
        if order.customer_id in customers:
            kept[key] = order
        else:
            tally.put_aside(
                file="orders",
                line=order.line,
                field="customer_id",
                reason=Reason.UNKNOWN_CUSTOMER,
            )
    return kept


def _by_order(
    rows: Iterable[tuple[OfOrder, int]],
    orders: Mapping[str, Order],
    *,
    file: str,
    refuse: Callable[[OfOrder], Refusal | None],
    tally: Tally,
) -> dict[str, tuple[OfOrder, ...]]:
    found: defaultdict[str, list[OfOrder]] = defaultdict(list)
    for row, line in rows:
        refusal = refuse(row) if row.order_id in orders else ("order_id", Reason.UNKNOWN_ORDER)
        if refusal is None:
            found[row.order_id].append(row)
        else:
            tally.put_aside(file=file, line=line, field=refusal[0], reason=refusal[1])
    return {order_id: tuple(rows_of_order) for order_id, rows_of_order in found.items()}


def _line_check(
    products: Mapping[str, Product], sellers: Mapping[str, Seller]
) -> Callable[[OrderLine], Refusal | None]:
    seen: set[tuple[str, int]] = set()

    def refuse(row: OrderLine) -> Refusal | None:
        if row.product_id not in products:
            return "product_id", Reason.UNKNOWN_PRODUCT
        if row.seller_id not in sellers:
            return "seller_id", Reason.UNKNOWN_SELLER
        return _unless_new((row.order_id, row.number), seen, field="order_item_id")

    return refuse


def _payment_check() -> Callable[[Payment], Refusal | None]:
    seen: set[tuple[str, int]] = set()

    def refuse(row: Payment) -> Refusal | None:
        return _unless_new((row.order_id, row.number), seen, field="payment_sequential")

    return refuse


def _accept(_row: Review) -> Refusal | None:
    """Reviews repeat: an order may have several, and one id may stand for several orders."""
    return None


def _unless_new(key: tuple[str, int], seen: set[tuple[str, int]], *, field: str) -> Refusal | None:
    if key in seen:
        return field, Reason.DUPLICATE
    seen.add(key)
    return None


def _remark_on_sums(
    lines_by_order: Mapping[str, tuple[OrderLine, ...]],
    payments_by_order: Mapping[str, tuple[Payment, ...]],
    *,
    tally: Tally,
) -> None:
    for order_id, lines in lines_by_order.items():
        paid = sum(payment.amount_minor for payment in payments_by_order.get(order_id, ()))
        due = sum(line.price_minor + line.freight_minor for line in lines)
        if paid and abs(paid - due) > SUMS_DIFFER_ABOVE_MINOR:
            tally.remarks[Remark.SUMS_DIFFER] += 1


def _measured(products: Mapping[str, Product], *, tally: Tally) -> dict[str, Product]:
    """Products without weight or size get the middle one of their category, else of all."""
    weights, sizes = _by_category(products)
    measured: dict[str, Product] = {}
    for key, product in products.items():
        if not product.category:
            tally.remarks[Remark.NO_CATEGORY] += 1
        weight_grams = product.weight_grams
        size = (product.length_mm, product.height_mm, product.width_mm)
        if not weight_grams:
            tally.remarks[Remark.WEIGHT_OF_CATEGORY] += 1
            weight_grams = weights.get(product.category, weights[ALL])
        if not all(size):
            tally.remarks[Remark.SIZE_OF_CATEGORY] += 1
            size = sizes.get(product.category, sizes[ALL])
        measured[key] = replace(
            product,
            weight_grams=weight_grams,
            length_mm=size[0],
            height_mm=size[1],
            width_mm=size[2],
        )
    return measured


def _by_category(
    products: Mapping[str, Product],
) -> tuple[dict[str, int], dict[str, tuple[int, int, int]]]:
    weights: defaultdict[str, list[int]] = defaultdict(list)
    sizes: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for product in products.values():
        size = (product.length_mm, product.height_mm, product.width_mm)
        for category in (product.category, ALL):
            if product.weight_grams:
                weights[category].append(product.weight_grams)
            if all(size):
                sizes[category].append(size)
    weights.setdefault(ALL, [UNKNOWN_WEIGHT_GRAMS])
    sizes.setdefault(ALL, [UNKNOWN_SIZE_MM])
    return (
        {category: round(median(known)) for category, known in weights.items()},
        {category: _middle_size(known) for category, known in sizes.items()},
    )


def _middle_size(sizes: list[tuple[int, int, int]]) -> tuple[int, int, int]:
    lengths, heights, widths = zip(*sizes, strict=True)
    return round(median(lengths)), round(median(heights)), round(median(widths))
