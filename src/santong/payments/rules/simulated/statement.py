"""The simulated provider's statement of a day: a head with totals, the lines, their sums."""

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
    "status",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What moved: signed, more than nothing into the account; the fee is what it cost."""

    kind: str
    reference: str
    their_reference: str
    moved_at: datetime
    amount_minor: int
    fee_minor: int


def statement(
    *, account_code: str, currency: str, day: date, opening_minor: int, lines: Sequence[Line]
) -> bytes:
    """A day of an account as a CSV file: its balance before and after, and all that moved."""
    amount = sum(line.amount_minor for line in lines)
    fee = sum(line.fee_minor for line in lines)
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\r\n")
    write.writerow(
        [
            "#simulated",
            account_code,
            day.isoformat(),
            currency,
            len(lines),
            opening_minor,
            opening_minor + amount - fee,
        ]
    )
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
                "done",
            ]
        )
    write.writerow(["#total", len(lines), "", "", amount, fee, ""])
    return text.getvalue().encode()
