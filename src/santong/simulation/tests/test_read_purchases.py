"""Members' purchases from published files: what is read, what is not, and to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from santong.simulation.errors import FilesMissing, NothingToReplay
from santong.simulation.rules.published.tally import Reason, Remark, SetAside
from santong.simulation.services.read_purchases import holds_purchases, read_purchases
from santong.simulation.tests.factories import write_file

SOLD = {
    "household_id": "900",
    "store_id": "330",
    "basket_id": "31198570044",
    "product_id": "25671",
    "quantity": "1",
    "sales_value": "0.5",
    "transaction_timestamp": "2017-01-01 11:53:26",
}
PRODUCT = {"product_id": "25671", "department": "GROCERY", "brand": "National"}
BILLED = {
    "InvoiceNo": "536365",
    "StockCode": "85123A",
    "Quantity": "6",
    "InvoiceDate": "2010-12-01 08:26:00",
    "UnitPrice": "2.55",
    "CustomerID": "17850",
    "Country": "United Kingdom",
}

Changes = Mapping[str, str]


def journey(directory: Path, *rows: Changes) -> Path:
    write_file(directory / "products.csv", rows=[PRODUCT])
    write_file(directory / "transactions.csv.gz", rows=[SOLD, *({**SOLD, **row} for row in rows)])
    return directory


def invoices(directory: Path, *rows: Changes) -> Path:
    lines = [BILLED, *({**BILLED, **row} for row in rows)]
    write_file(directory / "invoice_lines.csv", rows=lines)
    return directory


def test_a_basket_is_what_one_household_bought_at_once(tmp_path: Path) -> None:
    journey(tmp_path, {"product_id": "7", "quantity": "2", "sales_value": "3.98"})

    (basket,) = read_purchases(directory=tmp_path).baskets

    assert (basket.number, basket.member, basket.shop) == ("31198570044", "900", "330")
    assert basket.bought_at == datetime(2017, 1, 1, 11, 53, 26, tzinfo=UTC)
    assert [(line.number, line.quantity, line.amount_minor) for line in basket.lines] == [
        (1, 1, 50),
        (2, 2, 398),
    ]
    assert [(line.category, line.brand) for line in basket.lines] == [
        ("GROCERY", "National"),
        ("", ""),
    ]
    assert basket.amount_minor == 448


def test_baskets_come_in_the_order_of_time(tmp_path: Path) -> None:
    journey(tmp_path, {"basket_id": "1", "transaction_timestamp": "2016-12-31 09:00:00"})

    history = read_purchases(directory=tmp_path)

    assert [basket.number for basket in history.baskets] == ["1", "31198570044"]


def test_what_is_measured_is_one_piece(tmp_path: Path) -> None:
    journey(tmp_path, {"quantity": "8123", "sales_value": "19.9"})

    history = read_purchases(directory=tmp_path)

    assert [line.quantity for line in history.baskets[0].lines] == [1, 1]
    assert history.tally.remarks[Remark.MEASURED] == 1


def test_what_comes_back_is_taken_off_the_latest_invoice_that_has_it(tmp_path: Path) -> None:
    invoices(
        tmp_path,
        {"InvoiceNo": "536400", "Quantity": "2", "InvoiceDate": "2010-12-03 10:00:00"},
        {"InvoiceNo": "C536500", "Quantity": "-3", "InvoiceDate": "2010-12-04 10:00:00"},
    )

    history = read_purchases(directory=tmp_path)

    assert [(back.basket, dict(back.quantity_by_line)) for back in history.returns] == [
        ("536365", {1: 1}),
        ("536400", {1: 2}),
    ]
    assert {back.number for back in history.returns} == {"C536500"}
    assert history.tally.set_aside == []


def test_what_was_bought_later_cannot_have_come_back(tmp_path: Path) -> None:
    invoices(tmp_path, {"InvoiceNo": "C1", "Quantity": "-1", "InvoiceDate": "2010-11-30 10:00:00"})

    history = read_purchases(directory=tmp_path)

    assert history.returns == ()
    assert history.tally.set_aside == [SetAside("invoice_lines", 3, "Quantity", Reason.NO_PURCHASE)]


def test_a_piece_comes_back_once(tmp_path: Path) -> None:
    back = {"Quantity": "-6", "InvoiceDate": "2010-12-02 10:00:00"}
    invoices(tmp_path, {"InvoiceNo": "C1", **back}, {"InvoiceNo": "C2", **back})

    history = read_purchases(directory=tmp_path)

    (whole,) = history.returns
    assert (whole.number, dict(whole.quantity_by_line)) == ("C1", {1: 6})
    assert history.tally.count_by_reason() == {("invoice_lines", Reason.NO_PURCHASE): 1}


class Bad(NamedTuple):
    name: str
    row: Changes
    field: str
    reason: Reason


BAD = [
    Bad("nobody to credit", {"CustomerID": ""}, "CustomerID", Reason.NO_MEMBER),
    Bad("postage", {"StockCode": "POST"}, "StockCode", Reason.NOT_GOODS),
    Bad("given away", {"UnitPrice": "0"}, "UnitPrice", Reason.NO_PRICE),
    Bad("an adjusted debt", {"UnitPrice": "-11062.06"}, "UnitPrice", Reason.NO_PRICE),
    Bad("a price in words", {"UnitPrice": "free"}, "UnitPrice", Reason.BAD_NUMBER),
    Bad("lost in the shop", {"Quantity": "-4"}, "Quantity", Reason.WRITTEN_OFF),
    Bad("half a piece", {"Quantity": "0.5"}, "Quantity", Reason.BAD_NUMBER),
    Bad("no piece", {"Quantity": "0"}, "Quantity", Reason.NO_QUANTITY),
    Bad("no date", {"InvoiceDate": "yesterday"}, "InvoiceDate", Reason.BAD_DATE),
]


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_a_row_that_cannot_be_used_is_set_aside(case: Bad, tmp_path: Path) -> None:
    invoices(tmp_path, case.row)

    history = read_purchases(directory=tmp_path)

    assert [len(basket.lines) for basket in history.baskets] == [1]
    assert history.tally.set_aside == [SetAside("invoice_lines", 3, case.field, case.reason)]


def test_a_tenth_of_a_penny_is_rounded_for_the_whole_line(tmp_path: Path) -> None:
    invoices(tmp_path, {"UnitPrice": "0.125", "Quantity": "3"})

    history = read_purchases(directory=tmp_path)

    assert [line.amount_minor for line in history.baskets[0].lines] == [1530, 38]


def test_what_lies_there_is_recognised(tmp_path: Path) -> None:
    for name in ("journey", "invoices", "other"):
        (tmp_path / name).mkdir()
    journey(tmp_path / "journey")
    invoices(tmp_path / "invoices")
    write_file(tmp_path / "other" / "orders.csv", rows=[SOLD])

    assert holds_purchases(directory=tmp_path / "journey")
    assert holds_purchases(directory=tmp_path / "invoices")
    assert not holds_purchases(directory=tmp_path / "other")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    journey(tmp_path)
    (tmp_path / "products.csv").unlink()

    with pytest.raises(FilesMissing) as refused:
        read_purchases(directory=tmp_path)

    assert refused.value.missing == ("products",)


def test_files_without_one_purchase_are_refused(tmp_path: Path) -> None:
    write_file(tmp_path / "invoice_lines.csv", rows=[{**BILLED, "CustomerID": ""}])

    with pytest.raises(NothingToReplay) as refused:
        read_purchases(directory=tmp_path)

    assert refused.value.orders_read == 1


class Published(NamedTuple):
    folder: str
    baskets: int
    members: int
    amount_minor: int
    returns: int
    set_aside: Mapping[Reason, int]


PUBLISHED = [
    Published(
        "complete_journey",
        baskets=38_247,
        members=617,
        amount_minor=117_774_147,
        returns=0,
        set_aside={Reason.NO_QUANTITY: 2_145},
    ),
    Published(
        "online_retail",
        baskets=11_342,
        members=3_314,
        amount_minor=515_914_674,
        returns=2_316,
        set_aside={
            Reason.NO_MEMBER: 86_080,
            Reason.NOT_GOODS: 1_950,
            Reason.WRITTEN_OFF: 925,
            Reason.NO_PURCHASE: 904,
            Reason.NO_PRICE: 864,
        },
    ),
]


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case.folder)
def test_the_published_files_are_read_to_the_cent(case: Published, shared_data: Path) -> None:
    history = read_purchases(directory=shared_data / case.folder)

    assert len(history.baskets) == case.baskets
    assert len({basket.member for basket in history.baskets}) == case.members
    assert sum(basket.amount_minor for basket in history.baskets) == case.amount_minor
    assert len(history.returns) == case.returns
    assert {reason: n for (_, reason), n in history.tally.count_by_reason().items()} == (
        case.set_aside
    )
