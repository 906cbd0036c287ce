"""WeChat Pay's trade bill (交易账单): UTF-8 with a byte order mark, a back-tick before each field.

The last two lines are the head and the values of its own sums. Payments and refunds stand as lines
of their own; a refund's day is that of its acceptance, its fee is what came back of the payment's.
Older bills call the settled total 总金额. Money back is 退款金额: what the buyer asked for
(申请退款金额) less vouchers that nobody has paid for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from santong.reconciliation.contracts import LineKind, Row
from santong.reconciliation.errors import FileUnreadable
from santong.reconciliation.rules.formats.fields import (
    Wrong,
    decoded,
    differs,
    minor,
    minor_rounded,
    moment,
    places,
    reference,
)

_AT = "交易时间"
_STATE = "交易状态"
_THEIRS = "微信订单号"
_OURS = "商户订单号"
_CURRENCY = "货币种类"
_FEE = "手续费"
_SETTLED = ("应结订单金额", "总金额")
_REFUND_THEIRS = "微信退款单号"
_REFUND_OURS = "商户退款单号"
_REFUNDED = "退款金额"
_COUNT = "总交易单数"
_SUMS = ("应结订单总金额", "总交易额")
_REFUND_SUM = ("退款总金额", "总退款金额")


def read(lines: Iterable[bytes], currency: str) -> Iterator[Row]:
    """Rows of a trade bill. Raises FileUnreadable."""
    texts = enumerate(decoded(lines, "utf-8-sig"), start=1)
    number, first = next(texts, (1, ""))
    header = first.split(",")
    columns = _Columns(header, line=number)
    count = paid = refunded = 0
    summary: list[str] = []
    for number, text in texts:
        if summary and text:
            _check(summary, _fields(text), line=number, sums=(count, paid, refunded), of=currency)
            _check_nothing_follows(texts)
            return
        if text.startswith("`"):
            row = columns.row(number, _fields(text))
            count += 1
            if row.kind == "refund":
                refunded -= row.amount_minor
            else:
                paid += row.amount_minor
            yield row
        elif text.startswith(_COUNT):
            summary = text.split(",")
        else:
            raise FileUnreadable(line=number, column="", reason="neither a line nor the sums")
    raise FileUnreadable(line=number, column=_COUNT, reason="the sums at the end are missing")


class _Columns:
    """Where a bill's columns stand: ALL, SUCCESS and REFUND bills have different ones."""

    def __init__(self, header: Sequence[str], *, line: int) -> None:
        names = [name.strip() for name in header]
        settled = next((name for name in _SETTLED if name in names), _SETTLED[0])
        self.width = len(names)
        self.names = (_AT, _STATE, _THEIRS, _OURS, _CURRENCY, _FEE, settled)
        self.at = places(names, self.names, line=line)
        self.refunds = (_REFUND_THEIRS, _REFUND_OURS, _REFUNDED)
        self.has_refunds = _REFUND_OURS in names
        self.refunds_at = places(names, self.refunds, line=line) if self.has_refunds else []

    def row(self, line: int, fields: Sequence[str]) -> Row:
        if len(fields) != self.width:
            raise FileUnreadable(line=line, column="", reason=f"{len(fields)} fields")
        at, state, theirs, ours, currency, fee, settled = (fields[place] for place in self.at)
        kind: LineKind = "payment"
        sign, column = 1, self.names[6]
        if state in {"REFUND", "REVOKED"}:
            kind, sign = ("refund", -1)
            if self.has_refunds:
                theirs, ours, settled = (fields[place] for place in self.refunds_at)
                column = _REFUNDED
        elif state != "SUCCESS":
            kind = "other"
        try:
            amount_minor = sign * minor(settled, currency)
            column = _FEE
            fee_minor = minor_rounded(fee, currency)
            column = _OURS
            ours, theirs = reference(ours), reference(theirs)
            column = _AT
            moved_at = moment(at)
        except Wrong as wrong:
            raise FileUnreadable(line=line, column=column, reason=str(wrong)) from None
        if len(currency) != 3:  # noqa: PLR2004
            raise FileUnreadable(line=line, column=_CURRENCY, reason="not a currency")
        return Row(line, kind, ours, theirs, amount_minor, fee_minor, currency, moved_at)


def _fields(text: str) -> list[str]:
    """A comma inside a field has no back-tick behind it."""
    return [field.strip() for field in text.removeprefix("`").split(",`")]


def _check(
    names: Sequence[str],
    values: Sequence[str],
    *,
    line: int,
    sums: tuple[int, int, int],
    of: str,
) -> None:
    if len(names) != len(values):
        raise FileUnreadable(line=line, column="", reason=f"{len(values)} sums")
    told = dict(zip((name.strip() for name in names), values, strict=True))
    count, paid, refunded = sums
    try:
        if int(told[_COUNT]) != count:
            raise differs(line=line, column=_COUNT, told=int(told[_COUNT]), summed=count)
        for known, summed in ((_SUMS, paid), (_REFUND_SUM, refunded)):
            for name in known:
                if name in told and minor(told[name], of) != summed:
                    raise differs(line=line, column=name, told=minor(told[name], of), summed=summed)
    except ValueError:
        raise FileUnreadable(line=line, column=_COUNT, reason="not a sum") from None


def _check_nothing_follows(texts: Iterator[tuple[int, str]]) -> None:
    for number, text in texts:
        if text:
            raise FileUnreadable(line=number, column="", reason="something stands after the sums")
