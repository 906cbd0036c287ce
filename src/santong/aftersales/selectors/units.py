"""Units of an order as cases see them: what can still be asked for, and what it is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from santong.aftersales.models import CarriedValue, LineUnits
from santong.aftersales.rules.amounts import Part, Source, worth
from santong.kernel.money import spread
from santong.orders import public as orders


def rows_of(*, merchant_id: int, order: orders.Order) -> dict[int, LineUnits]:
    """Every line of an order as it is counted, whether a case has spoken of it or not."""
    known = LineUnits.objects.of_merchant(merchant_id).filter(order_id=order.id)
    rows = {row.order_line_id: row for row in known}
    for line in order.lines:
        row = rows.setdefault(line.id, new_row(merchant_id, order, line))
        row.paid_minor = max(row.settled_minor, paid_for(line))
    return rows


def new_row(merchant_id: int, order: orders.Order, line: orders.OrderLine) -> LineUnits:
    """How a line is counted of which no case has spoken."""
    return LineUnits(
        merchant_id=merchant_id,
        order_id=order.id,
        order_line_id=line.id,
        arrived=line.delivered_quantity,
        paid_minor=paid_for(line),
    )


def paid_for(line: orders.OrderLine) -> int:
    """What was paid for the units of a line that were not cancelled, as orders counts it."""
    kept = line.quantity - line.cancelled_quantity
    return spread(line.line_total_minor, over=[kept, line.cancelled_quantity])[0] if kept else 0


def units_left(row: LineUnits, line: orders.OrderLine) -> int:
    """Units of a line that are still sold."""
    return line.quantity - line.cancelled_quantity - row.settled


def value_of(
    row: LineUnits, line: orders.OrderLine, carried: Iterable[CarriedValue], *, units: int
) -> tuple[Part, ...]:
    """What so many units of a line are worth now, by where their money came from."""
    left = units_left(row, line)
    own = Source(
        document=orders.document_of(order_id=row.order_id),
        line_id=line.id,
        left_minor=max(0, row.paid_minor - row.settled_minor),
        units_left=left,
    )
    behind = [
        Source(
            document=value.document,
            line_id=value.root_line_id,
            left_minor=value.amount_minor - value.settled_minor,
            units_left=value.units - value.settled,
        )
        for value in carried
    ]
    return worth([own, *behind], units=min(units, left), units_left=left)


def carried_to(*, merchant_id: int, line_ids: Iterable[int]) -> Mapping[int, list[CarriedValue]]:
    """Money that stands behind lines though it came in for others, by line."""
    found: dict[int, list[CarriedValue]] = defaultdict(list)
    rows = CarriedValue.objects.of_merchant(merchant_id).filter(order_line_id__in=list(line_ids))
    for row in rows.order_by("id"):
        found[row.order_line_id].append(row)
    return found
