"""A trial balance as a table: CSV and XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from openpyxl import Workbook

from santong.reconciliation.contracts import TrialBalance

_HEAD = ("asset", "account", "group", "opening", "debit", "credit", "closing")


def as_csv(balance: TrialBalance) -> bytes:
    """With a byte order mark, so that Excel reads it as UTF-8. Amounts are in minor units."""
    sink = io.StringIO(newline="")
    csv.writer(sink).writerows(_rows(balance))
    return b"\xef\xbb\xbf" + sink.getvalue().encode()


def as_xlsx(balance: TrialBalance) -> bytes:
    """The same as a workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(f"{balance.month:%Y-%m}")
    for row in _rows(balance):
        sheet.append(row)
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def _rows(balance: TrialBalance) -> Iterator[tuple[str | int, ...]]:
    yield _HEAD
    for row in balance.rows:
        yield (
            row.asset,
            row.kind,
            # What begins like a formula would be one.
            row.group if row.group[:1] not in {"=", "+", "-", "@"} else f"'{row.group}",
            row.opening_minor,
            row.debit_minor,
            row.credit_minor,
            row.closing_minor,
        )
