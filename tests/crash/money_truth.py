"""After the storm: what is still under way is seen to its end, and all the books are compared.

Prints what it found as JSON: figures, and what does not agree.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django
from django.db import connection

from tests.crash.money_world import ACCOUNTS, MERCHANT

PATIENCE_SECONDS = float(os.environ.get("SANTONG_CALM_SECONDS", "240"))
# What waits for its time does not wait any longer: our own clock goes ahead, the provider's not.
AHEAD = timedelta(hours=2)
BEIJING = ZoneInfo("Asia/Shanghai")

# What is under way, by kind: nothing of it may be left.
_UNDER_WAY = """
SELECT 'errands', count(*) FROM payments_work
  WHERE merchant_id = %(merchant)s AND due_at IS NOT NULL
UNION ALL SELECT 'notices', count(*) FROM payments_simulatednotice
  WHERE merchant_id = %(merchant)s AND state = 'waiting'
UNION ALL SELECT 'intents', count(*) FROM payments_intent
  WHERE merchant_id = %(merchant)s AND state IN ('open', 'authorised')
UNION ALL SELECT 'tenders', count(*) FROM payments_tender
  WHERE merchant_id = %(merchant)s AND state IN ('asked', 'waiting', 'authorised')
UNION ALL SELECT 'refunds', count(*) FROM payments_refund
  WHERE merchant_id = %(merchant)s AND state NOT IN ('done', 'given_up')
UNION ALL SELECT 'disputes', count(*) FROM payments_dispute
  WHERE merchant_id = %(merchant)s AND state = 'opened'
UNION ALL SELECT 'parked facts', count(*) FROM kernel_outboxparked WHERE merchant_id = %(merchant)s
UNION ALL SELECT 'unpaid orders', count(*) FROM orders_order
  WHERE merchant_id = %(merchant)s AND state = 'placed'
"""
_FIGURES = """
SELECT 'orders', count(*) FROM orders_order WHERE merchant_id = %(merchant)s
UNION ALL SELECT 'payments', count(*) FROM payments_tender
  WHERE merchant_id = %(merchant)s AND state = 'captured'
UNION ALL SELECT 'late payments', count(*) FROM payments_tender
  WHERE merchant_id = %(merchant)s AND is_late
UNION ALL SELECT 'refunds', count(*) FROM payments_refundpart
  WHERE merchant_id = %(merchant)s AND state = 'done'
UNION ALL SELECT 'refunds failed first', count(*) FROM payments_refundpart
  WHERE merchant_id = %(merchant)s AND state = 'failed'
UNION ALL SELECT 'refunds given up', count(*) FROM payments_refund
  WHERE merchant_id = %(merchant)s AND given_up_minor > 0
UNION ALL SELECT 'disputes ' || state, count(*) FROM payments_dispute
  WHERE merchant_id = %(merchant)s GROUP BY state
UNION ALL SELECT 'notices lost', count(*) FROM payments_simulatednotice
  WHERE merchant_id = %(merchant)s AND state = 'lost'
UNION ALL SELECT 'notices told', count(*) FROM payments_simulatednotice
  WHERE merchant_id = %(merchant)s AND state = 'told'
UNION ALL SELECT 'notices told more than once', count(*) FROM payments_simulatednotice
  WHERE merchant_id = %(merchant)s AND state = 'told' AND attempts > 1
UNION ALL SELECT 'notices given up', count(*) FROM payments_simulatednotice
  WHERE merchant_id = %(merchant)s AND state = 'given_up'
UNION ALL SELECT 'orders paid more than once', count(*) FROM orders_order
  WHERE merchant_id = %(merchant)s AND paid_minor > total_minor
UNION ALL SELECT 'captured minor', coalesce(sum(captured_minor), 0)::bigint FROM payments_tender
  WHERE merchant_id = %(merchant)s
UNION ALL SELECT 'refunded minor', coalesce(sum(refunded_minor), 0)::bigint FROM payments_tender
  WHERE merchant_id = %(merchant)s
"""
# Of each order: what orders say came in is what tenders took; what they owe back (less what the
# buyer had back already) went back, with what was returned and lost besides; the ledger has the
# rest; and what is shared is what was kept of what was sold.
_ORDERS = """
SELECT format('order %%s (%%s): paid %%s, tenders %%s; owes %%s, went back %%s '
  '(returned %%s, lost %%s); ledger %%s', o.id, o.state, o.paid_minor, t.captured,
  o.refund_due_minor, t.refunded, r.returned, d.lost, b.posted)
