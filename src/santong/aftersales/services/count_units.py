"""No unit is in two cases: lines are counted under their locks, and a constraint stands behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from santong.aftersales.errors import MoreThanArrived
from santong.aftersales.models import Case, CaseLine, LineUnits
from santong.aftersales.selectors.units import new_row, paid_for
from santong.orders import public as orders


def lock_units(
    *, merchant_id: int, order: orders.Order, line_ids: Sequence[int]
) -> dict[int, LineUnits]:
    """The rows of some lines of an order, held until the transaction ends; made where missing."""
    wanted = set(line_ids)
    lines = {line.id: line for line in order.lines if line.id in wanted}
    LineUnits.objects.bulk_create(
        [new_row(merchant_id, order, lines[line_id]) for line_id in sorted(lines)],
        ignore_conflicts=True,
    )
    rows = LineUnits.objects.of_merchant(merchant_id).filter(order_line_id__in=sorted(lines))
    found = {row.order_line_id: row for row in rows.lock()}
    for line_id, row in found.items():
        row.arrived = max(row.arrived, lines[line_id].delivered_quantity)
        row.paid_minor = max(row.settled_minor, paid_for(lines[line_id]))
    return found


def take_units(
    *,
    merchant_id: int,
    order: orders.Order,
    quantity_by_line: Mapping[int, int],
    counts_shipped: bool,
) -> None:
    """Count units as being in a case. Raises MoreThanArrived; nothing was counted then.

    With `counts_shipped` what has left counts as arrived: somebody says that it never came.
    """
    rows = lock_units(merchant_id=merchant_id, order=order, line_ids=list(quantity_by_line))
    lines = {line.id: line for line in order.lines}
    for line_id, quantity in quantity_by_line.items():
        row = rows[line_id]
        if counts_shipped:
            row.arrived = max(row.arrived, lines[line_id].shipped_quantity)
        if row.in_cases + quantity > row.arrived:
            raise MoreThanArrived(
                order_line_id=str(line_id), wanted=quantity, left=row.arrived - row.in_cases
            )
        row.in_cases += quantity
    for row in rows.values():
        row.save(update_fields=["arrived", "paid_minor", "in_cases"])


def free_units(case: Case, lines: Sequence[CaseLine], *, order: orders.Order) -> None:
    """Let units that a case did not settle be asked for again."""
    rows = lock_units(
        merchant_id=case.merchant_id, order=order, line_ids=[line.order_line_id for line in lines]
    )
    for line in lines:
        row = rows[line.order_line_id]
        row.in_cases -= line.quantity - line.settled
        row.save(update_fields=["arrived", "paid_minor", "in_cases"])
