from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from santong.simulation.errors import ColumnsMissing, FilesMissing, FileUnreadable
from santong.simulation.rules.published.tally import Reason, Remark, SetAside
from santong.simulation.services.read_olist import read_olist
from santong.simulation.tests.factories import (
    Rows,
    make_olist,
    make_olist_files,
    make_olist_files_of_the_publisher,
)


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
def test_whole_rows_are_read_with_their_types(suffix: str, tmp_path: Path) -> None:
    make_olist_files(tmp_path, suffix=suffix)

    olist = read_olist(directory=tmp_path)

    (line,) = olist.lines_by_order["order-1"]
    assert (line.price_minor, line.freight_minor) == (5_890, 1_329)
    assert olist.payments_by_order["order-1"][0].amount_minor == 7_219
    assert olist.products["product-1"].length_mm == 300
    assert olist.points["20010"].latitude == -22.91
    assert olist.orders["order-1"].purchased_at.isoformat() == "2017-10-02T10:56:33-03:00"
    assert olist.tally.set_aside == []


def test_olists_own_file_names_and_spellings_are_understood(tmp_path: Path) -> None:
    make_olist_files_of_the_publisher(tmp_path)

    olist = read_olist(directory=tmp_path)

    assert set(olist.points) == {"20010", "01001"}
    assert olist.lines_by_order.keys() == {"order-1"}
    assert olist.tally.set_aside == []


def test_a_byte_order_mark_does_not_hide_the_first_column(tmp_path: Path) -> None:
    make_olist_files(tmp_path)
    path = tmp_path / "category_translation.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    olist = read_olist(directory=tmp_path)

    assert olist.english_by_category == {"artes": "art"}


def test_all_missing_files_are_named_at_once(tmp_path: Path) -> None:
    make_olist_files(tmp_path, without=["orders", "sellers"])

    with pytest.raises(FilesMissing) as refused:
        read_olist(directory=tmp_path)

    assert refused.value.directory == str(tmp_path)
    assert refused.value.missing == (
        "sellers or olist_sellers_dataset",
        "orders or olist_orders_dataset",
    )


def test_a_sample_of_points_does_not_stand_in_for_the_points(tmp_path: Path) -> None:
    make_olist_files(tmp_path, without=["geolocation_by_zip"])

    with pytest.raises(FilesMissing) as refused:
        read_olist(directory=tmp_path)

    assert refused.value.missing == ("geolocation_by_zip",)


def test_all_missing_columns_of_a_file_are_named_at_once(tmp_path: Path) -> None:
    make_olist_files(tmp_path)
    (tmp_path / "orders.csv").write_text("order_id,customer_id,when\n", encoding="utf-8")

    with pytest.raises(ColumnsMissing) as refused:
        read_olist(directory=tmp_path)

    assert refused.value.file == "orders.csv"
    assert refused.value.missing[:2] == ("order_status", "order_purchase_timestamp")


def test_an_empty_file_lacks_its_columns(tmp_path: Path) -> None:
    make_olist_files(tmp_path)
    (tmp_path / "sellers.csv").write_bytes(b"")

    with pytest.raises(ColumnsMissing) as refused:
        read_olist(directory=tmp_path)

    assert "seller_id" in refused.value.missing


class Broken(NamedTuple):
    name: str
    file: str
    content: bytes


BROKEN = [
    Broken("not compressed as its name says", "orders.csv.gz", b"order_id,customer_id\n"),
    Broken("not UTF-8", "customers.csv", b"customer_id\xff\xfe\n"),
]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_a_file_that_cannot_be_read_is_named(case: Broken, tmp_path: Path) -> None:
    suffix = ".csv.gz" if case.file.endswith(".gz") else ".csv"
    make_olist_files(tmp_path, suffix=suffix)
    (tmp_path / case.file).write_bytes(case.content)

    with pytest.raises(FileUnreadable) as refused:
        read_olist(directory=tmp_path)

    assert refused.value.file == case.file


