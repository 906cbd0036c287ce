"""What a broken term has brought lowers what lines are worth: counted once, under their locks."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import F

from santong.aftersales.models import LineCompensation, LineUnits
from santong.aftersales.selectors.compensating import uncounted
from santong.orders import public as orders


def count_compensation(
    *, merchant_id: int, order: orders.Order, rows: Mapping[int, LineUnits]
) -> None:
    """Lower what the lines of an order are worth by what does not count yet; all are locked."""
    open_amounts = uncounted(merchant_id=merchant_id, order=order, rows=rows)
    for (breach_id, line_id), amount in open_amounts.items():
        row, made = LineCompensation.objects.of_merchant(merchant_id).get_or_create(
            merchant_id=merchant_id,
            breach_id=breach_id,
            order_line_id=line_id,
            defaults={"order_id": order.id, "amount_minor": amount},
        )
        if not made:
            LineCompensation.objects.of_merchant(merchant_id).filter(id=row.id).update(
                amount_minor=F("amount_minor") + amount
            )
        rows[line_id].settled_minor += amount
        rows[line_id].save(update_fields=["arrived", "paid_minor", "settled_minor"])
