"""Suppliers' files are read as they are, whatever program wrote them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.benefits.contracts.supplies import CodeRow, Reject
from santong.benefits.errors import ImportRefused
from santong.benefits.rules.code_files import read_codes
from santong.benefits.tests.sheets import workbook

SHEET = "xl/worksheets/sheet1.xml"
printable = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x9FFF, categories=["L", "N", "P", "S"]),
    min_size=1,
    max_size=20,
)


def with_sheet(rows: str, *, head: str = "") -> bytes:
    """A workbook as openpyxl writes it, with other rows in its sheet."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as empty, zipfile.ZipFile(stream, "w") as book:
        for name in empty.namelist():
            content = empty.read(name).decode()
            if name == SHEET:
                before, after = re.split(r"<sheetData ?/>|<sheetData></sheetData>", content)
                content = f"{head}{before}<sheetData>{rows}</sheetData>{after}"
            book.writestr(name, content)
    return stream.getvalue()


def zipped(**files: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as book:
        for name, text in files.items():
            book.writestr(name, text)
    return stream.getvalue()


def test_a_workbook_says_what_a_csv_file_says() -> None:
    rows = [
        ("code", "expires_on"),
        ("A-1", "2027-01-31"),
        ("A-2", ""),
        ("", ""),
        ("A-1", ""),
        ("B", "soon"),
    ]
    csv = "\n".join(",".join(row) for row in rows).encode()

    assert read_codes(workbook(*rows)) == read_codes(csv)
    assert read_codes(csv).rejects == (
        Reject(line=5, column=1, reason="stands in line 2 already"),
        Reject(line=6, column=2, reason="not a date"),
    )


def test_numbers_and_days_of_a_sheet_are_read_as_people_see_them() -> None:
    book = workbook(
        ("number", "code", "expires_on"),
        (1, 123456789012345, date(2026, 12, 31)),
        (2, "007", None),
    )

    assert read_codes(book).rows == (
        CodeRow(line=2, code="123456789012345", expires_on=date(2026, 12, 31)),
        CodeRow(line=3, code="007", expires_on=None),
    )


def test_a_number_that_the_sheet_has_rounded_is_no_code() -> None:
    read = read_codes(workbook(("code",), (1234567890123456,), ("1234567890123456",)))

    assert [row.code for row in read.rows] == ["1234567890123456"]
    assert [(reject.line, reject.column) for reject in read.rejects] == [(2, 1)]
    assert "has not kept exactly" in read.rejects[0].reason


def test_lines_are_counted_as_the_sheet_counts_them() -> None:
    book = with_sheet(
        '<row r="1"><c r="B1" t="inlineStr"><is><t>code</t></is></c></row>'
        '<row r="7"><c r="B7" t="str"><v>A</v></c></row>'
    )

    assert read_codes(book).rows == (CodeRow(line=7, code="A", expires_on=None),)


def test_the_first_sheet_is_the_one_that_people_see_first() -> None:
    assert [row.code for row in read_codes(workbook(("code",), ("A",), beside="old")).rows] == ["A"]


def test_what_cannot_be_a_code_is_told_by_its_line() -> None:
    wrong = ['t="e"><v>#N/A', 't="b"><v>1', 't="n"><v>1.5', 't="n"><v>1E999']
    cells = ['t="str"><v>code', *wrong, 't="str"><v>A']
    rows = [
        f'<row r="{line}"><c r="A{line}" {cell}</v></c></row>'
        for line, cell in enumerate(cells, start=1)
    ]

    read = read_codes(with_sheet("".join(rows)))

    assert [row.code for row in read.rows] == ["A"]
    assert [reject.line for reject in read.rejects] == [2, 3, 4, 5]


def test_a_sheet_that_would_take_minutes_is_refused() -> None:
    book = with_sheet(
        '<row r="1"><c r="A1" t="str"><v>code</v></c></row><row r="99999999"/>',
    )

    with pytest.raises(ImportRefused) as refused:
        read_codes(book)

    assert refused.value.reason == "more than 200000 rows: give a CSV file"


BOMB = '<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and no more",
        zipped(readme="nothing"),
        with_sheet("<row>"),
        with_sheet('<row r="x"></row>'),
        with_sheet('<row r="1"><c r="A1" t="s"><v>5</v></c></row>'),
        with_sheet('<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>', head=BOMB),
        workbook(("number",), ("A",)),
    ],
)
def test_what_is_no_workbook_of_codes_is_refused(content: bytes) -> None:
    with pytest.raises(ImportRefused):
        read_codes(content)


@given(codes=st.lists(printable, unique=True, max_size=20))
def test_every_code_of_a_sheet_is_read_and_none_else(codes: list[str]) -> None:
    read = read_codes(workbook(("code",), *[(code,) for code in codes]))

    assert [row.code for row in read.rows] == [code.strip() for code in codes]
    assert read.rejects == ()


@given(content=st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(content: bytes) -> None:
    for whole in (content, b"PK\x03\x04" + content):
        try:
            read_codes(whole)
        except ImportRefused:
            continue