FROM orders_order o CROSS JOIN LATERAL (
  SELECT coalesce(sum(t.captured_minor), 0) AS captured,
    coalesce(sum(t.refunded_minor), 0) AS refunded,
    coalesce(sum(t.disputed_minor), 0) AS disputed
  FROM payments_tender t JOIN payments_intent i ON i.id = t.intent_id
  WHERE i.merchant_id = o.merchant_id AND i.document = 'order:' || o.id
) t CROSS JOIN LATERAL (
  SELECT coalesce(sum(e.amount_minor) FILTER (WHERE e.kind = 'payment'), 0) AS paid
  FROM orders_paymentevent e WHERE e.merchant_id = o.merchant_id AND e.order_id = o.id
) e CROSS JOIN LATERAL (
  SELECT coalesce(sum(r.amount_minor - r.given_up_minor)
      FILTER (WHERE r.key NOT LIKE 'due:%%'), 0) AS returned,
    coalesce(sum(r.amount_minor - r.given_up_minor), 0) AS asked
  FROM payments_refund r
  WHERE r.merchant_id = o.merchant_id AND r.document = 'order:' || o.id
) r CROSS JOIN LATERAL (
  SELECT coalesce(sum(d.amount_minor) FILTER (WHERE d.state = 'lost'), 0) AS lost
  FROM payments_dispute d JOIN payments_tender t ON t.id = d.tender_id
  JOIN payments_intent i ON i.id = t.intent_id
  WHERE d.merchant_id = o.merchant_id AND i.document = 'order:' || o.id
) d CROSS JOIN LATERAL (
  SELECT coalesce(sum(a.posted), 0) AS posted FROM payments_account a
  WHERE a.merchant_id = o.merchant_id AND a.kind = 'document' AND a.owner = 'order:' || o.id
) b
WHERE o.merchant_id = %(merchant)s AND NOT (
  o.paid_minor = t.captured AND e.paid = t.captured
  AND t.refunded = r.asked + d.lost
  AND t.refunded = least(t.captured - t.disputed, o.refund_due_minor + r.returned + d.lost)
  AND b.posted = t.captured - t.refunded
)
"""
_SHARES = """
SELECT format('%%s (%%s): shared %%s, kept %%s', s.document, o.state, s.left_minor,
  o.paid_minor - t.refunded)
FROM settlement_sale s JOIN orders_order o ON o.id = s.order_id CROSS JOIN LATERAL (
  SELECT coalesce(sum(t.refunded_minor + t.disputed_minor), 0) AS refunded
  FROM payments_tender t JOIN payments_intent i ON i.id = t.intent_id
  WHERE i.merchant_id = s.merchant_id AND i.document = s.document
) t
WHERE s.merchant_id = %(merchant)s AND s.left_minor <> o.paid_minor - t.refunded
"""
_UNDECIDED = """
SELECT d.id, p.reference FROM payments_simulateddispute d
JOIN payments_simulatedpayment p ON p.id = d.payment_id
WHERE d.merchant_id = %(merchant)s AND d.state = 'opened' ORDER BY d.id
"""
_AT_ACCOUNTS = """
SELECT a.code, (SELECT coalesce(sum(m.amount_minor), 0)::bigint FROM payments_movement m
    WHERE m.account_id = a.id),
  (SELECT coalesce(-sum(e.amount), 0)::bigint FROM payments_account c
    JOIN payments_entry e ON e.account_id = c.id
    WHERE c.merchant_id = a.merchant_id AND c.kind = 'at_provider' AND c.owner = a.code)
