"""Workbooks as spreadsheet programs write them, for tests."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook


def workbook(*rows: Sequence[str | int | date | None], beside: str = "") -> bytes:
    """A workbook with these rows on its first sheet; with another sheet before it in the file."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cells in sheet.iter_rows():
        for cell in cells:
            # Whoever types a code means no formula, whatever it begins with.
            if cell.data_type == "f":
                cell.data_type = "s"
    if beside:
        other = book.create_sheet(beside)
        other.append(("code",))
        other.append(("of another sheet",))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
