"""Units are off the sale: their money is to go back, or stands behind what replaces them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from santong.aftersales.models import CarriedValue, Case, CaseLine, LineUnits
from santong.aftersales.rules.amounts import Part, capped
from santong.aftersales.selectors.units import carried_to, value_of
from santong.aftersales.services.count_compensation import count_compensation
from santong.aftersales.services.count_units import lock_units
from santong.orders import public as orders

Parts = tuple[Part, ...]


def settle_units(
    case: Case,
    lines: Sequence[CaseLine],
    *,
    order: orders.Order,
    units_by_line: Mapping[int, int],
) -> dict[int, Parts]:
    """Take units of some lines off the sale; gives what they are worth, by line of the order.

    Locks the order's counted lines.
    """
    rows, carried = _locked(case, order, units_by_line)
    sold = {line.id: line for line in order.lines}
    worth: dict[int, Parts] = {}
    for line in lines:
        line_id, units = line.order_line_id, units_by_line.get(line.order_line_id, 0)
        if not units:
            continue
        parts = value_of(rows[line_id], sold[line_id], carried[line_id], units=units)
        _take(rows[line_id], carried[line_id], parts, units=units)
        line.settled += units
        line.save(update_fields=["settled"])
        worth[line_id] = parts
    return worth


def grant_part(
    case: Case, lines: Sequence[CaseLine], *, order: orders.Order, amount_minor: int
) -> dict[int, Parts]:
    """Give a part of the price of units that stay sold: what is left of them is worth less.

    Locks the order's counted lines.
    """
    units_by_line = {line.order_line_id: line.quantity for line in lines}
    rows, carried = _locked(case, order, units_by_line)
    sold = {line.id: line for line in order.lines}
    left, granted = amount_minor, dict[int, Parts]()
    for line_id, units in units_by_line.items():
        worth = value_of(rows[line_id], sold[line_id], carried[line_id], units=units)
        parts = capped(worth, most_minor=left)
        left -= sum(part.amount_minor for part in parts)
        _take(rows[line_id], carried[line_id], [_without_units(part) for part in parts], units=0)
        granted[line_id] = tuple(_without_units(part) for part in parts)
    return granted


def worth_of_rest(case: Case, lines: Sequence[CaseLine], *, order: orders.Order) -> int:
    """What the units of a case that are not settled are worth together."""
    units_by_line = {line.order_line_id: line.quantity - line.settled for line in lines}
    rows, carried = _locked(case, order, units_by_line)
    sold = {line.id: line for line in order.lines}
    return sum(
        part.amount_minor
        for line_id, units in units_by_line.items()
        for part in value_of(rows[line_id], sold[line_id], carried[line_id], units=units)
    )


def _locked(
    case: Case, order: orders.Order, units_by_line: Mapping[int, int]
) -> tuple[dict[int, LineUnits], Mapping[int, list[CarriedValue]]]:
    """All counted lines of the order, and what stands behind some: it changes under their locks.

    All of them, for compensation lowers all of them.
    """
    every = [line.id for line in order.lines]
    rows = lock_units(merchant_id=case.merchant_id, order=order, line_ids=every)
    count_compensation(merchant_id=case.merchant_id, order=order, rows=rows)
    return rows, carried_to(merchant_id=case.merchant_id, line_ids=list(units_by_line))


def _take(
    row: LineUnits, carried: Sequence[CarriedValue], parts: Sequence[Part], *, units: int
) -> None:
    """The first part is the line's own money, the others stand behind it, in their order."""
    own, *behind = parts
    row.settled += units
    row.settled_minor += own.amount_minor
    row.save(update_fields=["arrived", "paid_minor", "settled", "settled_minor"])
    for value, part in zip(carried, behind, strict=True):
        value.settled += part.units
        value.settled_minor += part.amount_minor
        value.save(update_fields=["settled", "settled_minor"])


def _without_units(part: Part) -> Part:
    return Part(
        document=part.document, line_id=part.line_id, amount_minor=part.amount_minor, units=0
    )
