"""What must hold of presales, asked of a live database and of the doors below."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db import connection

from santong.kernel.doctor import Finding
from santong.orders import public as orders
from santong.payments import public as payments
from santong.presales import contracts
from santong.presales.models import Presale
from santong.settlement import public as settlement

_MOST_NAMED: Final = 20
_CHUNK: Final = 500

_RULES: Final = {
    "an offer's units are those of its presale orders": """
        SELECT format('offer %%s: %%s taken, %%s held', o.id, o.taken_units,
          coalesce(sum(p.units), 0))
        FROM presales_offer o LEFT JOIN presales_presale p ON p.merchant_id = o.merchant_id
          AND p.offer_id = o.id AND p.state = ANY(%(holds)s)
        WHERE o.merchant_id = %(merchant)s
        GROUP BY o.id HAVING coalesce(sum(p.units), 0) <> o.taken_units
    """,
    "a buyer's units are those of their presale orders": """
        SELECT format('buyer %%s of offer %%s: %%s taken, %%s held', b.id, b.offer_id,
          b.taken_units, coalesce(sum(p.units), 0))
        FROM presales_offerbuyer b LEFT JOIN presales_presale p ON p.merchant_id = b.merchant_id
          AND p.offer_id = b.offer_id AND p.buyer_index = b.buyer_index AND p.state = ANY(%(holds)s)
        WHERE b.merchant_id = %(merchant)s
        GROUP BY b.id HAVING coalesce(sum(p.units), 0) <> b.taken_units
    """,
    "a compensation is owed by a presale order that failed": """
        SELECT format('presale order %%s is %%s', p.id, p.state)
        FROM presales_compensation c JOIN presales_presale p ON p.id = c.presale_id
        WHERE c.merchant_id = %(merchant)s AND p.state <> 'failed'
    """,
    "every change of a presale order's state is in the audit trail": """
        SELECT format('presale order %%s: %%s', p.id, p.state) FROM presales_presale p
        WHERE p.merchant_id = %(merchant)s AND NOT EXISTS (
            SELECT FROM kernel_auditentry a WHERE a.merchant_id = p.merchant_id
                AND a.subject = 'presale' AND a.subject_id = p.id AND a.after ->> 'state' = p.state
        )
    """,
}


def check_invariants(*, merchant_id: int) -> list[Finding]:
    """Every rule of presales that is broken, with the first that break it."""
    findings = []
    values: dict[str, Any] = {"merchant": merchant_id, "holds": list(contracts.HOLDS_UNITS)}
    with connection.cursor() as cursor:
        for rule, query in _RULES.items():
            cursor.execute(f"{query} ORDER BY 1 LIMIT {_MOST_NAMED}", values)
            findings += [Finding("presales", rule, detail) for (detail,) in cursor.fetchall()]
    return [*findings, *_apart(merchant_id)][: 10 * _MOST_NAMED]


def _apart(merchant_id: int) -> Iterator[Finding]:
    """Presale orders beside their orders, their money, and what was shared of it."""
    last = 0
    while True:
        rows = list(
            Presale.objects.of_merchant(merchant_id)
            .filter(id__gt=last)
            .select_related("offer", "version")
            .order_by("id")[:_CHUNK]
        )
        if not rows:
            return
        last = rows[-1].id
        of_id = orders.orders_by_id(
            merchant_id=merchant_id, order_ids=[row.order_id for row in rows]
        )
        for row in rows:
            for rule, detail in _wrong(row.as_contract(), of_id[row.order_id], merchant_id):
                yield Finding("presales", rule, f"presale order {row.id}: {detail}")


def _wrong(
    presale: contracts.Presale, order: orders.Order, merchant_id: int
) -> Iterator[tuple[str, str]]:
    if order.total_minor != presale.amounts.total_minor:
        said = f"{order.total_minor} for {presale.amounts.total_minor}"
        yield "an order costs what its presale order says", said
    if presale.state == "paid" and not order.is_paid and order.state != "cancelled":
        yield "a presale order that is paid has a paid order", order.state
    if presale.state not in contracts.ENDED:
        return
    if order.state != "cancelled":
        yield "an ended presale order has no order left", order.state
    if order.forfeited_minor != presale.kept_minor:
        said = f"{presale.kept_minor}, its order {order.forfeited_minor}"
        yield "an order keeps what its presale order keeps", said
    if presale.shared_minor:
        yield from _wrong_shares(presale, order, merchant_id)


def _wrong_shares(
    presale: contracts.Presale, order: orders.Order, merchant_id: int
) -> Iterator[tuple[str, str]]:
    sale = settlement.shared_sale(merchant_id=merchant_id, document=presale.document)
    if sale.paid_minor != presale.shared_minor:
        said = f"{presale.shared_minor}, settlement {sale.paid_minor}"
        yield "settlement shares what presales handed it", said
    intents = payments.intents_of(merchant_id=merchant_id, document=presale.document)
    received = sum(intent.received_minor for intent in intents)
    if received < order.paid_minor:
        yield "what an order was paid came in", f"{order.paid_minor}, payments {received}"
