"""Statements of those who collected the money, written from the files and not from our books."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from santong.simulation.rules.paid.plan import CURRENCY, PaidOrder, their_reference

# Days of statements are counted there, wherever the money came in.
ZONE: Final = ZoneInfo("Asia/Shanghai")
COLUMNS: Final = (
    "type",
    "our_reference",
    "their_reference",
    "time",
    "amount_minor",
    "fee_minor",
    "status",
)


class Collected(NamedTuple):
    """One row of the file, at the time at which it came in."""

    their_reference: str
    at: datetime
    amount_minor: int


class Statement(NamedTuple):
    """A day of one way to pay."""

    method: str
    day: date
    rows: tuple[Collected, ...]

    @property
    def amount_minor(self) -> int:
        """All that came in on the day."""
        return sum(row.amount_minor for row in self.rows)


def statements_of(orders: Iterable[PaidOrder]) -> list[Statement]:
    """One for each way to pay and day on which anything came in, in the order of time."""
    found: dict[tuple[date, str], list[Collected]] = {}
    for order in orders:
        at = order.paid_at.astimezone(ZONE)
        for payment in order.payments:
            row = Collected(their_reference(payment), at, payment.amount_minor)
            found.setdefault((at.date(), payment.method), []).append(row)
    return [Statement(method, day, tuple(rows)) for (day, method), rows in sorted(found.items())]


def written(statement: Statement) -> bytes:
    """A statement as the simulated provider writes it: whole minor units, with its sums."""
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\r\n")
    write.writerows(_lines(statement.method, statement.day, statement.rows))
    return text.getvalue().encode()


def _lines(method: str, day: date, rows: Sequence[Collected]) -> Iterator[Sequence[object]]:
    amount = sum(row.amount_minor for row in rows)
    yield "#simulated", method, day.isoformat(), CURRENCY, len(rows), 0, amount
    yield COLUMNS
    for row in rows:
        moment = row.at.isoformat()
        yield "payment", "", row.their_reference, moment, row.amount_minor, 0, "done"
    yield "#total", len(rows), "", "", amount, 0, ""
