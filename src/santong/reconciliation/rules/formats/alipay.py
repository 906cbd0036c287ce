"""Alipay's business bill (业务明细): CSV in GB 18030, lines of `#` around it, tabs in fields.

Amounts have their sign; 商家实收 is what the shop has of a payment, 服务费 what Alipay keeps of it
(less than nothing where it is taken). The lines after the table say how many payments and refunds
it has, and what they come to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from santong.reconciliation.contracts import LineKind, Row
from santong.reconciliation.errors import FileUnreadable
from santong.reconciliation.rules.formats.fields import (
    Wrong,
    decoded,
    differs,
    minor,
    moment,
    places,
    records,
    reference,
)

_COLUMNS = (
    "支付宝交易号",
    "商户订单号",
    "业务类型",
    "完成时间",
    "商家实收（元）",
    "服务费（元）",
    "退款批次号/请求号",
)
_TYPE, _AT, _AMOUNT, _FEE = _COLUMNS[2], _COLUMNS[3], _COLUMNS[4], _COLUMNS[5]
_KINDS: Mapping[str, LineKind] = {
    "交易": "payment",
    "退款": "refund",
    "交易分账": "transfer",
    "分账": "transfer",
    "分账退回": "transfer_returned",
    "提现": "transfer",
    "转账": "transfer",
    "转账退回": "transfer_returned",
    "拒付": "chargeback",
    "拒付退回": "chargeback_returned",
    "服务费": "fee",
    "调账": "adjustment",
}
_END = re.compile(r"#-*业务明细列表结束-*")
_SUM = re.compile(
    r"#(交易|退款)合计[：:]\s*([0-9]+)\s*笔[，,]商家实收(?:退款)?共\s*([0-9.,+-]+)\s*元"
)


def read(lines: Iterable[bytes], currency: str) -> Iterator[Row]:
    """Rows of a business bill. Raises FileUnreadable."""
    texts = decoded(lines, "gb18030")
    above, header = _head(texts)
    fields = [name.strip() for name in header.split(",")]
    at = places(fields, _COLUMNS, line=above)
    tail: list[tuple[int, str]] = []
    table = _table(texts, tail)
    count = {"payment": 0, "refund": 0}
    summed = {"payment": 0, "refund": 0}
    line = above
    for line, found in records(table, after=above):
        if len(found) != len(fields):
            raise FileUnreadable(line=line, column="", reason=f"{len(found)} fields")
        row = _row(line, [found[place].strip() for place in at], currency)
        if row.kind in count:
            count[row.kind] += 1
            summed[row.kind] += row.amount_minor
        yield row
    if not tail:
        raise FileUnreadable(line=line, column="", reason="the end of the table is missing")
    rest = enumerate(chain((text for _, text in tail), texts), start=line + 1)
    _check(rest, count=count, summed=summed, currency=currency)


def _head(texts: Iterator[str]) -> tuple[int, str]:
    """The number and the text of the line with the names of the columns."""
    number = 0
    for number, text in enumerate(texts, start=1):
        if not text.startswith("#") and text.strip():
            return number, text
    raise FileUnreadable(line=number, column="", reason="the names of the columns are missing")


def _table(texts: Iterator[str], tail: list[tuple[int, str]]) -> Iterator[str]:
    """Lines until the table ends; the line that ends it is kept in `tail`."""
    for number, text in enumerate(texts):
        if text.startswith("#"):
            tail.append((number, text))
            return
        yield text


def _row(line: int, fields: Sequence[str], currency: str) -> Row:
    theirs, ours, kind, at, amount, fee, request = fields
    known = _KINDS.get(kind, "other")
    column = _AMOUNT
    try:
        amount_minor = minor(amount, currency)
        column = _FEE
        fee_minor = -minor(fee, currency)
        column = _COLUMNS[1]
        # A refund has a number of its own; where it was asked without one, that of the payment.
        ours = reference(request if known == "refund" and request else ours)
        theirs = reference(theirs)
        column = _AT
        moved_at = moment(at)
    except Wrong as wrong:
        raise FileUnreadable(line=line, column=column, reason=str(wrong)) from None
    if known in {"payment", "refund"} and amount_minor * (1 if known == "payment" else -1) < 0:
        raise FileUnreadable(line=line, column=_AMOUNT, reason=f"the wrong sign for {kind}")
    return Row(line, known, ours, theirs, amount_minor, fee_minor, currency, moved_at)


def _check(
    rest: Iterable[tuple[int, str]],
    *,
    count: Mapping[str, int],
    summed: Mapping[str, int],
    currency: str,
) -> None:
    """The file's own sums; a file without them is not whole."""
    wanted = {"交易": "payment", "退款": "refund"}
    line = 0
    for place, (line, text) in enumerate(rest):
        if place == 0 and not _END.match(text):
            raise FileUnreadable(line=line, column="", reason="the end of the table is missing")
        found = _SUM.match(text)
        if found and found[1] in wanted:
            kind = wanted.pop(found[1])
            if int(found[2]) != count[kind]:
                raise differs(line=line, column=found[1], told=int(found[2]), summed=count[kind])
            try:
                told = minor(found[3], currency)
            except Wrong as wrong:
                raise FileUnreadable(line=line, column=found[1], reason=str(wrong)) from None
            # Refunds are summed with their sign in some bills and without it in others.
            if abs(told) != abs(summed[kind]):
                raise differs(line=line, column=found[1], told=told, summed=summed[kind])
        elif text and not text.startswith("#"):
            raise FileUnreadable(line=line, column="", reason="something stands after the end")
    for name in wanted:
        raise FileUnreadable(line=line, column=name, reason="the sums at the end are missing")