def test_a_file_that_was_cut_off_is_named(tmp_path: Path) -> None:
    make_olist_files(tmp_path, suffix=".csv.gz")
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(path.read_bytes()[:-12])

    with pytest.raises(FileUnreadable) as refused:
        read_olist(directory=tmp_path)

    assert refused.value.file == "orders.csv.gz"


class Bad(NamedTuple):
    name: str
    table: str
    row: Mapping[str, str]
    field: str
    reason: Reason


BAD = [
    Bad("a price that is no number", "order_items", {"order_item_id": "2", "price": "dear"},
        "price", Reason.BAD_NUMBER),
    Bad("a day that does not exist", "orders",
        {"order_id": "order-2", "order_purchase_timestamp": "2017-02-30 10:00:00"},
        "order_purchase_timestamp", Reason.BAD_DATE),
    Bad("an unknown status", "orders", {"order_id": "order-2", "order_status": "lost"},
        "order_status", Reason.BAD_WORD),
    Bad("an order that comes twice", "orders", {}, "", Reason.DUPLICATE),
    Bad("an order of nobody", "orders", {"order_id": "order-2", "customer_id": "nobody"},
        "customer_id", Reason.UNKNOWN_CUSTOMER),
    Bad("a line of no order", "order_items", {"order_id": "order-9"},
        "order_id", Reason.UNKNOWN_ORDER),
    Bad("a line of no product", "order_items", {"order_item_id": "2", "product_id": "none"},
        "product_id", Reason.UNKNOWN_PRODUCT),
    Bad("a line of no seller", "order_items", {"order_item_id": "2", "seller_id": "none"},
        "seller_id", Reason.UNKNOWN_SELLER),
    Bad("a line that comes twice", "order_items", {}, "order_item_id", Reason.DUPLICATE),
    Bad("a payment that comes twice", "order_payments", {},
        "payment_sequential", Reason.DUPLICATE),
    Bad("a score beyond the stars", "order_reviews", {"review_score": "6"},
        "review_score", Reason.BAD_NUMBER),
    Bad("a customer that comes twice", "customers", {}, "", Reason.DUPLICATE),
    Bad("a customer without an id", "customers", {"customer_id": ""},
        "customer_id", Reason.EMPTY),
    Bad("a customer whose prefix nobody knows", "customers",
        {"customer_id": "customer-2", "customer_zip_code_prefix": "99999", "customer_city": "?"},
        "zip_code_prefix", Reason.NO_COORDINATES),
    Bad("a seller with letters for a prefix", "sellers",
        {"seller_id": "seller-2", "seller_zip_code_prefix": "SP"},
        "seller_zip_code_prefix", Reason.BAD_PREFIX),
    Bad("a product that comes twice", "products", {}, "", Reason.DUPLICATE),
    Bad("a prefix outside Brazil", "geolocation_by_zip",
        {"geolocation_zip_code_prefix": "01002", "geolocation_lat": "41.61"},
        "geolocation_lat", Reason.OUTSIDE_BRAZIL),
    Bad("a prefix that comes twice", "geolocation_by_zip", {},
        "geolocation_zip_code_prefix", Reason.DUPLICATE),
]  # fmt: skip


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_a_bad_row_is_put_aside_with_its_place_and_reason(case: Bad, tmp_path: Path) -> None:
    olist = make_olist(tmp_path, rows={case.table: [case.row]})

    assert olist.tally.set_aside == [
        SetAside(file=case.table, line=3, field=case.field, reason=case.reason)
    ]
    assert olist.tally.rows_by_file[case.table] == 2
    assert len(olist.lines_by_order["order-1"]) == 1


def test_a_row_of_another_width_is_put_aside(tmp_path: Path) -> None:
    make_olist_files(tmp_path)
    with (tmp_path / "sellers.csv").open("a", encoding="utf-8") as file:
        file.write("seller-2,01001\n")

    olist = read_olist(directory=tmp_path)

    assert olist.tally.count_by_reason() == {("sellers", Reason.WRONG_FIELD_COUNT): 1}


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    two_lines = {"review_id": "review-2", "review_comment_message": "chegou\nbem"}
    olist = make_olist(tmp_path, rows={"order_reviews": [two_lines, {"review_score": "0"}]})

    (bad,) = olist.tally.set_aside
    assert bad.line == 5


