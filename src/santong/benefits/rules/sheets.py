"""The first sheet of an XLSX workbook, as rows of text: nothing is worked out, nothing is fetched.

openpyxl reads it row by row; with defusedxml beside it, entities are refused. What is far larger
than any supplier's file is refused before it is unpacked.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from santong.benefits.errors import ImportRefused

BEGINS: Final = b"PK\x03\x04"
# A sheet takes some seconds for a hundred thousand rows; CSV brings more.
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 50
MOST_BYTES: Final = 200_000_000
# Excel keeps fifteen digits of a number; those after them are gone before we see the file.
_MOST_NUMBER: Final = 10**15
INEXACT: Final = "\N{REPLACEMENT CHARACTER}"

# What a workbook that is broken, encrypted or lies about itself comes to, in the parts of others
# that take it to pieces.
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    DefusedXmlException,
    EOFError,
    RuntimeError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    OSError,
)


def rows_of_sheet(content: bytes) -> Iterator[Sequence[str]]:
    """Rows of cells, empty ones too. A number that was not kept exactly reads as one odd sign.

    Raises ImportRefused, also while it is read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_BYTES:
                raise ImportRefused(reason="the workbook is too large: give a CSV file")
        yield from _rows(content)
    except _UNREADABLE as failure:
        raise ImportRefused(reason=f"not a workbook: {type(failure).__name__}") from None


def _rows(content: bytes) -> Iterator[Sequence[str]]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        assert isinstance(sheet, ReadOnlyWorksheet)
        # What a file says of its own size may be wrong.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
            if number > MOST_ROWS:
                raise ImportRefused(reason=f"more than {MOST_ROWS} rows: give a CSV file")
            yield [_text(cell.value, kind=cell.data_type) for cell in row]
    finally:
        book.close()


def _text(value: object, *, kind: str) -> str:
    match value:
        case None:
            return ""
        case str():
            return INEXACT if kind == "e" else value
        case date():
            return value.strftime("%Y-%m-%d")
        case int() | float() if not isinstance(value, bool) and _is_exact(value):
            return str(int(value))
        case _:
            return INEXACT


def _is_exact(number: float) -> bool:
    return abs(number) < _MOST_NUMBER and number == int(number)