FROM payments_paymentaccount a WHERE a.merchant_id = %(merchant)s ORDER BY a.code
"""


def look() -> dict[str, Any]:
    """See everything to its end, reconcile, and compare."""
    from santong.kernel import cells  # noqa: PLC0415  Django is set up first

    entry = cells.merchant_by_code(MERCHANT)
    merchant_id = entry.merchant_id
    began = datetime.now(UTC)
    calm(merchant_id, cells.cell_of(merchant_id))
    left = {name: count for name, count in rows(_UNDER_WAY, merchant_id) if count}
    figures = dict(rows(_FIGURES, merchant_id))
    statements = reconciled(merchant_id, since=began - timedelta(days=1))
    accounts = {}
    for code, movements, ledger in rows(_AT_ACCOUNTS, merchant_id):
        accounts[code] = {"movements": movements, "ledger": ledger, **statements[code]}
    return {
        "figures": figures,
        "left": left,
        "orders": [each for (each,) in rows(_ORDERS, merchant_id)],
        "shares": [each for (each,) in rows(_SHARES, merchant_id)],
        "accounts": accounts,
    }


def calm(merchant_id: int, cell: Any) -> None:
    """Let everybody do what they have to, until nothing is left to do."""
    from santong.kernel import relay, tenancy  # noqa: PLC0415
    from santong.orders import public as orders  # noqa: PLC0415
    from santong.payments.providers.errands import run_errands  # noqa: PLC0415
    from santong.payments.providers.look_for_disputes import look_for_disputes  # noqa: PLC0415
    from santong.payments.providers.simulated_post import let_time_pass  # noqa: PLC0415
    from santong.payments.services.expire_intents import expire_intents  # noqa: PLC0415

    ends_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends_at:
        for order_id in rows(
            "SELECT id FROM orders_order WHERE merchant_id = %(merchant)s AND state = 'placed'",
            merchant_id,
        ):
            with tenancy.scope(merchant_id=merchant_id):
                orders.cancel_order(
                    merchant_id=merchant_id,
                    order_id=order_id[0],
                    reason="nobody paid",
                    now=datetime.now(UTC),
                )
        decide(merchant_id)
        let_time_pass(merchant_id=merchant_id, clock=_now)
        look_for_disputes(merchant_id=merchant_id, clock=_now)
        run_errands(merchant_id=merchant_id, clock=_ahead)
        with tenancy.scope(merchant_id=merchant_id):
            expire_intents(merchant_id=merchant_id, now=_ahead())
        relay.drain(cell=cell, wait_seconds=120)
        for refund_id, amount in rows(
            "SELECT id, failed_minor FROM payments_refund"
            " WHERE merchant_id = %(merchant)s AND failed_minor > 0",
            merchant_id,
        ):
            retry(merchant_id, refund_id, amount)
        under_way = [count for _, count in rows(_UNDER_WAY, merchant_id)]
        if not any(under_way) and not any(relay.lag(cell=cell).values()):
            return
        time.sleep(0.5)


def decide(merchant_id: int) -> None:
    """A provider decides every dispute at last: one for the shop, the next for the buyer."""
    from santong.kernel import tenancy  # noqa: PLC0415
    from santong.payments import public as payments  # noqa: PLC0415

    for dispute_id, reference in rows(_UNDECIDED, merchant_id):
        action: payments.BuyersAction = (
            "decide_for_the_shop" if dispute_id % 2 else "decide_for_the_buyer"
        )
        with tenancy.scope(merchant_id=merchant_id):
            payments.act_as_buyer(
                merchant_id=merchant_id,
                reference=reference,
                action=action,
                now=datetime.now(UTC),
            )


def retry(merchant_id: int, refund_id: int, amount: int) -> None:
    """What a person of finance does about a refund that failed."""
    from santong.kernel import tenancy  # noqa: PLC0415
    from santong.payments import public as payments  # noqa: PLC0415
    from santong.payments.services.retry_refund import retry_refund  # noqa: PLC0415

    try:
        with tenancy.scope(merchant_id=merchant_id):
            retry_refund(
                merchant_id=merchant_id,
                refund_id=refund_id,
                reason="tried again",
                now=datetime.now(UTC),
            )
    except payments.MoreThanReceived:
        # A dispute took the money first.
        return


def reconciled(merchant_id: int, *, since: datetime) -> dict[str, dict[str, Any]]:
    """Each account's days as the provider tells them, matched to the books."""
    from santong.kernel import tenancy  # noqa: PLC0415
    from santong.payments import public as payments  # noqa: PLC0415
    from santong.reconciliation import public as reconciliation  # noqa: PLC0415
    from santong.reconciliation.providers.work import work_on_file  # noqa: PLC0415
    from santong.reconciliation.rules.packing import pack  # noqa: PLC0415
    from santong.reconciliation.services.receive_file import receive_file  # noqa: PLC0415

    found: dict[str, dict[str, Any]] = {}
    for code in ACCOUNTS:
        sums: Counter[str] = Counter()
        categories: Counter[str] = Counter()
        for day in days(since, _now()):
            content = payments.fetch_statement(merchant_id=merchant_id, account_code=code, day=day)
            assert content is not None
            with tenancy.scope(merchant_id=merchant_id):
                file = receive_file(
                    merchant_id=merchant_id,
                    account_code=code,
                    day=day,
                    file_format=None,
                    packed=pack(io.BytesIO(content)),
                    now=_tomorrow(),
                )
            file = work_on_file(merchant_id=merchant_id, file_id=file.id, now=_tomorrow())
            assert file.state == "matched", (code, day, file)
            sums.update(
                lines=file.lines,
                matched=file.matched,
                differences=file.differences,
                theirs=file.theirs_minor,
                ours=file.ours_minor,
                differences_minor=file.differences_minor,
            )
            with tenancy.scope(merchant_id=merchant_id):
                for each in reconciliation.counted(merchant_id=merchant_id, file_id=file.id):
                    categories[f"{each.category} ({each.state})"] += each.count
        with tenancy.scope(merchant_id=merchant_id):
            unexplained = reconciliation.unexplained(merchant_id=merchant_id)
        found[code] = {
            **sums,
            "unexplained": unexplained.get(code, 0),
            "categories": dict(categories),
        }
    return found


def days(since: datetime, until: datetime) -> list[date]:
    """The days of the storm, as the provider counts them."""
    first, last = since.astimezone(BEIJING).date(), until.astimezone(BEIJING).date()
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def rows(statement: str, merchant_id: int) -> list[tuple[Any, ...]]:
    """A look at the tables themselves, past what the product says of them."""
    from santong.kernel import tenancy  # noqa: PLC0415

    with tenancy.scope(merchant_id=merchant_id), connection.cursor() as cursor:
        cursor.execute(statement, {"merchant": merchant_id})
        return list(cursor.fetchall())


def _now() -> datetime:
    return datetime.now(UTC)


def _ahead() -> datetime:
    return datetime.now(UTC) + AHEAD


def _tomorrow() -> datetime:
    """A day's statement is there when the day is over."""
    return datetime.now(UTC) + timedelta(days=1)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "santong.config.settings")
    django.setup()
    sys.stdout.write(json.dumps(look()))
