"""A day of a terminal or a till as a file: the lines, and their sums."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

COLUMNS: Final = (
    "type",
    "our_reference",
    "their_reference",
    "time",
    "amount_minor",
    "fee_minor",
    "detail",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterLine:
    """What moved over the counter: signed, more than nothing where it came in."""

    kind: str
    reference: str
    their_reference: str
    moved_at: datetime
    amount_minor: int
    fee_minor: int
    detail: str


def counter_statement(
    *, kind: str, account_code: str, currency: str, day: date, lines: Sequence[CounterLine]
) -> bytes:
    """The day as CSV: what it is the day of, the lines, and what they come to."""
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\r\n")
    write.writerow([f"#{kind}", account_code, day.isoformat(), currency, len(lines), "", ""])
    write.writerow(COLUMNS)
    for line in lines:
        write.writerow(
            [
                line.kind,
                line.reference,
                line.their_reference,
                line.moved_at.isoformat(),
                line.amount_minor,
                line.fee_minor,
                _plain(line.detail),
            ]
        )
    amount = sum(line.amount_minor for line in lines)
    fee = sum(line.fee_minor for line in lines)
    write.writerow(["#total", len(lines), "", "", amount, fee, ""])
    return text.getvalue().encode()


def _plain(text: str) -> str:
    """A till's name that a spreadsheet would take for a formula is none."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
