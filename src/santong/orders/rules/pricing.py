"""Freezes the prices of an order as the channel gave them, to the last minor unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from santong.kernel.money import spread
from santong.orders.contracts import MOST_MINOR, NewLine, NewOrder
from santong.orders.errors import Problem

MOST_TOTAL_MINOR = MOST_MINOR * 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenPrices:
    """The sums of an order, and for each line its share of the order's discount and its total."""

    goods_minor: int
    discount_minor: int
    freight_minor: int
    total_minor: int
    order_discounts: tuple[int, ...]
    line_totals: tuple[int, ...]


def frozen(new: NewOrder) -> FrozenPrices:
    """Sum up an order without problems, its discount spread over its lines by what they cost.

    Line totals and freight add up to the total exactly, and no line falls below zero.
    """
    amounts = [line_amount(line) for line in new.lines]
    shares = spread(new.discount_minor, over=amounts)
    goods = sum(amounts)
    return FrozenPrices(
        goods_minor=goods,
        discount_minor=new.discount_minor,
        freight_minor=new.freight_minor,
        total_minor=goods - new.discount_minor + new.freight_minor,
        order_discounts=tuple(shares),
        line_totals=tuple(amount - share for amount, share in zip(amounts, shares, strict=True)),
    )


def line_amount(line: NewLine) -> int:
    """What a line costs before its share of the order's discount."""
    return line.quantity * line.unit_price_minor - line.discount_minor


def wrong_sums(new: NewOrder) -> Sequence[Problem]:
    """Sums that do not hold, each under the field that says them."""
    found = [
        problem
        for place, line in enumerate(new.lines)
        for problem in _wrong_sums_of(line, pointer=f"/lines/{place}")
    ]
    goods = sum(line_amount(line) for line in new.lines)
    total = goods - new.discount_minor + new.freight_minor
    if not found and new.discount_minor > goods:
        found.append(Problem(pointer="/discount_minor", reason="more_than_the_goods"))
    if new.total_minor is not None and new.total_minor != total:
        found.append(Problem(pointer="/total_minor", reason="does_not_add_up"))
    if total > MOST_TOTAL_MINOR:
        found.append(Problem(pointer="/lines", reason="total_too_large"))
    return found


def _wrong_sums_of(line: NewLine, *, pointer: str) -> Sequence[Problem]:
    found: list[Problem] = []
    if line_amount(line) < 0:
        found.append(Problem(pointer=f"{pointer}/discount_minor", reason="more_than_the_line"))
    if line.line_total_minor is not None and line.line_total_minor != line_amount(line):
        found.append(Problem(pointer=f"{pointer}/line_total_minor", reason="does_not_add_up"))
    return found
