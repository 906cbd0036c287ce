"""The old goods are back, or let go: their money stands behind the new ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.aftersales.models import CarriedValue, Case, CaseLine, Replacement
from santong.aftersales.rules.amounts import Part, spread_to, sum_of, without
from santong.aftersales.services.give_money_back import plan_refunds
from santong.aftersales.services.give_points_back import give_spent_points_back
from santong.aftersales.services.settle_units import settle_units
from santong.fulfilment import public as fulfilment
from santong.kernel.money import spread
from santong.orders import public as orders


def exchange_units(
    case: Case, lines: Sequence[CaseLine], *, order: orders.Order, now: datetime
) -> None:
    """Carry the money of all units of a case over to what replaces them. The case is locked.

    Locks the order's counted lines, then accounts of the ledger.
    """
    row = (
        Replacement.objects.of_merchant(case.merchant_id)
        .filter(case=case.id, cause="exchange", is_given_up=False)
        .latest("number")
    )
    units = {line.order_line_id: line.quantity - line.settled for line in lines}
    worth = settle_units(case, lines, order=order, units_by_line=units)
    parts = [part for found in worth.values() for part in found]
    carried = spread_to(parts, amount_minor=min(sum_of(parts), row.carried_minor))
    _carry(case, row, carried)
    plan_refunds(case, what="difference", parts=without(parts, carried), now=now)
    give_spent_points_back(case, order=order, key=f"case:{case.id}:difference", now=now)


def send_held(case: Case, *, reason: str, now: datetime) -> None:
    """Let what was held for a case be packed and sent. The case is locked."""
    rows = Replacement.objects.of_merchant(case.merchant_id).filter(
        case=case.id, is_held=True, is_given_up=False
    )
    for row in rows.order_by("number"):
        row.is_held = False
        row.save(update_fields=["is_held"])
        fulfilment.let_go(
            merchant_id=case.merchant_id, order_id=row.order_id, reason=reason, now=now
        )


def _carry(case: Case, row: Replacement, parts: Sequence[Part]) -> None:
    placed = orders.order_by_id(merchant_id=case.merchant_id, order_id=row.order_id)
    weights = [
        line.quantity * line.unit_price_minor - line.discount_minor or line.quantity
        for line in placed.lines
    ]
    values = []
    for part in parts:
        amounts = spread(part.amount_minor, over=weights)
        units = spread(part.units, over=[line.quantity for line in placed.lines])
        values += [
            CarriedValue(
                merchant_id=case.merchant_id,
                order_id=row.order_id,
                order_line_id=line.id,
                case=case,
                document=part.document,
                root_line_id=part.line_id,
                units=units[place],
                amount_minor=amounts[place],
            )
            for place, line in enumerate(placed.lines)
            if amounts[place] or units[place]
        ]
    CarriedValue.objects.bulk_create(values)
