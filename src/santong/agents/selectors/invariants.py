"""What must hold of agents, asked of a live database and of the doors below."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db import connection

from santong.agents.models import CheckoutSession
from santong.kernel.doctor import Finding
from santong.orders import public as orders

_MOST_NAMED: Final = 20
_CHUNK: Final = 500
_AUDITED: Final = """
    SELECT format('session %%s: %%s', s.id, s.state) FROM agents_checkoutsession s
    WHERE s.merchant_id = %(merchant)s AND NOT EXISTS (
        SELECT FROM kernel_auditentry a WHERE a.merchant_id = s.merchant_id
            AND a.subject = 'checkout session' AND a.subject_id = s.id
            AND a.after ->> 'state' = s.state
    )
"""


def check_invariants(*, merchant_id: int) -> list[Finding]:
    """Every rule of agents that is broken, with the first that break it."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_AUDITED} ORDER BY 1 LIMIT {_MOST_NAMED}", {"merchant": merchant_id})
        rule = "every change of a checkout session's state is in the audit trail"
        findings = [Finding("agents", rule, detail) for (detail,) in cursor.fetchall()]
    return [*findings, *_apart(merchant_id)][: 10 * _MOST_NAMED]


def _apart(merchant_id: int) -> Iterator[Finding]:
    """Sessions whose order is another's, or was never paid for."""
    rows = CheckoutSession.objects.of_merchant(merchant_id).filter(order__isnull=False)
    last = 0
    while found := list(rows.filter(id__gt=last).order_by("id")[:_CHUNK]):
        last = found[-1].id
        session_by_order = {row.order_id: row for row in found if row.order_id is not None}
        known = orders.orders_by_id(merchant_id=merchant_id, order_ids=session_by_order)
        for order_id, row in session_by_order.items():
            yield from _of_session(row, known[order_id])


def _of_session(row: CheckoutSession, order: orders.Order) -> Iterator[Finding]:
    said = f"session {row.id}: order {order.id} is {order.external_number}, {order.state}"
    if order.external_number != order_number(row.id) or order.storefront_id != row.storefront_id:
        yield Finding("agents", "an order of a checkout session has its number", said)
    if row.state == "completed" and order.paid_at is None:
        yield Finding("agents", "a checkout session that is completed was paid for", said)


def order_number(session_id: int) -> str:
    """The storefront's number of the order that a session becomes."""
    return f"UCP-{session_id}"
