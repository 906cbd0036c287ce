"""Workbooks as spreadsheet programs write them, for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from html import escape

_NAMES = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(
    *rows: Sequence[str | int | None], head: str = "", sheet: str = "xl/worksheets/sheet1.xml"
) -> bytes:
    """A workbook with these rows: texts are shared, numbers stand in their cells."""
    texts: list[str] = []
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = []
        for place, value in enumerate(row):
            at = f"{chr(ord('A') + place)}{number}"
            if isinstance(value, str):
                cells.append(f'<c r="{at}" t="s"><v>{len(texts)}</v></c>')
                texts.append(value)
            elif value is not None:
                cells.append(f'<c r="{at}"><v>{value}</v></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            sheet,
            f"{head}<worksheet {_NAMES}><sheetData>{''.join(lines)}</sheetData></worksheet>",
        )
        book.writestr("xl/sharedStrings.xml", f"<sst {_NAMES}>{shared}</sst>")
    return stream.getvalue()
