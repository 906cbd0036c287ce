"""What an order that replaces costs, and how much of the old goods' money stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from santong.aftersales.contracts import NewUnit
from santong.kernel.money import spread


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """So many of a SKU: quantity times price, less the discount of the line."""

    sku_code: str
    quantity: int
    unit_price_minor: int
    discount_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """Lines at their prices; of their sum so much is paid by what they replace."""

    lines: tuple[PricedLine, ...]
    carried_minor: int


def priced(units: Sequence[NewUnit], *, worth_minor: int, is_free: bool) -> Priced:
    """Price what is sent: nothing for what is sent again, else as said, else as the old goods."""
    if is_free:
        return Priced(lines=tuple(_line(unit, price_minor=0) for unit in units), carried_minor=0)
    said = sum(unit.price_minor or 0 for unit in units)
    open_units = [unit.quantity if unit.price_minor is None else 0 for unit in units]
    same = spread(max(0, worth_minor - said) if any(open_units) else 0, over=open_units)
    prices = [
        unit.price_minor if unit.price_minor is not None else same[place]
        for place, unit in enumerate(units)
    ]
    lines = tuple(_line(unit, price_minor=price) for unit, price in zip(units, prices, strict=True))
    return Priced(lines=lines, carried_minor=min(worth_minor, sum(prices)))


def _line(unit: NewUnit, *, price_minor: int) -> PricedLine:
    """A line whose units cost so much together: what does not divide is a discount of the line."""
    each = -(-price_minor // unit.quantity)
    return PricedLine(
        sku_code=unit.sku_code,
        quantity=unit.quantity,
        unit_price_minor=each,
        discount_minor=each * unit.quantity - price_minor,
    )
