"""The statement of the simulated provider, of a till and of a terminal: CSV in whole minor units.

A head that says of which account and day it is, with the number of lines and the balance before and
after; the names of the columns; the lines; and their sums, without which the file is not whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from santong.reconciliation.contracts import LINE_KINDS, LineKind, Row
from santong.reconciliation.errors import FileUnreadable
from santong.reconciliation.rules.formats.fields import (
    MOST_DIGITS,
    NOTHING,
    Wrong,
    decoded,
    differs,
    moment,
    places,
    records,
    reference,
)

COLUMNS = ("type", "our_reference", "their_reference", "time", "amount_minor", "fee_minor")
HEADS = ("#simulated", "#terminal", "#cash")
TOTAL = "#total"
_KINDS: dict[str, LineKind] = {kind: kind for kind in LINE_KINDS}
_HEAD_FIELDS = 7


def read(lines: Iterable[bytes], currency: str) -> Iterator[Row]:
    """Rows of a statement. Raises FileUnreadable."""
    found = records(decoded(lines, "utf-8-sig"))
    _, head = next(found, (1, NOTHING))
    if len(head) != _HEAD_FIELDS or not head[0].startswith("#"):
        raise FileUnreadable(line=1, column="", reason="the head is missing")
    if head[3] != currency:
        raise FileUnreadable(line=1, column="currency", reason=f"the account is in {currency}")
    line, header = next(found, (2, NOTHING))
    at = places(header, COLUMNS, line=line)
    count = amount = fee = 0
    total: list[str] | None = None
    for number, fields in found:
        if total is not None:
            raise FileUnreadable(line=number, column="", reason="something stands after the sums")
        if fields and fields[0] == TOTAL:
            total, line = fields, number
            continue
        if len(fields) != len(header):
            raise FileUnreadable(line=number, column="", reason=f"{len(fields)} fields")
        row = _row(number, [fields[place] for place in at], currency)
        count += 1
        amount += row.amount_minor
        fee += row.fee_minor
        yield row
    if total is None or len(total) < _HEAD_FIELDS - 1:
        raise FileUnreadable(line=count + 3, column="", reason="the sums at the end are missing")
    _compare(line, ("lines", total[1], count), ("amount_minor", total[4], amount))
    _compare(line, ("fee_minor", total[5], fee), ("lines", head[4], count))
    if head[5] and head[6]:
        _compare(1, ("balance", head[6], _number(1, "balance", head[5]) + amount - fee))


def _row(line: int, fields: Sequence[str], currency: str) -> Row:
    kind, ours, theirs, moved_at, amount, fee = fields
    column = "amount_minor"
    try:
        amount_minor = _whole(amount)
        column = "fee_minor"
        fee_minor = _whole(fee or "0")
        column = "our_reference"
        our_reference = reference(ours)
        column = "their_reference"
        their_reference = reference(theirs)
        column = "time"
        at = moment(moved_at)
    except Wrong as wrong:
        raise FileUnreadable(line=line, column=column, reason=str(wrong)) from None
    known = _KINDS.get(kind, "other")
    return Row(line, known, our_reference, their_reference, amount_minor, fee_minor, currency, at)


def _compare(line: int, *sums: tuple[str, str, int]) -> None:
    for column, text, summed in sums:
        told = _number(line, column, text)
        if told != summed:
            raise differs(line=line, column=column, told=told, summed=summed)


def _number(line: int, column: str, text: str) -> int:
    try:
        return _whole(text)
    except Wrong as wrong:
        raise FileUnreadable(line=line, column=column, reason=str(wrong)) from None


def _whole(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS + 2):
        raise Wrong("not a whole amount")
    return int(text)
