"""What broken terms have brought the buyer already, and what is left of what was paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from santong.aftersales.models import CarriedValue, Case, LineCompensation, LineUnits, RefundStep
from santong.aftersales.rules.compensating import Counted, LineLeft, to_count
from santong.aftersales.selectors.units import paid_for
from santong.agreements import public as agreements
from santong.orders import public as orders


def uncounted(
    *, merchant_id: int, order: orders.Order, rows: Mapping[int, LineUnits]
) -> dict[tuple[int, int], int]:
    """Compensation that does not lower the order's lines yet, by breach and line.

    `rows` are the counted lines of the order, all of them.
    """
    counting = _counting(merchant_id, orders.document_of(order_id=order.id))
    if not counting:
        return {}
    counted = _counted(merchant_id, order.id)
    return to_count(
        [
            Counted(
                breach_id=each.breach_id,
                amount_minor=each.amount_minor,
                sku_codes=frozenset(goods.sku_code for goods in each.goods),
                counted_by_line=counted[each.breach_id],
            )
            for each in counting
        ],
        [
            LineLeft(
                line_id=line.id,
                sku_code=line.sku_code,
                left_minor=max(0, rows[line.id].paid_minor - rows[line.id].settled_minor),
            )
            for line in order.lines
        ],
    )


def lower(
    *, merchant_id: int, order: orders.Order, rows: Mapping[int, LineUnits]
) -> dict[int, int]:
    """Let rows that nobody saves say what their lines are worth; how much lower, by line.

    What counted before is told with what does not count yet.
    """
    lowered = defaultdict[int, int](int)
    for amounts in _counted(merchant_id, order.id).values():
        for line_id, amount in amounts.items():
            lowered[line_id] += amount
    open_amounts = uncounted(merchant_id=merchant_id, order=order, rows=rows)
    for (_, line_id), amount in open_amounts.items():
        rows[line_id].settled_minor += amount
        lowered[line_id] += amount
    return lowered


def left_of_order(*, merchant_id: int, order: orders.Order) -> int:
    """What of an order's money is neither compensation nor on its way back for a case."""
    document = orders.document_of(order_id=order.id)
    paid = sum(paid_for(line) for line in order.lines) + order.freight_minor
    steps = RefundStep.objects.of_merchant(merchant_id).filter(document=document)
    given = sum(steps.values_list("amount_minor", flat=True))
    return max(0, paid - given - compensated_minor(merchant_id=merchant_id, document=document))


def left_behind(case: Case, carried: Mapping[int, Iterable[CarriedValue]]) -> int:
    """The same of the case's order, and of those whose money stands behind its lines."""
    documents = {case.document, *(value.document for each in carried.values() for value in each)}
    left = left_of_documents(merchant_id=case.merchant_id, documents=documents)
    return sum(left.values())


def left_of_documents(*, merchant_id: int, documents: Iterable[str]) -> dict[str, int]:
    """The same for several documents, each an order's."""
    ids = {document: orders.order_of_document(document=document) for document in documents}
    found = orders.orders_by_id(
        merchant_id=merchant_id, order_ids=[each for each in ids.values() if each is not None]
    )
    return {
        document: left_of_order(merchant_id=merchant_id, order=found[order_id])
        for document, order_id in ids.items()
        if order_id in found
    }


def compensated_minor(*, merchant_id: int, document: str) -> int:
    """What broken terms of a document have brought, but for what is paid on top."""
    return sum(each.amount_minor for each in _counting(merchant_id, document))


def _counting(merchant_id: int, document: str) -> list[agreements.Compensated]:
    found = agreements.compensations_of(merchant_id=merchant_id, document=document)
    return [each for each in found if not each.is_on_top]


def _counted(merchant_id: int, order_id: int) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = defaultdict(dict)
    rows = LineCompensation.objects.of_merchant(merchant_id).filter(order_id=order_id)
    for row in rows:
        found[row.breach_id][row.order_line_id] = row.amount_minor
    return found
