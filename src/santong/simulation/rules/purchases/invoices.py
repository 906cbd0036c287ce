"""Invoices and credit notes of a gift shop: the file of "Online Retail".

Credit notes do not say what they belong to. A piece that comes back is taken to be of the member's
latest invoice before it that has such a piece left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from santong.simulation.rules.published import fields
from santong.simulation.rules.published.fields import BadField
from santong.simulation.rules.published.file import File
from santong.simulation.rules.published.rows import Row
from santong.simulation.rules.published.tally import Reason, Remark, Tally
from santong.simulation.rules.purchases.tables import Basket, GivenBack, History, Line

INVOICES: Final = File(
    table="invoice_lines",
    names=("invoice_lines_2010-12_2011-08", "invoice_lines", "online_retail"),
    columns=(
        "InvoiceNo",
        "StockCode",
        "Quantity",
        "InvoiceDate",
        "UnitPrice",
        "CustomerID",
        "Country",
    ),
)
FILES: Final = (INVOICES,)
CURRENCY: Final = "GBP"
LONDON: Final = ZoneInfo("Europe/London")  # the file names no zone; the shop is there
# Postage, discounts, fees and the like stand among the goods.
_NOT_GOODS = re.compile(r"POST|DOT|D|M|S|B|C2|CRUK|PADS|BANK CHARGES|AMAZONFEE|gift_.*", re.ASCII)
_CREDIT = "C"
_PRICE = re.compile(r"-?(\d{1,9})(?:\.(\d{1,6}))?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Billed:
    """One row of an invoice or, with fewer than no pieces, of a credit note."""

    number: str
    code: str
    quantity: int
    billed_at: datetime
    amount_minor: int
    customer: str
    country: str
    line: int

    @property
    def is_credit(self) -> bool:
        """Whether goods came back."""
        return self.quantity < 0


def billed(row: Row, line: int, _tally: Tally) -> Billed:
    """One row of goods that somebody who is known bought or brought back."""
    number = fields.word(row[0], field="InvoiceNo")
    code = fields.word(row[1], field="StockCode")
    quantity = _quantity(row[2])
    if _NOT_GOODS.fullmatch(code):
        raise BadField("StockCode", Reason.NOT_GOODS)
    if quantity < 0 and not number.startswith(_CREDIT):
        raise BadField("Quantity", Reason.WRITTEN_OFF)
    return Billed(
        number=number,
        code=code,
        quantity=quantity,
        billed_at=fields.instant(row[3], field="InvoiceDate", clock=LONDON),
        amount_minor=_amount_minor(row[4], quantity),
        customer=_customer(row[5]),
        country=row[6],
        line=line,
    )


def history(rows: Iterable[Billed], *, tally: Tally) -> History:
    """Invoices and what came back of them, each in the order of time."""
    rows_by_number: dict[str, list[Billed]] = {}
    seen: set[tuple[str, str, int, datetime, int]] = set()
    for row in rows:
        rows_by_number.setdefault(row.number, []).append(row)
        same = (row.number, row.code, row.quantity, row.billed_at, row.amount_minor)
        tally.remarks[Remark.ONCE_MORE] += same in seen
        seen.add(same)
    in_time = sorted(rows_by_number.values(), key=lambda found: (_at(found), found[0].number))
    baskets: list[Basket] = []
    returns: list[GivenBack] = []
    shelf = _Bought()
    for found in in_time:
        if found[0].is_credit:
            returns += shelf.give_back(found, tally=tally)
        else:
            baskets.append(_basket(found))
            shelf.add(baskets[-1])
    return History(
        name="online_retail",
        currency=CURRENCY,
        baskets=tuple(baskets),
        returns=tuple(returns),
        tally=tally,
    )


class _Bought:
    """What members have bought and not brought back, the latest last."""

    def __init__(self) -> None:
        self._left: dict[tuple[str, str], list[tuple[Basket, int, int]]] = {}

    def add(self, basket: Basket) -> None:
        for line in basket.lines:
            kept = self._left.setdefault((basket.member, line.product), [])
            kept.append((basket, line.number, line.quantity))

    def give_back(self, rows: list[Billed], *, tally: Tally) -> list[GivenBack]:
        found: dict[str, dict[int, int]] = {}
        for row in rows:
            missing = self._take(row, found)
            if missing:
                tally.put_aside(
                    file=INVOICES.table,
                    line=row.line,
                    field="Quantity",
                    reason=Reason.NO_PURCHASE,
                )
        return [
            GivenBack(
                number=rows[0].number,
                basket=basket,
                member=rows[0].customer,
                returned_at=_at(rows),
                quantity_by_line=quantity_by_line,
            )
            for basket, quantity_by_line in sorted(found.items())
        ]

    def _take(self, row: Billed, found: dict[str, dict[int, int]]) -> int:
        """How many pieces nobody can say the invoice of."""
        missing = -row.quantity
        kept = self._left.get((row.customer, row.code), [])
        while missing and kept:
            basket, line, left = kept.pop()
            taken = min(left, missing)
            missing -= taken
            by_line = found.setdefault(basket.number, {})
            by_line[line] = by_line.get(line, 0) + taken
            if left > taken:
                kept.append((basket, line, left - taken))
        return missing


def _basket(rows: list[Billed]) -> Basket:
    return Basket(
        number=rows[0].number,
        member=rows[0].customer,
        shop=rows[0].country,
        bought_at=_at(rows),
        lines=tuple(
            Line(
                number=position,
                product=row.code,
                category="",
                brand="",
                quantity=row.quantity,
                amount_minor=row.amount_minor,
            )
            for position, row in enumerate(rows, start=1)
        ),
    )


def _at(rows: list[Billed]) -> datetime:
    return max(row.billed_at for row in rows)


def _quantity(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise BadField("Quantity", Reason.BAD_NUMBER if text else Reason.EMPTY)
    if int(text) == 0:
        raise BadField("Quantity", Reason.NO_QUANTITY)
    return int(text)


def _amount_minor(text: str, quantity: int) -> int:
    """What all pieces come to, in pence. Prices of a tenth of a penny are rounded half up."""
    match = _PRICE.fullmatch(text)
    if match is None:
        raise BadField("UnitPrice", Reason.BAD_NUMBER if text else Reason.EMPTY)
    millionths = int(match[1] + (match[2] or "").ljust(6, "0"))
    if text.startswith("-") or not millionths:
        raise BadField("UnitPrice", Reason.NO_PRICE)
    return (millionths * abs(quantity) + 5_000) // 10_000


def _customer(text: str) -> str:
    if not text:
        raise BadField("CustomerID", Reason.NO_MEMBER)
    return text.removesuffix(".0")
