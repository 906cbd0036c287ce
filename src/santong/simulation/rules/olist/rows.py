"""What each of Olist's rows means."""

from __future__ import annotations

from collections.abc import Sequence

from santong.simulation.rules.olist import fields
from santong.simulation.rules.olist.tables import (
    Address,
    Customer,
    Order,
    OrderLine,
    Payment,
    Point,
    Product,
    RawPoint,
    Review,
    Seller,
)
from santong.simulation.rules.published.fields import BadField
from santong.simulation.rules.published.rows import Row
from santong.simulation.rules.published.tally import Reason, Remark, Tally

STATUSES = frozenset(
    {
        "approved",
        "canceled",
        "created",
        "delivered",
        "invoiced",
        "processing",
        "shipped",
        "unavailable",
    }
)
_SCORES = range(1, 6)


def customer(row: Row, line: int, _tally: Tally) -> Customer:
    """Who ordered."""
    return Customer(
        customer_id=fields.word(row[0], field="customer_id"),
        person_id=fields.word(row[1], field="customer_unique_id"),
        address=_address(row[2:5], whose="customer"),
        line=line,
    )


def seller(row: Row, line: int, _tally: Tally) -> Seller:
    """Who sold."""
    return Seller(
        seller_id=fields.word(row[0], field="seller_id"),
        address=_address(row[1:4], whose="seller"),
        line=line,
    )


def product(row: Row, line: int, _tally: Tally) -> Product:
    """What is sold."""
    return Product(
        product_id=fields.word(row[0], field="product_id"),
        category=row[1],
        photos=fields.whole_or_zero(row[4], field="product_photos_qty"),
        weight_grams=fields.whole_or_zero(row[5], field="product_weight_g"),
        length_mm=fields.millimetres_or_zero(row[6], field="product_length_cm"),
        height_mm=fields.millimetres_or_zero(row[7], field="product_height_cm"),
        width_mm=fields.millimetres_or_zero(row[8], field="product_width_cm"),
        line=line,
    )


def category(row: Row, _line: int, _tally: Tally) -> tuple[str, str]:
    """A category's name in Portuguese and in English."""
    return (
        fields.word(row[0], field="product_category_name"),
        fields.word(row[1], field="product_category_name_english"),
    )


def order(row: Row, line: int, tally: Tally) -> Order:
    """One order with its real times."""
    status = fields.word(row[2], field="order_status")
    if status not in STATUSES:
        raise BadField("order_status", Reason.BAD_WORD)
    made = Order(
        order_id=fields.word(row[0], field="order_id"),
        customer_id=fields.word(row[1], field="customer_id"),
        status=status,
        purchased_at=fields.moment(row[3], field="order_purchase_timestamp"),
        approved_at=fields.moment_or_none(row[4], field="order_approved_at"),
        handed_over_at=fields.moment_or_none(row[5], field="order_delivered_carrier_date"),
        delivered_at=fields.moment_or_none(row[6], field="order_delivered_customer_date"),
        promised_on=fields.day(row[7], field="order_estimated_delivery_date"),
        line=line,
    )
    if fields.is_to_the_minute(row[3]):
        tally.remarks[Remark.TO_THE_MINUTE] += 1
    return made


def order_line(row: Row, line: int, _tally: Tally) -> tuple[OrderLine, int]:
    """One piece of an order, and where it stands in the file."""
    made = OrderLine(
        order_id=fields.word(row[0], field="order_id"),
        number=fields.whole(row[1], field="order_item_id"),
        product_id=fields.word(row[2], field="product_id"),
        seller_id=fields.word(row[3], field="seller_id"),
        ship_by=fields.moment(row[4], field="shipping_limit_date"),
        price_minor=fields.cents(row[5], field="price"),
        freight_minor=fields.cents(row[6], field="freight_value"),
    )
    return made, line


def payment(row: Row, line: int, _tally: Tally) -> tuple[Payment, int]:
    """One payment of an order, and where it stands in the file."""
    made = Payment(
        order_id=fields.word(row[0], field="order_id"),
        number=fields.whole(row[1], field="payment_sequential"),
        method=fields.word(row[2], field="payment_type"),
        instalments=fields.whole(row[3], field="payment_installments"),
        amount_minor=fields.cents(row[4], field="payment_value"),
    )
    return made, line


def review(row: Row, line: int, tally: Tally) -> tuple[Review, int]:
    """What a buyer thought, and where it stands in the file."""
    score = fields.whole(row[2], field="review_score")
    if score not in _SCORES:
        raise BadField("review_score", Reason.BAD_NUMBER)
    made = Review(
        review_id=row[0],
        order_id=fields.word(row[1], field="order_id"),
        score=score,
        created_on=fields.day(row[3], field="review_creation_date"),
    )
    if not made.review_id:
        tally.remarks[Remark.REVIEW_WITHOUT_ID] += 1
    return made, line


def raw_point(row: Row, line: int, _tally: Tally) -> RawPoint:
    """Where somebody said a postal prefix is."""
    return RawPoint(
        prefix=fields.prefix(row[0], field="geolocation_zip_code_prefix"),
        point=Point(
            latitude=fields.degrees(row[1], field="geolocation_lat"),
            longitude=fields.degrees(row[2], field="geolocation_lng"),
        ),
        city=row[3],
        state=row[4],
        line=line,
    )


def _address(row: Sequence[str], *, whose: str) -> Address:
    return Address(
        prefix=fields.prefix(row[0], field=f"{whose}_zip_code_prefix"),
        city=row[1],
        state=fields.word(row[2], field=f"{whose}_state"),
    )
