"""A bank's list of account movements: CSV with date, debit, credit, balance and purpose.

Each line's balance follows from the one before it, so a line that is missing is noticed. A bank
knows no numbers of ours but those in the purpose: a word of it that looks like one is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from santong.reconciliation.contracts import LineKind, Row
from santong.reconciliation.errors import FileUnreadable
from santong.reconciliation.rules.formats.fields import (
    NOTHING,
    Wrong,
    differs,
    minor,
    moment,
    records,
    reference,
)

# Each column under the names that banks give it.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "交易日期", "记账日期", "日期"),
    "time": ("time", "交易时间", "记账时间"),
    "debit": ("debit", "借方发生额", "借方金额", "支出"),
    "credit": ("credit", "贷方发生额", "贷方金额", "收入"),
    "balance": ("balance", "余额", "账户余额"),
    "purpose": ("purpose", "摘要", "用途", "附言"),
    "serial": ("serial", "流水号", "交易流水号", "凭证号"),
}
_OPTIONAL = {"time", "serial"}
_OURS = re.compile(
    r"(?<![A-Za-z0-9-])(?=[A-Za-z0-9-]*[0-9])[A-Za-z][A-Za-z0-9-]{7,63}(?![A-Za-z0-9-])"
)
_RETURNED = re.compile(r"退票|退汇|returned|rejected", re.IGNORECASE)
_FEE = re.compile(r"手续费|工本费|账户管理费|bank charge|fee", re.IGNORECASE)


def read(lines: Iterable[bytes], currency: str) -> Iterator[Row]:
    """Rows of a bank's list, oldest first or newest first. Raises FileUnreadable."""
    found = records(_decoded(lines))
    line, header = next(found, (1, NOTHING))
    at = _columns(header, line=line)
    chain = _Chain()
    for number, fields in found:
        if not any(field.strip() for field in fields):
            continue
        if len(fields) != len(header):
            raise FileUnreadable(line=number, column="", reason=f"{len(fields)} fields")
        of = {name: fields[place].strip() for name, place in at.items()}
        row, balance = _row(number, of, currency)
        chain.add(row, balance)
        yield row


def _decoded(lines: Iterable[bytes]) -> Iterator[str]:
    """UTF-8, or GB 18030 from the first line on that is not UTF-8."""
    encoding = "utf-8-sig"
    for number, line in enumerate(lines, start=1):
        try:
            yield line.decode(encoding)
        except UnicodeDecodeError:
            try:
                encoding = "gb18030"
                yield line.decode(encoding)
            except UnicodeDecodeError:
                raise FileUnreadable(line=number, column="", reason="not text") from None


def _columns(header: Sequence[str], *, line: int) -> dict[str, int]:
    names = [name.strip().lower() for name in header]
    found: dict[str, int] = {}
    for column, known in _NAMES.items():
        there = [place for place, name in enumerate(names) if name in known]
        if len(there) == 1:
            found[column] = there[0]
        elif there or column not in _OPTIONAL:
            raise FileUnreadable(
                line=line, column=column, reason="the column stands there not once"
            )
    return found


class _Chain:
    """Balances that follow from one another, forwards or backwards."""

    def __init__(self) -> None:
        self.last: tuple[Row, int] | None = None
        self.forwards = self.backwards = True

    def add(self, row: Row, balance: int) -> None:
        if self.last is not None:
            before, held = self.last
            self.forwards = self.forwards and held + row.amount_minor == balance
            self.backwards = self.backwards and balance + before.amount_minor == held
            if not (self.forwards or self.backwards):
                raise differs(
                    line=row.line, column="balance", told=balance, summed=held + row.amount_minor
                )
        self.last = (row, balance)


def _row(line: int, of: Mapping[str, str], currency: str) -> tuple[Row, int]:
    column = "debit"
    try:
        debit = minor(of["debit"], currency)
        column = "credit"
        credit = minor(of["credit"], currency)
        column = "balance"
        balance = minor(of["balance"], currency)
        column = "serial"
        theirs = reference(of.get("serial", ""))
        column = "date"
        at = moment(_moment(of["date"], of.get("time", "")))
    except Wrong as wrong:
        raise FileUnreadable(line=line, column=column, reason=str(wrong)) from None
    if bool(debit) == bool(credit):
        raise FileUnreadable(line=line, column="debit", reason="either debit or credit")
    amount = credit - debit
    purpose = of["purpose"]
    ours = _OURS.search(purpose)
    kind = _kind(purpose, amount)
    return Row(line, kind, ours[0] if ours else "", theirs, amount, 0, currency, at), balance


def _kind(purpose: str, amount: int) -> LineKind:
    if _RETURNED.search(purpose) and amount > 0:
        return "transfer_returned"
    if _FEE.search(purpose) and amount < 0:
        return "fee"
    return "payment" if amount > 0 else "transfer"


def _moment(day: str, time: str) -> str:
    """`20261110` or `2026-11-10` or `2026/11/10`, with a time or without."""
    compact = day.replace("/", "-")
    if len(compact) == 8 and compact.isdigit():  # noqa: PLR2004
        compact = f"{compact[:4]}-{compact[4:6]}-{compact[6:]}"
    if len(time) == 6 and time.isdigit():  # noqa: PLR2004
        time = f"{time[:2]}:{time[2:4]}:{time[4:]}"
    if "T" in compact or " " in compact:
        return compact
    return f"{compact}T{time or '00:00:00'}"
