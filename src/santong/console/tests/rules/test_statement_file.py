"""A statement as a file: what a spreadsheet reads is what stands in the books."""

from __future__ import annotations

import csv
import io

import pytest

from santong.console.rules.statement_file import signed_amount, statement_csv


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("order:17", "order:17"),
        ("-12.50", "-12.50"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("-1+2", "'-1+2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("一成, 不是半成", "一成, 不是半成"),
    ],
    ids=["plain", "amount", "formula", "sum", "at", "comma"],
)
def test_text_is_never_a_formula_and_an_amount_stays_one(cell: str, written: str) -> None:
    body = statement_csv(head=("A",), rows=[(cell,)])

    assert list(csv.reader(io.StringIO(body.decode("utf-8-sig")))) == [["A"], [written]]


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(1_250, "CNY", "12.50"), (-1_250, "CNY", "-12.50"), (-5, "CNY", "-0.05"), (7, "JPY", "7")],
    ids=["more", "less", "cents", "without"],
)
def test_an_amount_is_written_with_its_sign(minor: int, currency: str, text: str) -> None:
    assert signed_amount(minor=minor, currency=currency) == text
