"""Small published files, and what is read from them."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from santong.simulation.rules.olist.files import FILES
from santong.simulation.rules.olist.tables import Address, OlistData, Point
from santong.simulation.rules.replay.world import (
    Good,
    Place,
    StockRule,
    WantedLine,
    WantedOrder,
    World,
)
from santong.simulation.services.read_olist import read_olist

Rows = Sequence[Mapping[str, str]]

SAO_PAULO = {"lat": "-23.55", "lng": "-46.63"}
RIO = {"lat": "-22.91", "lng": "-43.17"}

ROW_BY_TABLE: Mapping[str, Mapping[str, str]] = {
    "customers": {
        "customer_id": "customer-1",
        "customer_unique_id": "person-1",
        "customer_zip_code_prefix": "20010",
        "customer_city": "rio de janeiro",
        "customer_state": "RJ",
    },
    "sellers": {
        "seller_id": "seller-1",
        "seller_zip_code_prefix": "01001",
        "seller_city": "sao paulo",
        "seller_state": "SP",
    },
    "products": {
        "product_id": "product-1",
        "product_category_name": "artes",
        "product_name_length": "40",
        "product_description_length": "287",
        "product_photos_qty": "1",
        "product_weight_g": "1000",
        "product_length_cm": "30",
        "product_height_cm": "18",
        "product_width_cm": "20",
    },
    "category_translation": {
        "product_category_name": "artes",
        "product_category_name_english": "art",
    },
    "orders": {
        "order_id": "order-1",
        "customer_id": "customer-1",
        "order_status": "delivered",
        "order_purchase_timestamp": "2017-10-02 10:56:33",
        "order_approved_at": "2017-10-02 11:07:15",
        "order_delivered_carrier_date": "2017-10-04 19:55:00",
        "order_delivered_customer_date": "2017-10-10 21:25:13",
        "order_estimated_delivery_date": "2017-10-18 00:00:00",
    },
    "order_items": {
        "order_id": "order-1",
        "order_item_id": "1",
        "product_id": "product-1",
        "seller_id": "seller-1",
        "shipping_limit_date": "2017-10-06 11:07:15",
        "price": "58.90",
        "freight_value": "13.29",
    },
    "order_payments": {
        "order_id": "order-1",
        "payment_sequential": "1",
        "payment_type": "credit_card",
        "payment_installments": "3",
        "payment_value": "72.19",
    },
    "order_reviews": {
        "review_id": "review-1",
        "order_id": "order-1",
        "review_score": "4",
        "review_comment_title": "",
        "review_comment_message": "chegou, obrigado",
        "review_creation_date": "2017-10-11 00:00:00",
        "review_answer_timestamp": "2017-10-12 03:43:48",
    },
    "geolocation_by_zip": {
        "geolocation_zip_code_prefix": "01001",
        "geolocation_lat": SAO_PAULO["lat"],
        "geolocation_lng": SAO_PAULO["lng"],
        "geolocation_city": "sao paulo",
        "geolocation_state": "SP",
    },
    "geolocation_points": {
        "geolocation_zip_code_prefix": "20010",
        "geolocation_lat": RIO["lat"],
        "geolocation_lng": RIO["lng"],
        "geolocation_city": "Rio de Janeiro",
        "geolocation_state": "RJ",
    },
}


def make_olist_files(
    directory: Path,
    *,
    rows: Mapping[str, Rows] | None = None,
    suffix: str = ".csv",
    without: Sequence[str] = (),
) -> Path:
    """One good row in every file; `rows` adds to a table, each saying what is different in it."""
    for file in FILES:
        if file.table not in without:
            first = ROW_BY_TABLE[file.table]
            further = [{**first, **row} for row in (rows or {}).get(file.table, ())]
            write_file(directory / f"{file.names[0]}{suffix}", rows=[first, *further])
    return directory


def write_file(path: Path, *, rows: Rows) -> Path:
    """One CSV file with a header, compressed if its name says so."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    encoded = text.getvalue().encode()
    path.write_bytes(gzip.compress(encoded) if path.suffix == ".gz" else encoded)
    return path


def make_olist(directory: Path, *, rows: Mapping[str, Rows] | None = None) -> OlistData:
    """What is read from such files."""
    return read_olist(directory=make_olist_files(directory, rows=rows))


def make_olist_files_of_the_publisher(directory: Path) -> Path:
    """The same under Olist's own names: nine files, raw points only, two columns misspelt."""
    points = [ROW_BY_TABLE["geolocation_by_zip"], ROW_BY_TABLE["geolocation_points"]]
    for file in FILES:
        if file.table != "geolocation_by_zip":
            rows = points if file.table == "geolocation_points" else [ROW_BY_TABLE[file.table]]
            respelt = {right: wrong for wrong, right in file.also_written.items()}
            write_file(
                directory / f"{file.names[-1]}.csv",
                rows=[
                    {respelt.get(column, column): value for column, value in row.items()}
                    for row in rows
                ],
            )
    return directory


KILOMETRES_PER_DEGREE = 111.195
NOON = datetime(2017, 10, 2, 12, 0, tzinfo=UTC)


def make_place(
    code: str, *, kilometres: float = 0, kind: Literal["store", "warehouse"] = "store"
) -> Place:
    """A place so many kilometres north of the equator, where every buyer of these tests lives."""
    return Place(
        code=code,
        name=code,
        kind=kind,
        point=Point(latitude=kilometres / KILOMETRES_PER_DEGREE, longitude=0.0),
        city="",
        state="",
    )


def make_wanted_order(
    *,
    number: str = "order-1",
    pieces_by_good: Mapping[str, int],
    seller: str = "seller",
    hour: int = 0,
) -> WantedOrder:
    """An order of a buyer on the equator, so many hours after noon."""
    return WantedOrder(
        number=number,
        placed_at=NOON + timedelta(hours=hour),
        buyer="person-1",
        point=Point(latitude=0.0, longitude=0.0),
        address=Address(prefix="01001", city="sao paulo", state="SP"),
        lines=tuple(
            WantedLine(
                good=good, seller=seller, quantity=pieces, unit_price_minor=100, freight_minor=10
            )
            for good, pieces in pieces_by_good.items()
        ),
        method="boleto",
        paid_minor=100,
        paid_at=None,
        delivered_at=None,
        promised_on=NOON.date(),
    )


def make_world(
    *,
    stock: Mapping[tuple[str, str], int],
    orders: Sequence[WantedOrder] = (),
    kilometres_by_place: Mapping[str, float] | None = None,
) -> World:
    """Places that hold this stock, each as far away as is said, and kilograms of goods."""
    away = kilometres_by_place or {}
    return World(
        places={
            code: make_place(code, kilometres=away.get(code, 0))
            for code in sorted({place for place, _ in stock} | set(away))
        },
        goods={
            code: Good(
                code=code,
                category="artes",
                weight_grams=1_000,
                length_mm=100,
                width_mm=100,
                height_mm=100,
                price_minor=100,
            )
            for code in sorted({good for _, good in stock})
        },
        stock=stock,
        orders=tuple(orders),
        rule=StockRule(),
    )