class Mended(NamedTuple):
    name: str
    rows: Mapping[str, Rows]
    remark: Remark


MENDED = [
    Mended("times to the minute", {"orders": [
        {"order_id": "order-2", "order_purchase_timestamp": "2017-10-02 10:56"}]},
        Remark.TO_THE_MINUTE),
    Mended("a product without category", {"products": [
        {"product_id": "product-2", "product_category_name": ""}]}, Remark.NO_CATEGORY),
    Mended("a product of weight 0", {"products": [
        {"product_id": "product-2", "product_weight_g": "0"}]}, Remark.WEIGHT_OF_CATEGORY),
    Mended("a product without size", {"products": [
        {"product_id": "product-2", "product_width_cm": ""}]}, Remark.SIZE_OF_CATEGORY),
    Mended("sums that differ", {"order_payments": [
        {"payment_sequential": "2", "payment_value": "5.00"}]}, Remark.SUMS_DIFFER),
    Mended("a review without id", {"order_reviews": [{"review_id": ""}]},
        Remark.REVIEW_WITHOUT_ID),
    Mended("a buyer whose prefix has no point, but whose city has", {"customers": [
        {"customer_id": "customer-2", "customer_zip_code_prefix": "20999",
         "customer_city": "Rio de Janeiro"}]}, Remark.PLACE_FROM_CITY),
]  # fmt: skip


@pytest.mark.parametrize("case", MENDED, ids=lambda case: case.name)
def test_what_can_be_mended_is_used_and_counted(case: Mended, tmp_path: Path) -> None:
    olist = make_olist(tmp_path, rows=case.rows)

    assert olist.tally.remarks[case.remark] == 1
    assert olist.tally.set_aside == []


def test_a_product_without_weight_weighs_what_its_category_does(tmp_path: Path) -> None:
    olist = make_olist(
        tmp_path,
        rows={
            "products": [
                {"product_id": "heavy", "product_weight_g": "3000"},
                {"product_id": "unknown", "product_weight_g": ""},
            ]
        },
    )

    assert olist.products["unknown"].weight_grams == 2_000


def test_a_point_far_from_its_region_is_not_used(tmp_path: Path) -> None:
    region = [
        {"geolocation_zip_code_prefix": f"0100{digit}", "geolocation_lat": f"-23.5{digit}"}
        for digit in range(2, 8)
    ]
    amazon = {"geolocation_zip_code_prefix": "01009", "geolocation_lat": "-3.1"}
    seller = {"seller_id": "seller-2", "seller_zip_code_prefix": "01009"}

    olist = make_olist(
        tmp_path, rows={"geolocation_by_zip": [*region, amazon], "sellers": [seller]}
    )

    assert olist.tally.remarks[Remark.FAR_FROM_REGION] == 1
    assert olist.points["01009"].latitude == pytest.approx(-23.55, abs=0.05)


def test_raw_points_replace_a_published_one_that_is_outside_brazil(tmp_path: Path) -> None:
    abroad = {"geolocation_zip_code_prefix": "98780", "geolocation_lat": "-36.6"}
    raw = [
        {"geolocation_zip_code_prefix": "98780", "geolocation_lat": latitude}
        for latitude in ("-27.85", "-27.87", "41.0")
    ]

    olist = make_olist(tmp_path, rows={"geolocation_by_zip": [abroad], "geolocation_points": raw})

    assert olist.points["98780"].latitude == pytest.approx(-27.86)
    assert olist.tally.count_by_reason() == {
        ("geolocation_by_zip", Reason.OUTSIDE_BRAZIL): 1,
        ("geolocation_points", Reason.OUTSIDE_BRAZIL): 1,
    }
