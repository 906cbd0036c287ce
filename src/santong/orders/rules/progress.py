"""How far an order has come, from the quantities of its lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from santong.kernel.money import spread
from santong.orders.contracts import OrderLine, ProgressKind, State


def advanced(
    lines: Sequence[OrderLine], *, quantity_by_line: Mapping[int, int], kind: ProgressKind
) -> tuple[OrderLine, ...]:
    """The lines after goods were shipped, delivered, or collected (which is both at once)."""
    ships = kind in {"shipped", "collected"}
    delivers = kind in {"delivered", "collected"}
    return tuple(
        replace(
            line,
            shipped_quantity=line.shipped_quantity + ships * quantity_by_line.get(line.id, 0),
            delivered_quantity=line.delivered_quantity
            + delivers * quantity_by_line.get(line.id, 0),
        )
        for line in lines
    )


def lines_beyond_ordered(lines: Iterable[OrderLine]) -> tuple[int, ...]:
    """Lines of which more would be shipped than was ordered, or delivered than was shipped."""
    return tuple(
        line.id
        for line in lines
        if line.shipped_quantity + line.cancelled_quantity > line.quantity
        or line.delivered_quantity > line.shipped_quantity
    )


def with_rest_cancelled(lines: Iterable[OrderLine]) -> tuple[OrderLine, ...]:
    """The lines after all that had not been shipped was cancelled."""
    return tuple(
        replace(line, cancelled_quantity=line.quantity - line.shipped_quantity) for line in lines
    )


def state_of(lines: Sequence[OrderLine], *, before: State) -> State:
    """The state that the quantities speak of; before anything is shipped, the one it was in."""
    shipped = sum(line.shipped_quantity for line in lines)
    kept = sum(line.quantity - line.cancelled_quantity for line in lines)
    if not kept:
        return "cancelled"
    if not shipped:
        return before
    if shipped < kept:
        return "partly_shipped"
    delivered = sum(line.delivered_quantity for line in lines)
    return "delivered" if delivered == kept else "shipped"


def kept_minor(lines: Iterable[OrderLine], *, freight_minor: int) -> int:
    """What an order is still worth without what was cancelled.

    A line is worth its units; freight stays due as long as one unit is left.
    """
    worth = 0
    is_anything_left = False
    for line in lines:
        kept = line.quantity - line.cancelled_quantity
        is_anything_left = is_anything_left or kept > 0
        worth += spread(line.line_total_minor, over=[kept, line.cancelled_quantity])[0]
    return worth + (freight_minor if is_anything_left else 0)


def points_of_cancelled(
    before: Sequence[OrderLine], after: Sequence[OrderLine], *, points: int
) -> int:
    """What of an order's points had paid for what has just been cancelled.

    In proportion to what the lines are worth, rounded down; when nothing is left, all of them.
    """
    return _points_of_cancelled(after, points) - _points_of_cancelled(before, points)


def _points_of_cancelled(lines: Sequence[OrderLine], points: int) -> int:
    if all(line.cancelled_quantity == line.quantity for line in lines):
        return points
    total = sum(line.line_total_minor for line in lines)
    gone = total - kept_minor(lines, freight_minor=0)
    return points * gone // total if total else 0


def short_by_line(
    lines: Iterable[OrderLine], *, promised_by_line: Mapping[int, int]
) -> dict[int, int]:
    """What has still to leave and is promised from nowhere, by line."""
    short = {line.id: line.open_quantity - promised_by_line.get(line.id, 0) for line in lines}
    return {line_id: quantity for line_id, quantity in short.items() if quantity > 0}
