"""WeChat Pay's bill of funds (资金账单): what moved on the account, fees as lines of their own.

Each line says what the account held after it, so nothing can be missing in between; the last two
lines are the head and the values of its own sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from santong.reconciliation.contracts import LineKind, Row
from santong.reconciliation.errors import FileUnreadable
from santong.reconciliation.rules.formats.fields import (
    Wrong,
    decoded,
    differs,
    minor,
    moment,
    places,
    reference,
)

_COLUMNS = (
    "记账时间",
    "微信支付业务单号",
    "业务类型",
    "收支类型",
    "收支金额(元)",
    "账户结余(元)",
    "业务凭证号",
)
_COUNT = "资金流水总笔数"
_KINDS: Mapping[str, LineKind] = {
    "交易": "payment",
    "退款": "refund",
    "扣除交易手续费": "fee",
    "手续费": "fee",
    "交易手续费退回": "fee",
    "提现": "transfer",
    "提现失败退回": "transfer_returned",
    "提现退票": "transfer_returned",
    "分账": "transfer",
    "分账回退": "transfer_returned",
    "转账": "transfer",
    "付款到零钱": "transfer",
    "转账退回": "transfer_returned",
    "拒付": "chargeback",
    "拒付退回": "chargeback_returned",
    "充值": "adjustment",
    "调账": "adjustment",
}
_SIGNS = {"收入": 1, "支出": -1}


def read(lines: Iterable[bytes], currency: str) -> Iterator[Row]:
    """Rows of a bill of funds. Raises FileUnreadable."""
    texts = enumerate(decoded(lines, "utf-8-sig"), start=1)
    number, first = next(texts, (1, ""))
    header = first.split(",")
    at = places(header, _COLUMNS, line=number)
    sums = _Sums()
    summary: list[str] = []
    for number, text in texts:
        if summary and text:
            sums.check(summary, _fields(text), line=number, currency=currency)
            return
        if text.startswith("`"):
            fields = _fields(text)
            if len(fields) != len(header):
                raise FileUnreadable(line=number, column="", reason=f"{len(fields)} fields")
            row, balance = _row(number, [fields[place] for place in at], currency)
            sums.add(row, balance)
            yield row
        elif text.startswith(_COUNT):
            summary = text.split(",")
        else:
            raise FileUnreadable(line=number, column="", reason="neither a line nor the sums")
    raise FileUnreadable(line=number, column=_COUNT, reason="the sums at the end are missing")


class _Sums:
    """What the lines come to so far, and what the account held after the last."""

    def __init__(self) -> None:
        self.by_name: dict[str, int] = dict.fromkeys(
            (_COUNT, "收入笔数", "收入金额", "支出笔数", "支出金额"), 0
        )
        self.balance: int | None = None

    def add(self, row: Row, balance: int) -> None:
        before = balance - row.amount_minor
        if self.balance is not None and before != self.balance:
            raise differs(
                line=row.line,
                column=_COLUMNS[5],
                told=balance,
                summed=self.balance + row.amount_minor,
            )
        self.balance = balance
        side = "收入" if row.amount_minor > 0 else "支出"
        self.by_name[_COUNT] += 1
        self.by_name[f"{side}笔数"] += 1
        self.by_name[f"{side}金额"] += abs(row.amount_minor)

    def check(
        self, names: Sequence[str], values: Sequence[str], *, line: int, currency: str
    ) -> None:
        for name, text in zip((name.strip() for name in names), values, strict=False):
            if name in self.by_name:
                try:
                    told = minor(text, currency) if name.endswith("金额") else int(text)
                except ValueError:
                    raise FileUnreadable(line=line, column=name, reason="not a sum") from None
                if told != self.by_name[name]:
                    raise differs(line=line, column=name, told=told, summed=self.by_name[name])


def _row(line: int, fields: Sequence[str], currency: str) -> tuple[Row, int]:
    at, theirs, kind, side, amount, balance, voucher = fields
    sign = _SIGNS.get(side)
    if sign is None:
        raise FileUnreadable(line=line, column=_COLUMNS[3], reason="neither income nor expense")
    column = _COLUMNS[4]
    try:
        amount_minor = sign * minor(amount, currency)
        column = _COLUMNS[5]
        balance_minor = minor(balance, currency)
        column = _COLUMNS[1]
        theirs, ours = reference(theirs), reference(voucher)
        column = _COLUMNS[0]
        moved_at = moment(at)
    except Wrong as wrong:
        raise FileUnreadable(line=line, column=column, reason=str(wrong)) from None
    known = _KINDS.get(kind, "other")
    return Row(line, known, ours, theirs, amount_minor, 0, currency, moved_at), balance_minor


def _fields(text: str) -> list[str]:
    return [field.strip() for field in text.removeprefix("`").split(",`")]
