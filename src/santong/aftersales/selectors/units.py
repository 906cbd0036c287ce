"""Units of an order as cases see them: what can still be asked for, and what it is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from santong.aftersales import contracts
from santong.aftersales.models import CarriedValue, LineUnits
from santong.aftersales.rules.amounts import Part, Source, sum_of, worth
from santong.aftersales.selectors.deliveries import delivered_at_by_line
from santong.kernel.money import spread
from santong.orders import public as orders


def claimable_of(*, merchant_id: int, order: orders.Order) -> list[contracts.Claimable]:
    """Of each line of an order what arrived, what is in cases, and what one more unit is worth."""
    rows = {
        row.order_line_id: row
        for row in LineUnits.objects.of_merchant(merchant_id).filter(order_id=order.id)
    }
    carried = carried_to(merchant_id=merchant_id, line_ids=[line.id for line in order.lines])
    delivered = delivered_at_by_line(merchant_id=merchant_id, order=order)
    found = []
    for line in order.lines:
        row = rows.get(line.id) or new_row(merchant_id, order, line)
        arrived = max(row.arrived, line.delivered_quantity)
        in_cases, left = row.in_cases, arrived - row.in_cases
        parts = value_of(row, line, carried[line.id], units=1) if left > 0 else ()
        found.append(
            contracts.Claimable(
                order_line_id=line.id,
                number=line.number,
                sku_id=line.sku_id,
                sku_code=line.sku_code,
                sku_name=line.sku_name,
                arrived=arrived,
                in_cases=in_cases,
                left=left,
                value_minor=sum_of(parts),
                delivered_at=delivered.get(line.id),
            )
        )
    return found


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
