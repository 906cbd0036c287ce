"""Files of orders: what is wrong is named by line and column."""

from __future__ import annotations

import io
import json
from typing import NamedTuple

import pytest

from santong.gateway.errors import FileUnreadable, RowProblem
from santong.gateway.rules.order_files import read_csv, read_json_lines
from santong.gateway.rules.order_rows import Handed
from santong.gateway.tests.factories import make_document
from santong.orders import public as orders

HEADER = (
    "storefront,external_number,placed_at,currency,sku,quantity,unit_price_minor,"
    "freight_minor,name,phone,city,address,latitude,payment_id,payment_minor,paid_at"
)
FIRST = "flagship,TB1,2026-11-11T15:20:00+08:00,CNY,COAT,1,19900,800,李桂花,1391,杭州市,文三路,,,,"
SECOND = "flagship,TB1,,,SHIRT,2,5000,,,,,,,,,"


def read(*rows: str) -> list[Handed]:
    return list(read_csv(text=io.StringIO("\n".join([HEADER, *rows]), newline="")))


def test_rows_next_to_each_other_are_one_order() -> None:
    other = FIRST.replace("TB1", "TB2")

    first, second = read(FIRST, SECOND, other)

    assert first.order is not None
    assert second.order is not None
    assert [line.sku_code for line in first.order.lines] == ["COAT", "SHIRT"]
    assert [line.quantity for line in first.order.lines] == [1, 2]
    assert (first.order.freight_minor, first.order.recipient.name) == (800, "李桂花")
    assert (second.line, second.external_number) == (4, "TB2")


def test_a_payment_is_read() -> None:
    row = FIRST.replace(",,,,", ",,WX1,20700,2026-11-11T15:25:00+08:00")

    (handed,) = read(row)

    assert handed.order is not None
    assert handed.order.payment is not None
    assert handed.order.payment.external_id == "WX1"
    assert handed.order.payment.amount_minor == 20_700
    assert handed.order.payment.currency == "CNY"


class Case(NamedTuple):
    name: str
    row: str
    problem: RowProblem


CASES = [
    Case(
        "no number",
        FIRST.replace(",1,19900", ",one,19900"),
        RowProblem(line=2, column="quantity", reason="not_whole"),
    ),
    Case(
        "a number with underscores",
        FIRST.replace("19900", "19_900"),
        RowProblem(line=2, column="unit_price_minor", reason="not_whole"),
    ),
    Case(
        "no offset",
        FIRST.replace("+08:00", ""),
        RowProblem(line=2, column="placed_at", reason="no_offset"),
    ),
    Case(
        "no time",
        FIRST.replace("2026-11-11T15:20:00+08:00", "11.11."),
        RowProblem(line=2, column="placed_at", reason="not_an_instant"),
    ),
    Case("no SKU", FIRST.replace("COAT", ""), RowProblem(line=2, column="sku", reason="missing")),
    Case(
        "no degrees",
        FIRST.replace("文三路,,", "文三路,north,"),
        RowProblem(line=2, column="latitude", reason="not_a_number"),
    ),
    Case(
        "money without a time",
        FIRST.replace(",,,,", ",,WX1,20700,"),
        RowProblem(line=2, column="paid_at", reason="missing"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_wrong_cell_is_named(case: Case) -> None:
    (handed,) = read(case.row)

    assert handed.order is None
    assert handed.problems == (case.problem,)


def test_a_later_row_that_says_something_else_of_the_order_is_named() -> None:
    (handed,) = read(FIRST, SECOND.replace("TB1,,,", "TB1,,USD,"))

    assert handed.problems == (
        RowProblem(line=3, column="currency", reason="differs_from_first_row"),
    )


def test_what_the_orders_rules_find_is_named_by_its_cell() -> None:
    (handed,) = read(FIRST, SECOND)
    problems = [
        orders.Problem(pointer="/lines/1/sku_code", reason="unknown"),
        orders.Problem(pointer="/recipient/city", reason="missing"),
        orders.Problem(pointer="/lines", reason="total_too_large"),
    ]

    assert handed.located(problems) == (
        RowProblem(line=3, column="sku", reason="unknown"),
        RowProblem(line=2, column="city", reason="missing"),
        RowProblem(line=2, column="/lines", reason="total_too_large"),
    )


def test_a_cell_may_go_over_several_lines() -> None:
    long = FIRST.replace("文三路", '"文三路\n90 号"')

    first, second = read(long, FIRST.replace("TB1", "TB2").replace("COAT", ""))

    assert first.order is not None
    assert first.order.recipient.address == "文三路\n90 号"
    assert second.problems == (RowProblem(line=4, column="sku", reason="missing"),)


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("storefront", RowProblem(line=1, column="external_number", reason="missing")),
        (f"{HEADER},colour", RowProblem(line=1, column="colour", reason="unknown_column")),
        (f"{HEADER},sku", RowProblem(line=1, column="sku", reason="there_twice")),
        ("", RowProblem(line=1, column="storefront", reason="missing")),
    ],
)
def test_a_header_that_makes_no_sense_is_refused(header: str, problem: RowProblem) -> None:
    with pytest.raises(FileUnreadable) as refused:
        list(read_csv(text=io.StringIO(header)))

    assert refused.value.problem == problem


def test_a_row_with_more_cells_than_columns_is_refused() -> None:
    with pytest.raises(FileUnreadable) as refused:
        read(FIRST + ",more")

    assert refused.value.problem.line == 2


def test_json_lines_are_read_one_by_one() -> None:
    good = make_document(external_number="TB1")
    lines = [json.dumps(good), "", "{", "[]", json.dumps({"external_number": "TB2"})]

    first, broken, no_object, empty = read_json_lines(text=lines)

    assert first.order is not None
    assert (first.line, first.external_number) == (1, "TB1")
    assert broken.problems == (RowProblem(line=3, column="", reason="not_json"),)
    assert no_object.problems == (RowProblem(line=4, column="", reason="not_an_object"),)
    assert (empty.line, empty.external_number) == (5, "TB2")
    assert RowProblem(line=5, column="/lines", reason="missing") in empty.problems


def test_no_problem_repeats_what_stands_in_the_file() -> None:
    (handed,) = read(FIRST.replace("1391", "13911112222").replace("19900", "x"))

    assert "13911112222" not in str(handed.problems)
    assert "李桂花" not in str(handed.problems)
