"""The formats of statement files: bytes in, rows out, all of them or a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from santong.reconciliation.contracts import FileFormat, Row, Totals
from santong.reconciliation.errors import FileUnreadable
from santong.reconciliation.rules.formats import alipay, bank, simulated, wechat_funds, wechat_trade
from santong.reconciliation.rules.formats.fields import near

Read = Callable[[Iterable[bytes], str], Iterator[Row]]

# One file for each format: lines and the account's currency in, rows out.
READERS: Mapping[FileFormat, Read] = {
    "simulated": simulated.read,
    "alipay": alipay.read,
    "wechat_trade": wechat_trade.read,
    "wechat_funds": wechat_funds.read,
    "bank": bank.read,
}
# How a provider's files look where nobody says otherwise.
FORMAT_BY_PROVIDER: Mapping[str, FileFormat] = {
    "alipay": "alipay",
    "wechat_pay": "wechat_trade",
}


def read(
    lines: Iterable[bytes], *, file_format: FileFormat, day: date, currency: str
) -> Iterator[Row]:
    """The rows of a statement file, one by one; that it is whole is known when the last is out.

    Raises FileUnreadable with line, column and reason: whoever reads on takes nothing of the file.
    """
    days = near(day)
    found = is_near = False
    for row in READERS[file_format](lines, currency):
        found = True
        is_near = is_near or row.moved_at[:10] in days
        yield row
    if found and not is_near:
        raise FileUnreadable(line=0, column="", reason=f"no line of it is of {day}")


def check(lines: Iterable[bytes], *, file_format: FileFormat, day: date, currency: str) -> Totals:
    """What a whole file comes to. Raises FileUnreadable."""
    count = amount = fee = 0
    for row in read(lines, file_format=file_format, day=day, currency=currency):
        count += 1
        amount += row.amount_minor
        fee += row.fee_minor
    return Totals(lines=count, amount_minor=amount, fee_minor=fee)


def split_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a file that comes in pieces, without their ends. Raises FileUnreadable."""
    rest = b""
    number = 0
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            number += 1
            yield line.rstrip(b"\r")
        if len(rest) > LONGEST_LINE:
            raise FileUnreadable(line=number + 1, column="", reason="a line is longer than any")
    if rest:
        yield rest.rstrip(b"\r")


LONGEST_LINE = 64 * 1024
