"""Small published files, and what is read from them."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from santong.simulation.rules.olist.files import FILES
from santong.simulation.rules.olist.tables import OlistData
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
