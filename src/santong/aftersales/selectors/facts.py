"""The facts of a case, gathered from whoever knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from santong.aftersales import contracts
from santong.aftersales.models import CarriedValue, Case, CaseLine, LineUnits, RefundStep
from santong.aftersales.rules.amounts import sum_of
from santong.aftersales.rules.warranty import months_for
from santong.aftersales.selectors.compensating import (
    left_behind,
    lower,
)
from santong.aftersales.selectors.deliveries import delivered_at_by_line
from santong.aftersales.selectors.owed import owed_to
from santong.aftersales.selectors.policies import current_policy, current_warranty
from santong.aftersales.selectors.promises import promises_of
from santong.aftersales.selectors.units import carried_to, rows_of, units_left, value_of
from santong.catalog import public as catalog
from santong.evidence import public as evidence
from santong.orders import public as orders


def facts_of(*, case: Case, lines: Sequence[CaseLine], order: orders.Order) -> contracts.Facts:
    """All that the decision of a case depends on, as it is now."""
    merchant_id = case.merchant_id
    policy = current_policy(merchant_id=merchant_id)
    rows = rows_of(merchant_id=merchant_id, order=order)
    lowered = lower(merchant_id=merchant_id, order=order, rows=rows)
    carried = carried_to(merchant_id=merchant_id, line_ids=[line.order_line_id for line in lines])
    return contracts.Facts(
        kind=contracts.KINDS[contracts.KINDS.index(case.wanted)],
        reason=contracts.REASONS[contracts.REASONS.index(case.reason)],
        way_back=contracts.WAYS[contracts.WAYS.index(case.way_back)],
        opened_at=case.opened_at,
        currency=case.currency,
        lines=_lines(case, lines, order, rows=rows, lowered=lowered, carried=carried),
        photos=_photos(merchant_id, case.id),
        freight_minor=freight_left(merchant_id=merchant_id, order=order),
        is_last=_is_last(lines, order, rows),
        policy_version=policy.version,
        policy=policy.terms,
        promises=promises_of(merchant_id=merchant_id, document=case.document),
        owed=owed_to(merchant_id=merchant_id, case_id=case.id),
        most_minor=left_behind(case, carried),
    )


def freight_left(*, merchant_id: int, order: orders.Order) -> int:
    """What of an order's carriage has not been paid back."""
    given = RefundStep.objects.of_merchant(merchant_id).filter(
        document=orders.document_of(order_id=order.id), what="freight"
    )
    return max(0, order.freight_minor - sum(row.amount_minor for row in given))


def _lines(
    case: Case,
    lines: Sequence[CaseLine],
    order: orders.Order,
    *,
    rows: Mapping[int, LineUnits],
    lowered: Mapping[int, int],
    carried: Mapping[int, Sequence[CarriedValue]],
) -> tuple[contracts.FactsLine, ...]:
    merchant_id = case.merchant_id
    by_id = {line.id: line for line in order.lines}
    skus = catalog.skus_by_id(merchant_id=merchant_id, sku_ids=[line.sku_id for line in lines])
    warranty = current_warranty(merchant_id=merchant_id).terms
    delivered = delivered_at_by_line(merchant_id=merchant_id, order=order)
    found = []
    for line in lines:
        sold = by_id[line.order_line_id]
        units = line.quantity - line.settled
        value = value_of(rows[sold.id], sold, carried.get(sold.id, ()), units=units)
        category = skus[line.sku_id].category
        found.append(
            contracts.FactsLine(
                order_line_id=sold.id,
                sku_code=line.sku_code,
                category=category,
                quantity=line.quantity,
                value_minor=sum_of(value),
                delivered_at=delivered.get(sold.id),
                warranty_months=months_for(warranty, sku_code=line.sku_code, category=category),
                compensated_minor=_part_of(lowered.get(sold.id, 0), units=units, sold=sold),
            )
        )
    return tuple(found)


def _part_of(amount: int, *, units: int, sold: orders.OrderLine) -> int:
    """What of a line's compensation is for so many of its units."""
    kept = sold.quantity - sold.cancelled_quantity
    return amount * units // kept if kept else 0


def _is_last(lines: Sequence[CaseLine], order: orders.Order, rows: Mapping[int, LineUnits]) -> bool:
    """Whether nothing of the order stays with the buyer once these units are gone."""
    gone = {line.order_line_id: line.quantity - line.settled for line in lines}
    return all(units_left(rows[line.id], line) <= gone.get(line.id, 0) for line in order.lines)


def _photos(merchant_id: int, case_id: int) -> int:
    kept = evidence.of_subject(merchant_id=merchant_id, subject=f"case:{case_id}")
    return sum(each.kind in {"photo", "video"} and each.erased_at is None for each in kept)
