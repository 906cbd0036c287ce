"""A party's month as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from santong.console.rules.amounts import plain_amount

# Without it spreadsheets read Chinese as something else.
BYTE_ORDER_MARK: Final = "\ufeff"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def statement_csv(*, head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV; what a spreadsheet would take for a formula stays text.

    Amounts are plain numbers and come as `signed_amount` writes them.
    """
    sink = io.StringIO()
    written = csv.writer(sink)
    written.writerow(head)
    for row in rows:
        written.writerow([_safe(cell) for cell in row])
    return (BYTE_ORDER_MARK + sink.getvalue()).encode()


def signed_amount(*, minor: int, currency: str) -> str:
    """`-12.50`: an amount that a spreadsheet adds up."""
    text = plain_amount(minor=abs(minor), currency=currency)
    return f"-{text}" if minor < 0 else text


def _safe(cell: str) -> str:
    is_number = cell.lstrip("-").replace(".", "", 1).isdigit()
    return f"'{cell}" if cell.startswith(_FORMULA) and not is_number else cell
