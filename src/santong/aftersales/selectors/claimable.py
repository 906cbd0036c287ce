"""What of an order can still be asked for, and what one more unit is worth."""

from __future__ import annotations

from santong.aftersales import contracts
from santong.aftersales.rules.amounts import sum_of
from santong.aftersales.rules.warranty import good_until, months_for
from santong.aftersales.selectors.compensating import lower
from santong.aftersales.selectors.deliveries import delivered_at_by_line
from santong.aftersales.selectors.policies import current_warranty
from santong.aftersales.selectors.units import carried_to, rows_of, value_of
from santong.catalog import public as catalog
from santong.orders import public as orders


def claimable_of(*, merchant_id: int, order: orders.Order) -> list[contracts.Claimable]:
    """Of each line of an order what arrived, what is in cases, and what one more unit is worth."""
    rows = rows_of(merchant_id=merchant_id, order=order)
    lower(merchant_id=merchant_id, order=order, rows=rows)
    carried = carried_to(merchant_id=merchant_id, line_ids=[line.id for line in order.lines])
    delivered = delivered_at_by_line(merchant_id=merchant_id, order=order)
    months = _months_by_line(merchant_id, order)
    found = []
    for line in order.lines:
        row = rows[line.id]
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
                good_until=good_until(delivered_at=delivered.get(line.id), months=months[line.id]),
            )
        )
    return found


def _months_by_line(merchant_id: int, order: orders.Order) -> dict[int, int]:
    terms = current_warranty(merchant_id=merchant_id).terms
    skus = catalog.skus_by_id(
        merchant_id=merchant_id, sku_ids=[line.sku_id for line in order.lines]
    )
    return {
        line.id: months_for(terms, sku_code=line.sku_code, category=skus[line.sku_id].category)
        for line in order.lines
    }
